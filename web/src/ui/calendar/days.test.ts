/** Counting with calendar days. */
import { describe, expect, it } from "vitest";
import { addDays, addMonths, daysBetween, firstWeekday, isDay, monthWeeks, weekdayOf, weekOf } from "./days";

describe("days", () => {
  it("are counted over months, years and changes of the clock", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
    expect(addDays("2027-03-27", 2)).toBe("2027-03-29");
    expect(daysBetween("2027-03-27", "2027-03-29")).toBe(2);
    expect(daysBetween("2027-10-31", "2027-10-30")).toBe(-1);
  });
  it("are those that exist", () => {
    expect(isDay("2026-02-28")).toBe(true);
    expect(isDay("2026-02-30")).toBe(false);
    expect(isDay("soon")).toBe(false);
    expect(isDay(undefined)).toBe(false);
  });
  it("know their weekday", () => {
    expect(weekdayOf("2026-11-22")).toBe(0);
    expect(weekdayOf("2026-11-23")).toBe(1);
  });
});

describe("weeks", () => {
  it("begin with the day that the reader's country begins them with", () => {
    expect(weekOf("2026-11-22", 1)).toBe("2026-11-16");
    expect(weekOf("2026-11-22", 0)).toBe("2026-11-22");
    expect(weekOf("2026-11-22", 6)).toBe("2026-11-21");
    expect(weekOf("2026-11-16", 1)).toBe("2026-11-16");
  });
  it.each([
    ["de", 1],
    ["de-DE", 1],
    ["en-GB", 1],
    ["en-US", 0],
    ["en", 0],
    ["ar-EG", 6],
    ["pt-BR", 0],
    ["no locale", 1],
  ])("in %s begin with %i", (locale, first) => {
    expect(firstWeekday(locale)).toBe(first);
  });
});

describe("months", () => {
  it("end where they end", () => {
    expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
    expect(addMonths("2026-11-22", 2)).toBe("2027-01-22");
    expect(addMonths("2026-01-15", -1)).toBe("2025-12-15");
  });
  it("are drawn as whole weeks", () => {
    const weeks = monthWeeks("2026-11-22", 1);
    expect(weeks).toHaveLength(6);
    expect(weeks[0]?.[0]).toBe("2026-10-26");
    expect(weeks.at(-1)?.at(-1)).toBe("2026-12-06");
    expect(monthWeeks("2027-02-10", 1)).toHaveLength(4);
    expect(weeks.every((week) => week.length === 7)).toBe(true);
  });
});
