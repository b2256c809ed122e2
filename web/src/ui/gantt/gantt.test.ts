/** Where bars lie, which marks stand above them, and what moving and stretching writes, over days of the clock change too. */
import { describe, expect, it } from "vitest";
import type { Field, RapportRecord } from "../../api/types";
import { entryOf, type When } from "../calendar/layout";
import { aboveOf, dayAtPx, daysOff, daysOfPx, marksOf, placeOf, pxOf, steppedDay, weekends } from "./axis";
import { changedEntry, changedValues, keyChange, laidValues } from "./change";
import { ganttAction } from "./ganttKeys";

const field = (name: string, kind: Field["kind"]): Field => ({ name, kind, label: name });
const days: When = { start: field("from", "date"), end: field("to", "date"), allDay: undefined };
const hours: When = { start: field("starts_at", "date_time"), end: field("ends_at", "date_time"), allDay: undefined };
const zone = "Europe/Berlin";

function entry(values: Partial<RapportRecord>, when: When) {
  const made = entryOf({ id: "1", ...values }, when, zone);
  if (!made) {
    throw new Error("it has no date");
  }
  return made;
}

describe("the axis", () => {
  it("places whole days from their first to the end of their last", () => {
    const bar = entry({ from: "2027-03-03", to: "2027-03-04" }, days);
    expect(placeOf(bar, "2027-03-01", "day")).toEqual({ left: 88, width: 88 });
    expect(placeOf(entry({ from: "2027-03-03" }, days), "2027-03-01", "quarter").width).toBe(10);
  });
  it("places instants by the person's clock; the day of 23 hours is as wide as any other", () => {
    const bar = entry({ starts_at: "2027-03-28T10:00:00Z", ends_at: "2027-03-29T10:00:00Z" }, hours);
    const place = placeOf(bar, "2027-03-28", "day");
    expect(place.left).toBeCloseTo(22);
    expect(place.width).toBeCloseTo(44);
    expect(pxOf("2027-03-29T12:00", "2027-03-28", "day")).toBeCloseTo(66);
  });
  it("marks whole weeks, months, quarters and years", () => {
    expect(marksOf("2027-03-03", "2027-03-15", "week", 1).map(({ day }) => day)).toEqual([
      "2027-03-01",
      "2027-03-08",
      "2027-03-15",
    ]);
    expect(marksOf("2027-02-10", "2027-03-01", "month", 1)).toEqual([
      { day: "2027-02-01", days: 28 },
      { day: "2027-03-01", days: 31 },
    ]);
    expect(marksOf("2027-05-10", "2027-07-01", "quarter", 1).map(({ day }) => day)).toEqual([
      "2027-04-01",
      "2027-07-01",
    ]);
    expect(marksOf("2027-05-10", "2028-01-01", aboveOf("quarter"), 1).map(({ days }) => days)).toEqual([365, 366]);
  });
  it("shades the days off as one", () => {
    expect(weekends("2027-03-01", "2027-03-14", [6, 0])).toEqual([
      { day: "2027-03-06", days: 2 },
      { day: "2027-03-13", days: 2 },
    ]);
    expect(daysOff("de-DE")).toEqual([6, 0]);
    expect(daysOff("ar-EG")).toEqual([5, 6]);
  });
  it("goes by units and snaps to days", () => {
    expect(steppedDay("2027-01-31", "month", 1)).toBe("2027-02-28");
    expect(steppedDay("2027-01-31", "quarter", -1)).toBe("2026-10-31");
    expect(daysOfPx(70, "day")).toBe(2);
    expect(daysOfPx(20, "quarter")).toBe(14);
    expect(dayAtPx(100, "2027-03-01", "day")).toBe("2027-03-03");
  });
});

describe("a bar", () => {
  it("is moved with both ends", () => {
    const bar = entry({ from: "2027-03-03", to: "2027-03-04" }, days);
    expect(changedValues(bar, days, { days: 2 })).toEqual({ from: "2027-03-05", to: "2027-03-06" });
    expect(changedValues(bar, days, { days: 0 })).toBeUndefined();
  });
  it("keeps its time of day over the day the clocks are put forward and back", () => {
    const spring = entry({ starts_at: "2027-03-27T08:00:00Z", ends_at: "2027-03-27T09:00:00Z" }, hours);
    expect(changedValues(spring, hours, { days: 1 }, zone)).toEqual({
      starts_at: "2027-03-28T07:00:00.000Z",
      ends_at: "2027-03-28T08:00:00.000Z",
    });
    const autumn = entry({ starts_at: "2027-10-30T07:00:00Z", ends_at: "2027-10-30T15:00:00Z" }, hours);
    expect(changedValues(autumn, hours, { days: 1, edge: "end" }, zone)).toEqual({
      ends_at: "2027-10-31T16:00:00.000Z",
    });
  });
  it("is stretched at either edge, never past the other", () => {
    const bar = entry({ from: "2027-03-03", to: "2027-03-04" }, days);
    expect(changedValues(bar, days, { days: 3, edge: "end" })).toEqual({ to: "2027-03-07" });
    expect(changedValues(bar, days, { days: 1, edge: "start" })).toEqual({ from: "2027-03-04" });
    expect(changedValues(bar, days, { days: 2, edge: "start" })).toBeUndefined();
    expect(changedValues(bar, { ...days, end: undefined }, { days: 1, edge: "end" })).toBeUndefined();
  });
  it("gets an end where it had none", () => {
    const bar = entry({ from: "2027-03-03", to: null }, days);
    expect(changedValues(bar, days, { days: 2, edge: "end" })).toEqual({ to: "2027-03-05" });
    expect(changedValues(bar, days, { days: -2, edge: "start" })).toEqual({ from: "2027-03-01", to: "2027-03-03" });
  });
  it("goes by the unit of the zoom with a key", () => {
    const bar = entry({ from: "2027-01-31", to: "2027-02-10" }, days);
    expect(keyChange(bar, "month", 1)).toEqual({ days: 28, edge: undefined });
    expect(keyChange(bar, "month", 1, "end")).toEqual({ days: 28, edge: "end" });
    expect(keyChange(bar, "week", -1)).toEqual({ days: -7, edge: undefined });
    expect(changedEntry(bar, days, { from: "2027-02-01" }).day).toBe("2027-02-01");
  });
  it("is laid on a day", () => {
    expect(laidValues(days, "2027-03-28", true)).toEqual({ from: "2027-03-28" });
    expect(laidValues(hours, "2027-03-28", true, zone)).toEqual({
      starts_at: "2027-03-28T07:00:00.000Z",
      ends_at: "2027-03-28T08:00:00.000Z",
    });
  });
});

it("knows what keys mean", () => {
  const press = (key: string, more = {}) =>
    ganttAction({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });
  expect(press("ArrowRight")).toEqual({ do: "move", step: 1, edge: undefined });
  expect(press("ArrowLeft", { shiftKey: true })).toEqual({ do: "move", step: -1, edge: "end" });
  expect(press("ArrowLeft", { altKey: true })).toEqual({ do: "move", step: -1, edge: "start" });
  expect(press("ArrowDown")).toEqual({ do: "row", step: 1 });
  expect(press("ArrowRight", { ctrlKey: true })).toBeNull();
});
