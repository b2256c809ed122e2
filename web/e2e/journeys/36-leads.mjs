/** Leads: taken up, nurtured, disqualified and converted from their page; the customer knows them. */
import { until } from "../lib/journey.mjs";

const bar = (page) => page.getByRole("region", { name: "What is next with this lead" });
const button = (page, name) => bar(page).getByRole("button", { name, exact: true });

async function leadOf(journey, page, { id }) {
  return await journey.api(page, "GET", `/leads/${id}`);
}

async function records(journey, page) {
  const make = async (plural, values) => (await journey.api(page, "POST", `/${plural}`, values)).record;
  const company = await make("companies", { name: "Heron Hats" });
  const person = await make("people", { given_name: "Hilda", family_name: "Heron", company: company.id });
  const lead = (title) => make("leads", { title, person: person.id, company: company.id, source: "event" });
  return { company, large: await lead("Heron fleet"), small: await lead("Heron repair") };
}

async function ways(journey, page, made) {
  await journey.step("the page says until when a lead is to be answered; taking it up answers", page, async () => {
    await page.goto(`/leads/${made.small.id}`);
    await bar(page).getByText("To be answered").waitFor();
    await button(page, "Take up").click();
    await bar(page).getByText("To be answered").waitFor({ state: "detached" });
    await until(async () => (await leadOf(journey, page, made.small)).first_response_at !== null, "the answer");
  });
  await journey.step("nurtured until a day", page, async () => {
    await button(page, "Nurture").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Ask again on").fill("2030-06-01");
    await dialog.getByRole("button", { name: "Save" }).click();
    await until(async () => (await leadOf(journey, page, made.small)).nurture_until === "2030-06-01", "the day");
  });
  await journey.step("disqualified only with a reason", page, async () => {
    await button(page, "Disqualify").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("is required").waitFor();
    await dialog.getByLabel("Disqualified because").click();
    await page.getByRole("option", { name: "No budget" }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await button(page, "Take up again").waitFor();
    const lead = await leadOf(journey, page, made.small);
    if (lead.disqualified_reason !== "no_budget" || lead.nurture_until !== null) {
      throw new Error(JSON.stringify(lead));
    }
  });
}

async function conversion(journey, page, made) {
  await journey.step("a lead becomes a deal in one step", page, async () => {
    await page.goto(`/leads/${made.large.id}`);
    await button(page, "Convert to a deal").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Heron fleet of forty");
    await dialog.getByRole("button", { name: "Convert to a deal" }).click();
    await page.waitForURL(/\/deals\//);
    await page.getByRole("heading", { level: 1, name: "Heron fleet of forty" }).waitFor();
    const lead = await leadOf(journey, page, made.large);
    if (lead.status !== "qualified" || !lead.deal) {
      throw new Error(JSON.stringify(lead));
    }
  });
  await journey.step("the deal lists its lead, whose page has nothing left to do", page, async () => {
    await page.getByRole("tab", { name: /^Leads/ }).click();
    await page.getByRole("link", { name: "Heron fleet", exact: true }).click();
    await page.waitForURL(/\/leads\//);
    await page.getByRole("heading", { level: 1, name: "Heron fleet" }).waitFor();
    if ((await bar(page).count()) > 0) {
      throw new Error("a bar above a converted lead");
    }
  });
  await journey.step("undo takes deal and link back, and it can be converted again", page, async () => {
    await page.getByRole("button", { name: "Undo" }).last().click();
    await until(async () => (await leadOf(journey, page, made.large)).deal === null, "no deal");
    await button(page, "Convert to a deal").waitFor();
  });
}

async function lists(journey, page, made) {
  await journey.step("the customer lists the leads", page, async () => {
    await page.goto(`/companies/${made.company.id}`);
    await page.getByRole("tab", { name: /^Leads/ }).click();
    await page.getByRole("link", { name: "Heron repair" }).waitFor();
  });
  await journey.step("the board of leads stands by status", page, async () => {
    await page.goto("/leads?type=board&group=status");
    const lane = (name) =>
      page.locator("[data-lane]", { has: page.getByRole("heading", { name: new RegExp(`^${name}`) }) });
    await lane("Disqualified").locator("[data-card]", { hasText: "Heron repair" }).waitFor();
    await lane("New").locator("[data-card]", { hasText: "Heron fleet" }).waitFor();
  });
}

async function forms(journey, page) {
  await journey.step("a web form is made and copied as HTML", page, async () => {
    await page.goto("/settings/forms");
    await page.getByRole("button", { name: "New form" }).click();
    const form = page.getByRole("form", { name: "New form" });
    await form.getByLabel("Name", { exact: false }).first().fill("Heron contact");
    await page.getByLabel("What visitors may agree to").fill("Write to me about <hats>.");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const html = page.getByRole("textbox", { name: "HTML for your page" });
    await html.waitFor();
    const code = await html.inputValue();
    if (!code.includes("/public/leads/") || !code.includes("&lt;hats&gt;")) {
      throw new Error(code);
    }
  });
  const attempt = page.getByRole("form", { name: "Try it" });
  await journey.step("the form is tried: a lead with its person comes of it", page, async () => {
    await attempt.getByLabel("Name").fill("Wanda Web");
    await attempt.getByLabel("E-mail").fill("wanda@heron-hats.example");
    await attempt.getByLabel("Message").fill("Forty hats, please");
    await attempt.getByLabel("Write to me about <hats>.").check();
    await attempt.getByRole("button", { name: "Send" }).click();
    await attempt.getByText("Sent. A visitor sees").waitFor();
    const found = async () =>
      (await journey.api(page, "GET", "/leads?filter=contact_name%20%3D%3D%20'Wanda%20Web'")).records;
    await until(async () => (await found()).length === 1, "the lead");
    const [lead] = await found();
    if (!lead.person || lead.message !== "Forty hats, please" || lead.form !== "Heron contact") {
      throw new Error(JSON.stringify(lead));
    }
  });
  await journey.step("what looks like a machine's is held, and made a lead by hand", page, async () => {
    await attempt.getByLabel("Name").fill("www.cheap.example");
    await attempt.getByLabel("E-mail").fill("bot@cheap.example");
    await attempt.getByRole("button", { name: "Send" }).click();
    await attempt.getByText("Sent. A visitor sees").waitFor();
    await page.reload();
    const held = page.getByRole("region", { name: "Held enquiries" });
    await held.getByText("web addresses where none belong").waitFor();
    await journey.accessible(page, "web forms with a held enquiry");
    await held.getByRole("button", { name: "Make it a lead" }).click();
    await held.getByText("Nothing is held.").waitFor();
  });
}

export async function run(journey) {
  const page = await journey.open("/");
  const made = await records(journey, page);
  await ways(journey, page, made);
  await conversion(journey, page, made);
  await lists(journey, page, made);
  await forms(journey, page);
}
