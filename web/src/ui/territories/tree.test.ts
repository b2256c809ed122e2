/** The order of the tree, ways and what lies below. */
import { describe, expect, it } from "vitest";
import type { RapportRecord } from "../../api/types";
import { below, pathOf, territoryTree } from "./tree";

function territory(id: string, parent: string | null, position: number | null = null): RapportRecord {
  return { id, name: id.toUpperCase(), parent, position } as RapportRecord;
}

const europe = territory("a", null, 1);
const world = territory("b", null);
const dach = territory("c", "a");
const france = territory("d", "a", 0);
const bavaria = territory("e", "c");
const all = [bavaria, world, dach, france, europe];

describe("the tree of territories", () => {
  it("stands in the order in which rules are tried", () => {
    const shown = territoryTree(all).map(({ territory: { id }, depth }) => `${depth}${id}`);
    expect(shown).toEqual(["0a", "1d", "1c", "2e", "0b"]);
    expect(territoryTree(all)[1]?.siblings.map(({ id }) => id)).toEqual(["d", "c"]);
  });
  it("shows what hangs below nothing at the top, and ends where it goes round", () => {
    expect(territoryTree([territory("x", "gone")]).map(({ depth }) => depth)).toEqual([0]);
    expect(territoryTree([territory("x", "y"), territory("y", "x")])).toEqual([]);
    expect(pathOf([territory("x", "y"), territory("y", "x")], "x")).toEqual(["Y", "X"]);
  });
  it("knows the way to each and what lies below", () => {
    expect(pathOf(all, "e")).toEqual(["A", "C", "E"]);
    expect([...below(all, "a")].sort()).toEqual(["a", "c", "d", "e"]);
    expect(pathOf(all, "gone")).toEqual([]);
  });
});
