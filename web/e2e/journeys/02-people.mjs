/** The day of a list: create, edit in place, undo, keyboard, filter, save the view, select, delete, restore, two windows. */
import { until } from "../lib/journey.mjs";

const cell = (page, row, column) => page.locator(`[data-index="${row}"] [data-column="${column}"]`);

async function columnOf(page, label) {
  const headers = await page.locator("[data-header]").allInnerTexts();
  const at = headers.findIndex((text) => text.trim().startsWith(label));
  if (at < 0) {
    throw new Error(`there is no column ${label} among ${headers.join(", ")}`);
  }
  return at;
}

export async function run(journey) {
  const page = await journey.open("/people");
  await journey.step("an empty list says what to do", page, async () => {
    await page.getByText("No People yet").waitFor();
  });
  await journey.step("C opens the form, and a person is made with it", page, async () => {
    await page.locator("main").focus();
    await page.keyboard.press("c");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await dialog.getByLabel("Given name").fill("Ada");
    await dialog.getByLabel("Family name").fill("Lovelace");
    await page.keyboard.press("Control+Enter");
    await dialog.waitFor({ state: "detached" });
    await page.getByText("Person created: Ada Lovelace").waitFor();
  });
  const people = [];
  await journey.step("more people arrive through the API and appear by themselves", page, async () => {
    await page.goto("/people");
    const company = await journey.api(page, "POST", "/companies", { name: "Analytical Engines Ltd" });
    const create = [];
    for (let number = 1; number <= 150; number++) {
      const lifecycle = number % 3 === 0 ? "customer" : "lead";
      create.push({
        given_name: `Person ${String(number).padStart(3, "0")}`,
        family_name: "Test",
        lifecycle,
        company: number % 2 ? company.record.id : null,
        emails: [`p${number}@example.com`],
      });
    }
    const made = await journey.api(page, "POST", "/people/bulk", { create });
    people.push(...made.ids);
    await page.getByText("151 People").waitFor();
  });
  await journey.accessible(page, "people");

  const title = await columnOf(page, "Job title");
  const first = () => cell(page, 0, title);
  await journey.step("typing into a cell edits it, Enter goes down, the toast offers undo", page, async () => {
    await first().click();
    await page.keyboard.type("Countess");
    await page.keyboard.press("Enter");
    await until(async () => (await first().innerText()).trim() === "Countess", "the cell shows the new value");
    await page.getByText("Job title → Countess").waitFor();
    await until(
      () => cell(page, 1, title).evaluate((node) => node.className.includes("active")),
      "the cell below is active",
    );
  });
  await journey.step("Ctrl+Z takes it back", page, async () => {
    await page.keyboard.press("Control+z");
    await until(async () => (await first().innerText()).trim() === "", "the cell is empty again");
    await page.getByText("Undone: Job title → Countess").waitFor();
  });
  await journey.step("Escape drops an edit, F2 keeps the value to edit", page, async () => {
    await cell(page, 2, title).click();
    await page.keyboard.type("Nothing");
    await page.keyboard.press("Escape");
    await until(async () => (await cell(page, 2, title).innerText()).trim() === "", "the cell stayed empty");
    await page.keyboard.press("F2");
    await page.keyboard.type("Baker");
    await page.keyboard.press("Tab");
    await until(async () => (await cell(page, 2, title).innerText()).trim() === "Baker", "F2 edits");
  });
  await journey.step("a range is copied, pasted and filled down as in a spreadsheet", page, async () => {
    await cell(page, 2, title).click();
    await page.keyboard.press("Control+c");
    await until(
      () => page.evaluate(() => navigator.clipboard.readText()).then((text) => text === "Baker"),
      "the clipboard has the cell",
    );
    await cell(page, 3, title).click();
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Control+v");
    await until(async () => (await cell(page, 4, title).innerText()).trim() === "Baker", "one cell fills the range");
    await page.getByText("2 cells changed").waitFor();
    await page.keyboard.press("Control+z");
    await until(async () => (await cell(page, 4, title).innerText()).trim() === "", "one undo for the paste");
  });
  await journey.step("Space looks at the record beside the list, arrows walk on", page, async () => {
    await cell(page, 1, title).click();
    await page.keyboard.press("Space");
    const aside = page.locator("aside");
    await aside.waitFor();
    const before = await aside.locator("h2").innerText();
    await page.keyboard.press("ArrowDown");
    await until(async () => (await aside.locator("h2").innerText()) !== before, "the peeked record follows");
    await page.keyboard.press("Escape");
    await aside.waitFor({ state: "detached" });
  });

  await journey.step("a filter is built, written into the address and read back", page, async () => {
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    const panel = page.getByRole("dialog", { name: "Filter" });
    await panel
      .getByRole("textbox", { name: "Field" })
      .or(panel.getByRole("combobox", { name: "Field" }))
      .first()
      .click();
    await page.keyboard.type("Lifecycle");
    await page.getByRole("option", { name: "Lifecycle", exact: true }).first().click();
    await panel
      .getByRole("textbox", { name: "Value" })
      .or(panel.getByRole("combobox", { name: "Value" }))
      .first()
      .click();
    await page.getByRole("option", { name: "Customer" }).first().click();
    await until(
      () => new URL(page.url()).searchParams.get("filter") === "lifecycle == 'customer'",
      "the address has the filter",
    );
    await page.keyboard.press("Escape");
    await page.getByText("50 People", { exact: true }).waitFor();
    await page.reload();
    await page.getByText("50 People", { exact: true }).waitFor();
    await page.getByRole("button", { name: /Lifecycle.*Customer/ }).waitFor();
  });
  await journey.step("a wrong expression is shown at its character", page, async () => {
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByRole("button", { name: "Write as expression" }).click();
    const text = page.getByRole("textbox", { name: "Expression" });
    await text.fill("lifecycle == 'customer' && nonsense == 1");
    await page.getByRole("alert").locator("mark").waitFor();
    await until(
      async () => (await page.getByRole("alert").locator("mark").innerText()).includes("nonsense"),
      "the name is marked",
    );
    await text.fill("lifecycle == 'customer' && company.name.contains('engines')");
    await page.getByText("25 People", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Back to the builder" }).click();
    await page.getByRole("dialog", { name: "Filter" }).getByText("All of these").waitFor();
    await page.keyboard.press("Escape");
  });
  await journey.step("the list is saved as a view, renamed and found again", page, async () => {
    await page.getByRole("button", { name: "Save as new view" }).click();
    await page.getByRole("dialog", { name: "Save as new view" }).getByRole("textbox", { name: "Name" }).press("Enter");
    await page.waitForURL(/view=/);
    await page.getByRole("button", { name: "View My People" }).click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Customers of Engines");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByRole("link", { name: "Customers of Engines" }).waitFor();
    await page.getByRole("link", { name: "All", exact: true }).click();
    await page.getByText("151 People").waitFor();
    await page.getByRole("link", { name: "Customers of Engines" }).click();
    await page.getByText("25 People", { exact: true }).waitFor();
  });
  await journey.step("a column is hidden, another sorted, and the view says it changed", page, async () => {
    const header = (name) => page.getByRole("columnheader", { name: new RegExp(name) }).getByRole("button");
    await header("Phones").click();
    await page.getByRole("menuitem", { name: "Hide column" }).click();
    await until(
      async () => (await page.locator("[data-header]").filter({ hasText: "Phones" }).count()) === 0,
      "the column is gone",
    );
    await header("Name").click();
    await page.getByRole("menuitem", { name: "Sort descending" }).click();
    await until(
      async () => (await cell(page, 0, 0).innerText()).includes("Person 147"),
      "the last customer comes first",
    );
    await page.getByText("View changed").waitFor();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("View saved").waitFor();
    await until(async () => (await page.getByText("View changed").count()) === 0, "nothing is unsaved");
  });

  await journey.step("everything that matches is edited at once, and undone at once", page, async () => {
    await page.getByRole("link", { name: "All", exact: true }).click();
    await page.getByText("151 People").waitFor();
    await cell(page, 0, 0).locator("..").locator("[data-check]").click();
    await page.getByRole("button", { name: "Select all 151 matching" }).click();
    await page.getByRole("button", { name: "Edit field" }).click();
    const panel = page.getByRole("dialog", { name: "Edit field" });
    await panel
      .getByRole("textbox", { name: "Field" })
      .or(panel.getByRole("combobox", { name: "Field" }))
      .first()
      .click();
    await page.keyboard.type("Department");
    await page.getByRole("option", { name: "Department" }).click();
    await panel.getByLabel("Department").fill("Everyone");
    await panel.getByRole("button", { name: "Apply" }).click();
    await page.getByText("Department of 151 People changed").waitFor();
    const list = async (filter) =>
      (await journey.api(page, "GET", `/people?limit=1&filter=${encodeURIComponent(filter)}`)).total.count;
    await until(async () => (await list("department == 'Everyone'")) === 151, "all have it");
    await page.getByRole("button", { name: "Undo" }).last().click();
    await until(async () => (await list("department == 'Everyone'")) === 0, "none has it");
  });
  await journey.step("deleted records go to the bin and come back", page, async () => {
    await page.getByRole("button", { name: "Clear the selection" }).click();
    for (const row of [1, 2, 3]) {
      await page.locator(`[data-index="${row}"] [data-check]`).click();
    }
    await page.getByRole("toolbar", { name: "Selected records" }).getByRole("button", { name: "Delete" }).click();
    await page.getByText("148 People").waitFor();
    await page.goto("/people?deleted=only");
    await page.getByText("3 People", { exact: true }).waitFor();
    for (const row of [0, 1, 2]) {
      await page.locator(`[data-index="${row}"] [data-check]`).click();
    }
    await page.getByRole("button", { name: "Restore" }).click();
    await page.getByText("The recycle bin is empty").waitFor();
    await page.goto("/people");
    await page.getByText("151 People").waitFor();
  });
}
