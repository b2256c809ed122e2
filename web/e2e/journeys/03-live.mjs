/** Two windows of two browsers show each other's edits within a second; two tabs of one browser share one stream. */
import { until } from "../lib/journey.mjs";

const cell = (page, row, column) => page.locator(`[data-index="${row}"] [data-column="${column}"]`);

export async function run(journey) {
  const one = await journey.open("/people?columns=name,job_title,department");
  const two = await journey.open("/people?columns=name,job_title,department");
  await cell(one, 0, 1).waitFor();
  await cell(two, 0, 1).waitFor();
  await one.waitForTimeout(600);
  await journey.step("an edit in one window appears in the other within a second", two, async () => {
    await cell(one, 0, 1).click();
    await one.keyboard.type("Mathematician");
    await one.keyboard.press("Enter");
    const start = Date.now();
    await until(
      async () => (await cell(two, 0, 1).innerText()).trim() === "Mathematician",
      "the other window shows it",
      3000,
    );
    const took = Date.now() - start;
    if (took > 1000) {
      throw new Error(`it took ${took} ms`);
    }
  });
  await journey.step("edits of two fields at the same time both stay", one, async () => {
    await cell(one, 0, 2).click();
    await one.keyboard.type("Science");
    await cell(two, 0, 1).click();
    await two.keyboard.type("Poet");
    await Promise.all([one.keyboard.press("Enter"), two.keyboard.press("Enter")]);
    for (const page of [one, two]) {
      await until(async () => (await cell(page, 0, 1).innerText()).trim() === "Poet", "the second edit is everywhere");
      await until(
        async () => (await cell(page, 0, 2).innerText()).trim() === "Science",
        "the first edit is everywhere",
      );
    }
  });
  await journey.step("a second tab of the same browser is told by the first", two, async () => {
    const tab = await two.context().newPage();
    await tab.goto("/people?columns=name,job_title,department");
    await cell(tab, 0, 1).waitFor();
    await tab.waitForTimeout(400);
    await cell(one, 0, 1).click();
    await one.keyboard.type("Analyst");
    await one.keyboard.press("Enter");
    await until(async () => (await cell(tab, 0, 1).innerText()).trim() === "Analyst", "the tab shows it", 2000);
    await two.close();
    await cell(one, 0, 1).click();
    await one.keyboard.type("Countess");
    await one.keyboard.press("Enter");
    await until(
      async () => (await cell(tab, 0, 1).innerText()).trim() === "Countess",
      "the tab takes over when the first closes",
      4000,
    );
  });
}
