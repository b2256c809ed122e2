/** The page of all documents: dropped into a folder, narrowed, found by words inside, the folder renamed for all of them. */
import { colleague } from "../lib/colleague.mjs";
import { docx, pdf } from "../lib/files.mjs";
import { until } from "../lib/journey.mjs";

export async function run(journey) {
  const page = await journey.open("/");
  const { record: company } = await journey.api(page, "POST", "/companies", { name: "Petrel Chandlers" });
  const make = (values) => journey.api(page, "POST", "/documents", values);
  const about = [{ object: "company", id: company.id }];
  await make({ name: "Old terms", folder: "Petrel/2024", kind: "contract", expires_on: "2020-01-31", about });
  await journey.step("reached by the navigation", page, async () => {
    await page.getByRole("link", { name: "Documents", exact: true }).click();
    await page.getByRole("heading", { name: "Documents", level: 1 }).waitFor();
    await page.getByRole("navigation", { name: "Folders" }).getByRole("link", { name: /^2024/ }).waitFor();
  });
  await journey.step("files are added to the open folder", page, async () => {
    await page
      .getByRole("navigation", { name: "Folders" })
      .getByRole("link", { name: /^Petrel/ })
      .click();
    await page.getByRole("heading", { name: "Petrel", level: 2 }).waitFor();
    await page.locator("input[type=file][multiple]").setInputFiles([
      { name: "sails.pdf", mimeType: "application/pdf", buffer: pdf("Rigging by the bosun of Skerry") },
      { name: "ropes.docx", mimeType: "application/zip", buffer: docx("Hawsers and lines") },
    ]);
    await page.getByRole("link", { name: "sails.pdf" }).first().waitFor();
    await page.getByRole("link", { name: "ropes.docx" }).first().waitFor();
    await journey.accessible(page, "the page of documents");
  });
  await journey.step("found by a word inside, with its place, and by kind and end", page, async () => {
    const read = async () => (await journey.api(page, "GET", "/search?q=bosun")).results.length === 1;
    await until(read, "the PDF is read");
    const words = page.getByRole("searchbox", { name: "Search names and words inside" });
    await words.fill("bosun");
    await page.getByText("Rigging by the bosun of Skerry").waitFor();
    if ((await page.getByRole("link", { name: "ropes.docx" }).count()) > 0) {
      throw new Error("what does not hold the word is shown");
    }
    await journey.accessible(page, "documents found by words inside");
    await words.fill("nothingholdsthis");
    await page.getByText("No document like that").waitFor();
    await journey.accessible(page, "no document like that");
    await page.getByRole("button", { name: "Show all documents" }).press("Enter");
    await until(async () => (await words.inputValue()) === "", "the words are gone");
    await page.getByRole("combobox", { name: "Kind of document" }).selectOption("contract");
    await page.getByRole("combobox", { name: "When they end" }).selectOption("over");
    await page.getByText("Old terms").waitFor();
    await page.getByText("Ended on 31 Jan 2020").waitFor();
  });
  await journey.step("narrowed with the keyboard to what is about one record, and looked at", page, async () => {
    await page.goto("/documents?folder=Petrel");
    await page.getByRole("link", { name: "sails.pdf" }).first().waitFor();
    await page.keyboard.press("/");
    await until(
      () => page.evaluate(() => document.activeElement?.getAttribute("type") === "search"),
      "the field has the cursor",
    );
    await page.getByRole("combobox", { name: "What documents are about" }).selectOption({ label: "About: Companies" });
    const record = page.getByRole("textbox", { name: "Choose a record" });
    await record.pressSequentially("Petrel");
    await page.getByRole("option", { name: /Petrel Chandlers/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("1 Document", { exact: true }).waitFor();
    await page.getByText("Old terms").waitFor();
    await journey.accessible(page, "documents about one record");
    await page.goto("/documents?folder=Petrel");
    const look = page.getByRole("button", { name: "Look at sails.pdf" });
    await look.press("Enter");
    await page.getByRole("dialog", { name: "sails.pdf" }).waitFor();
    await page.keyboard.press("Escape");
    await until(() => look.evaluate((button) => button === document.activeElement), "the cursor is back");
  });
  await journey.step("a folder is renamed with all that lies in it, and undo brings it back", page, async () => {
    await page.goto("/documents?folder=Petrel");
    await page.getByRole("button", { name: "Rename or move the folder Petrel" }).press("Enter");
    await page.getByRole("combobox", { name: "Folder", exact: true }).fill("Sea/Petrel");
    await page.getByRole("button", { name: "Move", exact: true }).click();
    const toast = page.locator(".toast", { hasText: "Folder Petrel → Sea/Petrel" });
    await toast.waitFor();
    const tree = page.getByRole("navigation", { name: "Folders" });
    await tree.getByRole("link", { name: /^Sea/ }).waitFor();
    await toast.getByRole("button", { name: "Undo" }).click();
    await tree.getByRole("link", { name: /^Sea/ }).waitFor({ state: "detached" });
  });
  const rights = { objects: { "*": { read: "own", create: true, update: "own", delete: "own" } } };
  const { record: role } = await journey.api(page, "POST", "/roles", { name: "Own documents", rights });
  const { page: gill } = await colleague(journey, page, "Gill Own", "gill@nordlicht.example", { role: role.id });
  await journey.step("a colleague sees and counts nothing of it, and is told what belongs here", gill, async () => {
    await gill.goto("/documents");
    await gill.getByRole("heading", { name: "No documents yet" }).waitFor();
    await gill.getByRole("link", { name: "All documents 0" }).waitFor();
    if ((await gill.getByText("Petrel").count()) > 0) {
      throw new Error("a folder of others is shown");
    }
    await journey.accessible(gill, "no documents yet");
  });
  const phone = await journey.open("/documents?folder=Petrel", { look: "phone" });
  await journey.step("on a phone folders are a choice", phone, async () => {
    await phone.getByRole("link", { name: "sails.pdf" }).first().waitFor();
    await phone.getByRole("combobox", { name: "Folders" }).selectOption("");
    await phone.getByRole("heading", { name: "Petrel", level: 2 }).waitFor({ state: "detached" });
  });
  await journey.accessible(phone, "documents on a phone");
}
