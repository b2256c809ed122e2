/** Documents: moved into folders that are renamed; one leaves by a public link with a password, which is taken back. */
import { readFileSync } from "node:fs";
import { colleague } from "../lib/colleague.mjs";
import { dropFile } from "../lib/hands.mjs";
import { until } from "../lib/journey.mjs";

/** Files dropped on the tab of a record and on the page of documents: taken of those who may add documents alone. */
async function dropped(journey, page, company) {
  await journey.step("a dropped file becomes a document of the record, another one of all", page, async () => {
    await page.goto(`/companies/${company}?tab=files`);
    await page.getByRole("button", { name: "Add files" }).first().waitFor();
    await dropFile(page, page.getByRole("heading", { name: "Documents", level: 2 }), "wicks.txt", "Cotton");
    await page.getByRole("link", { name: "wicks.txt" }).first().waitFor();
    await page.goto("/documents");
    await dropFile(page, page.getByRole("navigation", { name: "Folders" }), "oil.txt", "Colza");
    await page.getByRole("link", { name: "oil.txt" }).first().waitFor();
  });
  const rights = { objects: { "*": { read: "all", create: false, update: "none", delete: "none" } } };
  const { record: role } = await journey.api(page, "POST", "/roles", { name: "Looks only", rights });
  const { page: lea } = await colleague(journey, page, "Lea Looks", "lea@nordlicht.example", { role: role.id });
  await journey.step("of who may add no documents nothing is taken, on either page", lea, async () => {
    const sent = [];
    lea.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
    await lea.goto(`/companies/${company}?tab=files`);
    const link = lea.getByRole("link", { name: "wicks.txt" }).first();
    await link.waitFor();
    await dropFile(lea, link, "no.txt", "No");
    await lea.goto("/documents");
    const tree = lea.getByRole("navigation", { name: "Folders" });
    await tree.waitFor();
    await dropFile(lea, tree, "no.txt", "No");
    await lea.waitForTimeout(300);
    const told = sent.filter((url) => /\/(files|documents)\b/.test(new URL(url).pathname));
    if (told.length > 0 || (await lea.getByRole("button", { name: "Add files" }).count()) > 0) {
      throw new Error(`sent all the same: ${told.join(" ")}`);
    }
  });
}

export async function run(journey) {
  const page = await journey.open("/");
  const { record: company } = await journey.api(page, "POST", "/companies", { name: "Lantern Works" });
  await page.goto(`/companies/${company.id}?tab=files`);
  let address = "";
  await journey.step(
    "a document moves into a folder, the folder is renamed, and undo brings both back",
    page,
    async () => {
      await page
        .locator("input[type=file]")
        .first()
        .setInputFiles({ name: "lease.txt", mimeType: "text/plain", buffer: Buffer.from("Ten years") });
      const move = page.getByRole("button", { name: "Move lease.txt to a folder" });
      await move.press("Enter");
      await page.getByRole("combobox", { name: "Folder" }).fill(" Contracts / 2026");
      await page.keyboard.press("Enter");
      const folder = page.getByRole("region", { name: "Contracts/2026" });
      await folder.getByRole("link", { name: "lease.txt" }).first().waitFor();
      await journey.accessible(page, "documents in folders");
      await page.getByRole("button", { name: "Rename or move the folder Contracts", exact: true }).press("Enter");
      await page.getByRole("combobox", { name: "Folder" }).fill("Legal");
      await page.getByRole("button", { name: "Move", exact: true }).click();
      await page.getByRole("region", { name: "Legal/2026" }).getByRole("link", { name: "lease.txt" }).first().waitFor();
      const toast = page.locator(".toast", { hasText: "Folder Contracts → Legal" });
      await toast.getByRole("button", { name: "Undo" }).click();
      await folder.getByRole("link", { name: "lease.txt" }).first().waitFor();
      await page.getByRole("button", { name: /^2026/ }).click();
      await until(async () => (await folder.getByRole("link").count()) === 0, "the folder is closed");
    },
  );
  await journey.step("a link with a password is made with the keyboard", page, async () => {
    await page
      .locator("input[type=file]")
      .first()
      .setInputFiles({ name: "offer.txt", mimeType: "text/plain", buffer: Buffer.from("Seven lanterns, 70 euro") });
    await page.getByRole("button", { name: "Public link of offer.txt" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "Public links of offer.txt" });
    const password = dialog.getByLabel("Password (optional)");
    await password.fill("short");
    await password.press("Enter");
    await dialog.getByText("Use at least 8 characters").waitFor();
    await journey.accessible(page, "a new public link");
    await password.fill("lanterns float by");
    await password.press("Enter");
    address = await dialog.getByRole("textbox", { name: "Address of the link" }).inputValue();
    await dialog.getByText("not used yet").waitFor();
    await journey.accessible(page, "public links");
  });
  const guest = await journey.open("/login", { signedIn: false, look: "phone" });
  await journey.step("whoever has the address and the password gets the file, without an account", guest, async () => {
    await guest.goto(new URL(address).pathname);
    await guest.getByRole("heading", { name: "offer.txt" }).waitFor();
    await guest.getByLabel("Password").fill("wrong password");
    await guest.keyboard.press("Enter");
    await guest.getByRole("alert").getByText("This is not the password.").waitFor();
    await guest.getByLabel("Password").fill("lanterns float by");
    const [download] = await Promise.all([
      guest.waitForEvent("download"),
      guest.getByRole("button", { name: "Download" }).click(),
    ]);
    const text = readFileSync(await download.path(), "utf8");
    if (text !== "Seven lanterns, 70 euro" || download.suggestedFilename() !== "offer.txt") {
      throw new Error(`${download.suggestedFilename()}: ${text}`);
    }
  });
  await journey.accessible(guest, "the page of a public link");
  await journey.step("it counts, and ends when it is taken back", page, async () => {
    await page.reload();
    await page.getByRole("button", { name: "Public link of offer.txt" }).click();
    await page.getByText("taken once").waitFor();
    await page.getByRole("button", { name: /^Take back the link/ }).click();
    await page.getByText("The link works no longer").waitFor();
    await until(async () => (await fetch(new URL(new URL(address).pathname, page.url()))).status === 404, "it is dead");
  });
  await dropped(journey, page, company.id);
}
