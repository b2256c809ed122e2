/** Other calendars: a file taken in, an invitation downloaded, the feed made, read without a session, taken back. */
import { readFileSync } from "node:fs";
import { until } from "../lib/journey.mjs";

const event = (title, sequence) =>
  Buffer.from(
    [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "BEGIN:VEVENT",
      "UID:journey@elsewhere.example",
      `SEQUENCE:${sequence}`,
      "DTSTART;TZID=Europe/Berlin:20990105T090000",
      "DTEND;TZID=Europe/Berlin:20990105T100000",
      `SUMMARY:${title}`,
      "ATTENDEE;CN=Carla:mailto:carla@elsewhere.example",
      "END:VEVENT",
      "END:VCALENDAR",
      "",
    ].join("\r\n"),
  );

export async function run(journey) {
  const page = await journey.open("/meetings?type=table");
  const take = (title, sequence) =>
    page
      .locator("input[type=file][accept*=calendar]")
      .setInputFiles({ name: "event.ics", mimeType: "text/calendar", buffer: event(title, sequence) });
  await journey.step("an event of a file becomes a meeting, a newer one changes it", page, async () => {
    await page.getByRole("button", { name: "Import a calendar file (.ics)" }).waitFor();
    await take("Harbour tour", 0);
    await page.getByText("1 new, 0 changed, 0 as before.").waitFor();
    await take("Harbour round trip", 1);
    await page.getByText("0 new, 1 changed, 0 as before.").waitFor();
  });
  await journey.step("a series stands on all its days, and one of them moves alone", page, async () => {
    const series = { title: "Harbour walk", starts_at: "2031-03-03T10:00:00Z", ends_at: "2031-03-03T11:00:00Z" };
    await journey.api(page, "POST", "/meetings", { ...series, recurrence: "FREQ=WEEKLY" });
    await page.goto("/meetings?type=calendar&span=month&day=2031-03-12");
    const walks = page.locator("[data-entry]", { hasText: "Harbour walk" });
    await until(async () => (await walks.count()) >= 5, "every week of the month has it");
    await page.locator('[data-day="2031-03-17"] [data-entry]', { hasText: "Harbour walk" }).focus();
    await page.keyboard.press("Shift+ArrowRight");
    await page.getByText("Only this one moved").first().waitFor();
    await page.locator('[data-day="2031-03-18"] [data-entry]', { hasText: "Harbour walk" }).waitFor();
    await page.locator('[data-day="2031-03-24"] [data-entry]', { hasText: "Harbour walk" }).waitFor();
    await journey.accessible(page, "series in the calendar");
    await page.getByRole("button", { name: "Undo" }).first().click();
    await page.locator('[data-day="2031-03-17"] [data-entry]', { hasText: "Harbour walk" }).waitFor();
  });
  await journey.step("its invitation leaves as a file with its guest", page, async () => {
    const found = await journey.api(page, "GET", "/meetings?limit=200");
    const meeting = found.records.find((record) => record.title === "Harbour round trip");
    await page.goto(`/meetings/${meeting.id}`);
    await page.getByRole("button", { name: "More", exact: true }).first().click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: "Download invitation (.ics)" }).click(),
    ]);
    const text = readFileSync(await download.path(), "utf8").replaceAll("\r\n ", "");
    if (!text.includes("SUMMARY:Harbour round trip") || !text.includes("mailto:carla@elsewhere.example")) {
      throw new Error(text);
    }
  });
  await journey.step("the feed is made, shown once and read without a session", page, async () => {
    await page.goto("/settings/calendar");
    await page.getByRole("button", { name: "Make an address" }).click();
    const box = page.getByRole("textbox", { name: "Address of your calendar" });
    await box.waitFor();
    await journey.accessible(page, "calendar feed");
    const path = new URL(await box.inputValue()).pathname;
    const answer = await fetch(new URL(path, page.url()));
    const text = await answer.text();
    if (answer.status !== 200 || !text.includes("SUMMARY:Harbour round trip")) {
      throw new Error(`${answer.status} ${text}`);
    }
    await page.reload();
    await page.getByText("An address is in use since").waitFor();
    await page.getByRole("button", { name: "Take the address back" }).click();
    await page.getByText("No address yet").waitFor();
    await until(async () => (await fetch(new URL(path, page.url()))).status === 404, "the address is dead");
  });
}
