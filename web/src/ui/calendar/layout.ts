/** Records as entries of a calendar, and where each is drawn: beside each other where they overlap, as bars where they last days. Pure. */
import type { Field, FieldValue, RapportRecord } from "../../api/types";
import { instantOf, wallClock } from "../fields/parse";
import { valueKind } from "../fields/registry";
import { addDays, daysBetween } from "./days";

/** The fields that say when. */
export interface When {
  start: Field;
  end: Field | undefined;
  /** A yes that makes a moment a whole day. */
  allDay: Field | undefined;
}

export interface Entry {
  /** Names the entry in its picture: a series has one record and many entries. */
  key: string;
  record: RapportRecord;
  /** One time of a record that repeats: which one, and the record as it is. */
  series?: { at: string; record: RapportRecord };
  /** A colleague's, in that colleague's colour; of a hidden one only the time is known. */
  beside?: { name: string; color: string; hidden: boolean };
  /** First and last day, both included. */
  day: string;
  last: string;
  /** Minutes of the clock: of the first day, and of the last one. Missing for whole days. */
  from: number | undefined;
  to: number | undefined;
}

export const day_minutes = 1440;
/** What has no end, or a very near one, is drawn as long as this. */
const drawn_min = 30;

function minutesOf(wall: string): number {
  return Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
}

function textOf(value: FieldValue): string {
  return typeof value === "string" ? value : "";
}

const later = (a: string, b: string): string => (a.localeCompare(b) < 0 ? b : a);

/** The entry of a record; undefined when it has no date. */
export function entryOf(record: RapportRecord, when: When, zone?: string): Entry | undefined {
  const start = textOf(record[when.start.name]);
  const end = when.end ? textOf(record[when.end.name]) : "";
  if (!start) {
    return undefined;
  }
  if (valueKind(when.start) === "date") {
    const day = start.slice(0, 10);
    const last = end.slice(0, 10);
    return { key: record.id, record, day, last: later(last, day), from: undefined, to: undefined };
  }
  const wall = wallClock(start, zone);
  if (!wall) {
    return undefined;
  }
  const until = end && end > start ? wallClock(end, zone) : "";
  const day = wall.slice(0, 10);
  const whole = when.allDay !== undefined && record[when.allDay.name] === true;
  // What ends at midnight does not reach into the day that begins then.
  const midnight = until.endsWith("T00:00");
  const last = until ? addDays(until.slice(0, 10), midnight ? -1 : 0) : day;
  const safe = later(last, day);
  if (whole) {
    return { key: record.id, record, day, last: safe, from: undefined, to: undefined };
  }
  const from = minutesOf(wall);
  const to = until ? (midnight ? day_minutes : minutesOf(until)) : Math.min(day_minutes, from + drawn_min);
  return { key: record.id, record, day, last: safe, from, to };
}

/** One time of a record that repeats, as an entry of its own. */
export function occurrenceOf(
  record: RapportRecord,
  time: { starts_at: string; ends_at: string | null },
  when: When,
  zone?: string,
): Entry | undefined {
  const values: Values = { [when.start.name]: time.starts_at };
  if (when.end) {
    values[when.end.name] = time.ends_at;
  }
  const entry = entryOf({ ...record, ...values }, when, zone);
  return entry && { ...entry, key: `${record.id}~${time.starts_at}`, series: { at: time.starts_at, record } };
}

/** Whether it is drawn as a bar over whole days: it has no time, or lasts a day and longer. */
export function isBar(entry: Entry): boolean {
  if (entry.from === undefined || entry.to === undefined) {
    return true;
  }
  return daysBetween(entry.day, entry.last) * day_minutes + entry.to - entry.from >= day_minutes;
}

/** The order of reading: earlier first, whole days before hours, longer before shorter. */
export function inOrder(a: Entry, b: Entry): number {
  return (
    a.day.localeCompare(b.day) ||
    Number(isBar(b)) - Number(isBar(a)) ||
    (isBar(a) && isBar(b) ? b.last.localeCompare(a.last) : 0) ||
    (a.from ?? 0) - (b.from ?? 0) ||
    (b.to ?? 0) - (a.to ?? 0) ||
    a.key.localeCompare(b.key)
  );
}

export interface Bar {
  entry: Entry;
  /** First and last column of the row of days. */
  from: number;
  to: number;
  /** The line below the others that it is drawn in. */
  row: number;
  /** It began before the first of these days, goes on after the last. */
  before: boolean;
  after: boolean;
}

/** The entries as bars over a row of days, each in the highest free line. */
export function barsOver(entries: Entry[], days: string[]): Bar[] {
  const [first = "", last = ""] = [days[0], days.at(-1)];
  const shown = entries.filter((entry) => entry.day <= last && entry.last >= first).sort(inOrder);
  // The ends of each line's bars. What came over from the row before stands first, in a line of its own.
  const lines: number[] = [];
  const bars = shown.map((entry) => {
    const from = Math.max(0, daysBetween(first, entry.day));
    const to = Math.min(days.length - 1, daysBetween(first, entry.last));
    const free = lines.findIndex((end) => end < from);
    const row = free < 0 ? lines.length : free;
    lines[row] = to;
    return { entry, from, to, row, before: entry.day < first, after: entry.last > last };
  });
  return bars;
}

export interface Block {
  entry: Entry;
  /** Minutes of the day. */
  from: number;
  to: number;
  /** Which of how many columns beside each other. */
  column: number;
  columns: number;
}

/** The part of an entry that falls on a day. */
function partOn(entry: Entry, day: string): { from: number; to: number } | undefined {
  if (entry.from === undefined || entry.to === undefined || isBar(entry) || entry.day > day || entry.last < day) {
    return undefined;
  }
  const from = entry.day === day ? entry.from : 0;
  const to = entry.last === day ? entry.to : day_minutes;
  const end = Math.min(day_minutes, Math.max(to, from + drawn_min));
  return { from: Math.min(from, end - drawn_min), to: end };
}

/** The entries of a day that have a time; those that overlap stand beside each other. */
export function blocksOn(entries: Entry[], day: string): Block[] {
  const parts = entries
    .map((entry) => ({ entry, part: partOn(entry, day) }))
    .flatMap(({ entry, part }) => (part ? [{ entry, ...part }] : []))
    .sort((a, b) => a.from - b.from || b.to - a.to || a.entry.key.localeCompare(b.entry.key));
  const blocks: Block[] = [];
  let group: Block[] = [];
  let ends: number[] = [];
  const close = () => {
    for (const block of group) {
      block.columns = ends.length;
    }
    blocks.push(...group);
    group = [];
    ends = [];
  };
  for (const part of parts) {
    if (ends.every((end) => end <= part.from)) {
      close();
    }
    const free = ends.findIndex((end) => end <= part.from);
    const column = free < 0 ? ends.length : free;
    ends[column] = part.to;
    group.push({ ...part, column, columns: 1 });
  }
  close();
  return blocks;
}

/** `9:30` as minutes → "09:30", as instants are made of. */
function clock(minutes: number): string {
  const safe = Math.max(0, Math.min(day_minutes - 1, minutes));
  return `${String(Math.floor(safe / 60)).padStart(2, "0")}:${String(safe % 60).padStart(2, "0")}`;
}

/** The instant of a time of day. */
export function instantAt(day: string, minutes: number, zone?: string): string {
  return instantOf(day, clock(minutes), zone);
}

type Values = { [field: string]: FieldValue };

/** The values of a record that is moved by days, or to another time of day. Hours keep their length, days their times. */
export function movedValues(entry: Entry, when: When, by: { days: number; from?: number }, zone?: string): Values {
  const { record } = entry;
  const values: Values = {};
  const start = textOf(record[when.start.name]);
  const end = when.end ? textOf(record[when.end.name]) : "";
  if (valueKind(when.start) === "date") {
    values[when.start.name] = addDays(start.slice(0, 10), by.days);
    if (when.end && end) {
      values[when.end.name] = addDays(end.slice(0, 10), by.days);
    }
    return values;
  }
  const moved = (instant: string, minutes?: number) => {
    const wall = wallClock(instant, zone);
    return instantAt(addDays(wall.slice(0, 10), by.days), minutes ?? minutesOf(wall), zone);
  };
  const next = moved(start, by.from);
  values[when.start.name] = next;
  if (when.end && end) {
    const length = Date.parse(end) - Date.parse(start);
    values[when.end.name] = isBar(entry) ? moved(end) : new Date(Date.parse(next) + length).toISOString();
  }
  return values;
}
