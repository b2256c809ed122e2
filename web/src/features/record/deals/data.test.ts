/** How long a deal was in each stage. */
import { describe, expect, it } from "vitest";
import { timesInStages } from "./data";

describe("time in stages", () => {
  it("adds up what is told of each stage, and the present one until now", () => {
    const now = Date.parse("2026-03-10T12:00:00Z");
    const moves = [
      { id: "3", from_stage: "b", to_stage: "a", duration: 60 },
      { id: "2", from_stage: "a", to_stage: "b", duration: 30 },
      { id: "1", from_stage: null, to_stage: "a", duration: null },
    ];
    const times = timesInStages(moves, "2026-03-10T11:59:00Z", now);
    expect([...times]).toEqual([
      ["b", 60],
      ["a", 90],
    ]);
    expect(timesInStages([], undefined, now).size).toBe(0);
  });
});
