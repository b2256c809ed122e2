/** Signals and data quality: last contact and next step on the record page, days set in the settings, flaws corrected and taken back. */
import { until } from "../lib/journey.mjs";

export async function run(journey) {
  const page = await journey.open("/");
  const make = async (plural, values) => (await journey.api(page, "POST", `/${plural}`, values)).record;
  const person = await make("people", { given_name: "EMMY", family_name: "NOETHER", lifecycle: "customer" });
  const about = [{ object: "person", id: person.id }];
  const ago = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
  await make("calls", { subject: "Invariants", about, started_at: ago(30) });
  await make("tasks", { title: "Send the paper", about, due_at: ago(-2) });
  const strip = page.locator("dl").first();
  const read = async () => await journey.api(page, "GET", `/people/${person.id}`);

  await journey.step("the strip says what was last and what is next", page, async () => {
    await page.goto(`/people/${person.id}`);
    await strip.getByText("Last contact").waitFor();
    await strip.getByRole("link", { name: "Call: Invariants" }).waitFor();
    await strip.getByRole("link", { name: "Send the paper" }).waitFor();
    await strip.getByText("Contact until").waitFor();
  });
  await journey.step("a record is confirmed with one press", page, async () => {
    await strip.getByRole("button", { name: "Confirm" }).click();
    await until(async () => (await read()).confirmed_at !== null, "it is confirmed");
  });
  await journey.step("days are set, and records follow", page, async () => {
    await page.goto("/settings/signals");
    const form = page.getByRole("form", { name: "People" });
    await form.getByRole("textbox", { name: "Customer" }).fill("7");
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("Days for People changed").waitFor();
    await until(async () => new Date((await read()).rots_at) < new Date(), "the contact is overdue now");
    await page.goto(`/people/${person.id}`);
    await strip.locator(".chip[data-color=red]").filter({ hasText: "Due" }).waitFor();
  });
  await journey.accessible(page, "a person whose contact is overdue");
  await journey.step("the board opens the list of a flaw", page, async () => {
    await page.goto("/quality");
    const people = page.getByRole("region", { name: "People" });
    await people.getByRole("link", { name: /Name in capitals/ }).click();
    await page.getByText("EMMY NOETHER").first().waitFor();
  });
  await journey.step("names are formatted after a look at what changes, and taken back", page, async () => {
    await page.goto("/quality");
    const people = page.getByRole("region", { name: "People" });
    await people.getByRole("button", { name: "Format names" }).click();
    const dialog = page.getByRole("dialog", { name: "Format names" });
    await dialog.getByRole("cell", { name: "Noether", exact: true }).waitFor();
    await journey.accessible(page, "what a correction changes");
    await dialog.getByRole("button", { name: /^Change/ }).click();
    await until(async () => (await read()).name === "Emmy Noether", "the name is formatted");
    await page.getByRole("button", { name: "Undo" }).first().click();
    await until(async () => (await read()).name === "EMMY NOETHER", "the name is as it was");
  });
  await journey.step("what is asked for is chosen", page, async () => {
    await page.getByRole("button", { name: "What is asked for" }).click();
    const dialog = page.getByRole("dialog", { name: "What is asked for" });
    await dialog.getByRole("textbox", { name: "Months until a record is outdated" }).fill("6");
    await journey.accessible(page, "what is asked for");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("Not confirmed for 6 months").first().waitFor();
  });
  await journey.api(page, "DELETE", `/people/${person.id}`);
}
