/** What an import is, and the rules of mapping its columns. */
import type { Field, FieldValue, Kind, ObjectMeta } from "../../api/types";
import { hasText, t } from "../../i18n";
import { isEditable } from "../../ui/fields/registry";

export interface ColumnMapping {
  /** `person.emails[work]`, `company.name`, `person.address.city`; null leaves the column out. */
  target: string | null;
  /** The column whose cells label these values. */
  label_column?: string | null;
  confidence?: number;
  reason?: string;
}

export interface ImportColumn {
  name: string;
  samples: string[];
  mapping: ColumnMapping;
  /** A field that could be made for it. */
  suggestion?: { name: string; label: string; kind: Kind; options?: string[] } | null;
}

export type ImportStatus = "mapping" | "checking" | "checked" | "running" | "done" | "failed" | "cancelled";
export type Outcome = "create" | "update" | "unchanged" | "duplicate" | "skip" | "error";

/** Rows by outcome, and the records made beside those of the rows by object. */
export type ImportCounts = { related?: { [object: string]: number } } & { [count in Count]?: number };
type Count = "rows" | "created" | "updated" | "unchanged" | "duplicates" | "skipped" | "errors" | "suppressed";

export interface Import {
  id: string;
  object: string;
  name: string;
  status: ImportStatus;
  format?: string | null;
  encoding?: string | null;
  delimiter?: string | null;
  source?: string | null;
  columns: ImportColumn[];
  options: { [name: string]: unknown };
  /** Rows of the file. */
  rows_total?: number;
  counts: ImportCounts;
  progress: number;
  batch?: string | null;
  error?: string | null;
  created_at?: string;
  created_by?: string;
  actor?: string;
  finished_at?: string | null;
  undone?: boolean;
}

export interface ImportRow {
  row: number;
  outcome: Outcome;
  reason?: string | null;
  values?: { [field: string]: FieldValue } | string[] | null;
  /** What the cells are understood as, by `object.field`. */
  read?: { [place: string]: FieldValue } | null;
  record?: string | null;
}

/** The outcomes with the name of their count. */
export const outcomes: { outcome: Outcome; count: Count; color: string }[] = [
  { outcome: "create", count: "created", color: "green" },
  { outcome: "update", count: "updated", color: "blue" },
  { outcome: "unchanged", count: "unchanged", color: "gray" },
  { outcome: "duplicate", count: "duplicates", color: "yellow" },
  { outcome: "skip", count: "skipped", color: "gray" },
  { outcome: "error", count: "errors", color: "red" },
];

export interface Choice {
  value: string;
  label: string;
}
export interface ChoiceGroup {
  group: string;
  items: Choice[];
}

const labels: { [kind: string]: string[] } = {
  emails: ["work", "home"],
  phones: ["work", "mobile", "home", "fax"],
  links: ["website", "linkedin"],
};
const address_parts = ["street", "city", "region", "postal_code", "country"];

function labelText(label: string): string {
  return hasText(`field.label_${label}`) ? t(`field.label_${label}`) : label;
}

/** The places in one field that a column can fill. */
function placesOf(object: ObjectMeta, field: Field): Choice[] {
  const value = `${object.name}.${field.name}`;
  const whole = { value, label: field.label };
  if (field.kind in labels) {
    return [
      whole,
      ...(labels[field.kind] ?? []).map((label) => ({
        value: `${value}[${label}]`,
        label: `${field.label} · ${labelText(label)}`,
      })),
    ];
  }
  if (field.kind === "address") {
    return [
      ...address_parts.map((part) => ({
        value: `${value}.${part}`,
        label: `${field.label} · ${t(`field.address_${part}`)}`,
      })),
      whole,
    ];
  }
  return [whole];
}

const left_out: Kind[] = ["files", "rank", "json", "about"];

function choicesOf(object: ObjectMeta): Choice[] {
  const names = object.fields.filter(
    (field) => field.name === object.title && !isEditable(field) && field.result === "text",
  );
  const writable = object.fields.filter(
    (field) => isEditable(field) && !field.hidden && !left_out.includes(field.kind),
  );
  return [
    ...names.map((field) => ({ value: `${object.name}.${field.name}`, label: field.label })),
    ...writable.flatMap((field) => placesOf(object, field)),
  ];
}

/** The objects that a row fills besides its own: the targets of its references, each once. */
export function relatedObjects(object: ObjectMeta, find: (name: string) => ObjectMeta | undefined): ObjectMeta[] {
  const names = object.fields
    .filter((field) => field.kind === "reference" && !field.system && !field.hidden && field.target !== object.name)
    .map((field) => field.target ?? "");
  return [...new Set(names)].flatMap((name) => find(name) ?? []).filter((other) => !other.internal);
}

export function targetChoices(object: ObjectMeta, find: (name: string) => ObjectMeta | undefined): ChoiceGroup[] {
  return [object, ...relatedObjects(object, find)].map((entry) => ({ group: entry.label, items: choicesOf(entry) }));
}

/** `company.name` as people read it: "Company · Name". */
export function targetLabel(
  target: string,
  object: ObjectMeta,
  find: (name: string) => ObjectMeta | undefined,
): string {
  const [, owner, name, part, label] = target.match(/^([^.]+)\.([^.[]+)(?:\.([^[]+))?(?:\[(.*)\])?$/) ?? [];
  const meta = owner === object.name ? object : find(owner ?? "");
  const field = meta?.fields.find((entry) => entry.name === name);
  if (!meta || !field) {
    return target;
  }
  const words = [
    meta.name === object.name ? "" : meta.label,
    field.label,
    part ? (hasText(`field.address_${part}`) ? t(`field.address_${part}`) : part) : "",
    label ? label.split(/,\s*/).map(labelText).join(", ") : "",
  ];
  return words.filter(Boolean).join(" · ");
}

const many_kinds: Kind[] = ["emails", "phones", "links", "multi_select", "references", "long_text", "json"];

/** Whether several columns may fill the same place. */
function takesMany(target: string, find: (name: string) => ObjectMeta | undefined): boolean {
  const [owner, rest = ""] = target.split(".", 2);
  const field = find(owner ?? "")?.fields.find((entry) => entry.name === rest.replace(/\[.*/, ""));
  return field !== undefined && many_kinds.includes(field.kind);
}

/** Gives a column another target; a place for one value is taken from the column that had it. */
export function withTarget(
  columns: ImportColumn[],
  at: number,
  target: string | null,
  find: (name: string) => ObjectMeta | undefined,
): ImportColumn[] {
  return columns.map((column, index) => {
    if (index === at) {
      return { ...column, mapping: { target, reason: "chosen" } };
    }
    const taken = target !== null && column.mapping.target === target && !takesMany(target, find);
    return taken ? { ...column, mapping: { target: null, reason: "chosen" } } : column;
  });
}

/** How many columns go somewhere. */
export function mappedCount(columns: ImportColumn[]): number {
  return columns.filter((column) => column.mapping.target !== null || column.mapping.reason === "label").length;
}

/** What stands in the way of going on; nothing when all is well. */
export function mappingProblem(columns: ImportColumn[], object: ObjectMeta): string | undefined {
  const targets = columns.flatMap((column) => column.mapping.target ?? []);
  if (!targets.some((target) => target.startsWith(`${object.name}.`))) {
    return t("imports.map_something", { objects: object.label_plural });
  }
  return undefined;
}

/** What is sent to the server: one entry for each column, in the file's order. */
export function sentMapping(columns: ImportColumn[]): ColumnMapping[] {
  return columns.map(({ mapping }) => ({
    target: mapping.target,
    ...(mapping.label_column ? { label_column: mapping.label_column } : {}),
  }));
}

/** A cell of a result row, by the columns of the file. */
export function rowCells(row: ImportRow, columns: ImportColumn[]): string[] {
  const values = row.values;
  if (Array.isArray(values)) {
    return values.map(String);
  }
  return columns.map((column) => {
    const target = column.mapping.target ?? "";
    const name = target.replace(/^[^.]+\./, "").replace(/\[.*/, "");
    const value = values?.[column.name] ?? values?.[target] ?? values?.[name.split(".")[0] ?? ""];
    return valueText(value, name.split(".")[1]);
  });
}

function valueText(value: unknown, part?: string): string {
  if (Array.isArray(value)) {
    return value.map((entry) => valueText(entry)).join("; ");
  }
  if (value && typeof value === "object") {
    const parts = value as { [name: string]: unknown };
    return String((part && parts[part]) || parts.value || parts.amount || "");
  }
  return value === null || value === undefined ? "" : String(value);
}

/** A mapped column as the check shows it. */
export interface ShownColumn {
  /** Its place in the file. */
  at: number;
  name: string;
  /** The field that it alone fills; nothing where several columns or a part make the value. */
  field?: Field;
  place: string;
}

/** All columns that go somewhere. */
export function shownColumns(columns: ImportColumn[], find: (name: string) => ObjectMeta | undefined): ShownColumn[] {
  const places = columns.map((column) => column.mapping.target?.match(/^([^.]+\.[^.[]+)(.*)$/) ?? []);
  return columns.flatMap((column, at) => {
    const [whole, place = "", part] = places[at] ?? [];
    if (whole === undefined) {
      return [];
    }
    const [owner = "", name] = place.split(".");
    const alone = part === "" && places.filter((other) => other[1] === place).length === 1;
    const field = alone ? find(owner)?.fields.find((entry) => entry.name === name) : undefined;
    return [{ at, name: column.name, place, ...(field && { field: { ...field, sensitive: false } }) }];
  });
}

/** By what rows meet records that are there, in words. */
export function recognisedBy(object: ObjectMeta): string[] {
  const has = (name: string) => object.fields.some((field) => field.name === name);
  const person = has("given_name") && has("family_name");
  const identifying = object.duplicates?.identifying ?? [];
  const own = object.fields.filter((field) => !field.hidden && (field.unique || identifying.includes(field.name)));
  return [
    ...own.map((field) => t("imports.by_field", { field: field.label })),
    ...(person && object.fields.some((field) => field.kind === "emails") ? [t("imports.by_email")] : []),
    ...(person && object.fields.some((field) => field.kind === "phones") ? [t("imports.by_phone")] : []),
    ...(object.name === "company" ? [t("imports.by_name"), t("imports.by_domain")] : []),
    t("imports.by_ids"),
  ];
}

/** Rows of the file, as far as that is known. */
export function rowsOf(data: Import): number {
  return data.rows_total ?? data.counts.rows ?? 0;
}

/** Whether work is going on at the server. */
export function isBusy(status: ImportStatus): boolean {
  return status === "checking" || status === "running";
}
