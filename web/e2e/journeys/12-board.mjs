/** A board: made from a list, cards carried by mouse, key, finger and menu, taken back, seen in another window, kept as a view. */
import { carry, holdAndCarry, swipe } from "../lib/hands.mjs";
import { until } from "../lib/journey.mjs";

const address = "/tasks/all?type=board&q=Crane";

const lane = (page, key) => page.locator(`[data-lane="${key}"]`);
const card = (page, title) => page.locator("[data-card]:not([data-carried])", { hasText: title });
const inLane = (page, key, title) => lane(page, key).locator("[data-card]", { hasText: title });
const name = (page, title) => card(page, title).locator("[data-card-name]");

async function counted(page, key, count) {
  await lane(page, key).locator(`[data-count="${count}"]`).waitFor();
}

/** Through the API: what the server has. */
async function statusOf(journey, page, title) {
  const found = await journey.api(page, "GET", `/tasks?filter=${encodeURIComponent(`title == '${title}'`)}`);
  return found.records[0]?.status;
}

async function hasStatus(journey, page, title, status) {
  await until(async () => (await statusOf(journey, page, title)) === status, `${title} is ${status}`);
}

async function mouse(journey, page) {
  await journey.step("a card is carried to another lane with the mouse", page, async () => {
    await carry(page, name(page, "Crane 40"), lane(page, "in_progress"));
    await inLane(page, "in_progress", "Crane 40").waitFor();
    await counted(page, "open", 39);
    await counted(page, "in_progress", 1);
    await page.getByText("Crane 40 → In progress", { exact: true }).first().waitFor();
    await hasStatus(journey, page, "Crane 40", "in_progress");
  });
  await journey.step("the toast takes it back", page, async () => {
    await page.getByRole("button", { name: "Undo" }).last().click();
    await inLane(page, "open", "Crane 40").waitFor();
    await hasStatus(journey, page, "Crane 40", "open");
    await counted(page, "open", 40);
  });
}

async function keyboard(journey, page) {
  const told = (text) => page.getByRole("status").filter({ hasText: text }).waitFor({ state: "attached" });
  await journey.step("Space lifts, an arrow carries, Space lays down; each is told", page, async () => {
    await name(page, "Crane 39").focus();
    await page.keyboard.press("Space");
    await told("Crane 39 lifted from Open");
    await page.keyboard.press("ArrowRight");
    await told("Crane 39 over In progress");
    await page.keyboard.press("ArrowRight");
    await told("Crane 39 over Waiting");
    await page.keyboard.press("Space");
    await inLane(page, "waiting", "Crane 39").waitFor();
    await hasStatus(journey, page, "Crane 39", "waiting");
  });
  await journey.step("the focus goes with the card", page, async () => {
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await until(async () => (await focused()) === "Crane 39", "the moved card has the focus");
    await page.waitForTimeout(1200);
    await until(async () => (await focused()) === "Crane 39", "it keeps the focus when the lists are fetched again");
  });
  await journey.step("Escape puts it back", page, async () => {
    await page.keyboard.press("Space");
    await told("Crane 39 lifted from Waiting");
    await page.keyboard.press("ArrowRight");
    await told("Crane 39 over Done");
    await page.keyboard.press("Escape");
    await told("Crane 39 put back");
    await page.waitForTimeout(300);
    await hasStatus(journey, page, "Crane 39", "waiting");
  });
  await journey.step("Shift and an arrow move at once; arrows alone go from card to card", page, async () => {
    await name(page, "Crane 39").focus();
    await page.keyboard.press("Shift+ArrowLeft");
    await inLane(page, "in_progress", "Crane 39").waitFor();
    await hasStatus(journey, page, "Crane 39", "in_progress");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowDown");
    await until(
      () => page.evaluate(() => document.activeElement?.textContent?.startsWith("Crane")),
      "a card of the other lane has the focus",
    );
  });
}

async function menuAndRefusal(journey, page) {
  await journey.step("the menu of a card moves it", page, async () => {
    await page.getByRole("button", { name: "More about Crane 38" }).click();
    await page.getByRole("menuitemradio", { name: "Done" }).click();
    await inLane(page, "done", "Crane 38").waitFor();
    await hasStatus(journey, page, "Crane 38", "done");
  });
  await journey.step("what the server refuses goes back, and the reason is said", page, async () => {
    const refuse = (route) =>
      route.request().method() === "PATCH"
        ? route.fulfill({
            status: 403,
            contentType: "application/problem+json",
            body: JSON.stringify({ status: 403, code: "unknown_yet", title: "No", detail: "Only planners may." }),
          })
        : route.continue();
    await page.route("**/api/v1/tasks/*", refuse);
    await carry(page, name(page, "Crane 37"), lane(page, "in_progress"));
    await page.getByText("Only planners may.").waitFor();
    await inLane(page, "open", "Crane 37").waitFor();
    await page.unroute("**/api/v1/tasks/*");
    await page.getByRole("button", { name: "Close" }).last().click();
  });
  await journey.step("a new record of a lane begins with its value", page, async () => {
    await page.getByRole("button", { name: "New in Waiting" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Task" }).fill("Crane new");
    await page.keyboard.press("Control+Enter");
    await inLane(page, "waiting", "Crane new").waitFor();
  });
}

async function several(journey, page) {
  await journey.step("selected cards are carried together, and taken back together", page, async () => {
    await name(page, "Crane 35").focus();
    await page.keyboard.press("x");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("x");
    await page.getByText("2 selected").waitFor();
    await carry(page, name(page, "Crane 34"), lane(page, "done"));
    await page.getByText("2 cards → Done", { exact: true }).first().waitFor();
    await hasStatus(journey, page, "Crane 35", "done");
    await hasStatus(journey, page, "Crane 34", "done");
    await page.getByRole("button", { name: "Undo" }).last().click();
    await hasStatus(journey, page, "Crane 35", "open");
    await inLane(page, "open", "Crane 34").waitFor();
    await name(page, "Crane 34").focus();
    await page.keyboard.press("Escape");
    await page.getByText("2 selected").waitFor({ state: "detached" });
  });
}

async function touch(journey) {
  const tablet = await journey.open(address, { touch: true });
  await journey.step("a finger that rests takes hold of a card", tablet, async () => {
    await name(tablet, "Crane 36").waitFor();
    await holdAndCarry(tablet, name(tablet, "Crane 36"), lane(tablet, "waiting"));
    await inLane(tablet, "waiting", "Crane 36").waitFor();
    await hasStatus(journey, tablet, "Crane 36", "waiting");
  });
  await journey.step("a quick swipe scrolls the lane and moves nothing", tablet, async () => {
    const list = lane(tablet, "open").locator("ul");
    await swipe(tablet, list, 0, -300);
    await until(() => list.evaluate((node) => node.scrollTop > 40), "the lane is scrolled");
    await counted(tablet, "open", 37);
  });
  const phone = await journey.open(address, { look: "phone" });
  await journey.step("on a phone one lane fills the screen, and the picker leads to another", phone, async () => {
    const picker = phone.getByRole("navigation", { name: "Lanes" });
    await picker.getByRole("button", { name: /Done/ }).click();
    await until(async () => {
      const box = await lane(phone, "done").boundingBox();
      return box && box.x >= 0 && box.x + box.width <= 391 && box.width > 330;
    }, "the lane fills the screen");
    await picker.getByRole("button", { name: /Open/ }).click();
    await until(async () => ((await lane(phone, "open").boundingBox())?.x ?? -1) >= 0, "the first lane is back");
  });
  await journey.step("a swipe sideways goes to the next lane", phone, async () => {
    await swipe(phone, lane(phone, "open").locator("ul"), -260, 0);
    await until(
      async () => ((await lane(phone, "in_progress").boundingBox())?.x ?? 999) < 40,
      "the next lane is there",
    );
    await journey.api(phone, "GET", "/boot");
  });
}

export async function run(journey) {
  const page = await journey.open("/tasks");
  const create = Array.from({ length: 40 }, (_, at) => ({ title: `Crane ${String(at + 1).padStart(2, "0")}` }));
  await journey.api(page, "POST", "/tasks/bulk", { create });
  await journey.step("the list of all tasks becomes a board by status", page, async () => {
    await page.getByRole("link", { name: "All tasks", exact: true }).click();
    await page.getByRole("searchbox").fill("Crane");
    await page.getByRole("button", { name: "Board", exact: true }).click();
    await counted(page, "open", 40);
    await counted(page, "done", 0);
    await card(page, "Crane 40").waitFor();
  });
  await journey.step("a long lane draws what is in sight and fetches more as it is scrolled", page, async () => {
    const list = lane(page, "open").locator("ul");
    const drawn = await list.locator("[data-card]").count();
    if (drawn >= 30) {
      throw new Error(`${drawn} cards are drawn`);
    }
    await until(async () => {
      await list.evaluate((node) => node.scrollTo({ top: node.scrollHeight }));
      return (await inLane(page, "open", "Crane 01").count()) === 1;
    }, "the last card is there");
    await list.evaluate((node) => node.scrollTo({ top: 0 }));
  });
  await mouse(journey, page);
  const other = await journey.open(address);
  await keyboard(journey, page);
  await journey.step("another window shows where the card lies now", other, async () => {
    await inLane(other, "in_progress", "Crane 39").waitFor({ timeout: 3000 });
  });
  await menuAndRefusal(journey, page);
  await several(journey, page);
  await journey.accessible(page, "board");
  await touch(journey);
  await journey.step("the board is kept as a view", page, async () => {
    await page.getByRole("button", { name: "Save as new view" }).click();
    await page.getByRole("dialog", { name: "Save as new view" }).getByRole("textbox", { name: "Name" }).press("Enter");
    await page.getByRole("link", { name: /My Tasks/ }).waitFor();
    await page.goto(page.url());
    await lane(page, "open").waitFor();
    const { views } = await journey.api(page, "GET", "/boot");
    const view = views.find((entry) => entry.object === "task");
    if (view?.type !== "board") {
      throw new Error(JSON.stringify(view));
    }
  });
  await journey.step("the peek follows the card with the focus", page, async () => {
    await page.goto(address);
    await name(page, "Crane 35").focus();
    await page.keyboard.press("p");
    await page.getByRole("complementary", { name: /Crane 35/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.getByRole("complementary", { name: /Crane 34/ }).waitFor();
  });
}
