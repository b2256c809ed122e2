/** Which press in a calendar means what. */
import { describe, expect, it } from "vitest";
import { calendarAction, type Span } from "./calendarKeys";

const press = (key: string, shiftKey = false) => ({ key, shiftKey, ctrlKey: false, metaKey: false, altKey: false });
const at = (span: Span, onEntry = false) => ({ span, day: "2026-11-18", firstWeekday: 1, onEntry });

describe("keys in a calendar", () => {
  it("go from day to day and from week to week", () => {
    expect(calendarAction(press("ArrowRight"), at("month"))).toEqual({ do: "day", day: "2026-11-19" });
    expect(calendarAction(press("ArrowUp"), at("month"))).toEqual({ do: "day", day: "2026-11-11" });
    expect(calendarAction(press("End"), at("month"))).toEqual({ do: "day", day: "2026-11-22" });
    expect(calendarAction(press("ArrowUp"), at("week"))).toBeNull();
    expect(calendarAction(press("PageDown"), at("week"))).toEqual({ do: "step", step: 1 });
  });
  it("move an entry with Shift, by days and by quarters of an hour", () => {
    expect(calendarAction(press("ArrowLeft", true), at("week", true))).toEqual({ do: "move", days: -1, minutes: 0 });
    expect(calendarAction(press("ArrowDown", true), at("week", true))).toMatchObject({ days: 0, minutes: 15 });
    expect(calendarAction(press("ArrowDown", true), at("month", true))).toEqual({ do: "move", days: 7, minutes: 0 });
    expect(calendarAction(press("ArrowLeft", true), at("week"))).toBeNull();
  });
  it("open a day, and leave the links of entries to the browser", () => {
    expect(calendarAction(press("Enter"), at("month"))).toEqual({ do: "open" });
    expect(calendarAction(press("Enter"), at("month", true))).toBeNull();
    expect(calendarAction(press("n"), at("month"))).toEqual({ do: "new" });
    expect(calendarAction(press("ArrowRight"), at("agenda"))).toBeNull();
  });
});
