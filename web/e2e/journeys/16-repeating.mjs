/** Tasks that repeat: chosen in words, ticked off, the next one there at once; steps of a checklist on the way. */
import { until } from "../lib/journey.mjs";

const weekly = { title: "Water the plants", due_at: "2099-11-27T09:00:00Z", recurrence: "FREQ=WEEKLY" };

export async function run(journey) {
  const page = await journey.open("/tasks");
  const row = (title) => page.getByRole("listitem").filter({ hasText: title });
  const dialog = page.getByRole("dialog");
  await journey.step("a task repeats on the last Friday of the month, three times", page, async () => {
    await journey.api(page, "POST", "/tasks", weekly);
    await page.reload();
    await page.locator("[data-task]", { hasText: weekly.title }).focus();
    await page.keyboard.press("Enter");
    await dialog.getByRole("combobox", { name: "Repeats" }).selectOption({ label: "Every month on the last Friday" });
    await dialog.getByRole("combobox", { name: "Ends" }).selectOption({ label: "After a number" });
    await dialog.getByRole("spinbutton", { name: "Times" }).fill("3");
    await dialog.getByRole("button", { name: "+ Add a step" }).click();
    await page.keyboard.type("Buy water");
    await page.keyboard.press("Enter");
    await page.keyboard.type("Find the can");
    await dialog.getByRole("checkbox", { name: "Done: Buy water" }).check();
    await journey.accessible(page, "a task that repeats");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "hidden" });
    await row(weekly.title).getByText("1 of 2").waitFor();
    await row(weekly.title).getByRole("img", { name: "Every month on the last Friday, 3 times" }).waitFor();
  });
  await journey.step("the next one stands there when it is ticked off, with its steps open", page, async () => {
    await page.locator("[data-task]", { hasText: weekly.title }).focus();
    await page.keyboard.press("x");
    await row(weekly.title).getByText("0 of 2").waitFor();
    const found = await journey.api(page, "GET", "/tasks?limit=200&sort=due_at");
    const due = found.records.filter((task) => task.title === weekly.title).map((task) => task.due_at.slice(0, 10));
    if (JSON.stringify(due) !== '["2099-11-27","2099-12-25"]') {
      throw new Error(JSON.stringify(due));
    }
  });
  await journey.step("undo takes the next one away and opens the first again", page, async () => {
    await page.getByRole("button", { name: "Undo" }).last().click();
    await row(weekly.title).getByText("1 of 2").waitFor();
    await until(async () => (await row(weekly.title).count()) === 1, "one of them is left");
  });
}
