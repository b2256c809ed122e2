/** Merging: what is proposed, what a choice means, what is sent. */
import { describe, expect, it } from "vitest";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { can } from "../../test/objects";
import { mergeFields } from "../../ui/merge/fields";
import { bestKeep, chosenValue, differs, joinValues, mergeValues, proposeChoices } from "./merge";

const object: ObjectMeta = {
  name: "person",
  plural: "people",
  label: "Person",
  label_plural: "People",
  title: "name",
  relations: [],
  can,
  fields: [
    { name: "version", kind: "integer", label: "Version", system: true, read_only: true },
    { name: "tags", kind: "multi_select", open: true, label: "Tags", system: true },
    { name: "name", kind: "formula", result: "text", label: "Name" },
    { name: "given_name", kind: "text", label: "Given name" },
    { name: "job_title", kind: "text", label: "Job title" },
    { name: "emails", kind: "emails", label: "E-mails" },
  ],
};
const mail = (value: string, primary = false, label: string | null = null) => ({ value, primary, label });
const a: RapportRecord = {
  id: "a",
  given_name: "Ann",
  job_title: null,
  emails: [mail("ann@x.com", true, "work")],
  tags: ["vip"],
  created_at: "2026-01-01",
};
const b: RapportRecord = {
  id: "b",
  given_name: "Anne",
  job_title: "CTO",
  emails: [mail("ANN@x.com", true), mail("a@home.org")],
  tags: ["VIP", "new"],
  created_at: "2026-02-01",
};
const records = [a, b];
const field = (name: string) => object.fields.find((entry) => entry.name === name) as ObjectMeta["fields"][number];

describe("merging", () => {
  it("decides about what people can write, the record's own fields first", () => {
    expect(mergeFields(object).map((entry) => entry.name)).toEqual(["given_name", "job_title", "emails", "tags"]);
  });
  it("proposes the value of the record that stays, else the other's, and lists together", () => {
    expect(proposeChoices(object, records, 0)).toEqual({ given_name: 0, job_title: 1, emails: "all", tags: "all" });
    expect(proposeChoices(object, records, 1)).toEqual({ given_name: 1, job_title: 1, emails: "all", tags: "all" });
  });
  it("proposes the value that the object's rules let survive", () => {
    const rule = (keep: string) => ({ ...object, duplicates: { keep: { given_name: keep } } });
    const [old, late] = [
      { ...a, updated_at: "2026-05-02T08:00:00Z" },
      { ...b, updated_at: "2026-03-01T08:00:00Z" },
    ];
    expect(proposeChoices(rule("newest"), [old, late], 1).given_name).toBe(0);
    expect(proposeChoices(rule("oldest"), [old, late], 1).given_name).toBe(0);
    expect(proposeChoices(rule("longest"), [old, late], 0).given_name).toBe(1);
    expect(proposeChoices(rule("longest"), [old, { ...late, given_name: null }], 1).given_name).toBe(0);
  });
  it("puts lists together without repeating, with one primary entry", () => {
    expect(joinValues(field("emails"), [a.emails, b.emails])).toEqual([
      mail("ann@x.com", true, "work"),
      mail("a@home.org"),
    ]);
    expect(joinValues(field("tags"), [a.tags, b.tags])).toEqual(["vip", "new"]);
    expect(joinValues(field("tags"), [null, null])).toBeNull();
  });
  it("sends what was decided wherever the records disagree, emptiness too", () => {
    const choices = proposeChoices(object, records, 0);
    const emails = [mail("ann@x.com", true, "work"), mail("a@home.org")];
    const all = { given_name: "Ann", job_title: "CTO", emails, tags: ["vip", "new"] };
    expect(mergeValues(object, records, 0, choices)).toEqual(all);
    expect(mergeValues(object, records, 0, { ...choices, given_name: 1, job_title: 0 })).toEqual({
      ...all,
      given_name: "Anne",
      job_title: null,
    });
    expect(mergeValues(object, [a, { ...a, id: "c" }], 0, choices)).toEqual({});
  });
  it("says what a choice means and where records disagree", () => {
    expect(chosenValue(field("given_name"), records, 0, 1)).toBe("Anne");
    expect(chosenValue(field("given_name"), records, 0, undefined)).toBe("Ann");
    expect(differs(field("given_name"), records)).toBe(true);
    expect(differs(field("given_name"), [a, a])).toBe(false);
  });
  it("keeps the record that knows most, the older one when they are equal", () => {
    expect(bestKeep(object, records)).toBe(1);
    expect(bestKeep(object, [b, { ...b, id: "c", created_at: "2025-01-01" }])).toBe(1);
    expect(bestKeep(object, [a, { ...a, id: "d", created_at: "2027-01-01" }])).toBe(0);
  });
});
