/** A calendar: month, week, day, agenda; entries carried by mouse, finger and key to other days and hours, taken back, seen in another window. */
import { carry, holdAndCarry, swipe } from "../lib/hands.mjs";
import { until } from "../lib/journey.mjs";

const hour_px = 48;
const at = (span, day, words = "") => `/meetings?type=calendar&span=${span}&day=${day}${words}`;
const cell = (page, day) => page.locator(`[role=gridcell][data-day="${day}"]:not([data-hours])`);
const column = (page, day) => page.locator(`[data-day="${day}"][data-hours]`);
const entry = (page, title) => page.locator("[data-entry]", { hasText: title });

async function meeting(journey, page, title) {
  const found = await journey.api(page, "GET", `/meetings?filter=${encodeURIComponent(`title == '${title}'`)}`);
  return found.records[0];
}

/** Waits until the server has the meeting at these instants. */
async function stands(journey, page, title, start, end) {
  await until(async () => {
    const found = await meeting(journey, page, title);
    const same = (value, instant) => new Date(value).getTime() === new Date(instant).getTime();
    return same(found.starts_at, start) && (!end || same(found.ends_at, end));
  }, `${title} begins at ${start}`);
}

async function create(journey, page) {
  const meetings = [
    { title: "Standup", starts_at: "2027-03-10T08:00:00Z", ends_at: "2027-03-10T08:30:00Z" },
    { title: "Review", starts_at: "2027-03-10T08:15:00Z", ends_at: "2027-03-10T09:30:00Z" },
    { title: "Fair", starts_at: "2027-03-16T08:00:00Z", ends_at: "2027-03-18T17:00:00Z", all_day: true },
    { title: "Night watch", starts_at: "2027-03-27T21:00:00Z", ends_at: "2027-03-28T02:00:00Z" },
    ...Array.from({ length: 9 }, (_, number) => ({
      title: `Slot ${number + 1}`,
      starts_at: `2027-03-24T${String(7 + number).padStart(2, "0")}:00:00Z`,
    })),
  ];
  await journey.api(page, "POST", "/meetings/bulk", { create: meetings });
}

async function month(journey, page) {
  await journey.step("a list of meetings becomes a calendar, at today", page, async () => {
    await page.goto("/meetings");
    await page.getByRole("button", { name: "Calendar", exact: true }).click();
    await page.locator("[role=gridcell][aria-current=date]").waitFor();
    await page.goto(at("month", "2027-03-10"));
    await page.getByRole("heading", { name: "March 2027" }).waitFor();
    await cell(page, "2027-03-10").locator("[data-entry]", { hasText: "Standup" }).waitFor();
    await page.getByRole("columnheader").first().getByText("Mon").waitFor();
  });
  await journey.step("what lasts days is one bar, and what finds no room is counted", page, async () => {
    const bar = await entry(page, "Fair").boundingBox();
    const day = await cell(page, "2027-03-16").boundingBox();
    if (bar.width < day.width * 2.8 || bar.width > day.width * 3) {
      throw new Error(`${bar.width} over days of ${day.width}`);
    }
    await cell(page, "2027-03-24").getByRole("button", { name: /more/ }).waitFor();
  });
  await journey.step("an entry is carried to another day, and the toast takes it back", page, async () => {
    await carry(page, entry(page, "Standup"), cell(page, "2027-03-12"));
    await cell(page, "2027-03-12").locator("[data-entry]", { hasText: "Standup" }).waitFor();
    await stands(journey, page, "Standup", "2027-03-12T08:00:00Z", "2027-03-12T08:30:00Z");
    await page.getByRole("button", { name: "Undo" }).last().click();
    await cell(page, "2027-03-10").locator("[data-entry]", { hasText: "Standup" }).waitFor();
    await stands(journey, page, "Standup", "2027-03-10T08:00:00Z");
  });
  await journey.step("a long one is carried by the day it is held at, with both ends", page, async () => {
    await carry(page, entry(page, "Fair"), cell(page, "2027-03-18"));
    await stands(journey, page, "Fair", "2027-03-17T08:00:00Z", "2027-03-19T17:00:00Z");
  });
  await journey.accessible(page, "calendar, month");
}

async function keyboard(journey, page) {
  const focused = (day) =>
    until(() => page.evaluate((wanted) => document.activeElement?.getAttribute("data-day") === wanted, day), day);
  await journey.step("arrows go from day to day, over the end of the month too", page, async () => {
    await page.goto(at("month", "2027-03-31"));
    await cell(page, "2027-03-31").focus();
    await page.keyboard.press("ArrowRight");
    await focused("2027-04-01");
    await page.getByRole("heading", { name: "April 2027" }).waitFor();
    await page.keyboard.press("PageUp");
    await page.keyboard.press("ArrowDown");
    await page.getByRole("heading", { name: "March 2027" }).waitFor();
    await focused("2027-03-08");
  });
  await journey.step("Enter opens the day, T comes back to today", page, async () => {
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Monday, 8 March 2027" }).waitFor();
    await focused("2027-03-08");
    await page.keyboard.press("t");
    await page.locator("[data-hours][data-today]").waitFor();
  });
  await journey.step("Shift and arrows move an entry by days and quarters of an hour", page, async () => {
    await page.goto(at("week", "2027-03-10"));
    await entry(page, "Standup").focus();
    await page.keyboard.press("Shift+ArrowRight");
    await stands(journey, page, "Standup", "2027-03-11T08:00:00Z");
    // The focus went with it.
    await until(
      () => page.evaluate(() => document.activeElement?.textContent?.includes("Standup")),
      "it has the focus",
    );
    await page.keyboard.press("Shift+ArrowDown");
    await stands(journey, page, "Standup", "2027-03-11T08:15:00Z", "2027-03-11T08:45:00Z");
    await page
      .getByRole("status")
      .filter({ hasText: "Standup → Thursday, 11 March 2027" })
      .first()
      .waitFor({ state: "attached" });
  });
}

async function week(journey, page) {
  await journey.step("an entry is carried to another hour of another day", page, async () => {
    const from = entry(page, "Review");
    const height = (await from.boundingBox()).height;
    await carry(page, from, column(page, "2027-03-12"), { y: 14 * hour_px + height / 2 + 2 });
    await stands(journey, page, "Review", "2027-03-12T13:00:00Z", "2027-03-12T14:15:00Z");
    await column(page, "2027-03-12").locator("[data-entry]", { hasText: "Review" }).waitFor();
  });
  await journey.step("an empty hour begins a new one there", page, async () => {
    await column(page, "2027-03-09").click({ position: { x: 40, y: 15 * hour_px + 30 } });
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Title" }).fill("Tasting");
    await page.keyboard.press("Control+Enter");
    await column(page, "2027-03-09").locator("[data-entry]", { hasText: "Tasting" }).waitFor();
    await stands(journey, page, "Tasting", "2027-03-09T14:30:00Z", "2027-03-09T15:30:00Z");
  });
  await journey.step("the night in which the clock changes stands on both its days", page, async () => {
    await page.goto(at("week", "2027-03-27"));
    await column(page, "2027-03-27").locator("[data-entry]", { hasText: "Night watch" }).waitFor({ state: "attached" });
    const after = column(page, "2027-03-28").locator("[data-entry]", { hasText: "Night watch" });
    const { height } = await after.boundingBox();
    if (Math.abs(height - 4 * hour_px) > 3) {
      throw new Error(`${height} pixels high`);
    }
  });
  await journey.accessible(page, "calendar, week");
  await journey.step("a press on an entry shows it beside the calendar", page, async () => {
    await page.goto(at("day", "2027-03-12"));
    await entry(page, "Review").click();
    await page.getByRole("complementary", { name: /Review/ }).waitFor();
  });
}

async function touch(journey) {
  const tablet = await journey.open(at("month", "2027-03-10"), { touch: true });
  await journey.step("a finger that rests carries an entry, a swipe does not", tablet, async () => {
    await entry(tablet, "Standup").waitFor();
    await swipe(tablet, entry(tablet, "Standup"), 300, 0);
    await tablet.waitForTimeout(400);
    await stands(journey, tablet, "Standup", "2027-03-11T08:15:00Z");
    await holdAndCarry(tablet, entry(tablet, "Standup"), cell(tablet, "2027-03-15"));
    await stands(journey, tablet, "Standup", "2027-03-15T08:15:00Z");
  });
  const phone = await journey.open("/meetings?type=calendar&day=2027-03-10", { look: "phone" });
  await journey.step("a phone begins with the agenda", phone, async () => {
    await phone.getByRole("heading", { name: "Friday, 12 March 2027" }).waitFor();
    await phone.getByRole("link", { name: /Review/ }).waitFor();
    await phone.getByRole("button", { name: "Month", exact: true }).click();
    await cell(phone, "2027-03-24").click();
    await phone.getByRole("heading", { name: "Wednesday, 24 March 2027" }).waitFor();
  });
}

export async function run(journey) {
  const page = await journey.open("/");
  await create(journey, page);
  const other = await journey.open(at("month", "2027-03-10"));
  await month(journey, page);
  await journey.step("another window shows where an entry lies now", other, async () => {
    await cell(other, "2027-03-17").locator("[data-entry]", { hasText: "Fair" }).waitFor({ timeout: 3000 });
  });
  await keyboard(journey, page);
  await week(journey, page);
  await touch(journey);
  await journey.step("the words of the quick search narrow the calendar", page, async () => {
    await page.goto(at("agenda", "2027-03-01", "&q=Fair"));
    await entry(page, "Fair").first().waitFor();
    if ((await entry(page, "Review").count()) > 0) {
      throw new Error("the filter is not asked");
    }
  });
  await journey.step("the calendar is kept as a view", page, async () => {
    await page.goto("/meetings?type=calendar");
    await page.getByRole("button", { name: "Save as new view" }).click();
    await page.getByRole("dialog", { name: "Save as new view" }).getByRole("textbox", { name: "Name" }).press("Enter");
    await page.getByRole("link", { name: /My Meetings/ }).waitFor();
    const { views } = await journey.api(page, "GET", "/boot");
    if (!views.some((view) => view.object === "meeting" && view.type === "calendar")) {
      throw new Error(JSON.stringify(views));
    }
  });
}
