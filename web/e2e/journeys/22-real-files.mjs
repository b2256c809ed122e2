/**
 * Real files of real programs through the wizard: every row has an outcome, nothing is lost, and undo leaves the
 * workspace as it was. The files lie beside the project; without them this journey says so and does nothing.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "../lib/journey.mjs";

const data = join(dirname(fileURLToPath(import.meta.url)), "../../../../shared/data");
const bytes_max = 300_000;

function files(folder, ending) {
  const path = join(data, folder);
  return existsSync(path)
    ? readdirSync(path)
        .filter((name) => name.endsWith(ending))
        .map((name) => join(folder, name))
    : [];
}

const crm = (name) => join("crm/exports", name);

const sets = [
  ["People", () => files("contacts/vcard-exporters", ".vcf")],
  ["People", () => files("contacts/csv-to-vcard", ".csv")],
  ["People", () => files("crm/csv-edge-cases/csvs", ".csv")],
  [
    "People",
    () => ["hubspot/contact_data.csv", "salesforce/sf_contact_data.csv", "salesforce/sf_lead_data.csv"].map(crm),
  ],
  ["Companies", () => ["hubspot/company_data.csv", "salesforce/sf_account_data.csv"].map(crm)],
  ["Companies", () => ["crm/constituents.csv"]],
  ["Companies", () => files("crm/pipeline", "accounts.csv")],
];

const outcomes = ["created", "updated", "unchanged", "duplicates", "skipped", "errors"];

async function figures(journey, page) {
  const count = async (plural) => (await journey.api(page, "GET", `/${plural}?limit=1`)).total.count;
  return `${await count("people")} people, ${await count("companies")} companies`;
}

async function importFile(journey, page, object, path) {
  const before = await figures(journey, page);
  await page.goto("/imports");
  await page
    .getByRole("textbox", { name: "Import" })
    .or(page.getByRole("combobox", { name: "Import" }))
    .first()
    .click();
  await page.getByRole("option", { name: object, exact: true }).click();
  await page.getByTestId("import-file").setInputFiles(join(data, path));
  await page.getByRole("heading", { name: "Which column is what?" }).waitFor({ timeout: 60_000 });
  const id = new URL(page.url()).pathname.split("/").at(-1);
  const load = () => journey.api(page, "GET", `/imports/${id}`);
  const check = page.getByRole("button", { name: "Check without importing" });
  if (await check.isDisabled()) {
    // Nothing in the file fits: the first column becomes the name, as a person would choose.
    await page
      .getByRole("button", { name: / goes to/ })
      .first()
      .click();
    await page.keyboard.type(object === "People" ? "Given name" : "Name");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
  }
  await check.click();
  await page.getByRole("heading", { name: "This is what would happen" }).waitFor({ timeout: 60_000 });
  const checked = await load();
  if ((await figures(journey, page)) !== before) {
    throw new Error("the check wrote something");
  }
  const start = page.getByRole("button", { name: /^Import \d/ });
  if (await start.isDisabled()) {
    return `${checked.counts.rows} rows, nothing to import`;
  }
  await start.click();
  await page.getByRole("heading", { name: "The import is done" }).waitFor({ timeout: 60_000 });
  const done = await load();
  const sum = outcomes.reduce((total, name) => total + (done.counts[name] ?? 0), 0);
  if (sum !== done.counts.rows || done.counts.rows !== checked.counts.rows) {
    throw new Error(`rows were lost: ${JSON.stringify(done.counts)} after ${JSON.stringify(checked.counts)}`);
  }
  await page.getByRole("button", { name: "Undo the whole import" }).click();
  await page.getByRole("heading", { name: "The import was undone" }).waitFor({ timeout: 30_000 });
  await until(async () => (await figures(journey, page)) === before, `as before: ${before}`);
  return outcomes.flatMap((name) => (done.counts[name] ? `${done.counts[name]} ${name}` : [])).join(", ");
}

export async function run(journey) {
  if (!existsSync(data)) {
    console.log("  SKIPPED: ../shared/data is not here, so no real files were imported");
    return;
  }
  const page = await journey.open("/imports");
  for (const [object, list] of sets) {
    for (const path of list()) {
      if (!existsSync(join(data, path)) || readFileSync(join(data, path)).length > bytes_max) {
        continue;
      }
      let told = "";
      await journey.step(`${object}: ${path}`, page, async () => {
        told = await importFile(journey, page, object, path);
      });
      console.log(`       ${told}`);
    }
  }
}
