/** The axis of a timeline: how wide a day is, which marks stand above it, where a bar lies. Days are those of the person's clock, so that no day is shorter than another. Pure. */
import { addDays, addMonths, daysBetween, weekdayOf, weekOf } from "../calendar/days";
import { day_minutes, type Entry } from "../calendar/layout";

export const zooms = ["day", "week", "month", "quarter"] as const;
export type Zoom = (typeof zooms)[number];

/** Width of a day in pixels. */
export const day_px: { [zoom in Zoom]: number } = { day: 44, week: 18, month: 4.5, quarter: 1.5 };
/** How many days the scrolled area is long; at its ends it is laid out anew around the place in sight. */
export const span_days: { [zoom in Zoom]: number } = { day: 240, week: 640, month: 2600, quarter: 7800 };
/** Dragging goes in steps of so many days. */
export const snap_days: { [zoom in Zoom]: number } = { day: 1, week: 1, month: 1, quarter: 7 };
/** Nothing is drawn narrower, so that it can be seen and taken hold of. */
export const bar_min_px = 10;

export function isZoom(text: string | undefined): text is Zoom {
  return zooms.includes(text as Zoom);
}

/** A day moved by units of the zoom: days, weeks, months, quarters. */
export function steppedDay(day: string, zoom: Zoom, step: number): string {
  switch (zoom) {
    case "day":
      return addDays(day, step);
    case "week":
      return addDays(day, step * 7);
    case "month":
      return addMonths(day, step);
    case "quarter":
      return addMonths(day, step * 3);
  }
}

export interface Mark {
  day: string;
  /** How many days it is wide. */
  days: number;
}

/** First day of the unit that a day is in. */
function unitOf(day: string, unit: Zoom | "year", firstWeekday: number): string {
  const month = Number(day.slice(5, 7));
  switch (unit) {
    case "day":
      return day;
    case "week":
      return weekOf(day, firstWeekday);
    case "month":
      return `${day.slice(0, 8)}01`;
    case "quarter":
      return `${day.slice(0, 5)}${String(month - ((month - 1) % 3)).padStart(2, "0")}-01`;
    case "year":
      return `${day.slice(0, 4)}-01-01`;
  }
}

/** The units between two days, whole. */
export function marksOf(first: string, last: string, unit: Zoom | "year", firstWeekday: number): Mark[] {
  const marks: Mark[] = [];
  const next = (day: string) => (unit === "year" ? addMonths(day, 12) : steppedDay(day, unit, 1));
  for (let day = unitOf(first, unit, firstWeekday); day <= last; day = next(day)) {
    marks.push({ day, days: daysBetween(day, next(day)) });
  }
  return marks;
}

/** The unit of the upper line. */
export function aboveOf(zoom: Zoom): Zoom | "year" {
  return zoom === "day" || zoom === "week" ? "month" : "year";
}

/** The weekends between two days, as spans of days that belong together. */
export function weekends(first: string, last: string, off: number[]): Mark[] {
  const found: Mark[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) {
    const before = found.at(-1);
    if (!off.includes(weekdayOf(day))) {
      continue;
    }
    if (before && addDays(before.day, before.days) === day) {
      before.days += 1;
    } else {
      found.push({ day, days: 1 });
    }
  }
  return found;
}

const friday_off = "AE AF BH DJ DZ EG IQ IR JO KW LY OM QA SA SD SY YE".split(" ");

interface WeekInfo {
  getWeekInfo?: () => { weekend: number[] };
  weekInfo?: { weekend: number[] };
}

/** The days off where the locale is spoken, 0 is Sunday; not every browser knows them by itself. */
export function daysOff(locale: string): number[] {
  try {
    const known = new Intl.Locale(locale) as Intl.Locale & WeekInfo;
    const info = known.getWeekInfo?.() ?? known.weekInfo;
    if (info) {
      return info.weekend.map((day) => day % 7);
    }
    return friday_off.includes(known.maximize().region ?? "") ? [5, 6] : [6, 0];
  } catch {
    return [6, 0];
  }
}

export interface Place {
  left: number;
  width: number;
}

/** Where an entry lies, from the first day of the area on. */
export function placeOf(entry: Entry, origin: string, zoom: Zoom): Place {
  const px = day_px[zoom];
  const left = (daysBetween(origin, entry.day) + (entry.from ?? 0) / day_minutes) * px;
  const right = (daysBetween(origin, entry.last) + (entry.to ?? day_minutes) / day_minutes) * px;
  return { left, width: Math.max(bar_min_px, right - left) };
}

/** The day that lies at a place of the area. */
export function dayAtPx(x: number, origin: string, zoom: Zoom): string {
  return addDays(origin, Math.floor(x / day_px[zoom]));
}

/** Where a moment of the person's clock lies: `2026-11-22T14:05`. */
export function pxOf(wall: string, origin: string, zoom: Zoom): number {
  const minutes = Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
  return (daysBetween(origin, wall.slice(0, 10)) + minutes / day_minutes) * day_px[zoom];
}

/** Days that a hand has carried something, in steps of the zoom. */
export function daysOfPx(px: number, zoom: Zoom): number {
  const snap = snap_days[zoom];
  return Math.round(px / day_px[zoom] / snap) * snap;
}
