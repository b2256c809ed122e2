/** Exchange rates are taken in, added by hand and undone; sums follow them, and follow another base currency. */
import { looks, until } from "../lib/journey.mjs";

const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);

const box = (page, name) =>
  page
    .getByRole("textbox", { name, exact: true })
    .or(page.getByRole("combobox", { name, exact: true }))
    .first();

const row = (page, name) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });

/** Chooses in a box of a part of the page; what there is to choose lies over the page. */
async function choose(page, name, text, option, part = page) {
  await box(part, name).fill(text);
  await page.getByRole("option", { name: option }).click();
}

async function take(page, name, text) {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Take in a file" }).click(),
  ]);
  await chooser.setFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
}

const undo = (page, text) =>
  page.locator(".toast", { hasText: text }).last().getByRole("button", { name: "Undo", exact: true }).click();

export async function run(journey) {
  const page = await journey.open("/");
  for (const [amount, currency] of [
    [1000, "EUR"],
    [1200, "USD"],
  ]) {
    const values = { name: `Wechsel Journey ${currency}`, annual_revenue: { amount, currency } };
    await journey.api(page, "POST", "/companies", values);
  }
  const sums = async (wanted) => {
    const filter = encodeURIComponent("name.startsWith('Wechsel Journey')");
    const path = `/companies/aggregate?measures=sum:annual_revenue&filter=${filter}`;
    const { groups } = await journey.api(page, "GET", path);
    return groups[0]["sum:annual_revenue"] === wanted;
  };
  await journey.step("without rates only amounts in the base currency count", page, async () => {
    await until(() => sums(1000), "1,000 is the sum");
    await page.goto("/settings/currencies");
    await page.getByText("No exchange rates yet").waitFor();
  });
  await journey.accessible(page, "currencies without rates");
  await journey.step("a file is taken in, and sums follow", page, async () => {
    await take(page, "eurofxref-hist.csv", `Date,USD,JPY,\n${day(2)},1.2,160,\n${day(30)},1.1,N/A,\n`);
    await page.getByText("2 days new", { exact: false }).first().waitFor();
    await row(page, "USD").getByText("0.833333").waitFor();
    await until(() => sums(2000), "2,000 is the sum");
  });
  await journey.step("a file with a fault says where, and nothing of it is taken", page, async () => {
    await take(page, "eurofxref-hist.csv", `Date,USD,\n${day(1)},1.3,\n${day(3)},many,\n`);
    await page.getByText("Line 3: `many` is no rate of USD.").waitFor();
    await row(page, "USD").getByText("0.833333").waitFor();
  });
  await journey.step("a rate is added by hand and taken back", page, async () => {
    await page.getByRole("button", { name: "Add a rate" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await dialog.getByText("Choose a currency.").waitFor();
    await choose(page, "Currency", "AED", /^AED/, dialog);
    await box(dialog, "For one euro").fill("4.4062");
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await row(page, "AED").getByText("4.4062").waitFor();
    await undo(page, "Rate of AED");
    await row(page, "AED").waitFor({ state: "detached" });
  });
  await journey.step("one currency is looked at day by day, and a day of it removed", page, async () => {
    await choose(page, "Currency", "USD", /^USD/);
    const days = page.getByRole("table", { name: "USD" }).getByRole("row");
    await until(async () => (await days.count()) === 3, "two days and a head");
    await days
      .last()
      .getByRole("button", { name: /^Remove/ })
      .click();
    await until(async () => (await days.count()) === 2, "one day is left");
    await undo(page, "USD");
    await until(async () => (await days.count()) === 3, "both are there again");
  });
  await journey.step("another base currency counts anew, and back", page, async () => {
    await page.reload();
    await choose(page, "Base currency", "USD", /^USD/);
    await page.getByText("worked out anew in the background", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await until(() => sums(2400), "2,400 is the sum");
    await row(page, "EUR").getByText("1.2", { exact: true }).waitFor();
    await undo(page, "Totals are counted in USD now");
    await until(() => sums(2000), "2,000 is the sum again");
  });
  for (const look of Object.keys(looks)) {
    const own = await journey.open("/settings/currencies", { look });
    await row(own, "USD").waitFor();
    await journey.accessible(own, `currencies, ${look}`);
  }
}
