/** Colleagues react to a comment: at one click, by keyboard, in two windows at once; the author is told once. */
import { colleague } from "../lib/colleague.mjs";
import { until } from "../lib/journey.mjs";

export async function run(journey) {
  const dana = await journey.open("/");
  const { page: ben } = await colleague(journey, dana, "Ben Ochs", "ochs@nordlicht.example");
  const { record } = await journey.api(dana, "POST", "/companies", { name: "Reaction Works" });
  const about = [{ object: "company", id: record.id }];
  await journey.api(dana, "POST", "/comments", { body: "They signed today.", about });
  const home = `/companies/${record.id}`;
  await Promise.all([dana.goto(home), ben.goto(home)]);
  const bar = (page) => page.getByRole("group", { name: "Reactions" }).first();
  await bar(ben).waitFor();
  await journey.step("one click gives a reaction, and the other window shows it", ben, async () => {
    await ben.getByText("They signed today.").hover();
    await bar(ben).getByRole("button", { name: "React: Hooray" }).click();
    await bar(ben).getByRole("button", { name: "Hooray, 1 person: you", pressed: true }).waitFor();
    await bar(dana).getByRole("button", { name: "Hooray, 1 person: Ben Ochs", pressed: false }).waitFor();
  });
  await journey.step("others join, and focus says who", dana, async () => {
    await bar(dana).getByRole("button", { name: "Hooray, 1 person: Ben Ochs" }).click();
    const chip = bar(dana).getByRole("button", { name: "Hooray, 2 people: Ben Ochs and you", pressed: true });
    await chip.waitFor();
    await dana.mouse.move(0, 0);
    await dana.keyboard.press("Tab");
    await dana.keyboard.press("Shift+Tab");
    await dana.getByRole("tooltip", { name: "Ben Ochs and you" }).waitFor();
    await journey.accessible(dana, "reactions");
  });
  await journey.step("more are chosen from the menu by keyboard", ben, async () => {
    await bar(ben).getByRole("button", { name: "React", exact: true }).focus();
    await ben.keyboard.press("Enter");
    const first = ben.getByRole("menuitem", { name: "Thumbs up" });
    await until(() => first.evaluate((entry) => entry === document.activeElement), "the first one has the focus");
    await journey.accessible(ben, "the menu of reactions");
    await ben.keyboard.press("ArrowUp");
    await until(
      () => ben.evaluate(() => document.activeElement?.getAttribute("aria-label") === "Waiting"),
      "the last one has the focus",
    );
    await ben.keyboard.press("Enter");
    await bar(ben).getByRole("button", { name: "Waiting, 1 person: you" }).waitFor();
    await bar(dana).getByRole("button", { name: "Waiting, 1 person: Ben Ochs" }).waitFor();
  });
  await journey.step("a second click takes it back, and undo gives it again", ben, async () => {
    await bar(ben).getByRole("button", { name: "Waiting, 1 person: you" }).click();
    await bar(dana)
      .getByRole("button", { name: /^Waiting/ })
      .waitFor({ state: "detached" });
    await ben.keyboard.press("Control+z");
    await bar(dana).getByRole("button", { name: "Waiting, 1 person: Ben Ochs" }).waitFor();
  });
  await journey.step("the author is told once", dana, async () => {
    await dana.goto("/notifications");
    await dana.getByText("Ben Ochs reacted to what you wrote at Reaction Works").waitFor();
    if ((await dana.getByText(/reacted to what you wrote at Reaction Works/).count()) !== 1) {
      throw new Error("told more than once");
    }
  });
  await journey.step("and no more when it is switched off", dana, async () => {
    await dana.goto("/settings/profile");
    await dana.getByRole("combobox", { name: "Notifications switched off" }).click();
    await dana.getByRole("option", { name: "Reactions" }).click();
    await dana.keyboard.press("Escape");
    await dana.getByLabel("Job title").focus();
    const me = async () => (await journey.api(dana, "GET", "/boot")).user.id;
    const id = await me();
    await until(
      async () => (await journey.api(dana, "GET", `/users/${id}`)).muted?.includes("reaction"),
      "the choice is saved",
    );
    await journey.api(dana, "PATCH", `/users/${id}`, { muted: null });
  });
}
