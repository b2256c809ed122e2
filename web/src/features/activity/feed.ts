/** The feed of activity: what the server says, in words, with runs of one person's changes of one record folded. */
import type { Actors, Change, FieldValue, RecordTitle } from "../../api/types";
import { findObject } from "../../app/query";
import { hasText, t } from "../../i18n";
import { dayOf, formatNumber } from "../../i18n/format";

type Named = RecordTitle & { object: string };

/** What one batch did to the records of one object. */
export interface Part {
  object: string;
  op: string;
  count: number;
  /** There is more than was counted. */
  more: boolean;
  records: Named[];
  fields?: Change["fields"];
  text?: string;
  about?: Named[];
  /** Fields that changed in many records. */
  names?: string[];
}

export interface Entry {
  batch: string;
  at: string;
  actor: string;
  verb: "changed" | "imported" | "merged";
  undone: boolean;
  parts: Part[];
}

export interface ActivityPage {
  entries: Entry[];
  next: string | null;
  actors: Actors;
}

const done_values: FieldValue[] = ["done", "completed", "complete", "closed"];
const run_ms = 30 * 60_000;

/** Parts, of an import the largest first. */
export function partsOf(entry: Entry): Part[] {
  return entry.verb === "imported" ? [...entry.parts].sort((a, b) => b.count - a.count) : entry.parts;
}

function counted(part: Part): string {
  return `${formatNumber(part.count)}${part.more ? "+" : ""}`;
}

function labels(part: Part): { object: string; objects: string } {
  const meta = findObject(part.object);
  return { object: meta?.label ?? part.object, objects: meta?.label_plural ?? part.object };
}

function fieldLabel(part: Part, name: string): string {
  return findObject(part.object)?.fields.find((field) => field.name === name)?.label ?? name;
}

/** What was done to one record: the record itself stands behind it. */
function single(part: Part, name: string): string {
  const values = { name, ...labels(part) };
  if (part.op === "create") {
    const key = `timeline.did_${part.object}`;
    return hasText(key) ? t(key, values) : t("activity.create", values);
  }
  if (part.op === "update") {
    const fields = Object.keys(part.fields ?? {});
    const after = part.fields?.status?.[1] ?? null;
    if (part.object === "task" && done_values.includes(after)) {
      return t("activity.completed", values);
    }
    return t("activity.update", { ...values, count: fields.length, field: fieldLabel(part, fields[0] ?? "") });
  }
  return t(`activity.${part.op}`, values);
}

/** "Ann imported 1,240 people": what a part says, without the records it names. */
export function sentence(entry: Entry, part: Part, name: string): string {
  if (entry.verb === "merged") {
    return t("activity.merged", { name, count: part.count, ...labels(part) });
  }
  const many = { name, number: counted(part), ...labels(part) };
  if (entry.verb === "imported") {
    return t(part.op === "create" ? "activity.imported" : "activity.imported_update", many);
  }
  if (part.count === 1 && !part.more) {
    return single(part, name);
  }
  const names = (part.names ?? []).slice(0, 3).map((field) => fieldLabel(part, field));
  return part.op === "update" && names.length > 0
    ? t("activity.update_many_fields", { ...many, fields: names.join(", ") })
    : t(`activity.${part.op}_many`, many);
}

/** What else a batch did, in short: "+ 300 Companies". */
export function also(part: Part): string {
  return t(`activity.also_${part.op}`, { number: counted(part), ...labels(part) });
}

export type Row = { type: "day"; key: string; day: string; at: string } | { type: "entry"; key: string; entry: Entry };

/** Whether an older entry reads as one with a newer one: the same person changed the same record shortly before. */
function continues(newer: Entry, older: Entry): boolean {
  const [a, b] = [newer.parts[0], older.parts[0]];
  const plain = [newer, older].every((one) => one.verb === "changed" && !one.undone && one.parts.length === 1);
  return Boolean(
    plain &&
      a?.fields &&
      b?.fields &&
      a.records[0]?.id === b.records[0]?.id &&
      newer.actor === older.actor &&
      Date.parse(newer.at) - Date.parse(older.at) <= run_ms,
  );
}

/** Both as one: from the older "before" to the newer "after". */
function folded(newer: Entry, older: Entry): Entry {
  const [a, b] = [newer.parts[0] as Part, older.parts[0] as Part];
  const fields: Change["fields"] = { ...b.fields };
  for (const [name, [before, after]] of Object.entries(a.fields ?? {})) {
    fields[name] = [fields[name] ? fields[name][0] : before, after];
  }
  return { ...newer, parts: [{ ...a, fields }] };
}

/** Entries, newest first, as the rows that are shown. */
export function rowsOf(entries: Entry[]): Row[] {
  const rows: Row[] = [];
  let day = "";
  for (const entry of entries) {
    const on = dayOf(entry.at);
    if (on !== day) {
      day = on;
      rows.push({ type: "day", key: `day:${on}`, day: on, at: entry.at });
    }
    const last = rows.at(-1);
    if (last?.type === "entry" && continues(last.entry, entry)) {
      last.entry = folded(last.entry, entry);
    } else {
      rows.push({ type: "entry", key: entry.batch, entry });
    }
  }
  return rows;
}

/** How many of the newest entries are not among those that are shown. */
export function fresh(latest: Entry[], shown: Entry[]): number {
  const known = new Set(shown.map((entry) => entry.batch));
  const newest = shown[0]?.at ?? "";
  return latest.filter((entry) => !known.has(entry.batch) && entry.at >= newest).length;
}
