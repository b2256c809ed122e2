/** Groups of a table as lines: a head for each, below it the rows of those that are open. Pure. */
import type { Field, FieldValue } from "../../api/types";
import { celLiteral } from "../fields/operators";
import { valueKind } from "../fields/registry";

export interface TableGroup {
  key: string;
  value: FieldValue;
  count: number;
  /** CEL for the records in it. */
  filter: string;
  /** Figures as they are read, by field. */
  figures: { [field: string]: string };
}

/** A line of the grid: the head of a group, or a row of it by its place in the group. */
export interface Line {
  group: number;
  /** -1 for the head. */
  row: number;
}

const none_key = "-";
const all_closed = "*";

/** The kinds of fields whose values make groups: those that mean the same to the database and to a condition. */
const group_kinds = ["select", "boolean", "user", "reference", "rating", "integer", "date"];

export function groupFields(fields: Field[]): Field[] {
  const fit = fields.filter((field) => !field.hidden && !field.sensitive && group_kinds.includes(valueKind(field)));
  return [...fit.filter((field) => !field.system), ...fit.filter((field) => field.system && field.name !== "version")];
}

export function groupKey(value: FieldValue): string {
  return value === null || value === undefined ? none_key : String(value);
}

export function groupFilter(field: Field, value: FieldValue): string {
  return `${field.name} == ${celLiteral(field, value ?? null)}`;
}

/** Options in their order, yes before no, numbers and days as they count on; the rest as the server has it, most first. Without a value: last. */
export function inOrder<G extends { value: FieldValue }>(field: Field, groups: G[]): G[] {
  const kind = valueKind(field);
  const options = (field.options ?? []).map((option) => option.value);
  const rank = (value: FieldValue): number | string => {
    if (kind === "select") {
      const at = options.indexOf(String(value));
      return at < 0 ? options.length : at;
    }
    return typeof value === "boolean" ? Number(!value) : ((value ?? "") as number | string);
  };
  const ranked = ["select", "boolean", "rating", "integer", "date"].includes(kind);
  const missing = (group: G) => Number(group.value === null || group.value === undefined);
  return groups
    .map((group, at) => ({ group, at }))
    .sort((a, b) => {
      const [left, right] = [rank(a.group.value), rank(b.group.value)];
      const order = !ranked || left === right ? 0 : left < right ? -1 : 1;
      return missing(a.group) - missing(b.group) || order || a.at - b.at;
    })
    .map(({ group }) => group);
}

/** Whether a group is closed: the address names those that are, or says all and names those that are not. */
export function isClosed(closed: string, key: string): boolean {
  const [first, ...rest] = closed.split(",");
  return first === all_closed ? !rest.includes(key) : closed.split(",").includes(key);
}

export function toggled(closed: string, key: string): string {
  const named = closed.split(",").filter(Boolean);
  const next = named.includes(key) ? named.filter((entry) => entry !== key) : [...named, key];
  return next.join(",");
}

export const closedAll = all_closed;

/** Where the head of each group stands; the last number is how many lines there are. */
export function startsOf(groups: TableGroup[], closed: string): number[] {
  const starts = [0];
  for (const group of groups) {
    starts.push((starts.at(-1) ?? 0) + 1 + (isClosed(closed, group.key) ? 0 : group.count));
  }
  return starts;
}

/** What stands at a line; undefined behind the last group. */
export function lineAt(starts: number[], index: number): Line | undefined {
  let [low, high] = [0, starts.length - 1];
  if (index < 0 || index >= (starts[high] ?? 0)) {
    return undefined;
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= index) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return { group: low, row: index - (starts[low] ?? 0) - 1 };
}
