/** A table in groups with figures: made, walked by keyboard, closed, kept as a view; views pinned, counted, opened first. */
import { until } from "../lib/journey.mjs";

const address = "/companies?q=Heron&columns=name,kind,employees::avg,annual_revenue";

const head = (page, key) => page.locator(`[data-group="${key}"]`);
const rowsShown = (page) => page.locator("[data-id]").count();

async function make(journey, page) {
  const kinds = ["customer", "partner", undefined];
  const create = Array.from({ length: 30 }, (_, at) => ({
    name: `Heron ${at + 1}`,
    kind: kinds[at % 3],
    employees: 10 * ((at % 3) + 1),
    annual_revenue: { amount: 1000, currency: "EUR" },
  }));
  await journey.api(page, "POST", "/companies/bulk", { create });
}

async function group(journey, page) {
  await journey.step("a table is grouped, each group with its count and figures", page, async () => {
    await page.getByRole("button", { name: "Group", exact: true }).click();
    await page.getByRole("menuitemradio", { name: "Kind", exact: true }).click();
    await page.getByRole("treegrid", { name: "Companies" }).waitFor();
    await head(page, "customer").locator('[data-count="10"]').waitFor();
    await head(page, "customer").getByText("Mean 10").waitFor();
    await head(page, "partner").getByText("Mean 20").waitFor();
    await head(page, "customer").getByText("€10,000").waitFor();
    await page.getByText("30 Companies").waitFor();
    await page.getByText("Heron 1", { exact: true }).waitFor();
  });
  await journey.accessible(page, "a table in groups");
  await journey.step("groups close and open by keyboard and by mouse; the address keeps it", page, async () => {
    await page.getByRole("treegrid").focus();
    await page.keyboard.press("ArrowLeft");
    await until(async () => (await head(page, "customer").getAttribute("aria-expanded")) === "false", "it is closed");
    await page.keyboard.press("ArrowRight");
    await until(async () => (await head(page, "customer").getAttribute("aria-expanded")) === "true", "it is open");
    await page.getByRole("button", { name: "By Kind" }).click();
    await page.getByRole("menuitem", { name: "Close all groups" }).click();
    await until(async () => (await rowsShown(page)) === 0, "no row is shown");
    await head(page, "partner").click();
    await until(async () => (await rowsShown(page)) === 10, "ten rows are shown");
    await page.reload();
    await until(async () => (await rowsShown(page)) === 10, "ten rows are shown again");
  });
  await journey.step("a figure is chosen at the head of its column", page, async () => {
    await page.getByRole("columnheader", { name: "Employees" }).getByRole("button").click();
    await page.getByRole("menuitemradio", { name: "Sum" }).click();
    await head(page, "partner").getByText("Sum 200").waitFor();
  });
}

async function pin(journey, page) {
  const navigation = page.getByRole("navigation", { name: "Main" });
  const pinned = navigation.getByRole("link", { name: "Herons" });
  const counted = (count) => pinned.locator(`[data-pin-count="${count}"]`).waitFor();
  await journey.step("a view is pinned; the navigation counts its records", page, async () => {
    const view = { name: "Herons", object: "company", filter: "name.contains('Heron')", group: "kind" };
    const { record } = await journey.api(page, "POST", "/views", view);
    await page.goto(`/companies?view=${record.id}`);
    await head(page, "customer").waitFor();
    await page.getByRole("button", { name: "View Herons" }).click();
    await page.getByRole("menuitem", { name: "Pin to the navigation" }).click();
    await counted(30);
  });
  await journey.accessible(page, "a pinned view in the navigation");
  await journey.step("the count follows what others do", page, async () => {
    await journey.api(page, "POST", "/companies", { name: "Heron 31" });
    await counted(31);
  });
  await journey.step("a view is what everyone's list begins with", page, async () => {
    await page.getByRole("button", { name: "View Herons" }).click();
    await page.getByRole("menuitem", { name: "Opens first" }).click();
    await page.getByRole("dialog").getByRole("radio", { name: "Everyone" }).check();
    await journey.accessible(page, "whose list begins with a view");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("Herons opens first").waitFor();
    await page.goto("/companies");
    await head(page, "customer").waitFor();
    await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "All" }).click();
    await page.getByRole("grid", { name: "Companies" }).waitFor();
  });
  await journey.step("it opens first no longer, and is taken out of the navigation", page, async () => {
    await pinned.click();
    await page.getByRole("button", { name: "View Herons" }).click();
    await page.getByRole("menuitem", { name: "Opens first" }).click();
    await page.getByRole("dialog").getByRole("radio", { name: "Nobody" }).check();
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("Herons no longer opens first").waitFor();
    await page.goto("/companies");
    await page.getByRole("grid", { name: "Companies" }).waitFor();
    await pinned.click();
    await page.getByRole("button", { name: "View Herons" }).click();
    await page.getByRole("menuitem", { name: "Take out of the navigation" }).click();
    await until(async () => (await pinned.count()) === 0, "it is gone");
  });
}

export async function run(journey) {
  const page = await journey.open("/companies");
  await make(journey, page);
  await page.goto(address);
  await group(journey, page);
  await pin(journey, page);
}
