/** Weeks of working hours, there and back, and what cannot be kept. */
import { describe, expect, it } from "vitest";
import { faultyDays, holidaysOf, isSoundHoliday, minutesOf, nextSpan, weekOf, weekValue } from "./week";

describe("a week of working hours", () => {
  const stored = { mon: ["09:00-12:30", "13:30-17:00"], sat: ["22:00-24:00"] };
  it("comes back as it was", () => {
    expect(weekValue(weekOf(stored))).toEqual(stored);
    expect(weekOf(stored).sat).toEqual([{ from: "22:00", to: "00:00" }]);
    expect(weekValue(weekOf(null))).toEqual({});
  });
  it("tells days that end before they begin, and its length", () => {
    const week = weekOf({ mon: ["09:00-08:00"], tue: ["22:00-24:00"] });
    expect(faultyDays(week)).toEqual(["mon"]);
    expect(minutesOf(week)).toBe(120);
    expect(minutesOf(weekOf(stored))).toBe(7 * 60 + 120);
  });
  it("offers what comes next", () => {
    expect(nextSpan([])).toEqual({ from: "09:00", to: "17:00" });
    expect(nextSpan([{ from: "09:00", to: "12:30" }])).toEqual({ from: "13:30", to: "17:30" });
    expect(nextSpan([{ from: "09:00", to: "22:30" }])).toBeUndefined();
    expect(nextSpan([{ from: "09:00", to: "00:00" }])).toBeUndefined();
  });
});

describe("holidays", () => {
  it("are read with care", () => {
    expect(holidaysOf([{ date: "2026-12-25", name: "Christmas", yearly: true }, 7, null])).toEqual([
      { date: "2026-12-25", name: "Christmas", yearly: true },
    ]);
    expect(holidaysOf("none")).toEqual([]);
  });
  it("need a day that exists and a name", () => {
    expect(isSoundHoliday({ date: "2026-02-30", name: "x", yearly: false })).toBe(false);
    expect(isSoundHoliday({ date: "2026-02-28", name: " ", yearly: false })).toBe(false);
    expect(isSoundHoliday({ date: "2026-02-28", name: "x", yearly: false })).toBe(true);
  });
});
