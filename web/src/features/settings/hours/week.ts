/** A calendar of working hours as it is edited: intervals of each day as the clock shows them, and holidays. Pure. */
import { isDay } from "../../../ui/calendar/days";

export const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof days)[number];

/** From and to as `09:00`; `00:00` at the end is midnight. */
export interface Span {
  from: string;
  to: string;
}

export type Week = Record<Day, Span[]>;

export interface Holiday {
  date: string;
  name: string;
  yearly: boolean;
}

const midnight = "00:00";

function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function weekOf(value: unknown): Week {
  const given = isObject(value) ? value : {};
  const spans = (day: Day) => {
    const list = given[day];
    return (Array.isArray(list) ? list : []).map((text) => {
      const [from = "", to = ""] = String(text).split("-");
      return { from, to: to === "24:00" ? midnight : to };
    });
  };
  return Object.fromEntries(days.map((day) => [day, spans(day)])) as Week;
}

/** The week as it is sent: days without work are left out. */
export function weekValue(week: Week): { [day: string]: string[] } {
  const ends = (to: string) => (to === midnight ? "24:00" : to);
  const worked = days.filter((day) => week[day].length > 0);
  return Object.fromEntries(worked.map((day) => [day, week[day].map(({ from, to }) => `${from}-${ends(to)}`)]));
}

export function holidaysOf(value: unknown): Holiday[] {
  const list = Array.isArray(value) ? value : [];
  return list.flatMap((one: unknown) =>
    isObject(one) && typeof one.date === "string"
      ? [{ date: one.date, name: String(one.name ?? ""), yearly: one.yearly === true }]
      : [],
  );
}

/** Whether an interval can be kept. */
export function isSound({ from, to }: Span): boolean {
  return from !== "" && to !== "" && (to === midnight || from < to);
}

/** Days with an interval that ends before it begins. */
export function faultyDays(week: Week): Day[] {
  return days.filter((day) => !week[day].every(isSound));
}

export function isSoundHoliday({ date, name }: Holiday): boolean {
  return isDay(date) && name.trim() !== "";
}

const after = { morning: { from: "09:00", to: "17:00" }, hour: 60, end: 23 * 60 };

function minutes(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  return hour * 60 + minute;
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** The interval that is offered next: nine to five, or one an hour after the last. */
export function nextSpan(spans: Span[]): Span | undefined {
  const last = spans.at(-1);
  if (!last) {
    return after.morning;
  }
  const from = minutes(last.to) + after.hour;
  return last.to === midnight || last.to === "" || from >= after.end
    ? undefined
    : { from: clock(from), to: clock(Math.min(from + 4 * after.hour, after.end + 59)) };
}

/** Working minutes of a week. */
export function minutesOf(week: Week): number {
  const length = ({ from, to }: Span) => (to === midnight ? 24 * 60 : minutes(to)) - minutes(from);
  return days.flatMap((day) => week[day].filter(isSound).map(length)).reduce((sum, one) => sum + one, 0);
}
