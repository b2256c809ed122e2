/** Duplicates: warned of on creating, found by a search, merged value by value, separated again. */
import { until } from "../lib/journey.mjs";

export async function run(journey) {
  const page = await journey.open("/");
  const make = async (values) => (await journey.api(page, "POST", "/people", values)).record;
  const first = await make({
    given_name: "Katherine",
    family_name: "Johnson",
    emails: ["katherine@orbit.example"],
    job_title: "Mathematician",
  });
  const second = await make({
    given_name: "Katherine",
    family_name: "Johnson",
    emails: ["katherine@orbit.example", "kj@home.example"],
    department: "Flight research",
  });
  const note = await journey.api(page, "POST", "/notes", {
    body: "Checked the orbit by hand.",
    about: [{ object: "person", id: second.id }],
  });
  const get = (id) => journey.api(page, "GET", `/people/${id}`);

  await journey.step("the form for a new record warns of one that is there", page, async () => {
    await page.goto("/people");
    await page.locator("main").focus();
    await page.keyboard.press("c");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Given name").fill("Katherine");
    await dialog.getByLabel("Family name").fill("Johnson");
    await dialog.getByRole("textbox", { name: "E-mails" }).fill("katherine@orbit.example");
    await dialog.getByText(/may exist already/).waitFor();
    await dialog.getByRole("link", { name: "Katherine Johnson" }).first().waitFor();
    await page.keyboard.press("Escape");
  });
  await journey.step("the record says that it may exist twice", page, async () => {
    await page.goto(`/people/${first.id}`);
    await page.getByText("Possible duplicate: Katherine Johnson").waitFor();
  });
  await journey.step("a search through all records fills the queue", page, async () => {
    await page.goto("/duplicates?object=person");
    await page.getByRole("button", { name: "Search all records" }).click();
    await page
      .getByRole("navigation", { name: "Possible duplicates" })
      .getByRole("button")
      .filter({ hasText: "Katherine Johnson" })
      .first()
      .click({ timeout: 30_000 });
    await page.getByRole("table", { name: "Compare" }).getByText("Mathematician").first().waitFor();
  });
  await journey.accessible(page, "the queue of duplicates");
  let kept = "";
  await journey.step("M merges: both records' values, one record, its notes moved", page, async () => {
    await page.locator("main").focus();
    await page.keyboard.press("m");
    await page.getByText("Merged: Katherine Johnson").waitFor();
    const pair = [await get(first.id).catch(() => null), await get(second.id).catch(() => null)];
    const living = pair.filter((record) => record && !record.deleted_at);
    if (living.length !== 1) {
      throw new Error(`${living.length} of the two are left`);
    }
    kept = living[0].id;
    if (
      living[0].job_title !== "Mathematician" ||
      living[0].department !== "Flight research" ||
      living[0].emails.length !== 2
    ) {
      throw new Error(`values were lost: ${JSON.stringify(living[0])}`);
    }
    const moved = await journey.api(page, "GET", `/notes/${note.record.id}`);
    if (!moved.about.some((link) => link.id === kept)) {
      throw new Error(`the note stayed behind: ${JSON.stringify(moved.about)}`);
    }
  });
  await journey.step("Undo separates them again", page, async () => {
    await page.getByRole("button", { name: "Undo" }).last().click();
    await until(async () => !(await get(first.id)).deleted_at && !(await get(second.id)).deleted_at, "both are back");
    const before = await get(first.id);
    if (before.department || before.emails.length !== 1) {
      throw new Error(`the first is not as before: ${JSON.stringify(before)}`);
    }
    const moved = await journey.api(page, "GET", `/notes/${note.record.id}`);
    if (moved.about[0].id !== second.id) {
      throw new Error("the note did not go back");
    }
  });
  await journey.step("two records that somebody chose are compared, another value is taken", page, async () => {
    await page.goto(`/duplicates/compare?object=person&ids=${first.id},${second.id}`);
    const table = page.getByRole("table", { name: "Compare" });
    await table.getByText("Flight research").first().waitFor();
    await page
      .getByRole("radio", { name: /This one stays/ })
      .first()
      .check();
    await page.getByRole("radio", { name: "Department of record 1" }).check({ force: true });
    await page.getByRole("button", { name: "Merge 2 records" }).click();
    await page.waitForURL(`**/people/${first.id}`);
    await until(async () => (await get(first.id)).job_title === "Mathematician", "the first stayed");
    if ((await get(first.id)).department) {
      throw new Error("the value that was not chosen was taken");
    }
  });
  await journey.step(
    "an administrator says what identifies, what is not compared and whose value is kept",
    page,
    async () => {
      const field = { name: "badge_no", kind: "text", label: "Badge number" };
      await journey.api(page, "POST", "/objects/person/fields", field);
      await page.goto("/settings/objects/person?tab=duplicates");
      const choose = async (input, option) => {
        await page.getByRole("combobox", { name: input, exact: true }).first().click();
        await page.getByRole("option", { name: option, exact: true }).click();
      };
      await choose("Add a field", "Badge number");
      const rules = async () => (await journey.api(page, "GET", "/objects/person")).duplicates ?? {};
      // The next change is made before the page shows the one before: neither is lost.
      await choose("Phone", "Not compared");
      await page.getByRole("combobox", { name: "Add a field" }).last().click();
      await page.getByRole("option", { name: "Job title", exact: true }).click();
      await choose("Job title: whose value is kept", "The longest");
      await until(async () => (await rules()).keep?.job_title === "longest", "the longest title is kept");
      await until(async () => (await rules()).identifying?.[0] === "badge_no", "the field identifies");
      await until(async () => (await rules()).weights?.phone === 0, "phones are not compared");
      await journey.api(page, "PATCH", `/people/${first.id}`, { badge_no: "B 7", job_title: "Computer" });
      const other = await make({
        given_name: "Kate",
        family_name: "Goble",
        badge_no: "b7",
        job_title: "Lead computer",
      });
      await page.goto(`/duplicates/compare?object=person&ids=${first.id},${other.id}`);
      await page.getByRole("radio", { name: "Job title of record 2" }).waitFor();
      if (!(await page.getByRole("radio", { name: "Job title of record 2" }).isChecked())) {
        throw new Error("the longest job title is not proposed");
      }
      const check = { given_name: "K.", badge_no: "B7" };
      const { duplicates } = await journey.api(page, "POST", "/people/check", check);
      if (duplicates.length !== 2 || !duplicates[0].reasons.includes("same identifying number")) {
        throw new Error(`the number does not identify: ${JSON.stringify(duplicates)}`);
      }
      await journey.api(page, "PATCH", "/objects/person", { duplicates: {} });
      await journey.api(page, "DELETE", `/people/${other.id}`);
      await journey.api(page, "DELETE", "/objects/person/fields/badge_no");
    },
  );
}
