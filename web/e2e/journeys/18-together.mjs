/** Two people at one record: they see each other, and decide side by side about what both changed. */
import { until } from "../lib/journey.mjs";

const password = "nine quiet lanterns drift by";

/** A second person, signed in, in a browser of their own. */
async function colleague(journey, admin) {
  const { records } = await journey.api(admin, "GET", "/roles?filter=name%20%3D%3D%20%27Member%27");
  const values = { name: "Ann Lee", email: "ann@nordlicht.example", role: records[0].id, active: true };
  const { record } = await journey.api(admin, "POST", "/users", values);
  const { link } = await journey.api(admin, "POST", `/users/${record.id}/invite`, {});
  const page = await journey.open("/login", { signedIn: false });
  await journey.api(page, "POST", `/invitations/${link.split("/").pop()}`, { password });
  return page;
}

const details = (page) => page.getByRole("complementary", { name: "Details" });

async function startTyping(page, field, text) {
  await details(page)
    .getByRole("button", { name: `Edit ${field}` })
    .focus();
  await page.keyboard.press("Enter");
  await details(page).getByLabel(field).fill(text);
}

async function conflicts(journey, dana, ann, path) {
  const current = () => journey.api(dana, "GET", path);
  const dialog = dana.getByRole("dialog", { name: "Two changes at the same time" });
  await journey.step("what two people change in different fields is merged and said", dana, async () => {
    await startTyping(dana, "Job title", "Captain");
    await journey.api(ann, "PATCH", path, { department: "Bridge" });
    await details(dana).getByText("Bridge").waitFor();
    await dana.keyboard.press("Enter");
    await dana.getByText("Job title → Captain. Changed by others meanwhile, and kept: Department").waitFor();
    const record = await current();
    if (record.job_title !== "Captain" || record.department !== "Bridge") {
      throw new Error(JSON.stringify(record));
    }
  });
  await journey.step("an editor that nothing was typed into overwrites nothing", dana, async () => {
    await details(dana).getByRole("button", { name: "Edit Department" }).focus();
    await dana.keyboard.press("Enter");
    await journey.api(ann, "PATCH", path, { department: "Engine" });
    await dana.waitForTimeout(600);
    await dana.keyboard.press("Enter");
    await details(dana).getByText("Engine").waitFor();
    if ((await current()).department !== "Engine") {
      throw new Error("the old value came back");
    }
  });
  await journey.step("the same field: before, mine and theirs stand side by side", dana, async () => {
    await startTyping(dana, "Job title", "Admiral");
    await startTyping(ann, "Job title", "Commodore");
    await ann.keyboard.press("Enter");
    await until(async () => (await current()).job_title === "Commodore", "Ann was faster");
    await dana.keyboard.press("Enter");
    await dialog.waitFor();
    await dialog.getByText("Ann Lee changed a field").waitFor();
    for (const text of ["Captain", "Admiral", "Commodore"]) {
      await dialog.getByText(text, { exact: true }).waitFor();
    }
  });
  await journey.accessible(dana, "two changes at the same time");
  await journey.step("Escape loses nothing: what was typed is in its editor again", dana, async () => {
    await dana.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    const box = details(dana).getByLabel("Job title");
    await box.waitFor();
    if ((await box.inputValue()) !== "Admiral" || (await current()).job_title !== "Commodore") {
      throw new Error(await box.inputValue());
    }
    await box.press("Enter");
    await dialog.waitFor();
  });
  await journey.step("mine is kept with the keyboard alone", dana, async () => {
    await until(
      () => dana.evaluate(() => document.activeElement?.getAttribute("type") === "radio"),
      "the focus is on the choice",
    );
    await dana.keyboard.press("ArrowDown");
    await dana.keyboard.press("ArrowUp");
    await dana.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await until(async () => (await current()).job_title === "Admiral", "mine is saved");
    await details(ann).getByText("Admiral").waitFor();
  });
  await journey.step("theirs is kept, and nothing is sent", dana, async () => {
    await startTyping(dana, "Job title", "Bosun");
    await journey.api(ann, "PATCH", path, { job_title: "Purser" });
    const before = (await current()).version;
    await dana.keyboard.press("Enter");
    await dialog.getByRole("radio", { name: "Theirs" }).check();
    await dialog.getByRole("button", { name: "Save the choice" }).click();
    await details(dana).getByText("Purser").waitFor();
    if ((await current()).version !== before) {
      throw new Error("something was sent");
    }
  });
}

async function presence(journey, dana, ann, path) {
  const faces = dana.getByRole("list", { name: "Also at this record" });
  const face = (doing) => faces.getByRole("button", { name: `Ann Lee is ${doing}.` });
  await journey.step("who else looks at the record is shown, and said by name", dana, async () => {
    await face("looking at this record").focus();
    await dana.getByRole("tooltip", { name: "Ann Lee is looking at this record." }).waitFor();
    await until(
      () =>
        dana.evaluate(() =>
          [...document.querySelectorAll("header [role=status]")].some((at) =>
            at.textContent.includes("Ann Lee is looking at this record."),
          ),
        ),
      "it is announced",
    );
  });
  await journey.step("a field that somebody writes has a mark within a second or so", dana, async () => {
    await startTyping(ann, "Job title", "Bo");
    await details(dana).getByText("Ann Lee is editing").waitFor({ timeout: 4000 });
    await face("editing Job title").waitFor();
  });
  await journey.accessible(dana, "a record that somebody else writes");
  await journey.step("the mark goes when the editor closes, the face when the person leaves", dana, async () => {
    await ann.keyboard.press("Escape");
    await details(dana).getByText("Ann Lee is editing").waitFor({ state: "detached" });
    await face("looking at this record").waitFor();
    await ann.goto("/people");
    await faces.waitFor({ state: "detached" });
    await ann.goto(path);
    await face("looking at this record").waitFor();
  });
}

export async function run(journey) {
  const dana = await journey.open("/");
  const ann = await colleague(journey, dana);
  const values = { given_name: "Edward", family_name: "Smith", job_title: "Mate" };
  const { record } = await journey.api(dana, "POST", "/people", values);
  const path = `/people/${record.id}`;
  for (const page of [dana, ann]) {
    await page.goto(path);
    await details(page).getByText("Mate").waitFor();
  }
  await presence(journey, dana, ann, path);
  await conflicts(journey, dana, ann, path);
  const phone = await journey.open(`${path}?tab=details`, { look: "phone" });
  await startTyping(phone, "Job title", "Steward");
  await journey.api(ann, "PATCH", path, { job_title: "Cook" });
  await phone.keyboard.press("Enter");
  await phone.getByRole("dialog", { name: "Two changes at the same time" }).waitFor();
  await journey.accessible(phone, "two changes on a phone");
}
