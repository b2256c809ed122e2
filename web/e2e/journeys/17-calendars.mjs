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
