/** Page layouts: an administrator arranges the page of partners for clerks; a clerk's page follows at once, and undo brings the old back. */
import { carry } from "../lib/hands.mjs";
import { looks, until } from "../lib/journey.mjs";

const password = "nine calm rivers at night";

/** A clerk with a page of their own. */
async function clerk(journey, admin) {
  const all = { read: "all", create: true, update: "all", delete: "own" };
  const { record: role } = await journey.api(admin, "POST", "/roles", {
    name: "Clerk",
    rights: { objects: { "*": all } },
  });
  const values = { name: "Kim Clerk", email: "kim@nordlicht.example", role: role.id, active: true };
  const { record } = await journey.api(admin, "POST", "/users", values);
  const { link } = await journey.api(admin, "POST", `/users/${record.id}/invite`, {});
  const page = await journey.open("/login", { signedIn: false });
  await journey.api(page, "POST", `/invitations/${link.split("/").pop()}`, { password });
  return page;
}

/** Title and fields of each section, as the editor shows them. */
async function arranged(page) {
  return page
    .getByRole("region", { name: "Sections" })
    .locator("fieldset")
    .evaluateAll((boxes) =>
      boxes.map((box) => ({
        title: box.querySelector("input")?.value,
        fields: [...box.querySelectorAll("[data-field]")].map((row) => row.dataset.field),
      })),
    );
}

async function becomes(page, wanted, what) {
  await until(
    async () => JSON.stringify((await arranged(page)).slice(0, wanted.length)) === JSON.stringify(wanted),
    what,
  );
}

const section = (page, name) => page.getByRole("group", { name: `Section ${name}`, exact: true });
const details = (page) => page.getByRole("complementary", { name: "Details" });

async function begin(journey, page) {
  await journey.step("a new layout begins with what pages show now", page, async () => {
    await page.goto("/settings/objects/company");
    await page.getByRole("tab", { name: "Layouts" }).click();
    await page.getByText("All fields in their order, for everyone").waitFor();
    await journey.accessible(page, "no layouts yet");
    await page.getByRole("button", { name: "New layout" }).click();
    await page.locator("[data-field=legal_name]").waitFor();
    // Fields that other journeys made stand there as well.
    const fields = ["name", "legal_name", "kind", "industry", "description"];
    const others = (await arranged(page))[0].fields.filter((field) => !fields.includes(field));
    for (const field of others) {
      await page
        .locator(`[data-field="${field}"]`)
        .getByRole("button", { name: /^Leave out/ })
        .click();
    }
    await becomes(page, [{ title: "About", fields }], "a copy");
  });
  await journey.step("a slip in its condition is told before it counts", page, async () => {
    const form = page.getByRole("form", { name: "New layout" });
    await form.getByRole("textbox", { name: "Name" }).fill("Partners");
    await form.getByRole("combobox", { name: "For the roles" }).click();
    await page.getByRole("option", { name: "Clerk" }).click();
    await page.keyboard.press("Escape");
    const kind = form.getByRole("group", { name: "For records of a kind" });
    await kind.getByRole("button", { name: "Condition" }).click();
    await kind.getByRole("button", { name: "Write as expression" }).click();
    await kind.getByRole("textbox", { name: "Expression" }).fill("knd == 'partner'");
    await page.getByRole("button", { name: "Save" }).click();
    await form.getByRole("alert").filter({ hasText: "knd" }).first().waitFor();
    await kind.getByRole("textbox", { name: "Expression" }).fill("kind == 'partner'");
  });
}

async function arrange(journey, page) {
  await journey.step("fields move with the arrow keys, beyond their section too", page, async () => {
    await section(page, "About").getByRole("textbox").fill("Partner");
    const grip = page.getByRole("button", { name: "Move Kind" });
    await grip.focus();
    for (const _ of ["legal name", "name"]) {
      await page.keyboard.press("ArrowUp");
    }
    await becomes(
      page,
      [{ title: "Partner", fields: ["kind", "name", "legal_name", "industry", "description"] }],
      "first",
    );
    await page.getByRole("button", { name: "Move Description" }).focus();
    await page.keyboard.press("ArrowDown");
    await until(async () => (await arranged(page))[1]?.fields[0] === "description", "it is in the next section");
    await page.locator("#grip-description:focus").waitFor();
    await page.keyboard.press("ArrowUp");
    await until(async () => (await arranged(page))[0]?.fields.at(-1) === "description", "and back");
  });
  await journey.step("with the menu, out of the layout and back from the palette", page, async () => {
    await page.getByRole("button", { name: "Where to put Employees" }).click();
    await page.getByRole("menuitem", { name: "To “Partner”" }).click();
    await page.getByRole("button", { name: "Leave out Industry" }).click();
    await page.getByRole("button", { name: "Leave out Legal name" }).click();
    await page.getByRole("button", { name: "Add Industry" }).click();
    const fields = ["kind", "name", "description", "employees", "industry"];
    await becomes(page, [{ title: "Partner", fields }], "as asked");
  });
  await journey.step("with the mouse", page, async () => {
    // What is carried must be in sight.
    await section(page, "Partner").scrollIntoViewIfNeeded();
    await carry(
      page,
      page.getByRole("button", { name: "Move Industry" }),
      page.getByRole("button", { name: "Move Name" }),
    );
    const fields = ["kind", "industry", "name", "description", "employees"];
    await becomes(page, [{ title: "Partner", fields }], "where it was dropped");
  });
  await journey.step("sections close, have two columns, go and come", page, async () => {
    await section(page, "Partner").getByText("2 columns").click();
    await section(page, "Contact").getByRole("switch", { name: "Closed at first" }).click({ force: true });
    await page.getByRole("button", { name: "Remove the section Billing" }).click();
    await page.getByRole("button", { name: "Add VAT or tax id" }).waitFor();
    await page.getByRole("button", { name: "Add section" }).click();
    await section(page, "New section").waitFor();
    await page.getByRole("button", { name: "Remove the section New section" }).click();
  });
  await journey.step("it has figures and tabs of its own", page, async () => {
    await page.getByRole("switch", { name: "Own line of figures" }).click({ force: true });
    await page.getByRole("switch", { name: "Own tabs" }).click({ force: true });
    await page.getByRole("button", { name: "Leave out Changes" }).click();
  });
  await journey.accessible(page, "a layout being arranged");
}

async function look(journey, page) {
  await journey.step("the preview tells for a role and a record which layout counts", page, async () => {
    const preview = page.getByRole("complementary", { name: "Preview" });
    await preview.getByRole("combobox", { name: "As seen by" }).click();
    await page.getByRole("option", { name: "Clerk" }).click();
    const pick = async (name) => {
      await preview.getByRole("textbox", { name: "With the record" }).fill(name);
      await page.getByRole("option", { name }).click();
    };
    await pick("Layout Partners Ltd");
    await preview.getByText("This layout counts here.").waitFor();
    await preview.getByText("Layout Partners Ltd").first().waitFor();
    await preview.getByText("Form", { exact: true }).click();
    await preview.getByRole("region", { name: "Partner" }).waitFor();
    await pick("Layout Customer Ltd");
    await preview.getByText("Here no layout fits").waitFor();
    await preview.getByText("Page", { exact: true }).click();
  });
  await journey.accessible(page, "a layout with its preview");
  await journey.step("it is kept and stands in the list", page, async () => {
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Layout created: Partners").waitFor();
    await page.locator("[data-layout=Partners]").getByText("kind == 'partner'").waitFor();
  });
}

async function leaving(journey, page) {
  const asked = page.getByRole("dialog", { name: "Leave without saving?" });
  const name = page.getByRole("form").getByRole("textbox", { name: "Name" });
  const open = async () => {
    await page.getByRole("button", { name: "Change Partners" }).click();
    await name.fill("Partners of old");
  };
  await journey.step("whoever leaves a layout with changes is asked, whichever way they leave", page, async () => {
    await open();
    await page.getByRole("link", { name: "People", exact: true }).first().click();
    await asked.waitFor();
    await journey.accessible(page, "the question about unsaved changes");
    await page.keyboard.press("Enter");
    await asked.waitFor({ state: "detached" });
    await page.getByRole("tab", { name: "Fields" }).click();
    await page.getByRole("tab", { name: "Layouts" }).click();
    if ((await name.inputValue()) !== "Partners of old") {
      throw new Error("another tab lost the changes");
    }
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await asked.getByRole("button", { name: "Keep editing" }).click();
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await asked.getByRole("button", { name: "Discard changes" }).click();
    await page.locator("[data-layout=Partners]").waitFor();
  });
  await journey.step("the browser asks as well, and nobody is asked without changes", page, async () => {
    await open();
    const questions = [];
    page.once("dialog", (dialog) => {
      questions.push(dialog.type());
      void dialog.accept();
    });
    await page.reload();
    if (questions.join() !== "beforeunload") {
      throw new Error(`asked: ${questions.join()}`);
    }
    await page.getByRole("button", { name: "Change Partners" }).click();
    await name.waitFor();
    await page.getByRole("link", { name: "People", exact: true }).first().click();
    await page.getByRole("heading", { level: 1, name: "People" }).waitFor();
  });
}

async function follow(journey, page, other, partner, customer) {
  const first = (where) => details(where).locator("h2").first();
  await journey.step("the clerk's open page follows at once", other, async () => {
    await first(other).filter({ hasText: "Partner" }).waitFor();
    const labels = await details(other).locator("section").first().locator("dt").allTextContents();
    if (labels.join() !== "Kind,Industry,Name,Description,Employees") {
      throw new Error(labels.join());
    }
    await details(other).getByRole("button", { name: "Contact", expanded: false }).waitFor();
    await until(async () => (await other.getByRole("tab", { name: "Changes" }).count()) === 0, "the tab is gone");
    await journey.accessible(other, "a page in its layout");
  });
  await journey.step("who looks for a field finds what is left out", other, async () => {
    await details(other).getByRole("textbox", { name: "Find a field" }).fill("legal");
    await details(other).getByText("Legal name").waitFor();
    await details(other).getByRole("textbox", { name: "Find a field" }).fill("");
  });
  await journey.step("a record of another kind, and another role, are as usual", other, async () => {
    await other.goto(`/companies/${customer}`);
    await first(other).filter({ hasText: "About" }).waitFor();
    await page.goto(`/companies/${partner}`);
    await first(page).filter({ hasText: "About" }).waitFor();
  });
  await journey.step("another kind arranges the page while it is open", other, async () => {
    await journey.api(other, "PATCH", `/companies/${customer}`, { kind: "partner" });
    await first(other).filter({ hasText: "Partner" }).waitFor();
    await journey.api(other, "PATCH", `/companies/${customer}`, { kind: "customer" });
    await first(other).filter({ hasText: "About" }).waitFor();
  });
}

async function forms(journey, page, other) {
  await journey.step("the form follows too, and asks for what is required", other, async () => {
    const { records } = await journey.api(page, "GET", "/page_layouts");
    const [layout] = records.filter((record) => record.name === "Partners");
    const sections = layout.content.sections.map((entry) => ({
      ...entry,
      fields: entry.fields.filter((field) => field !== "name"),
    }));
    const content = { ...layout.content, sections };
    await journey.api(page, "PATCH", `/page_layouts/${layout.id}`, { content, condition: null });
    await other.goto("/companies");
    await other.getByRole("button", { name: "New", exact: true }).first().click();
    const dialog = other.getByRole("dialog");
    await dialog.getByRole("region", { name: "Also needed" }).getByRole("textbox", { name: "Name" }).fill("Formed Ltd");
    await dialog.getByRole("button", { name: "Contact", expanded: false }).click();
    await dialog.getByRole("region", { name: "Contact" }).getByText("Domains").first().waitFor();
    await journey.accessible(other, "a form in its layout");
    await other.keyboard.press("Control+Enter");
    await other.getByRole("heading", { level: 1, name: "Formed Ltd" }).waitFor();
    await journey.api(page, "PATCH", `/page_layouts/${layout.id}`, {
      content: layout.content,
      condition: layout.condition,
    });
  });
}

async function undo(journey, page, other, partner) {
  await journey.step("deleted and undone, the clerk's page goes and comes", page, async () => {
    await other.goto(`/companies/${partner}`);
    const first = details(other).locator("h2").first();
    await first.filter({ hasText: "Partner" }).waitFor();
    await page.goto("/settings/objects/company?tab=layouts");
    await page.getByRole("button", { name: "Delete Partners" }).click();
    await first.filter({ hasText: "About" }).waitFor();
    await page.getByText("Layout deleted: Partners").waitFor();
    await page.getByRole("button", { name: "Undo" }).last().click();
    await page.locator("[data-layout=Partners]").waitFor();
    await first.filter({ hasText: "Partner" }).waitFor();
  });
  await journey.step("who uses a field names it", page, async () => {
    await page.getByRole("tab", { name: "Fields" }).click();
    await page
      .getByRole("button", { name: "Actions for Employees" })
      .or(page.locator("[data-field=employees] [aria-haspopup=menu]"))
      .first()
      .click();
    await page.getByRole("menuitem", { name: "Who uses this?" }).click();
    await page.getByRole("dialog").getByText("Partners").waitFor();
    await page.keyboard.press("Escape");
  });
}

export async function run(journey) {
  const page = await journey.open("/");
  const make = async (values) => (await journey.api(page, "POST", "/companies", values)).record.id;
  const partner = await make({ name: "Layout Partners Ltd", kind: "partner", industry: "Optics", employees: 4 });
  const customer = await make({ name: "Layout Customer Ltd", kind: "customer" });
  const other = await clerk(journey, page);
  await other.goto(`/companies/${partner}`);
  await begin(journey, page);
  await arrange(journey, page);
  await look(journey, page);
  await leaving(journey, page);
  await follow(journey, page, other, partner, customer);
  await forms(journey, page, other);
  await undo(journey, page, other, partner);
  for (const name of Object.keys(looks)) {
    const shown = await journey.open("/settings/objects/company?tab=layouts", { look: name });
    await shown.getByRole("button", { name: "Change Partners" }).click();
    await shown.getByRole("form").waitFor();
    await journey.accessible(shown, `a layout, ${name}`);
  }
  // Other journeys find pages as usual.
  const { records } = await journey.api(page, "GET", "/page_layouts");
  for (const record of records) {
    await journey.api(page, "DELETE", `/page_layouts/${record.id}`);
  }
}
