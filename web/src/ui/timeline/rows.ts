/** Turns timeline entries, newest first, into the rows that are shown: days, entries, and runs of changes folded into one. */
import type { Change, RapportRecord, RecordTitle } from "../../api/types";
import { dayOf } from "../../i18n/format";
import type { Reaction } from "./reactions";

export interface TimelineEntry {
  key: string;
  at: string;
  /** note, task, call, meeting, document, comment … or change */
  kind: string;
  object: string;
  record?: RapportRecord | null;
  change?: Change | null;
  /** The record that a change belongs to. */
  subject?: RecordTitle | null;
  title?: string | null;
  reactions?: Reaction[];
}

/** The id of the record that a change belongs to. */
export function changedRecord(entry: TimelineEntry): string {
  return entry.subject?.id ?? entry.change?.record ?? "";
}

export type TimelineRow =
  | { type: "day"; key: string; day: string; at: string }
  | { type: "entry"; key: string; entry: TimelineEntry }
  | { type: "changes"; key: string; entries: TimelineEntry[] };

const run_ms = 30 * 60_000;

/** Whether two changes read as one: the same person, the same record, one shortly after the other. */
function sameRun(newer: TimelineEntry, older: TimelineEntry): boolean {
  const [a, b] = [newer.change, older.change];
  if (!a || !b || a.op !== "update" || b.op !== "update") {
    return false;
  }
  return (
    a.actor === b.actor &&
    changedRecord(newer) === changedRecord(older) &&
    Date.parse(newer.at) - Date.parse(older.at) <= run_ms
  );
}

export function timelineRows(entries: TimelineEntry[]): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let day = "";
  for (const entry of entries) {
    const on = dayOf(entry.at);
    if (on !== day) {
      day = on;
      rows.push({ type: "day", key: `day:${on}`, day: on, at: entry.at });
    }
    const last = rows.at(-1);
    const newer = last?.type === "changes" ? last.entries.at(-1) : undefined;
    if (entry.kind === "change" && last?.type === "changes" && newer && sameRun(newer, entry)) {
      last.entries.push(entry);
    } else if (entry.kind === "change") {
      rows.push({ type: "changes", key: entry.key, entries: [entry] });
    } else {
      rows.push({ type: "entry", key: entry.key, entry });
    }
  }
  return rows;
}

/** What a run of changes did to each field: from the oldest "before" to the newest "after"; fields that came back are left out. */
export function netFields(entries: TimelineEntry[]): Change["fields"] {
  const fields: Change["fields"] = {};
  for (const entry of [...entries].reverse()) {
    for (const [name, [before, after]] of Object.entries(entry.change?.fields ?? {})) {
      fields[name] = [fields[name] ? fields[name][0] : before, after];
    }
  }
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, [before, after]]) => JSON.stringify(before ?? null) !== JSON.stringify(after ?? null),
    ),
  );
}
