/** What a field's definition may say, by its kind, and the definition as it is sent: only what the kind has and what was changed. */

import type { Field, Kind, ObjectMeta, Rollup } from "../../../api/types";
import type { Definition } from "../../../app/definitions";

/** The kinds that people choose from, in groups. */
export const kindGroups: { name: string; kinds: Kind[] }[] = [
  { name: "text", kinds: ["text", "long_text", "auto_number"] },
  { name: "number", kinds: ["integer", "decimal", "percent", "money", "rating"] },
  { name: "choice", kinds: ["select", "multi_select", "boolean"] },
  { name: "time", kinds: ["date", "date_time", "duration"] },
  { name: "contact", kinds: ["emails", "phones", "links", "address"] },
  { name: "relation", kinds: ["reference", "references", "user", "about"] },
  { name: "derived", kinds: ["formula", "rollup"] },
  { name: "other", kinds: ["files", "rank", "json"] },
];

/** What a formula may give. */
export const results: Kind[] = [
  "text",
  "long_text",
  "integer",
  "decimal",
  "money",
  "percent",
  "date",
  "date_time",
  "duration",
  "boolean",
];

const unique_kinds: Kind[] = [
  "text",
  "integer",
  "decimal",
  "date",
  "date_time",
  "select",
  "auto_number",
  "emails",
  "phones",
  "links",
  "reference",
  "user",
];

export type Part =
  | "options"
  | "open"
  | "target"
  | "inverse"
  | "formula"
  | "result"
  | "rollup"
  | "pattern"
  | "unit"
  | "default"
  | "required"
  | "unique"
  | "read_only";

const plain: Part[] = ["default", "required", "read_only"];
const own_parts: { [kind in Kind]?: Part[] } = {
  select: ["options", ...plain],
  multi_select: ["options", "open", ...plain],
  reference: ["target", "inverse", "required", "read_only"],
  references: ["target", "inverse", "required", "read_only"],
  about: ["required", "read_only"],
  user: plain,
  files: ["required", "read_only"],
  formula: ["formula", "result"],
  rollup: ["rollup"],
  auto_number: ["pattern"],
  rank: [],
};

/** What the definition of a field of that kind may say beside what every field may. */
export function partsOf(field: Pick<Field, "kind" | "result">): Set<Part> {
  const parts = new Set(own_parts[field.kind] ?? plain);
  if (unique_kinds.includes(field.result ?? field.kind)) {
    parts.add("unique");
  }
  if (["integer", "decimal"].includes(field.result ?? field.kind)) {
    parts.add("unit");
  }
  return parts;
}

/** A field of that kind before anything is written. */
export function blankField(kind: Kind, group?: string): Field {
  const field: Field = { name: "", label: "", kind, group };
  switch (kind) {
    case "select":
    case "multi_select":
      return { ...field, options: [] };
    case "formula":
      return { ...field, formula: "", result: "decimal" };
    case "rollup":
      return { ...field, result: "integer", rollup: { object: "", via: "", aggregate: "count" } };
    case "auto_number":
      return { ...field, pattern: "{number:5}" };
    default:
      return field;
  }
}

const always = [
  "label",
  "help",
  "group",
  "sensitive",
  "validation",
  "validation_message",
  "visible_if",
  "required_if",
] as const;
const fixed: readonly string[] = ["target", "result"];

/** Blank is the same as not there. */
function partValue(value: unknown): unknown {
  if (typeof value === "string") {
    return value.trim() === "" ? undefined : value.trim();
  }
  if (value === null || value === false || (Array.isArray(value) && value.length === 0)) {
    return undefined;
  }
  return value;
}

function optionsToSend(field: Field): Field["options"] {
  return field.options?.map(({ value, label, color }) => ({ value, label: label.trim(), ...(color && { color }) }));
}

function rollupToSend({ object, via, aggregate, field, filter }: Rollup): Rollup {
  const count = aggregate === "count";
  return {
    object,
    via,
    aggregate,
    ...(!count && field && { field }),
    ...(filter?.trim() && { filter: filter.trim() }),
  };
}

/** Everything that a field's definition says, blanks left out. */
function saidBy(field: Field): Definition {
  const parts = partsOf(field);
  const derived = field.kind === "formula" || field.kind === "rollup";
  const said: Definition = {};
  const put = (name: string, value: unknown) => {
    if (partValue(value) !== undefined) {
      said[name] = partValue(value);
    }
  };
  for (const name of always) {
    put(
      name,
      (derived && name === "required_if") || (name === "validation_message" && !field.validation) ? null : field[name],
    );
  }
  for (const part of parts) {
    const value = field[part];
    put(
      part,
      part === "options"
        ? optionsToSend(field)
        : part === "rollup" && field.rollup
          ? rollupToSend(field.rollup)
          : value,
    );
  }
  // A default of "no" is something to say.
  if (parts.has("default") && field.default === false) {
    said.default = false;
  }
  if (field.kind === "rollup") {
    put("result", field.result);
  }
  return said;
}

/** The definition of a new field. */
export function newDefinition(field: Field): Definition {
  return { name: field.name, kind: field.kind, ...saidBy(field) };
}

/** What differs, removed members as null; empty when nothing does. */
export function changesOf(before: Field, after: Field): Definition {
  const [old, next] = [saidBy(before), saidBy(after)];
  const changes: Definition = {};
  for (const name of new Set([...Object.keys(old), ...Object.keys(next)])) {
    if (!fixed.includes(name) && JSON.stringify(old[name]) !== JSON.stringify(next[name])) {
      changes[name] = next[name] ?? null;
    }
  }
  return changes;
}

/** The records that a roll-up of an object can be made of: objects and the fields of theirs that point to it. */
export function rollupSources(objects: ObjectMeta[], object: string): { object: ObjectMeta; via: Field }[] {
  return objects.flatMap((child) =>
    child.fields.filter((field) => !field.hidden && pointsTo(field, object)).map((via) => ({ object: child, via })),
  );
}

function pointsTo(field: Field, object: string): boolean {
  switch (field.kind) {
    case "about":
      return true;
    case "user":
      return object === "user";
    case "reference":
    case "references":
      return field.target === object;
    default:
      return false;
  }
}

const numbers: Kind[] = ["integer", "decimal", "percent", "money", "duration", "rating"];
const ordered: Kind[] = [...numbers, "date", "date_time"];

/** The fields that an aggregate can be made of. */
export function summable(object: ObjectMeta | undefined, aggregate: Rollup["aggregate"]): Field[] {
  const kinds = aggregate === "sum" || aggregate === "avg" ? numbers : ordered;
  return (object?.fields ?? []).filter((field) => !field.hidden && kinds.includes(field.result ?? field.kind));
}

/** The kind of a roll-up's value. */
export function rollupResult(aggregate: Rollup["aggregate"], source: Field | undefined): Kind {
  if (aggregate === "count" || !source) {
    return "integer";
  }
  const kind = source.result ?? source.kind;
  if (aggregate === "avg" && (kind === "integer" || kind === "rating")) {
    return "decimal";
  }
  return kind === "rating" ? "integer" : kind;
}

/** What is missing before a field can be sent, by its inputs; empty when it is complete. */
export function missingOf(field: Field): Set<string> {
  const parts = partsOf(field);
  const missing = new Set<string>();
  const need = (name: string, there: unknown) => {
    if (!there) {
      missing.add(name);
    }
  };
  need("label", field.label.trim());
  if (parts.has("options") && !field.open) {
    need("options", field.options?.length);
  }
  if (field.options?.some((option) => option.label.trim() === "")) {
    missing.add("options");
  }
  if (parts.has("target")) {
    need("target", field.target);
  }
  if (parts.has("formula")) {
    need("formula", field.formula?.trim());
  }
  if (parts.has("pattern")) {
    need("pattern", field.pattern?.trim());
  }
  if (field.rollup) {
    need("rollup", field.rollup.object);
    need("rollup_field", field.rollup.aggregate === "count" || field.rollup.field);
  }
  return missing;
}

/** The object as it would be with the field as it is being written. */
export function withField(object: ObjectMeta, field: Field, before?: string): ObjectMeta {
  if (field.name === "") {
    return object;
  }
  const at = object.fields.findIndex((entry) => entry.name === (before ?? field.name));
  const fields =
    at < 0 ? [...object.fields, field] : object.fields.map((entry, index) => (index === at ? field : entry));
  return { ...object, fields };
}
