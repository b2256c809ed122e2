/** A layout while it is arranged: nothing is lost, nothing stands twice. */
import { describe, expect, it } from "vitest";
import type { Field, ObjectMeta } from "../../../../api/types";
import { company } from "../../../../test/objects";
import {
  addSection,
  type Draft,
  draftOf,
  goneNames,
  layoutsOf,
  leaveOut,
  moveSection,
  put,
  putAt,
  removeSection,
  step,
  storedOf,
  unusedFields,
  usualDraft,
  valuesOf,
  without,
} from "./draft";

const field = (name: string, more: Partial<Field> = {}): Field => ({ name, kind: "text", label: name, ...more });
const object: ObjectMeta = {
  ...company,
  fields: [field("created_at", { system: true }), field("a"), field("b"), field("c", { group: "More" })],
};
const draft = (...sections: string[][]): Draft => ({
  name: "L",
  roles: [],
  condition: "",
  sections: sections.map((fields, index) => ({ title: `S${index}`, columns: 1, collapsed: false, fields })),
});
const fields = (from: Draft) => from.sections.map((section) => section.fields);

describe("moving fields", () => {
  it("begins with what pages show without a layout", () => {
    expect(usualDraft(object, "New").sections).toEqual([
      { title: "About", columns: 1, collapsed: false, fields: ["a", "b"] },
      { title: "More", columns: 1, collapsed: false, fields: ["c"] },
      { title: "Record", columns: 1, collapsed: true, fields: ["created_at"] },
    ]);
  });
  it.each([
    ["down", "a", 1, [["b", "a"], ["c"]]],
    ["up", "b", -1, [["b", "a"], ["c"]]],
    ["into the next section", "b", 1, [["a"], ["b", "c"]]],
    ["into the section before", "c", -1, [["a", "b", "c"], []]],
    ["not beyond the first", "a", -1, [["a", "b"], ["c"]]],
    ["not beyond the last", "c", 1, [["a", "b"], ["c"]]],
    ["not when it stands nowhere", "d", 1, [["a", "b"], ["c"]]],
  ])("steps %s", (_, name, by, expected) => {
    expect(fields(step(draft(["a", "b"], ["c"]), name, by as 1 | -1))).toEqual(expected);
  });
  it("takes the place of another, in its section or the other", () => {
    expect(fields(putAt(draft(["a", "b", "d"], ["c"]), "a", "d"))).toEqual([["b", "d", "a"], ["c"]]);
    expect(fields(putAt(draft(["a", "b"], ["c"]), "a", "c"))).toEqual([["b"], ["a", "c"]]);
    expect(fields(putAt(draft(["a"]), "a", "a"))).toEqual([["a"]]);
  });
  it("comes from the palette and goes back", () => {
    const some = draft(["a"], []);
    expect(unusedFields(object, some).map((entry) => entry.name)).toEqual(["created_at", "b", "c"]);
    expect(fields(put(some, "b", 1))).toEqual([["a"], ["b"]]);
    expect(fields(leaveOut(some, "a"))).toEqual([[], []]);
    const gone = removeSection(addSection(some, "S2"), 0);
    expect(unusedFields(object, gone).length).toBe(4);
    expect(moveSection(draft(["a"], ["b"]), 1, -1).sections.map((section) => section.title)).toEqual(["S1", "S0"]);
  });
});

describe("what is kept", () => {
  it("sends what differs from usual and nothing else", () => {
    const some: Draft = { ...draft(["a"]), name: " L ", columns: ["a"], strip: [] };
    expect(valuesOf(object, some, 3)).toEqual({
      name: "L",
      object: object.name,
      position: 3,
      roles: [],
      condition: null,
      content: { sections: [{ title: "S0", columns: 1, fields: ["a"] }], strip: [], columns: ["a"] },
    });
    const conditional = valuesOf(object, { ...some, condition: "a == 'x'" });
    expect([conditional.condition, conditional.content.columns]).toEqual(["a == 'x'", undefined]);
  });
  it("reads what is stored, in its order", () => {
    const record = (id: string, position: number, more = {}) => ({
      id,
      name: id,
      object: object.name,
      position,
      ...more,
    });
    const records = [record("b", 2), record("a", 2), record("c", 1), { id: "d", object: "other" }];
    expect(layoutsOf(records, object.name).map((one) => one.id)).toEqual(["c", "a", "b"]);
    const stored = storedOf({ id: "x", name: "X", content: { panels: ["files"] } });
    expect([stored.panels, stored.strip]).toEqual([["files"], undefined]);
    expect(draftOf(object, stored).sections.length).toBe(3);
  });
  it("tells what is gone and takes it out everywhere", () => {
    const some: Draft = { ...draft(["a", "old"]), strip: ["older"], panels: ["deal.company", "files"] };
    const gone = goneNames(object, some, ["files"]);
    expect(gone).toEqual(["old", "older", "deal.company"]);
    const rest = without(some, gone);
    expect([fields(rest), rest.strip, rest.panels]).toEqual([[["a"]], [], ["files"]]);
  });
});
