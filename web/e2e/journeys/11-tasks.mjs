/** Tasks: written in a line, ticked off with a key, taken back, edited, looked at when done. */
import { until } from "../lib/journey.mjs";

export async function run(journey) {
  const page = await journey.open("/tasks");
  const row = (title) => page.getByRole("listitem").filter({ hasText: title });
  await journey.step("a line becomes a task with a day and a time", page, async () => {
    await page.getByRole("textbox", { name: "Add a task" }).waitFor();
    await page.locator("main").focus();
    await page.keyboard.press("n");
    await page.keyboard.type("Call the harbour tomorrow 15:30 !");
    await page.keyboard.press("Enter");
    await row("Call the harbour").waitFor();
    await page.getByRole("heading", { name: /Next 7 days/ }).waitFor();
    const found = await journey.api(page, "GET", "/tasks?limit=200");
    const task = found.records.find((entry) => entry.title === "Call the harbour");
    if (!task?.due_at || task.priority !== "high") {
      throw new Error(JSON.stringify(task));
    }
  });
  await journey.step("what was due yesterday stands under Overdue", page, async () => {
    await page.keyboard.type("Count the containers yesterday");
    await page.keyboard.press("Enter");
    await page
      .getByRole("region", { name: /Overdue/ })
      .getByText("Count the containers")
      .waitFor();
  });
  await journey.accessible(page, "tasks");
  await journey.step("a key ticks a task off, the toast takes it back", page, async () => {
    await page.locator("[data-task]", { hasText: "Count the containers" }).focus();
    await page.keyboard.press("x");
    await until(async () => (await row("Count the containers").count()) === 0, "the task has left the list");
    await page.getByText("Done: Count the containers").waitFor();
    await page.getByRole("button", { name: "Undo" }).last().click();
    await row("Count the containers").waitFor();
  });
  await journey.step("Enter opens a task, and its change is kept", page, async () => {
    await page.locator("[data-task]", { hasText: "Count the containers" }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Task" }).fill("Count all containers");
    await dialog.getByRole("button", { name: "Save" }).click();
    await row("Count all containers").waitFor();
  });
  await journey.step("a day without a time is kept: the usual time stands beside it at once", page, async () => {
    await page.locator("[data-task]", { hasText: "Count all containers" }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Due", { exact: true }).fill("");
    await dialog.getByLabel("Due", { exact: true }).fill("2031-05-06");
    await until(async () => (await dialog.getByLabel("Time of Due").inputValue()) === "17:00", "the usual time");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    await until(async () => {
      const found = await journey.api(page, "GET", "/tasks?limit=200");
      const due = found.records.find((entry) => entry.title === "Count all containers")?.due_at;
      return due?.startsWith("2031-05-06T15:00");
    }, "the day in the record");
  });
  await journey.step("done tasks are found under Done", page, async () => {
    await page.getByRole("checkbox", { name: "Done: Count all containers" }).click();
    await until(async () => (await row("Count all containers").count()) === 0, "the task has left the list");
    await page.getByRole("button", { name: "Done", exact: true }).click();
    await row("Count all containers").waitFor();
  });
}
