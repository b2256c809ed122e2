/** Where entries are drawn, and what moving them writes: overlaps, whole days, midnight, the two days when the clock changes. */
import { describe, expect, it } from "vitest";
import type { Field, RapportRecord } from "../../api/types";
import { daysFrom } from "./days";
import { barsOver, blocksOn, type Entry, entryOf, isBar, movedValues, type When } from "./layout";
import { rangeFilter } from "./useEntries";

const zone = "Europe/Berlin";
const field = (name: string, kind: Field["kind"]): Field => ({ name, kind, label: name });
const when: When = {
  start: field("starts_at", "date_time"),
  end: field("ends_at", "date_time"),
  allDay: field("all_day", "boolean"),
};
const dates: When = { start: field("from", "date"), end: field("to", "date"), allDay: undefined };

function entry(id: string, starts_at: string, ends_at: string | null, more: Partial<RapportRecord> = {}): Entry {
  const made = entryOf({ id, starts_at, ends_at, ...more }, when, zone);
  if (!made) {
    throw new Error("no entry");
  }
  return made;
}

describe("an entry", () => {
  it("stands on the day and hour of the reader's clock", () => {
    expect(entry("a", "2026-11-22T23:30:00Z", "2026-11-23T00:15:00Z")).toMatchObject({
      day: "2026-11-23",
      last: "2026-11-23",
      from: 30,
      to: 75,
    });
  });
  it("has no place without a date", () => {
    expect(entryOf({ id: "a", starts_at: null }, when, zone)).toBeUndefined();
    expect(entryOf({ id: "a", starts_at: "nonsense" }, when, zone)).toBeUndefined();
  });
  it("that ends at midnight does not reach into the next day", () => {
    expect(entry("a", "2026-11-22T21:00:00Z", "2026-11-22T23:00:00Z")).toMatchObject({
      day: "2026-11-22",
      last: "2026-11-22",
      to: 1440,
    });
  });
  it("whose end lies before its start, or is missing, is a moment", () => {
    expect(entry("a", "2026-11-22T08:00:00Z", "2026-11-21T08:00:00Z")).toMatchObject({ last: "2026-11-22", to: 570 });
    expect(entry("a", "2026-11-22T22:50:00Z", null)).toMatchObject({ last: "2026-11-22", to: 1440 });
  });
  it("of whole days, and one of a day and longer, is a bar", () => {
    expect(isBar(entry("a", "2026-11-22T08:00:00Z", null, { all_day: true }))).toBe(true);
    expect(isBar(entry("a", "2026-11-22T08:00:00Z", "2026-11-23T08:00:00Z"))).toBe(true);
    expect(isBar(entry("a", "2026-11-22T20:00:00Z", "2026-11-23T02:00:00Z"))).toBe(false);
    const day = entryOf({ id: "a", from: "2026-11-22", to: "2026-11-24" }, dates, zone);
    expect(day).toMatchObject({ day: "2026-11-22", last: "2026-11-24", from: undefined });
  });
});

describe("bars over a week", () => {
  const days = daysFrom("2026-11-16", 7);
  it("lie in the highest free line and are cut at the edges", () => {
    const bars = barsOver(
      [
        entry("long", "2026-11-14T08:00:00Z", "2026-11-17T12:00:00Z"),
        entry("fair", "2026-11-17T08:00:00Z", "2026-11-19T12:00:00Z", { all_day: true }),
        entry("call", "2026-11-18T08:00:00Z", "2026-11-18T09:00:00Z"),
        entry("trip", "2026-11-22T08:00:00Z", "2026-11-25T12:00:00Z"),
        entry("none", "2026-11-24T08:00:00Z", null),
      ],
      days,
    );
    expect(bars.map((bar) => [bar.entry.record.id, bar.from, bar.to, bar.row, bar.before, bar.after])).toEqual([
      ["long", 0, 1, 0, true, false],
      ["fair", 1, 3, 1, false, false],
      ["call", 2, 2, 0, false, false],
      ["trip", 6, 6, 0, false, true],
    ]);
  });
});

describe("hours of a day", () => {
  const spots = (entries: Entry[], day = "2026-11-18") =>
    blocksOn(entries, day).map((block) => [block.entry.record.id, block.from, block.to, block.column, block.columns]);
  it("stand beside each other where they overlap, and alone where they do not", () => {
    const entries = [
      entry("a", "2026-11-18T08:00:00Z", "2026-11-18T10:00:00Z"),
      entry("b", "2026-11-18T08:30:00Z", "2026-11-18T09:00:00Z"),
      entry("c", "2026-11-18T09:00:00Z", "2026-11-18T09:30:00Z"),
      entry("d", "2026-11-18T10:00:00Z", "2026-11-18T11:00:00Z"),
    ];
    expect(spots(entries)).toEqual([
      ["a", 540, 660, 0, 2],
      ["b", 570, 600, 1, 2],
      ["c", 600, 630, 1, 2],
      ["d", 660, 720, 0, 1],
    ]);
  });
  it("have a height that can be read, also at the end of the day", () => {
    expect(spots([entry("a", "2026-11-18T22:55:00Z", "2026-11-18T22:56:00Z")])).toEqual([["a", 1410, 1440, 0, 1]]);
  });
  it("over midnight stand on both days", () => {
    const night = entry("n", "2026-11-18T21:00:00Z", "2026-11-19T02:00:00Z");
    expect(spots([night])).toEqual([["n", 1320, 1440, 0, 1]]);
    expect(spots([night], "2026-11-19")).toEqual([["n", 0, 180, 0, 1]]);
    expect(spots([night], "2026-11-20")).toEqual([]);
  });
  it("keep to the clock on the days when it changes", () => {
    // On 28 March 2027 the hour from two to three is missing, on 31 October it is there twice.
    const spring = entry("s", "2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z");
    expect(spots([spring], "2027-03-28")).toEqual([["s", 90, 210, 0, 1]]);
    const autumn = entry("a", "2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z");
    expect(spots([autumn], "2027-10-31")).toEqual([["a", 150, 180, 0, 1]]);
  });
});

describe("moving", () => {
  it("by days keeps the time of the clock and the length, over a change of the clock too", () => {
    const before = entry("a", "2027-03-26T09:00:00Z", "2027-03-26T10:00:00Z");
    expect(movedValues(before, when, { days: 3 }, zone)).toEqual({
      starts_at: "2027-03-29T08:00:00.000Z",
      ends_at: "2027-03-29T09:00:00.000Z",
    });
  });
  it("to another time keeps the length, into the next day too", () => {
    const before = entry("a", "2026-11-18T08:00:00Z", "2026-11-18T10:00:00Z");
    expect(movedValues(before, when, { days: 1, from: 1380 }, zone)).toEqual({
      starts_at: "2026-11-19T22:00:00.000Z",
      ends_at: "2026-11-20T00:00:00.000Z",
    });
  });
  it("of whole days moves both ends by days", () => {
    const fair = entry("a", "2027-03-26T08:00:00Z", "2027-03-28T15:00:00Z", { all_day: true });
    expect(movedValues(fair, when, { days: 2 }, zone)).toEqual({
      starts_at: "2027-03-28T07:00:00.000Z",
      ends_at: "2027-03-30T15:00:00.000Z",
    });
    const day = entryOf({ id: "a", from: "2026-11-22", to: "2026-11-24" }, dates, zone);
    expect(day && movedValues(day, dates, { days: -1 }, zone)).toEqual({ from: "2026-11-21", to: "2026-11-23" });
  });
  it("writes no end where there is none", () => {
    const moment = entry("a", "2026-11-18T08:00:00Z", null);
    expect(movedValues(moment, when, { days: 0, from: 600 }, zone)).toEqual({ starts_at: "2026-11-18T09:00:00.000Z" });
  });
});

describe("the question for some days", () => {
  it("asks for what touches them, by the reader's midnights", () => {
    expect(rangeFilter(when, "2027-03-28", "2027-03-28", zone)).toBe(
      "starts_at < timestamp('2027-03-28T22:00:00.000Z') && " +
        "(starts_at >= timestamp('2027-03-27T23:00:00.000Z') || " +
        "(ends_at != null && ends_at > timestamp('2027-03-27T23:00:00.000Z')))",
    );
    expect(rangeFilter({ ...dates, end: undefined }, "2026-11-01", "2026-11-30", zone)).toBe(
      "from < date('2026-12-01') && from >= date('2026-11-01')",
    );
  });
});
