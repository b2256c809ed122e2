/** Layouts: the first that fits counts, and names that are gone are left out. */
import { describe, expect, it } from "vitest";
import type { Field, Layout, ObjectMeta } from "../../api/types";
import { company } from "../../test/objects";
import { decides } from "../form/conditions";
import { standardColumns } from "../grid/columns";
import { choose, sectionsOf, stripOf, titleOfSection, usualSections } from "./layout";

const field = (name: string, more: Partial<Field> = {}): Field => ({ name, kind: "text", label: name, ...more });
const object: ObjectMeta = {
  ...company,
  columns: ["kind"],
  fields: [
    field("version", { system: true, kind: "integer" }),
    field("owner", { system: true, kind: "user" }),
    field("created_at", { system: true, kind: "date_time" }),
    field("name"),
    field("kind", { kind: "select" }),
    field("price", { group: "Money", kind: "money" }),
    field("gone", { hidden: true }),
  ],
};
const layout = (name: string, more: Partial<Layout> = {}): Layout => ({ id: name, name, sections: [], ...more });

describe("the layout that counts", () => {
  const decide = (values: { [field: string]: string }) => (condition: string) =>
    decides(condition, object.fields, values);
  const partner = layout("partner", { condition: "kind == 'partner'" });
  const all = layout("all");
  const related = layout("related", { condition: "company.kind == 'partner'" });

  it("is the first whose condition holds", () => {
    expect(choose([partner, all], decide({ kind: "partner" })).layout?.id).toBe("partner");
    expect(choose([partner, all], decide({ kind: "customer" })).layout?.id).toBe("all");
    expect(choose([partner], decide({})).layout).toBeUndefined();
    expect(choose([all, partner], decide({ kind: "partner" })).layout?.id).toBe("all");
  });
  it("may be one of those that only the server can tell, as long as none before it holds", () => {
    const found = choose([related, partner, all], decide({ kind: "partner" }));
    expect([found.layout?.id, found.open.map((one) => one.id)]).toEqual(["partner", ["related"]]);
    expect(choose([partner, related], decide({ kind: "partner" })).open).toEqual([]);
  });
});

describe("what a layout says", () => {
  it("leaves out what is gone and what no page shows", () => {
    const section = { title: "A", columns: 1 as const, fields: ["price", "gone", "never", "version", "name"] };
    const [shown] = sectionsOf(object, layout("x", { sections: [section] }));
    expect(shown?.fields.map((entry) => entry.name)).toEqual(["price", "name"]);
    expect(shown?.collapsed).toBe(false);
  });
  it("is as usual where it says nothing", () => {
    const usual = usualSections(object);
    expect(usual.map((section) => [titleOfSection(section), section.fields.map((entry) => entry.name)])).toEqual([
      ["About", ["name", "kind"]],
      ["Money", ["price"]],
      ["Ownership", ["owner"]],
      ["Record", ["created_at"]],
    ]);
    expect(stripOf(object, layout("x")).map((entry) => entry.name)).toEqual(["kind"]);
    expect(stripOf(object, layout("x", { strip: ["price", "gone"] })).map((entry) => entry.name)).toEqual(["price"]);
    expect(stripOf(object, layout("x", { strip: [] }))).toEqual([]);
  });
  it("names the columns of lists when it is for every record", () => {
    const columns = (layouts: Layout[]) => standardColumns({ ...object, layouts }).map((column) => column.field);
    expect(columns([])).toEqual(["kind"]);
    const some = layout("some", { condition: "kind == 'x'", columns: ["owner"] });
    expect(columns([some, layout("all", { columns: ["price"] })])).toEqual(["price"]);
    expect(columns([layout("first"), layout("second", { columns: ["price"] })])).toEqual(["kind"]);
  });
});
