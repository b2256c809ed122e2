/** Tasks: where they stand, and how a line becomes one. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setMessages } from "../../i18n";
import { setRegion } from "../../i18n/format";
import german from "../../i18n/locales/de";
import { bySection, readQuick, sectionOf } from "./sections";

setRegion("en", "UTC");
const now = new Date("2026-11-22T12:00:00Z");
const task = (due_at: string | null, more = {}) => ({ id: String(due_at), due_at, ...more });

describe("tasks", () => {
  it("stand where they are due", () => {
    const at = (due: string | null) => sectionOf(task(due), now);
    expect([
      at("2026-11-21T23:00:00Z"),
      at("2026-11-22T01:00:00Z"),
      at("2026-11-25T09:00:00Z"),
      at("2027-01-01T09:00:00Z"),
      at(null),
    ]).toEqual(["overdue", "today", "week", "later", "someday"]);
  });
  it("are ordered by time, then by priority", () => {
    const list = bySection(
      [task(null, { id: "b", priority: "low" }), task(null, { id: "a", priority: "high" }), task(null, { id: "c" })],
      now,
    ).get("someday");
    expect(list?.map((entry) => entry.id)).toEqual(["a", "c", "b"]);
  });
});

describe("a line", () => {
  it.each([
    ["Send the offer", { title: "Send the offer" }],
    ["Send the offer tomorrow", { title: "Send the offer", due_at: "2026-11-23T09:00:00.000Z" }],
    ["Call Ann fri 15:30", { title: "Call Ann", due_at: "2026-11-27T15:30:00.000Z" }],
    ["Prepare demo in 2 weeks !", { title: "Prepare demo", due_at: "2026-12-06T09:00:00.000Z", priority: "high" }],
    ["Call back 16:00", { title: "Call back", due_at: "2026-11-22T16:00:00.000Z" }],
    ["Pay by 24.12.2026", { title: "Pay", due_at: "2026-12-24T09:00:00.000Z" }],
    ["Order 500", { title: "Order 500" }],
    ["Call Ann fri at 15:30", { title: "Call Ann", due_at: "2026-11-27T15:30:00.000Z" }],
    ["tomorrow", { title: "tomorrow" }],
  ])("%s", (line, expected) => {
    expect(JSON.parse(JSON.stringify(readQuick(line, "2026-11-22", "UTC")))).toEqual(expected);
  });
});

describe("a line in German", () => {
  beforeEach(() => setMessages("de", german.messages, german));
  afterEach(() => setMessages("en", {}));
  it.each([
    ["Anna anrufen Fr 15:30", { title: "Anna anrufen", due_at: "2026-11-27T15:30:00.000Z" }],
    ["Anna anrufen am Freitag um 15 Uhr", { title: "Anna anrufen", due_at: "2026-11-27T15:00:00.000Z" }],
    ["Angebot senden übermorgen", { title: "Angebot senden", due_at: "2026-11-24T09:00:00.000Z" }],
    [
      "Demo vorbereiten in 2 Wochen !",
      { title: "Demo vorbereiten", due_at: "2026-12-06T09:00:00.000Z", priority: "high" },
    ],
    ["Rechnung bis 3. März", { title: "Rechnung", due_at: "2026-03-03T09:00:00.000Z" }],
    ["Send the offer tomorrow", { title: "Send the offer", due_at: "2026-11-23T09:00:00.000Z" }],
  ])("%s", (line, expected) => {
    expect(JSON.parse(JSON.stringify(readQuick(line, "2026-11-22", "UTC")))).toEqual(expected);
  });
});
