/** One record's page: values edited where they stand, notes and tasks, the company's timeline, older values put back, files. */
import { until } from "../lib/journey.mjs";

export async function run(journey) {
  const page = await journey.open("/");
  const company = (await journey.api(page, "POST", "/companies", { name: "Compilers & Co" })).record;
  const person = (
    await journey.api(page, "POST", "/people", {
      given_name: "Grace",
      family_name: "Hopper",
      job_title: "Programmer",
      company: company.id,
      emails: ["grace@compilers.example"],
    })
  ).record;
  const current = () => journey.api(page, "GET", `/people/${person.id}`);
  const details = page.getByRole("complementary", { name: "Details" });

  await journey.step("the page shows who it is and where they work", page, async () => {
    await page.goto(`/people/${person.id}`);
    await page.getByRole("heading", { level: 1, name: "Grace Hopper" }).waitFor();
    await page.locator("header").getByRole("link", { name: "Compilers & Co" }).waitFor();
  });
  await journey.step("a value is edited with the keyboard where it stands", page, async () => {
    await details.getByRole("button", { name: "Edit Job title" }).focus();
    await page.keyboard.press("Enter");
    await details.getByLabel("Job title").fill("Rear admiral");
    await page.keyboard.press("Enter");
    await details.getByText("Rear admiral").waitFor();
    await page.getByText("Job title → Rear admiral").waitFor();
    await until(async () => (await current()).job_title === "Rear admiral", "the server has it");
  });
  await journey.step("Escape drops an edit and gives the focus back", page, async () => {
    await details.getByRole("button", { name: "Edit Department" }).focus();
    await page.keyboard.press("Enter");
    await details.getByLabel("Department").fill("Nothing");
    await page.keyboard.press("Escape");
    await until(
      () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") === "Edit Department"),
      "the focus is back",
    );
    if ((await current()).department) {
      throw new Error("the dropped value was saved");
    }
  });
  await journey.step("what the server refuses is said at the field", page, async () => {
    await details.getByRole("button", { name: "Edit E-mails" }).focus();
    await page.keyboard.press("Enter");
    await details.getByRole("textbox", { name: "E-mails", exact: true }).fill("not an address");
    await page.keyboard.press("Enter");
    await details
      .locator("[data-editing]")
      .getByText(/e-mail/i)
      .last()
      .waitFor();
    await page.keyboard.press("Escape");
    await details.getByRole("link", { name: "grace@compilers.example" }).waitFor();
  });

  await journey.step("N writes a note, which stands in the timeline", page, async () => {
    await page.locator("main").focus();
    await page.keyboard.press("n");
    await page.getByRole("textbox", { name: "Note" }).fill("Explained **nanoseconds** with a piece of wire.");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("article").getByText("nanoseconds").waitFor();
  });
  await journey.step("T adds a task, which can be ticked off in the timeline", page, async () => {
    await page.locator("main").focus();
    await page.keyboard.press("t");
    await page.getByRole("region", { name: "Write something" }).getByLabel("Task", { exact: false }).first().waitFor();
    await page.getByRole("region", { name: "Write something" }).getByRole("textbox").first().fill("Send the wire");
    await page.keyboard.press("Control+Enter");
    const tick = page.getByRole("checkbox", { name: "Done: Send the wire" });
    await tick.click();
    await until(async () => (await tick.getAttribute("aria-checked")) === "true", "the task is done");
  });
  await journey.accessible(page, "a record with a timeline");
  await journey.step("the company shows what happened with its people", page, async () => {
    await page.goto(`/companies/${company.id}`);
    await page.getByRole("article").getByText("nanoseconds").waitFor();
    await page.getByRole("article").getByRole("link", { name: "Grace Hopper" }).first().waitFor();
    await page.getByRole("tab", { name: /^People/ }).click();
    await page.getByRole("row").getByRole("link", { name: "Grace Hopper" }).waitFor();
  });

  await journey.step("an older value is put back from the history", page, async () => {
    await page.goto(`/people/${person.id}?tab=changes`);
    const restore = page.getByRole("button", { name: "Restore the older value of Job title" }).first();
    await restore.waitFor();
    const undos = page.getByRole("tabpanel").getByRole("button", { name: "Undo", exact: true });
    const before = await undos.count();
    await restore.click();
    await until(async () => (await current()).job_title === "Programmer", "the older value is back");
    await details.getByText("Programmer").waitFor();
    await until(async () => (await undos.count()) > before, "the change stands on top of the list");
  });
  await journey.accessible(page, "the changes of a record");
  await journey.step("a change is undone as a whole from the history", page, async () => {
    await page.getByRole("tabpanel").getByRole("button", { name: "Undo", exact: true }).first().click();
    await until(async () => (await current()).job_title === "Rear admiral", "the undo is undone");
  });

  await journey.step("a file is added, gets a second version and is downloaded", page, async () => {
    await page.getByRole("tab", { name: /^Files/ }).click();
    const panel = page.getByRole("tabpanel");
    await panel.getByText("No files yet").waitFor();
    await panel
      .locator("input[type=file]")
      .last()
      .setInputFiles({ name: "wire.txt", mimeType: "text/plain", buffer: Buffer.from("30 cm") });
    await panel.getByRole("link", { name: "wire.txt", exact: true }).waitFor();
    await panel
      .locator("li input[type=file]")
      .setInputFiles({ name: "wire-2.txt", mimeType: "text/plain", buffer: Buffer.from("29.98 cm") });
    await panel.getByRole("button", { name: "2 versions" }).click();
    const old = panel.getByRole("link", { name: "wire.txt", exact: true });
    await old.waitFor();
    const response = await page.request.get(`${journey.base}${await old.getAttribute("href")}`);
    if ((await response.text()) !== "30 cm") {
      throw new Error(`the old version has other bytes: ${response.status()}`);
    }
  });
  await journey.accessible(page, "the files of a record");

  await journey.step("a deleted record says so and comes back", page, async () => {
    await journey.api(page, "DELETE", `/people/${person.id}`);
    await page.goto(`/people/${person.id}`);
    await page.getByText("It is in the recycle bin.").waitFor();
    await page.getByRole("button", { name: "Restore", exact: true }).click();
    await until(async () => !(await current()).deleted_at, "it is back");
    await until(async () => (await page.getByText("It is in the recycle bin.").count()) === 0, "the bar is gone");
  });
}
