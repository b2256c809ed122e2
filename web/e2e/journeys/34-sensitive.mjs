/** A sensitive field: dots until somebody asks, by keyboard; who looked is told to whom it concerns. */
import { looks } from "../lib/journey.mjs";

export async function run(journey) {
  const page = await journey.open("/");
  const fields = [
    { name: "name", kind: "text", label: "Name" },
    { name: "number", kind: "text", label: "Card number", sensitive: true },
  ];
  await journey.api(page, "POST", "/objects", {
    name: "patient",
    plural: "patients",
    label: "Patient",
    label_plural: "Patients",
    title: "name",
    columns: ["name", "number"],
    fields,
  });
  const { record } = await journey.api(page, "POST", "/patients", { name: "Ada", number: "K-4711" });
  const show = page.getByRole("button", { name: "Show Card number" });

  await journey.step("the list shows dots", page, async () => {
    await page.goto("/patients");
    await page.getByText("Ada").first().waitFor();
    await page.getByText("Not shown").first().waitFor({ state: "attached" });
    await hidden(page);
  });
  await journey.step("the record shows dots and a button", page, async () => {
    await page.goto(`/patients/${record.id}`);
    await show.waitFor();
    await hidden(page);
  });
  await journey.accessible(page, "a record with a hidden value");
  await journey.step("it is shown by keyboard, and hidden again", page, async () => {
    await show.focus();
    await page.keyboard.press("Enter");
    await page.getByText("K-4711").first().waitFor();
    await page.getByText("Card number is shown.", { exact: false }).waitFor({ state: "attached" });
    await page.locator("#hide-number:focus").waitFor();
    await page.keyboard.press("Enter");
    await show.waitFor();
    await hidden(page);
  });
  await journey.step("shown, it can be changed, and the new value hides", page, async () => {
    await show.click();
    await page.getByRole("button", { name: "Edit Card number" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Card number" }).fill("K-4712");
    await page.keyboard.press("Enter");
    await show.waitFor();
    await show.click();
    await page.getByText("K-4712").first().waitFor();
  });
  await journey.step("leaving hides it", page, async () => {
    await page.goto("/patients");
    await page.goBack();
    await show.waitFor();
    await hidden(page);
  });
  await journey.step("who looked stands under who may see this", page, async () => {
    await page.getByRole("button", { name: "More" }).last().click();
    await page.getByRole("menuitem", { name: "Who may see this?" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Who looked at sensitive fields?").waitFor();
    await dialog.getByText("Card number").first().waitFor();
  });
  await journey.accessible(page, "who looked");
  for (const look of Object.keys(looks)) {
    const other = await journey.open(`/patients/${record.id}?tab=details`, { look });
    await other.locator("[id=show-number]").waitFor();
    await journey.accessible(other, `a record with a hidden value, ${look}`);
  }
}

async function hidden(page) {
  if ((await page.getByText("K-47").count()) > 0) {
    throw new Error("the value stands on the page");
  }
}
