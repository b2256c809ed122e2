/** A spreadsheet goes in: columns, check, import, report, undo. */
import { until } from "../lib/journey.mjs";

const csv = `\ufeffFirst name;Last name;E-mail;Phone;Company;Favourite colour
Ann;Lee;ann.lee@import.example;+49 30 901820;Import House;red
Bo;Chen;not-an-address;+49 30 901821;Import House;blue
Cem;Öz;cem@import.example;;Harbour Works;red
Dora;Known;dora@import.example;+49 30 901823;Import House;green
`;

export async function run(journey) {
  const page = await journey.open("/");
  const known = (
    await journey.api(page, "POST", "/people", {
      given_name: "Dora",
      family_name: "Known",
      emails: ["dora@import.example"],
    })
  ).record;
  const count = async (filter) =>
    (await journey.api(page, "GET", `/people?limit=1&filter=${encodeURIComponent(filter)}`)).total.count;
  const imported = () => count("emails.exists(e, e.value.endsWith('@import.example'))");

  await journey.step("a file is recognised: format, encoding, separator, columns", page, async () => {
    await page.goto("/imports");
    await page.getByRole("heading", { level: 1, name: "Imports" }).waitFor();
    await page
      .getByTestId("import-file")
      .setInputFiles({ name: "customers.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
    await page.getByRole("heading", { name: "Which column is what?" }).waitFor();
    await page.getByText(/CSV.*semicolons/).waitFor();
    await page.getByRole("button", { name: "First name goes to: Given name" }).waitFor();
    await page.getByRole("button", { name: /E-mail goes to: E-mails/ }).waitFor();
    await page.getByRole("button", { name: "Company goes to: Company · Name" }).waitFor();
    await page.getByRole("button", { name: "Favourite colour goes to: Left out" }).waitFor();
  });
  await journey.accessible(page, "the columns of an import");
  await journey.step("a field is made for a column that fits none", page, async () => {
    await page.getByRole("button", { name: "Create field for Favourite colour" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Create field" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Favourite colour goes to: Favourite colour" }).waitFor();
  });
  await journey.step("a column gets another place with the keyboard", page, async () => {
    await page.getByRole("button", { name: /Phone goes to/ }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("Phones · Mobile");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Phone goes to: Phones · Mobile" }).waitFor();
  });
  await journey.step("the check says what would happen with each row, and writes nothing", page, async () => {
    await page.getByRole("button", { name: "Check without importing" }).click();
    await page.getByRole("heading", { name: "This is what would happen" }).waitFor({ timeout: 30_000 });
    const row = (text) => page.getByRole("row").filter({ hasText: text });
    await row("Ann").getByText("Create", { exact: true }).waitFor();
    await row("Bo").getByText("Error", { exact: true }).waitFor();
    await row("Dora").getByText("Update", { exact: true }).waitFor();
    if ((await imported()) !== 1) {
      throw new Error("the check wrote something");
    }
  });
  await journey.step("rows are filtered by outcome, errors say why", page, async () => {
    await page.getByRole("button", { name: /^1\s*Error/ }).click();
    await until(async () => (await page.getByRole("row").count()) === 2, "only the row with the error");
    await page
      .getByRole("row")
      .filter({ hasText: "Bo" })
      .getByText(/not-an-address|e-mail/i)
      .last()
      .waitFor();
    const response = await page.request.get(
      `${journey.base}${await page.getByRole("link", { name: "Download the rows with errors" }).getAttribute("href")}`,
    );
    const text = await response.text();
    if (!text.includes("Bo") || text.includes("Cem")) {
      throw new Error(`the file of errors: ${text.slice(0, 200)}`);
    }
  });
  await journey.accessible(page, "the check of an import");
  let id = "";
  await journey.step("the import runs and reports", page, async () => {
    await page.getByRole("button", { name: "Import 3 rows" }).click();
    await page.getByRole("heading", { name: "The import is done" }).waitFor({ timeout: 30_000 });
    id = new URL(page.url()).pathname.split("/").at(-1);
    await until(async () => (await imported()) === 3, "the people are there");
    const dora = await journey.api(page, "GET", `/people/${known.id}?include=company`);
    if (!dora.phones?.[0] || !dora.company || !dora.favourite_colour) {
      throw new Error(`the known person was not updated: ${JSON.stringify(dora)}`);
    }
  });
  await journey.accessible(page, "the report of an import");
  await journey.step("the whole import is undone in one step", page, async () => {
    await page.getByRole("button", { name: "Undo the whole import" }).click();
    await page.getByRole("heading", { name: "The import was undone" }).waitFor();
    await until(async () => (await imported()) === 1, "the new people are gone");
    const dora = await journey.api(page, "GET", `/people/${known.id}`);
    if (dora.phones || dora.company || dora.favourite_colour) {
      throw new Error(`the known person is not as before: ${JSON.stringify(dora)}`);
    }
  });
  await journey.step("the import stands in the list of imports", page, async () => {
    await page.goto("/imports");
    await page.locator(`a[href="/imports/${id}"]`).getByText("customers.csv").waitFor();
  });
  await journey.step("a table is pasted", page, async () => {
    await page.getByRole("button", { name: "Paste a table" }).click();
    await page.getByRole("textbox", { name: "Paste a table" }).fill("Name\tE-mail\nEve Pasted\teve@paste.example");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("heading", { name: "Which column is what?" }).waitFor();
    await page.getByText(/tabs/).waitFor();
  });
}
