/** A small schema for tests. */
import type { Field, Kind, ObjectMeta } from "../api/types";

function field(name: string, kind: Kind, more: Partial<Field> = {}): Field {
  return { name, kind, label: name, ...more };
}

/** All that may be done with an object. */
export const can = {
  read: true,
  create: true,
  update: true,
  delete: true,
  export: true,
  import: true,
  merge: true,
  bulk: true,
};

export const company: ObjectMeta = {
  name: "company",
  plural: "companies",
  label: "Company",
  label_plural: "Companies",
  title: "name",
  relations: [],
  can,
  fields: [
    field("version", "integer", { system: true, read_only: true }),
    field("name", "text", { required: true }),
    field("industry", "text"),
    field("annual_revenue", "money"),
    field("employees", "integer"),
  ],
};

export const person: ObjectMeta = {
  name: "person",
  plural: "people",
  label: "Person",
  label_plural: "People",
  title: "name",
  relations: [],
  can,
  fields: [
    field("version", "integer", { system: true, read_only: true }),
    field("created_at", "date_time", { system: true, read_only: true }),
    field("owner", "user", { system: true }),
    field("tags", "multi_select", { system: true, open: true }),
    field("name", "text", { required: true }),
    field("job_title", "text"),
    field("emails", "emails"),
    field("company", "reference", { target: "company" }),
    field("lifecycle", "select", {
      options: [
        { value: "lead", label: "Lead" },
        { value: "customer", label: "Customer" },
      ],
    }),
    field("score", "integer"),
    field("birthday", "date"),
    field("do_not_call", "boolean"),
    field("address", "address"),
  ],
};

export function findTestObject(name: string): ObjectMeta | undefined {
  return [person, company].find((object) => object.name === name);
}
