/** Definitions as they are sent: what the kind has, what was changed, nothing else. */
import { describe, expect, it } from "vitest";
import type { Field, Kind, ObjectMeta } from "../../../api/types";
import { company, person } from "../../../test/objects";
import { isSearchedAtFirst } from "../../../ui/definition/search";
import {
  blankField,
  changesOf,
  missingOf,
  newDefinition,
  partsOf,
  rollupResult,
  rollupSources,
  withField,
} from "./definition";
import { blankObject, objectDefinition } from "./objectDraft";

const price: Field = { name: "price", kind: "money", label: "Price" };

describe("a unit", () => {
  it("belongs to numbers that count something", () => {
    expect(partsOf({ kind: "decimal" }).has("unit")).toBe(true);
    expect(partsOf({ kind: "formula", result: "integer" }).has("unit")).toBe(true);
    expect(partsOf({ kind: "money" }).has("unit")).toBe(false);
    const area: Field = { name: "area", kind: "decimal", label: "Area", unit: " m² " };
    expect(newDefinition(area).unit).toBe("m²");
    expect(changesOf(area, { ...area, unit: "" })).toEqual({ unit: null });
  });
});

describe("search", () => {
  it("looks into new fields that say which record it is, and into nothing sensitive", () => {
    const first = (field: Partial<Field>) => isSearchedAtFirst({ name: "x", label: "X", kind: "text", ...field });
    expect(["text", "auto_number", "emails", "phones", "links"].every((kind) => first({ kind: kind as Kind }))).toBe(
      true,
    );
    expect(first({ kind: "long_text" })).toBe(false);
    expect(first({ kind: "integer" })).toBe(false);
    expect(first({ kind: "integer", unique: true })).toBe(true);
    expect(first({ kind: "date", unique: true })).toBe(false);
    expect(first({ sensitive: true })).toBe(false);
  });
});

describe("a new field", () => {
  it("says only what its kind has, blanks left out", () => {
    const field: Field = {
      ...price,
      label: " Price ",
      help: "  ",
      required: false,
      options: [],
      unique: true,
      sensitive: true,
    };
    expect(newDefinition(field)).toEqual({ name: "price", kind: "money", label: "Price", sensitive: true });
  });
  it("keeps a default of no, and drops what calculated fields cannot have", () => {
    expect(newDefinition({ name: "done", kind: "boolean", label: "Done", default: false }).default).toBe(false);
    const formula: Field = {
      ...blankField("formula"),
      name: "tax",
      label: "Tax",
      formula: " price * 0.2 ",
      required: true,
    };
    expect(newDefinition({ ...formula, required_if: "price > 0", default: 3 })).toEqual({
      name: "tax",
      kind: "formula",
      label: "Tax",
      formula: "price * 0.2",
      result: "decimal",
    });
  });
  it("drops the field of a count and an empty filter of a roll-up", () => {
    const rollup = { object: "person", via: "company", aggregate: "count" as const, field: "score", filter: " " };
    const field: Field = { name: "people_count", kind: "rollup", label: "People", result: "integer", rollup };
    expect(newDefinition(field)).toMatchObject({
      result: "integer",
      rollup: { object: "person", via: "company", aggregate: "count" },
    });
    expect(Object.keys(newDefinition(field).rollup as object)).toEqual(["object", "via", "aggregate"]);
  });
  it("drops a message without a rule", () => {
    expect(newDefinition({ ...price, validation_message: "No." }).validation_message).toBeUndefined();
  });
});

describe("a changed field", () => {
  it("sends what differs, removed parts as null, never what stays", () => {
    const before: Field = { ...price, help: "Net", required: true, group: "Money" };
    const after: Field = { ...before, help: "", required: false, label: "Net price", group: " Money " };
    expect(changesOf(before, after)).toEqual({ help: null, required: null, label: "Net price" });
    expect(changesOf(before, before)).toEqual({});
    const reference: Field = { name: "company", kind: "reference", label: "Company", target: "company" };
    expect(changesOf(reference, { ...reference, target: "person" })).toEqual({});
  });
  it("sends options whole when one of them changes", () => {
    const select: Field = { name: "status", kind: "select", label: "Status", options: [{ value: "a", label: "A" }] };
    expect(changesOf(select, { ...select, options: [{ value: "a", label: " A ", color: "red" }] })).toEqual({
      options: [{ value: "a", label: "A", color: "red" }],
    });
  });
});

describe("kinds", () => {
  it("have their own parts", () => {
    expect(partsOf({ kind: "select" }).has("options")).toBe(true);
    expect(partsOf({ kind: "money" }).has("unique")).toBe(false);
    expect(partsOf({ kind: "formula", result: "text" }).has("unique")).toBe(true);
    expect(partsOf({ kind: "formula" }).has("required")).toBe(false);
    expect(partsOf({ kind: "auto_number" }).has("default")).toBe(false);
  });
  it("say what is missing", () => {
    expect([...missingOf(blankField("select"))]).toEqual(["label", "options"]);
    expect([...missingOf({ ...blankField("multi_select"), label: "Words", open: true })]).toEqual([]);
    expect([...missingOf({ ...blankField("rollup"), label: "Count" })]).toEqual(["rollup"]);
    expect([...missingOf({ ...blankField("formula"), label: "Sum", formula: " " })]).toEqual(["formula"]);
  });
});

describe("roll-ups", () => {
  it("are made of what points here", () => {
    const found = rollupSources([person, company], "company").map(({ object, via }) => `${object.name}.${via.name}`);
    expect(found).toEqual(["person.company"]);
    expect(rollupSources([person, company], "user").map(({ via }) => via.name)).toEqual(["owner"]);
  });
  it("give the kind of what they are made of", () => {
    const source = (kind: Field["kind"]): Field => ({ name: "x", kind, label: "X" });
    expect([
      rollupResult("count", undefined),
      rollupResult("sum", source("money")),
      rollupResult("avg", source("integer")),
      rollupResult("max", source("rating")),
      rollupResult("min", source("date")),
    ]).toEqual(["integer", "money", "decimal", "integer", "date"]);
  });
});

describe("objects", () => {
  it("begin with the field that names a record", () => {
    const draft = {
      ...blankObject(),
      label: "Property ",
      label_plural: "Properties",
      name: "property",
      plural: "properties",
    };
    expect(objectDefinition({ ...draft, title: "Label" })).toMatchObject({
      label: "Property",
      title: "label",
      search: ["label"],
      fields: [{ name: "label", kind: "text", label: "Label", required: true }],
    });
    expect(objectDefinition({ ...draft, title: "Number", title_kind: "auto_number" }).fields).toEqual([
      { name: "number", kind: "auto_number", label: "Number", pattern: "{number:5}" },
    ]);
  });
  it("show a field as it is being written", () => {
    const names = (object: ObjectMeta) => object.fields.map((field) => field.name);
    expect(names(withField(company, price))).toEqual([...names(company), "price"]);
    expect(withField(company, { ...price, name: "industry" }, "industry").fields[2]?.label).toBe("Price");
    expect(withField(company, { ...price, name: "" })).toBe(company);
  });
});
