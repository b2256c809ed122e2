/**
 * Working hours: a calendar made with the keyboard, holidays typed and from a file, and given to a person; colleagues in the
 * calendar, and a time at which all are free.
 */
import { until } from "../lib/journey.mjs";

const holidays = Buffer.from(
  [
    "BEGIN:VCALENDAR",
    "BEGIN:VEVENT",
    "DTSTART;VALUE=DATE:20310303",
    "SUMMARY:Harbour Day",
    "END:VEVENT",
    "BEGIN:VEVENT",
    "DTSTART;VALUE=DATE:20301225",
    "RRULE:FREQ=YEARLY",
    "SUMMARY:Christmas Day",
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n"),
);

const calendarOf = async (journey, page) =>
  (await journey.api(page, "GET", "/work_calendars")).records.find(({ name }) => name === "Harbour office");

export async function run(journey) {
  const page = await journey.open("/settings/hours");
  const { user } = await journey.api(page, "GET", "/boot");
  await journey.step("working hours are made with the keyboard alone", page, async () => {
    await page.getByText("from nine to five counts").waitFor();
    await journey.accessible(page, "new working hours");
    const name = page.getByRole("textbox", { name: "Name", exact: true });
    await name.fill("Harbour office");
    await page.getByLabel("Monday, hours 1: to").fill("12:00");
    await page.getByRole("button", { name: "Add hours on Monday" }).focus();
    await page.keyboard.press("Enter");
    const second = page.getByLabel("Monday, hours 2: from");
    await until(() => second.evaluate((input) => input === document.activeElement), "the new interval has the focus");
    await page.getByLabel("Monday, hours 2: to").fill("11:00");
    await name.press("Enter");
    await page.getByText("The end is before the beginning").waitFor();
    await page.getByLabel("Monday, hours 2: to").fill("16:00");
    await page.getByRole("button", { name: "Copy Monday's hours to Tuesday to Friday" }).press("Enter");
    await page.getByText("30 hours a week").waitFor();
    await name.press("Enter");
    await page.getByText("Working hours “Harbour office” saved").waitFor();
    const saved = await calendarOf(journey, page);
    if (saved.week.fri?.join() !== "09:00-12:00,13:00-16:00" || saved.for_everyone !== true) {
      throw new Error(JSON.stringify(saved));
    }
  });
  await journey.step("holidays come from a file and by hand", page, async () => {
    await page
      .locator("input[type=file][accept*=calendar]")
      .setInputFiles({ name: "holidays.ics", mimeType: "text/calendar", buffer: holidays });
    await page.getByText("2 holidays added, 0 known already").waitFor();
    await page.getByRole("checkbox", { name: "Christmas Day: every year" }).waitFor();
    await page.getByRole("button", { name: "Add a holiday" }).click();
    await page.keyboard.press("Tab");
    await page.getByRole("textbox", { name: "Name of holiday 3" }).fill("Summer party");
    await page.getByLabel("Day of holiday 3").fill("2031-07-04");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await until(async () => (await calendarOf(journey, page)).holidays.length === 3, "all three are kept");
    await journey.accessible(page, "working hours with holidays");
  });
  await journey.step("a person is given them, and undo takes them back", page, async () => {
    await page.getByRole("combobox", { name: "People" }).click();
    await page.getByRole("option", { name: user.name }).click();
    await page.keyboard.press("Escape");
    const toast = page.locator(".toast", { hasText: `Working hours of ${user.name} set` });
    await toast.getByRole("button", { name: "Undo" }).click();
    const free = async () => (await journey.api(page, "GET", `/users/${user.id}`)).work_calendar === null;
    await until(free, "they are the usual ones again");
  });
  await colleagues(journey, page, user);
}

/** Somebody who sees only their own meetings, in a browser of their own. */
async function guest(journey, page, base) {
  const rights = { objects: { meeting: { read: "own", create: true, update: "own" } } };
  const role = (await journey.api(page, "POST", "/roles", { name: "Harbour guests", rights })).record.id;
  const values = { name: "Gil Guest", email: "gil@nordlicht.example", role, time_zone: "Europe/Berlin" };
  const { id } = (await journey.api(page, "POST", "/users", values)).record;
  const { link } = await journey.api(page, "POST", `/users/${id}/invite`);
  const own = await journey.open("/login", { signedIn: false });
  await own.goto(new URL(link).pathname);
  await own
    .getByLabel(/password/i)
    .first()
    .fill("nine purple lighthouses hum");
  await own.keyboard.press("Enter");
  await own.getByRole("heading", { level: 1 }).first().waitFor();
  await own.waitForURL(base);
  return { id, own };
}

async function colleagues(journey, page, user) {
  const { id, own } = await guest(journey, page, (url) => !url.pathname.startsWith("/invite"));
  const at = (time) => `2031-03-05T${time}:00Z`;
  const meeting = (title, from, to, more) =>
    journey.api(page, "POST", "/meetings", { title, starts_at: at(from), ends_at: at(to), ...more });
  await meeting("Secret talks", "09:00", "10:00", { organizer: user.id, owner: user.id });
  await meeting("Shared walk", "12:00", "13:00", { organizer: user.id, owner: user.id, colleagues: [id] });
  await meeting("Gil alone", "10:00", "11:00", { organizer: id, owner: id });
  await journey.step("a colleague's meetings stand beside mine, in a colour of their own", page, async () => {
    await page.goto("/meetings?type=calendar&span=week&day=2031-03-05");
    await page.getByRole("button", { name: "Colleagues", exact: true }).click();
    await page.getByRole("combobox", { name: "Beside my meetings" }).fill("Gil");
    await page.getByRole("option", { name: "Gil Guest" }).click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.locator('[data-entry][data-color="teal"]', { hasText: "Gil alone" }).waitFor();
    await page.locator('[data-entry][data-color="blue"]', { hasText: "Secret talks" }).waitFor();
    await page.getByText("Harbour Day").first().waitFor();
    await journey.accessible(page, "week with a colleague");
  });
  await journey.step("who may not see a meeting sees only that somebody is busy", own, async () => {
    await own.goto("/meetings?type=calendar&span=week&day=2031-03-05");
    await own.getByRole("button", { name: "Colleagues", exact: true }).click();
    await own.getByRole("combobox", { name: "Beside my meetings" }).fill(user.name);
    await own.getByRole("option", { name: user.name }).click();
    await own
      .locator("[data-entry]", { hasText: `${user.name}: busy` })
      .first()
      .waitFor();
    if ((await own.content()).includes("Secret talks")) {
      throw new Error("the title of a hidden meeting is in the page");
    }
  });
  await journey.step("the form finds a time at which both are free", page, async () => {
    await page.locator('[data-day="2031-03-06"][data-hours]').click({ position: { x: 20, y: 48 * 20 + 4 } });
    const form = page.getByRole("dialog");
    await form.getByRole("textbox", { name: "Title" }).fill("Harbour plans");
    await form.getByRole("button", { name: /more fields/i }).click();
    const field = form.locator('[data-field="colleagues"] input').first();
    await field.fill("Gil");
    await page.getByRole("option", { name: /Gil Guest/ }).click();
    await form.getByText("Gil Guest does not work at that time.").waitFor();
    await form.getByRole("button", { name: "Find a time" }).click();
    const slots = form.getByRole("list", { name: "Times at which all are free" });
    await slots.getByRole("button").first().waitFor();
    await journey.accessible(page, "proposed times");
    await slots.getByRole("button").first().click();
    await until(async () => (await form.getByText(/does not work/).count()) === 0, "all are at work then");
    await form.getByRole("button", { name: "Create Meeting" }).click();
    const found = async () =>
      (await journey.api(page, "GET", "/meetings?limit=200")).records.find(({ title }) => title === "Harbour plans");
    const made = await until(found, "the meeting is made");
    const asked = `users=${id}&from=${made.starts_at}&to=${made.ends_at}`;
    const [gil] = (await journey.api(page, "GET", `/free-busy?${asked}`)).people;
    if (gil.busy.length !== 1 || gil.working[0]?.ends_at !== made.ends_at) {
      throw new Error(JSON.stringify(gil));
    }
  });
}
