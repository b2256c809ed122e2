/** Everything by keyboard: palette, shortcuts, going places, help. */
import { admin, until } from "../lib/journey.mjs";

export async function run(journey) {
  const page = await journey.open("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await journey.step("Ctrl+K finds a person while typing and opens it", page, async () => {
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Command palette" });
    await palette.waitFor();
    await page.keyboard.type("lovel");
    await palette.getByRole("option", { name: /Ada Lovelace/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/people\/[0-9a-f-]{36}/);
    await page.getByRole("heading", { level: 1, name: /Ada Lovelace/ }).waitFor();
  });
  await journey.step("a slip of the finger is forgiven", page, async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("lovelcae");
    await page
      .getByRole("dialog")
      .getByRole("option", { name: /Ada Lovelace/ })
      .waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });
  await journey.step("g and a letter go places", page, async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await page.waitForURL("**/people");
    await page.locator("main").focus();
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await page.waitForURL((url) => url.pathname === "/");
  });
  await journey.step("the question mark shows the shortcuts, and the focus returns", page, async () => {
    await page.locator("main").focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  });
  await journey.accessible(page, "shortcuts");
  await journey.step("keys belong to the topmost: help opens over no dialog, Escape closes one", page, async () => {
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.locator("main").focus();
    await page.keyboard.press("c");
    const form = page.getByRole("dialog");
    await form.getByRole("button", { name: "Close" }).focus();
    await page.keyboard.press("?");
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Command palette" });
    await palette.waitFor();
    if ((await page.getByRole("dialog", { name: "Keyboard shortcuts" }).count()) > 0) {
      throw new Error("the shortcuts cover a form");
    }
    await page.keyboard.press("Escape");
    await palette.waitFor({ state: "detached" });
    await form.getByRole("button", { name: "Close" }).waitFor();
    // The press that closed the palette is not for the form; one that comes at the same moment may not be, either.
    await until(async () => {
      await page.keyboard.press("Escape");
      return (await form.count()) === 0;
    }, "Escape closes the form");
  });
  await journey.step("a menu goes when a dialog comes", page, async () => {
    await page.getByRole("button", { name: admin.name }).click();
    await page.getByRole("menu").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: "Command palette" }).waitFor();
    await page.locator("[role=menu]").waitFor({ state: "detached" });
    await page.keyboard.type("peo");
    await page.getByRole("option", { name: /^People/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });
  await journey.step("commands run from the palette", page, async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(">dark theme");
    await page.keyboard.press("Enter");
    await until(
      () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme === "dark"),
      "the page is dark",
    );
  });
  await journey.step("the search page lists what matches", page, async () => {
    await page.goto("/search?q=person%2001");
    await until(async () => (await page.locator("main li").count()) >= 9, "there are results");
  });
  await journey.accessible(page, "search");
  await journey.step("Tab reaches the skip link first, and it works", page, async () => {
    await page.goto("/people");
    await page.getByRole("grid").waitFor();
    await page.keyboard.press("Tab");
    await until(() => page.evaluate(() => document.activeElement?.className === "skip"), "the skip link has the focus");
    await page.keyboard.press("Enter");
    await until(() => page.evaluate(() => document.activeElement?.id === "main"), "the page has the focus");
  });
}
