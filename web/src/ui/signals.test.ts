/** What a card says of what is planned. */
import { describe, expect, it } from "vitest";
import { isRotting, plannedOf } from "./signals";

const now = new Date(2026, 2, 10, 12).getTime();
const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();

describe("signals of a card", () => {
  it("say nothing of what wants no contact", () => {
    expect(plannedOf({ id: "a", next_activity_at: at(1) }, now)).toBeUndefined();
    expect(isRotting({ id: "a" }, now)).toBe(false);
  });
  it("tell overdue, today, later and nothing apart", () => {
    const planned = (next: string | null) => plannedOf({ id: "a", rots_at: at(5), next_activity_at: next }, now);
    expect([planned(at(-1)), planned(at(1)), planned(at(48)), planned(null)]).toEqual([
      "overdue",
      "today",
      "later",
      "none",
    ]);
  });
  it("know what is neglected", () => {
    expect(isRotting({ id: "a", rots_at: at(-1) }, now)).toBe(true);
    expect(isRotting({ id: "a", rots_at: at(1) }, now)).toBe(false);
  });
});
