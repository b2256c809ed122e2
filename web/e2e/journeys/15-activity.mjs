/** What colleagues do is on one page: lines that lead to the records, filters in the address, what is new behind a button. */
import { colleague } from "../lib/colleague.mjs";
import { until } from "../lib/journey.mjs";

export async function run(journey) {
  const dana = await journey.open("/");
  const { page: eva, id } = await colleague(journey, dana, "Eva Feld", "feld@nordlicht.example");
  const { record } = await journey.api(eva, "POST", "/companies", { name: "Feed Works" });
  await journey.api(eva, "POST", "/comments", { body: "A good start.", about: [{ object: "company", id: record.id }] });
  await journey.api(eva, "PATCH", `/companies/${record.id}`, { industry: "Boats" });
  await dana.keyboard.press("g");
  await dana.keyboard.press("a");
  await dana.getByRole("heading", { level: 1, name: "Activity" }).waitFor();
  const line = (text) => dana.getByRole("listitem").filter({ hasText: text });
  await journey.step("who did what to which record, newest first", dana, async () => {
    const changed = line("Eva Feld changed Industry:").filter({ hasText: "Feed Works" });
    await changed.getByText("Boats").waitFor();
    await line("Eva Feld commented").filter({ hasText: "A good start." }).waitFor();
    await line("Eva Feld created").filter({ hasText: "Feed Works" }).waitFor();
  });
  await journey.accessible(dana, "activity");
  await journey.step("what is new waits until it is wanted", dana, async () => {
    const values = ["Feed One", "Feed Two", "Feed Three"].map((name) => ({ name }));
    await journey.api(eva, "POST", "/companies/bulk", { create: values });
    await journey.api(eva, "POST", "/tasks", { title: "Call Feed Works" });
    const bar = dana.getByRole("status").getByRole("button", { name: "2 new" });
    await bar.waitFor();
    if ((await line("Call Feed Works").count()) !== 0) {
      throw new Error("it came by itself");
    }
    await bar.click();
    await line("Eva Feld created 3 Companies").filter({ hasText: "Feed One" }).waitFor();
    await line("Eva Feld made a task").filter({ hasText: "Call Feed Works" }).waitFor();
    await until(async () => (await bar.count()) === 0, "nothing more is new");
  });
  await journey.step("one person and one kind, kept in the address", dana, async () => {
    await dana.getByRole("combobox", { name: "Person" }).click();
    await dana.getByRole("option", { name: "Eva Feld" }).click();
    await dana.getByRole("combobox", { name: "Kind" }).click();
    await dana.getByRole("option", { name: "Tasks" }).click();
    await until(async () => (await line("Feed Works").count()) === 1, "the task alone is left");
    const { searchParams } = new URL(dana.url());
    if (searchParams.get("user") !== id || searchParams.get("object") !== "task") {
      throw new Error(dana.url());
    }
    await dana.reload();
    await line("Eva Feld made a task").waitFor();
  });
  await journey.step("what was undone says so", dana, async () => {
    const { batch } = await journey.api(eva, "PATCH", `/companies/${record.id}`, { industry: "Ships" });
    await journey.api(eva, "POST", `/undo/${batch}`);
    await dana.goto("/activity?object=company");
    await line("Eva Feld changed").filter({ hasText: "undone" }).first().waitFor();
  });
  await journey.step("a line leads to its record", dana, async () => {
    await dana.getByRole("link", { name: "Feed Works" }).first().click();
    await dana.getByRole("heading", { level: 1, name: "Feed Works" }).waitFor();
  });
}
