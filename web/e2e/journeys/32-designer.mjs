/**
 * An administrator builds an object in the browser: fields of all sorts, relations, rights, a board; imports 10,000 rows
 * into it; a colleague works with it; its configuration makes the same object elsewhere.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "../lib/journey.mjs";

const rows = 10_000;
const known = ["Harbour loft;450000;For sale;;Designer House", "Old mill;1200000;Sold;2026-03-01;Designer House"];

/** The file that is imported: flats for sale, every tenth one sold, of fifty companies. */
function csv() {
  const lines = Array.from({ length: rows - known.length }, (_, at) => {
    const sold = at % 10 === 0;
    return `Flat ${at + 1};${100_000 + at};${sold ? "Sold;2026-04-01" : "For sale;"};Mill Works ${at % 50}`;
  });
  return ["Label;Price;Status;Sold on;Company", ...known, ...lines].join("\n");
}
const password = "nine calm rivers at night";

/** Opens the panel of a new field and chooses its kind. */
async function startField(page, kind) {
  await page.getByRole("button", { name: "Add field", exact: true }).first().click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("button", { name: kind }).first().click();
  return panel;
}

/** Writes the label, whatever the kind needs, and keeps the field. */
async function addField(page, kind, label, more = async () => {}) {
  const panel = await startField(page, kind);
  await panel.getByRole("textbox", { name: "Label", exact: true }).fill(label);
  await more(panel);
  await panel.getByRole("button", { name: "Add field" }).click();
  await panel.waitFor({ state: "detached" });
  await row(page, label).waitFor();
}

function row(page, label) {
  return page.locator("li[data-field]").filter({ has: page.getByRole("button", { name: label, exact: true }) });
}

async function choose(page, box, option) {
  await box.click();
  await page.getByRole("option", { name: option }).first().click();
}

async function buildObject(journey, page) {
  await journey.step("an object is made, its names derived from what people read", page, async () => {
    await page.getByRole("button", { name: "New object" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Name, one of them" }).fill("Company");
    await dialog.getByRole("textbox", { name: "Name in expressions and the API" }).fill("company");
    await dialog.getByRole("button", { name: "Create object" }).click();
    await dialog.getByText("This name is taken").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "New object" }).click();
    await dialog.getByRole("textbox", { name: "Name, one of them" }).fill("Property");
    const value = (name) => dialog.getByRole("textbox", { name, exact: true }).inputValue();
    const derived = [
      await value("Name, several of them"),
      await value("Name in expressions and the API"),
      await value("Address of the list"),
    ];
    if (derived.join() !== "Properties,property,properties") {
      throw new Error(derived.join());
    }
    await dialog.getByRole("radio", { name: "House" }).check({ force: true });
    await dialog.getByRole("radio", { name: "Green" }).check({ force: true });
    await dialog.getByRole("textbox", { name: "What names a record" }).fill("Label");
    await journey.accessible(page, "a new object");
    await dialog.getByRole("button", { name: "Create object" }).click();
    await page.getByRole("heading", { name: "Properties are ready" }).waitFor();
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Properties" }).waitFor();
  });
  await journey.accessible(page, "an object just made");
}

async function buildFields(journey, page) {
  await journey.step("fields of several kinds are added", page, async () => {
    await addField(page, /^Address/, "Address");
    await addField(page, /^Money/, "Price", async (panel) => {
      await panel.getByText("Conditions: when it is shown").click();
      const rule = panel.getByRole("group", { name: "Right only if" });
      await rule.getByRole("button", { name: "Condition" }).click();
      await rule.getByRole("button", { name: "Write as expression" }).click();
      await rule.getByRole("textbox", { name: "Expression" }).fill("price > 0");
      await panel.getByRole("textbox", { name: "What is said otherwise" }).fill("The price must be above zero.");
    });
    await addField(page, /^Choice/, "Status", async (panel) => {
      for (const [index, label] of ["For sale", "Sold"].entries()) {
        await panel.getByRole("button", { name: "Add option" }).click();
        await panel.getByRole("textbox", { name: `Option ${index + 1}` }).fill(label);
      }
      await panel.getByRole("button", { name: /Colour of “Sold”/ }).click();
      await page.getByRole("radio", { name: "Red" }).check({ force: true });
      await page.keyboard.press("Escape");
      await journey.accessible(page, "a field with options");
    });
    await addField(page, /^Reference One record/, "Company", async (panel) => {
      await choose(page, panel.getByRole("combobox", { name: "Points to" }), "Companies");
      const back = await panel.getByRole("textbox", { name: "Name there" }).inputValue();
      if (back !== "properties") {
        throw new Error(`the way back is ${back}`);
      }
    });
    await addField(page, /^Reference One record/, "Agent", async (panel) => {
      await choose(page, panel.getByRole("combobox", { name: "Points to" }), "People");
    });
    await addField(page, /^Running number/, "Number", async (panel) => {
      await panel.getByRole("textbox", { name: "Pattern" }).fill("P-{number:6}");
    });
    await addField(page, /^Date A day/, "Sold on", async (panel) => {
      await panel.getByText("Conditions: when it is shown").click();
      const rule = panel.getByRole("group", { name: "Required if" });
      await rule.getByRole("button", { name: "Condition" }).click();
      await rule.getByRole("button", { name: "Write as expression" }).click();
      await rule.getByRole("textbox", { name: "Expression" }).fill("status == 'sold'");
    });
  });
  await journey.step("a formula is checked while it is written", page, async () => {
    await addField(page, /^Formula/, "Commission", async (panel) => {
      const formula = panel.getByRole("textbox", { name: "Formula" });
      await formula.fill("pric * 0.03");
      await panel.getByRole("alert").filter({ hasText: "pric" }).waitFor();
      await journey.accessible(page, "a formula with a slip");
      await choose(page, panel.getByRole("combobox", { name: "Gives" }), "Number");
      await formula.fill("price * 0.03");
      await until(async () => (await panel.getByRole("alert").count()) === 0, "the formula is right");
    });
  });
  await journey.step("what the server refuses stands at its input", page, async () => {
    const panel = await startField(page, /^Running number/);
    await panel.getByRole("textbox", { name: "Label", exact: true }).fill("File number");
    await panel.getByRole("textbox", { name: "Pattern" }).fill("P-{week}");
    await panel.getByRole("button", { name: "Add field" }).click();
    await until(
      async () => (await panel.getByRole("textbox", { name: "Pattern" }).getAttribute("aria-invalid")) === "true",
      "the pattern is marked",
    );
    await panel.getByRole("button", { name: "Cancel" }).click();
    await panel.waitFor({ state: "detached" });
  });
}

/** What somebody who knows nothing of it ran into. */
async function slips(journey, page) {
  await journey.step("a new field begins at its label, and a name that is emptied is made again", page, async () => {
    const panel = await startField(page, /^Text One line/);
    const label = panel.getByRole("textbox", { name: "Label", exact: true });
    await until(() => label.evaluate((input) => input === document.activeElement), "the cursor stands in the label");
    await page.keyboard.type("Owner");
    const name = panel.getByRole("textbox", { name: "Name in expressions and the API" });
    await name.fill("");
    await name.blur();
    if ((await name.inputValue()) !== "owner_2") {
      throw new Error(`the name is ${await name.inputValue()}`);
    }
    await panel.getByRole("button", { name: "Add field" }).click();
    await panel.getByText("have “Owner” already").waitFor();
    await panel.getByRole("button", { name: "Cancel" }).click();
    await panel.waitFor({ state: "detached" });
  });
  await journey.step("an object without owners is given them where a field would stand in for them", page, async () => {
    const field = { name: "title", kind: "text", label: "Title" };
    const names = { name: "key_ring", plural: "key_rings", label: "Key ring", label_plural: "Key rings" };
    await journey.api(page, "POST", "/objects", { ...names, title: "title", owned: false, fields: [field] });
    await page.goto("/settings/objects/key_ring");
    const panel = await startField(page, /^User/);
    await panel.getByRole("textbox", { name: "Label", exact: true }).fill("Owner");
    await journey.accessible(page, "a field for who has it");
    await panel.getByRole("button", { name: "Give them owner and team instead" }).click();
    await until(async () => (await definition(journey, page, "key_ring")).owned !== false, "they have owners");
    await panel.getByRole("button", { name: "Cancel" }).click();
    await panel.waitFor({ state: "detached" });
    await journey.api(page, "DELETE", "/objects/key_ring");
    await page.goto("/settings/objects/property");
  });
  await journey.step("Enter takes the first of what was typed for", page, async () => {
    const panel = await startField(page, /^Reference One record/);
    const target = panel.getByRole("combobox", { name: "Points to" });
    await target.fill("Compan");
    await page.getByRole("option", { name: "Companies" }).waitFor();
    await target.press("i");
    await page.locator("[role=option][data-combobox-selected]", { hasText: "Companies" }).waitFor();
    await target.press("Enter");
    await until(async () => (await target.inputValue()) === "Companies", "companies are chosen");
  });
  await journey.step("what was written in the panel is not lost by Escape without a question", page, async () => {
    const panel = page.getByRole("dialog", { name: /^New field/ });
    await panel.getByRole("textbox", { name: "Label", exact: true }).press("Escape");
    const asked = page.getByRole("dialog", { name: "Leave without saving?" });
    await asked.getByRole("button", { name: "Keep editing" }).click();
    await until(
      async () => (await panel.getByRole("combobox", { name: "Points to" }).inputValue()) === "Companies",
      "it is there",
    );
    await panel.getByRole("button", { name: "Close" }).click();
    await asked.getByRole("button", { name: "Discard changes" }).click();
    await panel.waitFor({ state: "detached" });
  });
}

async function definition(journey, page, object = "property") {
  return journey.api(page, "GET", `/objects/${object}`);
}

async function searching(journey, page) {
  await journey.step("a new text is found by search unless somebody says otherwise", page, async () => {
    await addField(page, /^Text One line/, "Land register");
    await addField(page, /^Text One line/, "Remark", async (panel) => {
      await panel.getByRole("switch", { name: "Found by search" }).click();
    });
    const { search } = await definition(journey, page);
    if (search.join() !== "label,number,land_register") {
      throw new Error(search.join());
    }
    const made = await journey.api(page, "POST", "/properties", { label: "Gatehouse", land_register: "Quellgrund 77" });
    await page.goto("/search?q=quellgrund");
    await page.getByRole("main").getByText("Gatehouse").waitFor();
    await page.goto("/properties");
    await page.getByRole("searchbox", { name: /Search/ }).fill("quellgrund");
    await page.getByText("1 Property").first().waitFor();
    await journey.api(page, "DELETE", `/properties/${made.record.id}`);
  });
  await journey.step("where nothing is found, search says where it looked", page, async () => {
    await page.goto("/search?q=xqzzt&objects=properties");
    const looked = page.getByRole("region", { name: "Where search looks" });
    await looked.getByText("Land register").waitFor();
    await page.getByRole("link", { name: "Look everywhere" }).waitFor();
    await journey.accessible(page, "a search that finds nothing");
    await looked.getByRole("link", { name: /Change where search looks/ }).click();
    await page.getByRole("group", { name: "Search looks into" }).waitFor();
    await page.getByRole("tab", { name: "Fields", exact: true }).click();
  });
}

async function order(journey, page) {
  const { fields } = await definition(journey, page);
  return fields.filter((field) => !field.system && !field.hidden).map((field) => field.name);
}

async function shape(journey, page) {
  await journey.step("fields change places by keyboard and by mouse", page, async () => {
    await page.getByRole("button", { name: "Move Price" }).focus();
    await page.keyboard.press("ArrowUp");
    await until(async () => (await order(journey, page)).indexOf("price") === 1, "the price comes before the address");
    const from = await page.getByRole("button", { name: "Move Company" }).boundingBox();
    const to = await page.getByRole("button", { name: "Move Address" }).boundingBox();
    await page.mouse.move(from.x + 8, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(from.x + 8, from.y - 10, { steps: 4 });
    await page.mouse.move(to.x + 8, to.y + 6, { steps: 12 });
    await page.mouse.up();
    await until(async () => {
      const names = await order(journey, page);
      return names.indexOf("company") < names.indexOf("address");
    }, "the company comes before the address");
  });
  await journey.step("columns and search follow the administrator", page, async () => {
    await page.getByRole("tab", { name: "Lists and search" }).click();
    for (const column of ["Status", "Price", "Company"]) {
      await choose(page, page.getByRole("combobox", { name: "Add a column" }), column);
      await page.getByRole("button", { name: `Leave out ${column}` }).waitFor();
    }
    await journey.accessible(page, "lists and search of an object");
    await page.getByRole("tab", { name: "Names and look" }).click();
    await page.getByRole("textbox", { name: "Description" }).fill("Houses and flats we sell.");
    await page.keyboard.press("Tab");
    await until(
      async () => (await definition(journey, page)).description === "Houses and flats we sell.",
      "it is kept",
    );
    await journey.accessible(page, "names and look of an object");
    const { columns } = await definition(journey, page);
    if (columns.join() !== "status,price,company") {
      throw new Error(columns.join());
    }
  });
  await journey.step("a standard object gets a roll-up over the new one", page, async () => {
    await page.goto("/settings/objects/company");
    await addField(page, /^Roll-up/, "Number of properties", async (panel) => {
      await choose(page, panel.getByRole("combobox", { name: "Records" }), "Properties (Company)");
    });
    const { fields } = await definition(journey, page, "company");
    const made = fields.find((field) => field.name === "number_of_properties");
    if (made?.rollup?.object !== "property" || made.result !== "integer") {
      throw new Error(JSON.stringify(made));
    }
  });
}

async function use(journey, page) {
  await journey.step("a record is made with the new form", page, async () => {
    const company = await journey.api(page, "POST", "/companies", { name: "Designer House" });
    await page.goto("/properties");
    await page.getByRole("button", { name: "New", exact: true }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Label" }).fill("Castle");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("heading", { level: 1, name: "Castle" }).waitFor();
    const id = new URL(page.url()).pathname.split("/").at(-1);
    await journey.api(page, "PATCH", `/properties/${id}`, {
      company: company.record.id,
      price: { amount: 900_000, currency: "EUR" },
    });
    const record = await journey.api(page, "GET", `/properties/${id}`);
    if (record.commission !== 27_000) {
      throw new Error(`the formula gives ${JSON.stringify(record.commission)}`);
    }
    const refused = await page.request.patch(`${journey.base}/api/v1/properties/${id}`, {
      headers: { "X-Rapport": "1" },
      data: { price: { amount: 0, currency: "EUR" } },
    });
    if (refused.status() !== 422 || !(await refused.text()).includes("The price must be above zero.")) {
      throw new Error(`a wrong price was taken: ${refused.status()} ${await refused.text()}`);
    }
  });
  await journey.step("a file of 10,000 rows is imported into it", page, async () => {
    await page.goto("/imports?object=property");
    await page.getByRole("heading", { level: 1, name: "Imports" }).waitFor();
    await page
      .getByTestId("import-file")
      .setInputFiles({ name: "properties.csv", mimeType: "text/csv", buffer: Buffer.from(csv()) });
    await page.getByRole("heading", { name: "Which column is what?" }).waitFor();
    await page.getByRole("button", { name: "Check without importing" }).click();
    await page.getByText("Would be made beside them: 50 Companies.").waitFor({ timeout: 60_000 });
    await journey.accessible(page, "the check of an import");
    const price = page.getByRole("row", { name: /Harbour loft/ }).getByRole("button", { name: "€450,000" });
    await price.click();
    await page
      .getByRole("row", { name: /Harbour loft/ })
      .getByRole("button", { name: "450000", exact: true })
      .waitFor();
    await page.getByRole("button", { name: "Import 10,000 rows" }).click({ timeout: 60_000 });
    await page.getByRole("heading", { name: "The import is done" }).waitFor({ timeout: 120_000 });
    const { total } = await journey.api(page, "GET", "/properties?limit=1");
    const named = `label%20%3D%3D%20'Old%20mill'`;
    const [sold] = (await journey.api(page, "GET", `/properties?filter=${named}`)).records;
    if (total.count !== rows + 1 || sold?.status !== "sold" || !/^P-\d{6}$/.test(sold.number)) {
      throw new Error(`${JSON.stringify(total)} ${JSON.stringify(sold)}`);
    }
    const house = (await journey.api(page, "GET", "/companies?filter=name%20%3D%3D%20'Designer%20House'")).records[0];
    if (house?.number_of_properties !== 3) {
      throw new Error(`the roll-up counts ${house?.number_of_properties}`);
    }
  });
}

async function trial(journey, page) {
  await journey.step("a formula shows what it gives for a record, which can be another", page, async () => {
    await page.goto("/settings/objects/property");
    await row(page, "Commission").getByRole("button", { name: "Commission", exact: true }).click();
    const result = page.getByRole("dialog").getByRole("region", { name: "Result" });
    await result.getByText(/^[\d,]+(\.\d+)?$/).waitFor();
    await result
      .getByRole("button", { name: /Remove|Delete|Clear/ })
      .or(result.locator(".mantine-Pill-remove"))
      .first()
      .click({ force: true });
    await result.getByRole("combobox").or(result.getByRole("textbox")).first().fill("Old mill");
    await page.getByRole("option", { name: /Old mill/ }).click();
    await result.getByText("36,000", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });
  await journey.step("a number has a unit, which stands behind it", page, async () => {
    await addField(page, /^Number Exact/, "Living area", async (panel) => {
      await panel.getByRole("textbox", { name: "Unit" }).fill("m²");
    });
    const named = `label%20%3D%3D%20'Castle'`;
    const [castle] = (await journey.api(page, "GET", `/properties?filter=${named}`)).records;
    await journey.api(page, "PATCH", `/properties/${castle.id}`, { living_area: 412.5 });
    await page.goto(`/properties/${castle.id}`);
    await page.getByText("412.5\u00a0m²").first().waitFor();
    if ((await page.getByRole("tab", { name: /Relationships|Related by/ }).count()) > 0) {
      throw new Error("a property has tabs of people and companies");
    }
  });
  await journey.step("home has the object, with how many there are", page, async () => {
    await page.goto("/");
    const own = page.getByRole("region", { name: "Your objects" });
    await own.getByText("10,001").waitFor();
    await own.getByRole("button", { name: "New Property" }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Label" }).waitFor();
    await page.keyboard.press("Escape");
  });
  await journey.step("the palette finds it by its singular, and looks among its records alone", page, async () => {
    await page.keyboard.press("Control+k");
    const input = page.getByRole("combobox", { name: "Command palette" });
    await input.fill("property");
    await page.getByRole("option", { name: /^Properties/ }).waitFor();
    await input.fill("prop: old mill");
    await page
      .getByRole("option", { name: /Old mill/ })
      .first()
      .waitFor();
    await input.press("Escape");
    await input.press("Escape");
    await input.waitFor({ state: "detached" });
  });
}

async function board(journey, page) {
  await journey.step("a board by that choice is kept as a view for everyone", page, async () => {
    await page.goto("/properties");
    await page.getByRole("button", { name: "Board", exact: true }).click();
    await lane(page, "for_sale").locator('[data-count="8,999"], [data-count="8999"]').waitFor();
    await lane(page, "for_sale").getByText("€").first().waitFor();
    await page.getByRole("button", { name: "Card fields" }).click();
    await page.getByRole("checkbox", { name: "Number" }).check();
    await page.keyboard.press("Escape");
    await lane(page, "for_sale")
      .getByText(/^P-\d{6}$/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "New view", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Name" }).fill("Sales board");
    await choose(page, dialog.getByRole("combobox", { name: "Who sees it" }), "Everyone");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("link", { name: "Sales board" }).waitFor();
  });
  await journey.accessible(page, "a board of 10,000 records");
}

function lane(page, key) {
  return page.locator(`[data-lane="${key}"]`);
}

async function share(journey, page) {
  let link = "";
  await journey.step("a role gets rights on the object and its fields", page, async () => {
    await page.goto("/settings/roles");
    await page.getByRole("button", { name: "New Role" }).click();
    const name = page.getByRole("textbox", { name: "Name" });
    await until(async () => (await name.inputValue()) === "New role", "the new role is open");
    await name.fill("Viewers");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Viewers", exact: true }).waitFor();
    await page.getByRole("combobox", { name: "Properties: Create" }).selectOption("no");
    await until(async () => (await rightsOf(journey, page))?.create === false, "creating is refused");
    await page.getByRole("combobox", { name: "Properties: Change" }).selectOption("all");
    await until(async () => (await rightsOf(journey, page))?.update === "all", "changing is allowed");
    await page.getByRole("combobox", { name: "Properties: Delete" }).selectOption("none");
    await until(async () => (await rightsOf(journey, page))?.delete === "none", "deleting is refused");
    await page.getByRole("button", { name: /Fields of Properties/ }).click();
    const commission = page.getByRole("dialog").getByRole("combobox", { name: "Commission" });
    if ((await commission.locator("option[value=write]").count()) > 0) {
      throw new Error("a role could change what is calculated");
    }
    await commission.selectOption("none");
    await until(async () => (await rightsOf(journey, page))?.fields?.commission === "none", "a field is hidden");
    const role = (await journey.api(page, "GET", "/roles")).records.find((entry) => entry.name === "Viewers").id;
    const person = { name: "Vera View", email: "vera@nordlicht.example", role };
    const user = (await journey.api(page, "POST", "/users", person)).record.id;
    link = new URL((await journey.api(page, "POST", `/users/${user}/invite`)).link, journey.base).pathname;
  });
  const guest = await journey.open(link, { signedIn: false });
  await journey.step("a colleague with that role sees what it allows", guest, async () => {
    await guest.getByLabel("Choose a password").fill(password);
    await guest.getByRole("button").last().click();
    await guest.waitForURL((url) => url.pathname === "/");
    await guest.goto("/properties");
    await guest.getByText("10,001 Properties").first().waitFor();
    if ((await guest.getByRole("button", { name: "New", exact: true }).count()) > 0) {
      throw new Error("a colleague is offered to make one");
    }
    const list = await journey.api(guest, "GET", "/properties?limit=50");
    if (list.records.some((record) => record.commission !== undefined)) {
      throw new Error("the hidden field is shown");
    }
    await guest.goto("/settings/objects/property");
    await guest.getByRole("heading", { level: 1, name: "Properties" }).waitFor();
    if ((await guest.getByRole("button", { name: "Add field" }).count()) > 0) {
      throw new Error("a colleague is offered to change the object");
    }
  });
  return guest;
}

async function work(journey, guest) {
  await journey.step("the colleague sees the board with totals and moves a card", guest, async () => {
    await guest.goto("/properties");
    await guest.getByRole("link", { name: "Sales board" }).click();
    await lane(guest, "for_sale").getByText("€").first().waitFor();
    await guest.getByRole("searchbox", { name: /Search/ }).fill("Harbour loft");
    await lane(guest, "for_sale").locator('[data-count="1"]').waitFor();
    await guest.locator("[data-card-name]", { hasText: "Harbour loft" }).focus();
    await guest.keyboard.press("Shift+ArrowRight");
  });
  await journey.step("the lane requires a day: exactly that is asked for", guest, async () => {
    const dialog = guest.getByRole("dialog", { name: "Harbour loft → Sold" });
    await dialog.getByText("This needs a little more").waitFor();
    if ((await dialog.locator("[data-field]").count()) !== 1) {
      throw new Error("more than one field is asked for");
    }
    await journey.accessible(guest, "what a lane requires");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.locator("[aria-invalid=true]").waitFor();
    await dialog.getByRole("textbox").fill("2026-05-04");
    await guest.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await lane(guest, "sold").locator("[data-card]", { hasText: "Harbour loft" }).waitFor();
  });
  await journey.step("the colleague edits, finds by search, and sees nothing that the role hides", guest, async () => {
    const [loft] = (await journey.api(guest, "GET", "/search?q=Harbour%20loft")).results;
    await guest.goto("/search?q=Harbour%20loft");
    await guest.getByRole("main").getByText("Harbour loft").first().click();
    await guest.getByRole("heading", { level: 1, name: "Harbour loft" }).waitFor();
    await guest.getByText("Sold on").first().waitFor();
    if ((await guest.getByText("Commission").count()) > 0) {
      throw new Error("the hidden field is shown");
    }
    const record = await journey.api(guest, "PATCH", `/properties/${loft.id}`, { address: { city: "Bremen" } });
    if (record.record.sold_on !== "2026-05-04" || record.record.address?.city !== "Bremen") {
      throw new Error(JSON.stringify(record));
    }
  });
  await journey.step("the company shows its properties with the columns of their list", guest, async () => {
    const [one] = (await journey.api(guest, "GET", "/properties?filter=has(company)&limit=1")).records;
    await guest.goto(`/companies/${one.company}`);
    await guest.getByRole("tab", { name: /^Properties/ }).click();
    const table = guest.getByRole("region", { name: "Properties" }).getByRole("table");
    await table.getByRole("columnheader", { name: "Price" }).waitFor();
  });
}

/** Runs the program beside the server, as an administrator does at a shell. */
async function program(journey, ...args) {
  const { stdout } = await promisify(execFile)(journey.state.binary, [...args, "--json"]);
  return JSON.parse(stdout);
}

async function elsewhere(journey, page) {
  if (!journey.state.data) {
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "rapport-schema-"));
  const [files, data] = [join(folder, "files"), join(folder, "data")];
  await journey.step("the configuration makes the same in a fresh installation", page, async () => {
    await program(journey, "schema", "export", files, "--data", journey.state.data);
    const { differences } = await program(journey, "schema", "apply", files, "--data", data);
    const made = differences.map((one) => `${one.action} ${one.kind} ${one.name}`);
    for (const wanted of ["add object property", "add field company.number_of_properties", "add role Viewers"]) {
      if (!made.includes(wanted)) {
        throw new Error(`${wanted} is not among ${made.join(", ")}`);
      }
    }
    for (const place of [data, journey.state.data]) {
      const plan = await program(journey, "schema", "plan", files, "--data", place);
      if (plan.differences.length > 0) {
        throw new Error(JSON.stringify(plan.differences));
      }
    }
  });
  rmSync(folder, { recursive: true, force: true });
}

async function rightsOf(journey, page) {
  const roles = (await journey.api(page, "GET", "/roles")).records;
  return roles.find((role) => role.name === "Viewers")?.rights?.objects?.property;
}

async function takeAway(journey, page, guest) {
  await journey.step("a field that is added can be undone, in other windows too", page, async () => {
    await guest.goto("/properties");
    await page.goto("/settings/objects/property");
    await addField(page, /^Whole number/, "Rooms");
    await page.getByText("Field added: Rooms").waitFor();
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await row(page, "Rooms").waitFor({ state: "detached" });
  });
  await journey.step("who uses a field is said before it goes", page, async () => {
    await page.getByRole("button", { name: "Actions for Price" }).click();
    await page.getByRole("menuitem", { name: "Take out of use" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Commission").waitFor();
    await journey.accessible(page, "who uses a field");
    await dialog.getByRole("button", { name: "Cancel" }).click();
  });
  await journey.step("a new object appears in windows that are open", page, async () => {
    await page.goto("/settings/objects");
    await page.getByRole("button", { name: "New object" }).click();
    await page.getByRole("textbox", { name: "Name, one of them" }).fill("Vehicle");
    await page.getByRole("button", { name: "Create object" }).click();
    await page.getByRole("heading", { name: "Vehicles are ready" }).waitFor();
    await guest.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Vehicles" }).waitFor();
  });
  await journey.step("an object is taken out of use, and comes back", page, async () => {
    await page.getByRole("button", { name: "Take Vehicles out of use" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Take out of use" }).click();
    await page.getByText("Vehicles taken out of use").waitFor();
    const links = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Vehicles" });
    await until(async () => (await links.count()) === 0, "it is gone from the navigation");
    await page.getByRole("button", { name: "Undo", exact: true }).last().click();
    await links.waitFor();
  });
}

export async function run(journey) {
  const page = await journey.open("/settings/objects");
  await buildObject(journey, page);
  await buildFields(journey, page);
  await slips(journey, page);
  await searching(journey, page);
  await shape(journey, page);
  await use(journey, page);
  await trial(journey, page);
  await board(journey, page);
  const guest = await share(journey, page);
  await work(journey, guest);
  await elsewhere(journey, page);
  await takeAway(journey, page, guest);
}
