/** The order of fields: what was moved is where it was put, everything else as it was. */
import { describe, expect, it } from "vitest";
import type { Field, ObjectMeta } from "../../../api/types";
import { company } from "../../../test/objects";
import { fieldGroups, groupMoved, inOrder, movedTo, neighbour } from "./order";

const field = (name: string, group?: string, more: Partial<Field> = {}): Field => ({
  name,
  kind: "text",
  label: name,
  group,
  custom: true,
  ...more,
});
const own: ObjectMeta = {
  ...company,
  custom: true,
  fields: [
    field("version", undefined, { system: true }),
    field("a"),
    field("x", "Money"),
    field("b"),
    field("gone", undefined, { hidden: true }),
    field("y", "Money"),
  ],
};
const standard: ObjectMeta = {
  ...company,
  fields: [field("name", undefined, { custom: false }), field("p"), field("q")],
};

describe("fields", () => {
  it("stand under their headings", () => {
    expect(fieldGroups(own).map((group) => [group.name, group.fields.map((entry) => entry.name).join("")])).toEqual([
      ["", "ab"],
      ["Money", "xy"],
    ]);
  });
  it("are put where another stands", () => {
    expect(movedTo(own, "b", "a")).toEqual(["b", "a", "x", "gone", "y"]);
    expect(movedTo(own, "a", "b")).toEqual(["x", "b", "a", "gone", "y"]);
    expect(movedTo(own, "a", "a")).toBeNull();
    expect(movedTo(own, "a", "version")).toBeNull();
  });
  it("move one place within their heading", () => {
    expect(neighbour(own, "x", 1)?.name).toBe("y");
    expect(neighbour(own, "b", -1)?.name).toBe("a");
    expect(neighbour(own, "b", 1)).toBeUndefined();
  });
  it("of standard objects move among those that were added", () => {
    expect(movedTo(standard, "q", "p")).toEqual(["q", "p"]);
    expect(movedTo(standard, "q", "name")).toBeNull();
    expect(neighbour(standard, "p", -1)).toBeUndefined();
  });
  it("are shown in their new order before the server has said so", () => {
    const shown = inOrder(own, ["b", "a", "x", "gone", "y"]).fields.map((entry) => entry.name);
    expect(shown).toEqual(["version", "b", "a", "x", "gone", "y"]);
  });
});

describe("headings", () => {
  it("move with all their fields", () => {
    expect(groupMoved(own, "Money", -1)).toEqual(["x", "y", "a", "b", "gone"]);
    expect(groupMoved(own, "Money", 1)).toBeNull();
    expect(groupMoved(standard, "", 1)).toBeNull();
  });
});
