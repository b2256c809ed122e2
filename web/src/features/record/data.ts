/** Which fields a record page shows where. */
import type { Field, FieldValue, ObjectMeta } from "../../api/types";
import { kindOf } from "../../ui/fields/registry";

const silent = ["version", "deleted_at", "external_ids"];

/** The fields of the details column, under the headings that the object gives them. */
export function detailGroups(object: ObjectMeta): { name: string; fields: Field[] }[] {
  const groups: { name: string; fields: Field[] }[] = [];
  const put = (name: string, field: Field) => {
    const group = groups.find((entry) => entry.name === name);
    group ? group.fields.push(field) : groups.push({ name, fields: [field] });
  };
  for (const field of object.fields.filter((entry) => !entry.hidden && !silent.includes(entry.name))) {
    if (!field.system) {
      put(field.group ?? "", field);
    }
  }
  for (const field of object.fields.filter((entry) => entry.system && !entry.hidden && !silent.includes(entry.name))) {
    put(["owner", "team", "tags"].includes(field.name) ? "$sharing" : "$system", field);
  }
  return groups;
}

const strip_kinds = ["select", "money", "integer", "decimal", "percent", "date", "date_time", "rating"];

/** The figures of the strip below the header: what the program keeps fresh, then what its list shows. */
export function stripFields(object: ObjectMeta): Field[] {
  const derived = object.fields.filter(
    (field) =>
      !field.system && !field.hidden && (field.kind === "rollup" || field.kind === "formula" || field.read_only),
  );
  const listed = object.fields.filter(
    (field) => !field.system && object.columns?.includes(field.name) && strip_kinds.includes(field.kind),
  );
  const all = [...listed.filter((field) => field.kind === "select"), ...derived, ...listed];
  return [...new Set(all)].filter(
    (field) => field.name !== object.title && !["long_text", "json"].includes(kindName(field)),
  );
}

function kindName(field: Field): string {
  return field.result ?? field.kind;
}

/** A value for a plain sentence. */
export function plainText(field: Field, value: FieldValue): string {
  return kindOf(field).toText(field, value);
}
