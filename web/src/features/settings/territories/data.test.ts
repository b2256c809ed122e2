/** Places among siblings, and sums over a tree. */
import { describe, expect, it } from "vitest";
import type { RapportRecord } from "../../../api/types";
import { countBelow, moved } from "./data";

const territory = (id: string, parent: string | null, position: number | null) =>
  ({ id, parent, position }) as unknown as RapportRecord;

describe("moving a territory among its siblings", () => {
  const siblings = [territory("a", null, 1), territory("b", null, null), territory("c", null, null)];
  it("gives all of them a place, and changes no more than it has to", () => {
    expect(moved(siblings, "c", -1)).toEqual([
      { id: "c", position: 2 },
      { id: "b", position: 3 },
    ]);
    expect(moved(siblings, "a", 1)).toEqual([
      { id: "b", position: 1 },
      { id: "a", position: 2 },
      { id: "c", position: 3 },
    ]);
  });
  it("does nothing at the ends", () => {
    expect(moved(siblings, "a", -1)).toEqual([]);
    expect(moved(siblings, "c", 1)).toEqual([]);
  });
});

describe("counting", () => {
  it("adds up what lies below", () => {
    const tree = [territory("a", null, 1), territory("b", "a", 1), territory("c", "b", 1)];
    const counts = new Map([
      ["a", 1],
      ["c", 4],
      [null, 9],
    ] as [string | null, number][]);
    expect(countBelow(tree, counts, "a")).toBe(5);
    expect(countBelow(tree, counts, "b")).toBe(4);
  });
});
