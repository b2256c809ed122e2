/** Groups of a table: their order, and which line is what. */
import { describe, expect, it } from "vitest";
import type { Field, FieldValue } from "../../api/types";
import { closedAll, groupFilter, inOrder, isClosed, lineAt, startsOf, type TableGroup, toggled } from "./groups";

const status: Field = {
  name: "status",
  kind: "select",
  label: "Status",
  options: [
    { value: "new", label: "New" },
    { value: "sold", label: "Sold" },
  ],
};
const group = (key: string, count: number): TableGroup => ({ key, value: key, count, filter: "", figures: {} });

describe("groups of a table", () => {
  it("come in the order of the options, those without a value last", () => {
    const groups: { value: FieldValue }[] = [{ value: null }, { value: "sold" }, { value: "odd" }, { value: "new" }];
    expect(inOrder(status, groups).map(({ value }) => value)).toEqual(["new", "sold", "odd", null]);
  });
  it("of people stay as the server has them", () => {
    const owner: Field = { name: "owner", kind: "user", label: "Owner" };
    expect(inOrder(owner, [{ value: "b" }, { value: "a" }]).map(({ value }) => value)).toEqual(["b", "a"]);
  });
  it("are conditions", () => {
    expect(groupFilter(status, "sold")).toBe("status == 'sold'");
    expect(groupFilter(status, null)).toBe("status == null");
  });
  it("are lines: a head, then its rows while it is open", () => {
    const starts = startsOf([group("a", 2), group("b", 3), group("c", 0), group("d", 1)], "b");
    expect(starts).toEqual([0, 3, 4, 5, 7]);
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((index) => lineAt(starts, index))).toEqual([
      { group: 0, row: -1 },
      { group: 0, row: 0 },
      { group: 0, row: 1 },
      { group: 1, row: -1 },
      { group: 2, row: -1 },
      { group: 3, row: -1 },
      { group: 3, row: 0 },
      undefined,
    ]);
    expect(lineAt(startsOf([], ""), 0)).toBeUndefined();
  });
  it("are closed one by one, or all but some", () => {
    expect(toggled("", "a")).toBe("a");
    expect(toggled("a,b", "a")).toBe("b");
    const opened = toggled(closedAll, "a");
    expect([isClosed(opened, "a"), isClosed(opened, "b"), isClosed("", "a"), isClosed("a", "a")]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});
