/** Deals: the board of the pipeline that is there from the start, moves with what stages ask for, the path on the page, the customer. */
import { carry } from "../lib/hands.mjs";
import { until } from "../lib/journey.mjs";

const lane = (page, name) =>
  page.locator("[data-lane]", { has: page.getByRole("heading", { name: new RegExp(`^${name}`) }) });
const card = (page, title) => page.locator("[data-card]:not([data-carried])", { hasText: title });
const inLane = (page, stage, title) => lane(page, stage).locator("[data-card]", { hasText: title });
const grip = (page, title) => card(page, title).locator("[data-card-name]");
const step = (page, name) =>
  page.getByRole("navigation", { name: "Stages of the pipeline" }).getByRole("button", { name });

async function records(journey, page) {
  const make = async (plural, values) => (await journey.api(page, "POST", `/${plural}`, values)).record;
  const company = await make("companies", { name: "Kestrel Kites" });
  const amount = (value) => ({ amount: value, currency: "EUR" });
  const large = await make("deals", { name: "Kestrel fleet", company: company.id, amount: amount(20_000) });
  const small = await make("deals", { name: "Kestrel repair", company: company.id, amount: amount(1_000) });
  return { company, large, small };
}

async function dealOf(journey, page, { id }) {
  return (await journey.api(page, "GET", `/deals/${id}`)).record ?? (await journey.api(page, "GET", `/deals/${id}`));
}

async function board(journey, page, made) {
  await journey.step(
    "the list of deals begins with the board of the pipeline, its stages in their order",
    page,
    async () => {
      await page.goto("/deals");
      await card(page, "Kestrel fleet").waitFor();
      const heads = await page.locator("[data-lane] h2").allInnerTexts();
      const names = heads.map((head) =>
        head
          .split("\n")[0]
          .replace(/\s*\d+$/, "")
          .trim(),
      );
      const wanted = ["Qualification", "Needs analysis", "Proposal", "Negotiation", "Won", "Lost"];
      if (JSON.stringify(names) !== JSON.stringify(wanted)) {
        throw new Error(names.join(", "));
      }
    },
  );
  await journey.step("a lane says what its deals are worth, and that by how likely they are", page, async () => {
    await lane(page, "Qualification").getByText("€21,000", { exact: false }).waitFor();
    await lane(page, "Qualification").getByText("€2,100", { exact: false }).waitFor();
  });
  await journey.step("a card says that nothing is planned", page, () =>
    card(page, "Kestrel fleet").getByText("Nothing planned").waitFor({ state: "attached" }),
  );
  await journey.step(
    "a card carried on takes over what the stage says, and undo takes all of it back",
    page,
    async () => {
      await carry(page, grip(page, "Kestrel fleet"), lane(page, "Proposal"));
      await inLane(page, "Proposal", "Kestrel fleet").waitFor();
      await until(async () => (await dealOf(journey, page, made.large)).probability === 50, "the stage's probability");
      await page.getByRole("button", { name: "Undo" }).last().click();
      await inLane(page, "Qualification", "Kestrel fleet").waitFor();
      await until(async () => (await dealOf(journey, page, made.large)).probability === 10, "the one from before");
    },
  );
  await journey.step("laid down in Lost, it asks for the reason and nothing else", page, async () => {
    await grip(page, "Kestrel repair").focus();
    await page.keyboard.press("m");
    await page.getByRole("menuitemradio", { name: "Lost" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Lost because").click();
    await page.getByRole("option", { name: "No budget" }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await inLane(page, "Lost", "Kestrel repair").waitFor();
    await until(async () => (await dealOf(journey, page, made.small)).lost_reason === "no_budget", "the reason");
  });
}

async function path(journey, page, made) {
  await journey.step("the path above the deal says where it stands", page, async () => {
    await page.goto(`/deals/${made.large.id}`);
    await page.locator("[aria-current=step]", { hasText: "Qualification" }).waitFor();
  });
  await journey.step("a press moves it; arrow keys go along the path", page, async () => {
    await step(page, /^Needs analysis/).click();
    await page.locator("[aria-current=step]", { hasText: "Needs analysis" }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.locator("[aria-current=step]", { hasText: "Proposal" }).waitFor();
  });
  await journey.step(
    "the stage that is left asks for what is missing, and goes on once it is given",
    page,
    async () => {
      await step(page, /^Negotiation/).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Expected close").waitFor();
      if ((await dialog.getByLabel("Amount").count()) > 0) {
        throw new Error("the amount is there already");
      }
      await dialog.getByLabel("Expected close").fill("01/06/2030");
      await dialog.getByRole("button", { name: "Save" }).click();
      await page.locator("[aria-current=step]", { hasText: "Negotiation" }).waitFor();
    },
  );
  await journey.step("won: the way through the stages stands in a tab of its own", page, async () => {
    await step(page, /^Won/).click();
    await page.locator("[aria-current=step]", { hasText: "Won" }).waitFor();
    await page.getByRole("tab", { name: "Stages" }).click();
    const rows = page.getByRole("tabpanel").locator("tbody tr");
    await until(async () => (await rows.count()) === 5, "five entries");
    await rows.first().getByText("Won").waitFor();
    await rows.last().getByText("Qualification").waitFor();
  });
}

async function customer(journey, page, made) {
  await journey.step("the customer's page says what was won and lists the deals", page, async () => {
    await page.goto(`/companies/${made.company.id}`);
    await page.getByText("Won in all").first().waitFor();
    await page.getByText("€20,000", { exact: false }).first().waitFor();
    await page.getByRole("tab", { name: /^Deals/ }).click();
    await page.getByRole("link", { name: "Kestrel fleet" }).waitFor();
  });
  await journey.step("search finds a deal", page, async () => {
    await page.goto("/search?q=Kestrel%20fleet");
    await page
      .getByRole("link", { name: /Kestrel fleet/ })
      .first()
      .waitFor();
  });
}

async function pipelines(journey, page) {
  await journey.step("another pipeline gets a board of its own, with its stages", page, async () => {
    const made = (await journey.api(page, "POST", "/pipelines", { name: "Kestrel renewals", position: 20 })).record;
    await journey.api(page, "POST", "/stages", { name: "Falling due", pipeline: made.id, position: 1 });
    await page.goto("/deals");
    await page
      .getByRole("tab", { name: "Kestrel renewals" })
      .or(page.getByRole("link", { name: "Kestrel renewals" }))
      .first()
      .click();
    await lane(page, "Falling due").waitFor();
    if ((await lane(page, "Proposal").count()) > 0) {
      throw new Error("a stage of the other pipeline");
    }
  });
}

export async function run(journey) {
  const page = await journey.open("/");
  const made = await records(journey, page);
  await board(journey, page, made);
  await path(journey, page, made);
  await customer(journey, page, made);
  await pipelines(journey, page);
}
