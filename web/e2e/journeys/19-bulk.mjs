/** Changes of many records: in the background with a bar, one batch, refused rows told, taken back in the background, too. */
import { until } from "../lib/journey.mjs";

const count = 2_100;

export async function run(journey) {
  const page = await journey.open("/");
  const send = (body) => journey.api(page, "POST", "/companies/bulk", body);
  const names = Array.from({ length: count }, (_, number) => ({ name: `Lens ${number}`, industry: "Bulk lenses" }));
  await send({ create: names.slice(0, 1_050) });
  await send({ create: names.slice(1_050) });
  // A row that no longer fits its rule refuses every change.
  const filter = "industry == 'Bulk lenses'";
  const list = `/companies?filter=${encodeURIComponent(filter)}`;
  const total = async (more) => {
    const asked = encodeURIComponent(`${filter} && ${more}`);
    return (await journey.api(page, "GET", `/companies?filter=${asked}&limit=1&total=true`)).total.count;
  };

  const selectAll = async () => {
    await page.goto(list);
    await page.locator('[data-index="0"]').filter({ hasText: "Lens" }).first().waitFor();
    await page.locator('[data-index="0"] [data-check]').click();
    await page.getByRole("button", { name: /^Select all 2,100 matching/ }).click();
  };
  const bar = page.getByRole("progressbar");

  await journey.step("a tag is added to everything a filter finds, with a bar", page, async () => {
    await selectAll();
    await page.getByRole("button", { name: "Edit field" }).click();
    const panel = page.getByRole("dialog", { name: "Edit field" });
    await panel
      .getByRole("textbox", { name: "Field" })
      .or(panel.getByRole("combobox", { name: "Field" }))
      .first()
      .click();
    await page.keyboard.type("Tags");
    await page.getByRole("option", { name: "Tags", exact: true }).click();
    await panel.getByLabel("Tags").first().fill("vip");
    await page.keyboard.press("Enter");
    await panel.getByRole("button", { name: "Apply" }).click();
    await bar.waitFor();
    await journey.accessible(page, "the bar of a change of many records");
    await page.getByText("Tags of 2,100 Companies changed").waitFor();
    await until(async () => (await total("'vip' in tags")) === count, "all have the tag");
  });
  await journey.step("one press takes it back in the background", page, async () => {
    await page.getByRole("button", { name: "Undo" }).first().click();
    await bar.waitFor();
    await until(async () => (await total("'vip' in tags")) === 0, "none has the tag");
    await page.getByText("Undone: Tags of 2,100 Companies changed").waitFor();
  });
  await journey.step("it goes on after the page was loaded again, and is stopped", page, async () => {
    // A fast machine is done with one before the button is pressed: so many wait for their turn.
    const jobs = [];
    for (let number = 0; number < 16; number++) {
      const work = { filter, set: { description: `Ground by hand ${number}` } };
      jobs.push((await journey.api(page, "POST", "/companies/bulk/job", work)).job);
    }
    await page.reload();
    await page.getByRole("button", { name: "Stop" }).first().click();
    await page
      .getByText(/^Stopped: /)
      .first()
      .waitFor();
    const status = async (job) => (await journey.api(page, "GET", `/jobs/${job}`)).status;
    const ended = [];
    for (const job of jobs) {
      const end = async () => ["cancelled", "done"].includes(await status(job));
      await until(end, "it ends");
      ended.push(await status(job));
    }
    if (!ended.includes("cancelled")) {
      throw new Error(`none of them was stopped: ${ended}`);
    }
  });
  await journey.step("all of it is deleted", page, async () => {
    await selectAll();
    await page.getByRole("toolbar", { name: "Selected records" }).getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await until(async () => (await total("true")) === 0, "the list is empty");
  });
}
