/** Mapping columns: what can be chosen, what a choice takes away, what is sent. */
import { describe, expect, it } from "vitest";
import type { ObjectMeta } from "../../api/types";
import { can } from "../../test/objects";
import {
  type ImportColumn,
  mappedCount,
  mappingProblem,
  recognisedBy,
  rowCells,
  sentMapping,
  shownColumns,
  targetChoices,
  targetLabel,
  withTarget,
} from "./model";

const person: ObjectMeta = {
  name: "person",
  plural: "people",
  label: "Person",
  label_plural: "People",
  title: "name",
  relations: [],
  can,
  fields: [
    { name: "name", kind: "formula", result: "text", label: "Name" },
    { name: "given_name", kind: "text", label: "Given name" },
    { name: "emails", kind: "emails", label: "E-mails" },
    { name: "address", kind: "address", label: "Address" },
    { name: "company", kind: "reference", target: "company", label: "Company" },
    { name: "score", kind: "integer", label: "Score", read_only: true },
  ],
};
const company: ObjectMeta = {
  ...person,
  name: "company",
  plural: "companies",
  label: "Company",
  label_plural: "Companies",
  fields: [{ name: "name", kind: "text", label: "Name" }],
};
const find = (name: string) => [person, company].find((object) => object.name === name);
const column = (name: string, target: string | null): ImportColumn => ({ name, samples: [], mapping: { target } });

describe("mapping", () => {
  it("offers every place that can be written, of the object and those it refers to", () => {
    const groups = targetChoices(person, find);
    expect(groups.map((group) => group.group)).toEqual(["Person", "Company"]);
    const values = groups.flatMap((group) => group.items.map((item) => item.value));
    expect(values).toEqual(
      expect.arrayContaining([
        "person.name",
        "person.emails",
        "person.emails[work]",
        "person.address.city",
        "company.name",
      ]),
    );
    expect(values).not.toContain("person.score");
    expect(new Set(values).size).toBe(values.length);
  });
  it("names targets", () => {
    expect(targetLabel("person.emails[work]", person, find)).toBe("E-mails · Work");
    expect(targetLabel("company.name", person, find)).toBe("Company · Name");
    expect(targetLabel("person.address.city", person, find)).toBe("Address · City");
    expect(targetLabel("person.gone", person, find)).toBe("person.gone");
  });
  it("lets one column fill a place for one value, and many a list", () => {
    const columns = [column("First", "person.given_name"), column("Mail", "person.emails"), column("Other", null)];
    const moved = withTarget(columns, 2, "person.given_name", find);
    expect(moved.map((entry) => entry.mapping.target)).toEqual([null, "person.emails", "person.given_name"]);
    const shared = withTarget(columns, 2, "person.emails", find);
    expect(shared.map((entry) => entry.mapping.target)).toEqual([
      "person.given_name",
      "person.emails",
      "person.emails",
    ]);
    expect(mappedCount(moved)).toBe(2);
    expect(columns[0]?.mapping.target).toBe("person.given_name");
  });
  it("needs at least one column of the object itself", () => {
    expect(mappingProblem([column("A", "company.name")], person)).toContain("People");
    expect(mappingProblem([column("A", "person.given_name")], person)).toBeUndefined();
  });
  it("sends one entry for each column, with the column of labels", () => {
    const columns = [
      {
        ...column("Mail", "person.emails"),
        mapping: { target: "person.emails", label_column: "Type", confidence: 1, reason: "name" },
      },
      column("X", null),
    ];
    expect(sentMapping(columns)).toEqual([{ target: "person.emails", label_column: "Type" }, { target: null }]);
  });
  it("shows the cells of a row, whatever form they come in", () => {
    const columns = [
      column("First", "person.given_name"),
      column("Mail", "person.emails[work]"),
      column("Town", "person.address.city"),
    ];
    expect(rowCells({ row: 2, outcome: "create", values: ["a", "b", "c"] }, columns)).toEqual(["a", "b", "c"]);
    const values = { given_name: "Ann", emails: [{ value: "a@b.co" }], address: { city: "Berlin", street: "x" } };
    expect(rowCells({ row: 2, outcome: "create", values }, columns)).toEqual(["Ann", "a@b.co", "Berlin"]);
  });
});

describe("the check", () => {
  it("shows every mapped column, and as it is read where one column alone makes the value", () => {
    const columns = [
      column("Given", "person.given_name"),
      column("Other", null),
      column("Mail", "person.emails[work]"),
      column("Street", "person.address.street"),
      column("Firm", "company.name"),
      column("Firm again", "company.name"),
    ];
    const shown = shownColumns(columns, find);
    expect(shown.map((entry) => [entry.at, entry.field?.name])).toEqual([
      [0, "given_name"],
      [2, undefined],
      [3, undefined],
      [4, undefined],
      [5, undefined],
    ]);
  });
  it("says by what rows are recognised: e-mail addresses only where they count", () => {
    expect(recognisedBy(company)).toEqual(["their name", "their domain", "the ids of the system the file came from"]);
    const family = {
      ...person,
      fields: [...person.fields, { name: "family_name", kind: "text", label: "F" } as const],
    };
    expect(recognisedBy(family)[0]).toBe("e-mail addresses");
    const flat: ObjectMeta = {
      ...person,
      name: "flat",
      fields: [
        { name: "number", kind: "text", label: "Number", unique: true },
        { name: "mails", kind: "emails", label: "Mails" },
      ],
    };
    expect(recognisedBy(flat)).toEqual(["the field Number", "the ids of the system the file came from"]);
  });
});
