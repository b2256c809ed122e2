/** The health of a customer: shown with a word, explained, changed by what happens, and made of what the settings say. */
import { until } from "../lib/journey.mjs";

export async function run(journey) {
  const page = await journey.open("/");
  const make = async (plural, values) => (await journey.api(page, "POST", `/${plural}`, values)).record;
  const company = await make("companies", { name: "Halley Optics", kind: "customer" });
  const person = await make("people", {
    given_name: "Edmond",
    family_name: "Halley",
    company: company.id,
    emails: ["edmond@halley.example"],
  });
  const about = [{ object: "company", id: company.id }];
  const ago = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
  await make("calls", { subject: "Comets", about, started_at: ago(93) });
  await make("tasks", { title: "Send the catalogue", about, due_at: ago(2) });
  await journey.api(page, "PATCH", `/companies/${company.id}`, { main_contact: person.id });
  const gauge = page
    .locator("dl")
    .first()
    .getByRole("button", { name: /^Health/ });
  const why = page.getByRole("dialog", { name: "Why this health" });

  await journey.step("the gauge has a figure and a word, and says why by keyboard", page, async () => {
    await page.goto(`/companies/${company.id}`);
    await page.locator("dl").first().getByRole("button", { name: "Health 62 Fair. Show why" }).focus();
    await page.keyboard.press("Enter");
    await why.getByText("No contact for 93 days").waitFor();
    await why.getByText("Nothing planned within 60 days").waitFor();
    await why.getByText("1 task is overdue").waitFor();
    await why.getByText("All well: Reachable by e-mail, Main contact still there").waitFor();
  });
  await journey.accessible(page, "why a customer's health is what it is");
  await journey.step("what helps is one press away, and the gauge follows", page, async () => {
    await why.getByRole("button", { name: "Log a call" }).click();
    await page.getByRole("button", { name: "Log call", exact: true }).waitFor();
    await page
      .getByRole("button", { name: "Save", exact: true })
      .or(page.getByRole("button", { name: "Log call" }))
      .first()
      .waitFor();
    await make("calls", { subject: "Called at last", about, started_at: ago(0) });
    await page.locator("dl").first().getByRole("button", { name: "Health 78 Good. Show why" }).waitFor();
  });
  await journey.step("lists filter by it", page, async () => {
    await until(async () => (await journey.api(page, "GET", `/companies/${company.id}`)).health === 78, "it is stored");
    await page.goto(`/companies?filter=${encodeURIComponent("health_level == 'good' && health < 80")}`);
    await page.getByText("Halley Optics").first().waitFor();
  });
  await journey.step("what it is made of is a setting", page, async () => {
    await page.goto("/settings/health");
    const form = page.getByRole("form", { name: "Customer health" });
    await form.getByRole("switch", { name: "Next step planned" }).click({ force: true });
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("All companies are worked out again").waitFor();
    await until(
      async () => (await journey.api(page, "GET", `/companies/${company.id}`)).health === 93,
      "companies follow",
    );
    await page.goto(`/companies/${company.id}`);
    await gauge.click();
    await why.getByText("1 task is overdue").waitFor();
    const { setting } = await journey.api(page, "GET", "/health");
    setting.parts.next_step.on = true;
    await journey.api(page, "PUT", "/health", setting);
  });
}
