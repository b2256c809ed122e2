/** Products and quotes: lines typed into a deal, pasted, moved and taken out, a quote made of it, sent, and replaced by a version. */
import { until } from "../lib/journey.mjs";

const cell = (page, field, line) => page.getByRole("textbox", { name: `${field} of ${line}`, exact: true });
const add = (page) => page.getByPlaceholder("Find a product", { exact: false });
const total = (page) => page.locator("dl", { hasText: "Total" }).last().locator("dd").last();

async function records(journey, page) {
  const make = async (plural, values) => (await journey.api(page, "POST", `/${plural}`, values)).record;
  const euros = (amount) => ({ amount, currency: "EUR" });
  await make("products", { name: "Kestrel frame", sku: "KF-1", price: euros(199.99), unit: "piece" });
  await make("products", { name: "Kestrel line", sku: "KL-1", price: euros(0.35), unit: "metre" });
  const company = await make("companies", { name: "Falcon Flyers", billing_address: { city: "Graz", country: "AT" } });
  return make("deals", { name: "Falcon outfit", company: company.id });
}

async function says(page, amount) {
  await until(async () => (await total(page).innerText()).trim() === amount, `a total of ${amount}`);
}

async function lines(journey, page, deal) {
  await journey.step("a product is found by what is typed, and its quantity is what is typed next", page, async () => {
    await page.goto(`/deals/${deal.id}?tab=lines`);
    await add(page).click();
    await page.keyboard.type("frame");
    await page.keyboard.press("Enter");
    await until(
      () => page.evaluate(() => globalThis.document.activeElement?.dataset?.cell === "quantity"),
      "the quantity to be typed into",
    );
    await page.keyboard.type("3");
    await page.keyboard.press("Enter");
    await says(page, "€599.97");
  });
  await journey.step("Enter goes on to unit, price and discount, and then to a new line", page, async () => {
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.keyboard.type("10");
    await page.keyboard.press("Enter");
    await says(page, "€539.97");
    await until(
      () => page.evaluate(() => globalThis.document.activeElement?.placeholder?.startsWith("Find a product")),
      "the new line",
    );
  });
  await journey.step(
    "rows of a spreadsheet are pasted as lines, by article number, name or as text",
    page,
    async () => {
      await add(page).evaluate((input) => {
        const data = new globalThis.DataTransfer();
        data.setData("text/plain", "Article\tQuantity\tPrice\nKL-1\t100\t\nAssembly\t2\t80.50");
        input.dispatchEvent(
          new globalThis.ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
        );
      });
      await cell(page, "Quantity", "Kestrel line").waitFor();
      await says(page, "€735.97");
    },
  );
  await journey.step(
    "Alt and arrow keys move a line, Alt and Delete remove it, and undo brings it back",
    page,
    async () => {
      const order = () =>
        page.locator("[data-line] [data-cell=name]").evaluateAll((all) => all.map((one) => one.value));
      await cell(page, "Quantity", "Assembly").focus();
      await page.keyboard.press("Alt+ArrowUp");
      await until(async () => (await order())[1] === "Assembly", "the line one place higher");
      await cell(page, "Quantity", "Assembly").focus();
      await page.keyboard.press("Alt+Delete");
      await says(page, "€574.97");
      await page.getByRole("button", { name: "Undo" }).last().click();
      await says(page, "€735.97");
    },
  );
  await journey.step("the amount of the deal is the sum, and says so when somebody gives another", page, async () => {
    await until(
      async () => (await journey.api(page, "GET", `/deals/${deal.id}`)).amount?.amount === 735.97,
      "the amount of the deal",
    );
    const values = { amount: { amount: 1, currency: "EUR" } };
    const said = await journey.api(page, "PATCH", `/deals/${deal.id}`, values).catch((error) => error.message);
    if (!String(said).includes('"of_lines"')) {
      throw new Error(JSON.stringify(said));
    }
  });
}

async function quotes(journey, page) {
  await journey.step("a quote of the deal has its lines and the tax of where the customer is", page, async () => {
    await page.getByRole("button", { name: "Make a quote" }).click();
    await page.waitForURL(/\/quotes\//);
    await cell(page, "Quantity", "Kestrel frame").waitFor();
    await page.getByText("Tax 20%").waitFor();
    await says(page, "€883.16");
  });
  await journey.step("what is optional is in no sum", page, async () => {
    await page.getByRole("button", { name: "More for Assembly" }).click();
    await page.getByRole("menuitem", { name: "Optional: in no sum" }).click();
    await says(page, "€689.96");
  });
  await journey.step("a heading is put above a line and named", page, async () => {
    await page.getByRole("button", { name: "More for Kestrel frame" }).click();
    await page.getByRole("menuitem", { name: "Heading above this line" }).click();
    const heading = cell(page, "Section", "Kestrel frame");
    await heading.fill("Material");
    await heading.press("Enter");
    await until(async () => (await heading.inputValue()) === "Material", "the heading");
  });
  await journey.step("once it is sent nothing of it can be typed into any more", page, async () => {
    await page.getByRole("button", { name: "Mark as sent" }).click();
    await page.getByText("This quote was sent and stays as it is", { exact: false }).waitFor();
    await until(async () => (await page.locator("[data-cell]").count()) === 0, "no cells");
    await page.getByRole("cell", { name: "Material" }).waitFor();
  });
  await journey.step("a version replaces it, and the one before says by which", page, async () => {
    const sent = page.url();
    await page.getByRole("button", { name: "New version" }).click();
    await page.waitForURL((url) => url.href !== sent);
    const name = await page.getByRole("heading", { level: 1 }).innerText();
    await says(page, "€689.96");
    await page.goto(sent);
    await page.getByText("A later version replaced this quote", { exact: false }).waitFor();
    await page.getByRole("link", { name, exact: true }).click();
    await cell(page, "Quantity", "Kestrel line").waitFor();
  });
  await journey.step("accepted, it says so, and declining asks why", page, async () => {
    await page.getByRole("button", { name: "Mark as sent" }).click();
    await page.getByRole("button", { name: "Declined" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Declined because").fill("Another supplier");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("The customer declined.").waitFor();
    await page.getByRole("button", { name: "Accepted" }).click();
    await page.getByText("The customer accepted.").waitFor();
  });
}

export async function run(journey) {
  const page = await journey.open("/");
  const deal = await records(journey, page);
  await lines(journey, page, deal);
  await quotes(journey, page);
}
