/** An administrator builds an object in the browser: fields of all sorts, relations, rights; colleagues use it. */
import { until } from "../lib/journey.mjs";

const csv = `Label;Price;Status;Company
Harbour loft;450000;For sale;Designer House
Old mill;1200000;Sold;Designer House
Garden flat;230000;For sale;Mill Works
`;
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
      await choose(page, panel.getByRole("combobox", { name: "Points to" }), "Company");
      const back = await panel.getByRole("textbox", { name: "Name there" }).inputValue();
      if (back !== "properties") {
        throw new Error(`the way back is ${back}`);
      }
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
    await panel.getByRole("textbox", { name: "Label", exact: true }).fill("Number");
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

async function definition(journey, page, object = "property") {
  return journey.api(page, "GET", `/objects/${object}`);
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
  await journey.step("a file is imported into it", page, async () => {
    await page.goto("/imports?object=property");
    await page.getByRole("heading", { level: 1, name: "Imports" }).waitFor();
    await page
      .getByTestId("import-file")
      .setInputFiles({ name: "properties.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
    await page.getByRole("heading", { name: "Which column is what?" }).waitFor();
    await page.getByRole("button", { name: "Check without importing" }).click();
    await page.getByRole("button", { name: "Import 3 rows" }).click({ timeout: 30_000 });
    await page.getByRole("heading", { name: "The import is done" }).waitFor({ timeout: 30_000 });
    const { records } = await journey.api(page, "GET", "/properties?limit=50");
    const sold = records.find((record) => record.label === "Old mill");
    if (records.length !== 4 || sold?.status !== "sold") {
      throw new Error(JSON.stringify(records.map((record) => [record.label, record.status])));
    }
    const house = (await journey.api(page, "GET", "/companies?filter=name%20%3D%3D%20'Designer%20House'")).records[0];
    if (house?.number_of_properties !== 3) {
      throw new Error(`the roll-up counts ${house?.number_of_properties}`);
    }
  });
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
    await page.getByRole("combobox", { name: "Properties: Change" }).selectOption("none");
    await until(async () => (await rightsOf(journey, page))?.update === "none", "changing is refused");
    await page.getByRole("button", { name: /Fields of Properties/ }).click();
    await page.getByRole("dialog").getByRole("combobox", { name: "Commission" }).selectOption("none");
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
    await guest.getByText("Old mill").first().waitFor();
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
  await shape(journey, page);
  await use(journey, page);
  const guest = await share(journey, page);
  await takeAway(journey, page, guest);
}
