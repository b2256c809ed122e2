/** Words inside files: found a moment after they were stored, with the place they stand at, by those who may read the file. */
import { docx, pdf } from "../lib/files.mjs";
import { until } from "../lib/journey.mjs";

const password = "four amber harbours wait";

/** A colleague who sees what is theirs, signed in, in a browser of their own. */
async function colleague(journey, admin) {
  const rights = { objects: { "*": { read: "own", create: true, update: "own", delete: "own" } } };
  const { record: role } = await journey.api(admin, "POST", "/roles", { name: "Own files", rights });
  const values = { name: "Finn Own", email: "finn@nordlicht.example", role: role.id, active: true };
  const { record } = await journey.api(admin, "POST", "/users", values);
  const { link } = await journey.api(admin, "POST", `/users/${record.id}/invite`, {});
  const page = await journey.open("/login", { signedIn: false });
  await journey.api(page, "POST", `/invitations/${link.split("/").pop()}`, { password });
  return page;
}

export async function run(journey) {
  const page = await journey.open("/");
  const finn = await colleague(journey, page);
  const { record: company } = await journey.api(page, "POST", "/companies", { name: "Gannet Quay" });
  const found = async (who, word) => (await journey.api(who, "GET", `/search?q=${word}`)).results;
  await page.goto(`/companies/${company.id}?tab=files`);
  await journey.step("a PDF, a Word document and a file with a password are added", page, async () => {
    const office = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
    await page
      .locator("input[type=file]")
      .first()
      .setInputFiles([
        { name: "lease.pdf", mimeType: "application/pdf", buffer: pdf("The cormorant clause ends in May") },
        { name: "letter.docx", mimeType: "application/zip", buffer: docx("Yours, the guillemot committee") },
        {
          name: "sealed.docx",
          mimeType: "application/zip",
          buffer: Buffer.from(`\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1${office}`, "latin1"),
        },
      ]);
    await page.getByRole("link", { name: "letter.docx" }).first().waitFor();
    await until(async () => (await found(page, "cormorant")).length === 1, "the PDF is read");
    await until(async () => (await found(page, "guillemot")).length === 1, "the Word document is read");
    await page.reload();
    await page.getByText("Encrypted").waitFor();
    await journey.accessible(page, "files with a note");
  });
  await journey.step("both are found by a word inside, and the hit says where", page, async () => {
    await page.goto("/search?q=cormorant");
    await page.getByText("The cormorant clause ends in May").waitFor();
    await page.getByRole("link", { name: /lease\.pdf/ }).waitFor();
    await journey.accessible(page, "a hit with its place");
    await page.getByRole("searchbox").fill("guillemot comm");
    await page.getByText("Yours, the guillemot committee").waitFor();
  });
  await journey.step("not by a colleague who may not see the document", finn, async () => {
    for (const word of ["cormorant", "guillemot"]) {
      if ((await found(finn, word)).length > 0) {
        throw new Error(`${word} is found`);
      }
    }
    await finn.goto("/search?q=cormorant");
    await finn.getByText("Nothing found for").waitFor();
  });
}
