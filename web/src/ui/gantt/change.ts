/** What moving and stretching a bar writes: days are counted on the person's clock, so that 9 o'clock stays 9 o'clock on the day the clocks are put forward. Pure. */
import type { FieldValue } from "../../api/types";
import { addDays, daysBetween } from "../calendar/days";
import { type Entry, entryOf, instantAt, movedValues, type When } from "../calendar/layout";
import { wallClock } from "../fields/parse";
import { valueKind } from "../fields/registry";
import { steppedDay, type Zoom } from "./axis";

export type Edge = "start" | "end";

export interface BarChange {
  days: number;
  /** The edge that is pulled; missing when the whole bar is moved. */
  edge?: Edge;
}

type Values = { [field: string]: FieldValue };

function textOf(value: FieldValue): string {
  return typeof value === "string" ? value : "";
}

/** A day or an instant some days later, at the same time of the clock. */
function later(text: string, days: number, zone?: string): string {
  if (!text.includes("T")) {
    return addDays(text.slice(0, 10), days);
  }
  const wall = wallClock(text, zone);
  const minutes = Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
  return instantAt(addDays(wall.slice(0, 10), days), minutes, zone);
}

/** The values after a change; undefined when nothing would be different, or the end would come before the beginning. */
export function changedValues(entry: Entry, when: When, change: BarChange, zone?: string): Values | undefined {
  if (change.days === 0) {
    return undefined;
  }
  if (!change.edge) {
    return movedValues(entry, when, { days: change.days }, zone);
  }
  if (!when.end) {
    return undefined;
  }
  const start = textOf(entry.record[when.start.name]);
  // What had no end ended where it began.
  const end = textOf(entry.record[when.end.name]) || start;
  const next =
    change.edge === "start"
      ? { start: later(start, change.days, zone), end }
      : { start, end: later(end, change.days, zone) };
  const dates = valueKind(when.start) === "date";
  const order = dates ? daysBetween(next.start, next.end) : Date.parse(next.end) - Date.parse(next.start);
  if (order < 0 || (order === 0 && !dates)) {
    return undefined;
  }
  const values = { [when.start.name]: next.start, [when.end.name]: next.end };
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== textOf(entry.record[name])));
}

/** The change that a key makes: one unit of the zoom, months as long as they are. */
export function keyChange(entry: Entry, zoom: Zoom, step: 1 | -1, edge?: Edge): BarChange {
  const from = edge === "end" ? entry.last : entry.day;
  return { days: daysBetween(from, steppedDay(from, zoom, step)), edge };
}

/** The entry as it would be. */
export function changedEntry(entry: Entry, when: When, values: Values, zone?: string): Entry {
  return entryOf({ ...entry.record, ...values }, when, zone) ?? entry;
}

/** The values that lay a record without a date on a day. */
export function laidValues(when: When, day: string, endWritable: boolean, zone?: string): Values {
  if (valueKind(when.start) === "date") {
    return { [when.start.name]: day };
  }
  const nine = 9 * 60;
  const end = when.end && endWritable ? { [when.end.name]: instantAt(day, nine + 60, zone) } : {};
  return { [when.start.name]: instantAt(day, nine, zone), ...end };
}
