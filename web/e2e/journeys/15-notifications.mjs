/** Colleagues talk about a record: a mention is told at once, answered, read; following tells of changes. */
import { until } from "../lib/journey.mjs";

const password = "nine quiet lanterns drift by";

/** A second person, signed in, in a browser of their own. */
async function colleague(journey, admin, name, email) {
  const { records } = await journey.api(admin, "GET", "/roles?filter=name%20%3D%3D%20%27Member%27");
  const { record } = await journey.api(admin, "POST", "/users", { name, email, role: records[0].id, active: true });
  const { link } = await journey.api(admin, "POST", `/users/${record.id}/invite`, {});
  const page = await journey.open("/login", { signedIn: false });
  await journey.api(page, "POST", `/invitations/${link.split("/").pop()}`, { password });
  return page;
}

export async function run(journey) {
  const dana = await journey.open("/");
  const ben = await colleague(journey, dana, "Ben Ray", "ben@nordlicht.example");
  const { record } = await journey.api(dana, "POST", "/companies", { name: "Harbour Lights" });
  const home = `/companies/${record.id}`;
  await ben.goto("/");
  const bell = ben.locator(".sidebar .count[data-new]");
  await ben.locator(".sidebar").waitFor();
  await dana.goto(home);
  await journey.step("a comment mentions a colleague by keyboard", dana, async () => {
    await dana.getByRole("button", { name: "Comment", exact: true }).first().click();
    const box = dana.getByRole("textbox", { name: "Comment" });
    await box.pressSequentially("Please look at this, @be");
    await dana.getByRole("option", { name: "Ben Ray" }).waitFor();
    await dana.keyboard.press("Enter");
    await box.pressSequentially("before noon");
    if ((await box.inputValue()) !== "Please look at this, @Ben Ray before noon") {
      throw new Error(await box.inputValue());
    }
    await journey.accessible(dana, "composer with a mention");
    await dana.keyboard.press("Control+Enter");
    await dana.getByText("Please look at this, @Ben Ray before noon").first().waitFor();
  });
  await journey.step("the colleague is told without reloading", ben, async () => {
    await until(async () => (await bell.innerText()).startsWith("1"), "the bell counts one");
    await ben.keyboard.press("g");
    await ben.keyboard.press("n");
    await ben.getByText("Dana Meyer mentioned you at Harbour Lights").waitFor();
    await ben.getByText("before noon").waitFor();
  });
  await journey.accessible(ben, "notifications");
  await journey.step("opening it reads it and leads to the record", ben, async () => {
    await ben.getByRole("button", { name: /mentioned you at Harbour Lights/ }).click();
    await ben.getByRole("heading", { name: "Harbour Lights", level: 1 }).waitFor();
    await until(async () => (await bell.count()) === 0, "the bell is quiet");
  });
  await journey.step("an answer reaches whoever asked", ben, async () => {
    await ben.getByRole("button", { name: "Answer Dana Meyer" }).click();
    await ben.getByText("Answer to Dana Meyer").waitFor();
    await ben.getByRole("textbox", { name: "Comment" }).fill("Looks good");
    await ben.keyboard.press("Control+Enter");
    await ben.getByText("Looks good").first().waitFor();
    await dana.goto("/notifications");
    await dana.getByText("Ben Ray answered you at Harbour Lights").waitFor();
  });
  await journey.step("who takes part follows, and can stop", ben, async () => {
    await journey.api(dana, "PATCH", home, { industry: "Lamps" });
    await until(async () => (await bell.innerText()).startsWith("1"), "the change is told");
    await ben.locator("main header").getByRole("button", { name: "More" }).click();
    await ben.getByRole("menuitem", { name: "Stop following" }).click();
    await ben.getByText("You no longer follow this record").waitFor();
    await journey.api(ben, "POST", "/notifications/read", {});
    await journey.api(dana, "PATCH", home, { industry: "Lanterns" });
    await ben.waitForTimeout(800);
    if ((await bell.count()) !== 0) {
      throw new Error(`still told: ${await bell.innerText()}`);
    }
  });
  await journey.step("what is read can be marked unread, and all read at once", dana, async () => {
    await dana.getByRole("button", { name: "Mark all as read" }).click();
    await dana.getByText("Nothing new").waitFor();
    await dana.getByRole("button", { name: "All", exact: true }).click();
    await dana
      .getByRole("button", { name: /Mark “Harbour Lights” as unread/ })
      .first()
      .click();
    await dana.locator(".sidebar .count[data-new]").waitFor();
  });
  await journey.step("who may see a record is explained", dana, async () => {
    await dana.goto(home);
    await dana.locator("main header").getByRole("button", { name: "More" }).click();
    await dana.getByRole("menuitem", { name: "Who may see this?" }).click();
    const dialog = dana.getByRole("dialog");
    await dialog.getByText("Dana Meyer sees this record").waitFor();
    await dialog.getByText("Administrators may do everything.").first().waitFor();
    await dialog.getByRole("textbox", { name: "Person" }).fill("Ben");
    await dana.getByRole("option", { name: /Ben Ray/ }).click();
    await dialog.getByText("Ben Ray has the role Member.").waitFor();
    await dialog.getByText("The role reaches every record of this kind.").first().waitFor();
    await journey.accessible(dana, "who may see a record");
    await dana.keyboard.press("Escape");
  });
  const phone = await journey.open("/notifications?show=all", { look: "phone" });
  await phone.getByText("Ben Ray answered you").waitFor();
  await journey.accessible(phone, "notifications on a phone");
  await journey.step("on a phone the menu shows what waits", phone, async () => {
    await phone.getByRole("button", { name: "Menu" }).click();
    await phone
      .getByRole("dialog")
      .getByRole("link", { name: /Notifications/ })
      .waitFor();
  });
}
