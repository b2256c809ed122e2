/** Reads numbers, days and instants as people write them. */
import { t } from "../../i18n";
import { currentLocale, currentTimeZone } from "../../i18n/format";

/** "1.234,56", "1,234.56", "1 234", "(12)", "12 %" → number; undefined when it is none. */
export function parseNumber(text: string): number | undefined {
  let rest = text.trim().replace(/[\s\u00a0\u202f'’_]/g, "");
  const negative = /^\(.*\)$/.test(rest) || /^[-−]/.test(rest);
  rest = rest.replace(/^[(+\-−]+|[)%]+$/g, "");
  if (!/^[\d.,]*\d[\d.,]*(e[+-]?\d+)?$/i.test(rest)) {
    return undefined;
  }
  const value = Number(plainDigits(rest));
  return Number.isFinite(value) ? (negative ? -value : value) : undefined;
}

/** Settles which of comma and dot is the decimal mark. */
function plainDigits(text: string): string {
  const comma = text.lastIndexOf(",");
  const dot = text.lastIndexOf(".");
  if (comma >= 0 && dot >= 0) {
    return comma > dot ? text.replaceAll(".", "").replace(",", ".") : text.replaceAll(",", "");
  }
  const mark = comma >= 0 ? "," : ".";
  const parts = text.split(mark);
  if (parts.length > 2) {
    return parts.join("");
  }
  if (mark === "," && parts[1]?.length === 3 && (parts[0]?.length ?? 0) <= 3 && parts[0] !== "0" && parts[0] !== "") {
    return parts.join("");
  }
  return parts.join(".");
}

const englishMonths = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

function day(year: number, month: number, date: number): string | undefined {
  const full = year < 100 ? (year > 50 ? 1900 + year : 2000 + year) : year;
  const made = new Date(Date.UTC(2000, 0, 1));
  made.setUTCFullYear(full, month - 1, date);
  if (made.getUTCMonth() !== month - 1 || made.getUTCDate() !== date || full > 9999) {
    return undefined;
  }
  return `${String(full).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
}

/** Whether the person's locale writes the month before the day. */
function monthFirst(): boolean {
  const parts = new Intl.DateTimeFormat(currentLocale()).formatToParts(new Date(2001, 0, 2));
  const order = parts.map((part) => part.type).filter((type) => type === "day" || type === "month");
  return order[0] === "month";
}

/** "2026-11-22", "22.11.2026", "11/22/26", "22 Nov 2026", "tomorrow", "fri", "+3" → ISO day; undefined when it is none. */
export function parseDay(text: string, today: string, monthComesFirst: boolean = monthFirst()): string | undefined {
  const input = text.trim().toLowerCase();
  const iso = input.match(/^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ].*)?$/);
  if (iso) {
    return day(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  }
  const compact = input.match(/^(\d{4})(\d{2})(\d{2})$/);
  if (compact) {
    return day(Number(compact[1]), Number(compact[2]), Number(compact[3]));
  }
  const parts = input.match(/^(\d{1,2})([./-])(\d{1,2})(?:[./-](\d{4}|\d{2})?)?(?:\s.*)?$/);
  if (parts) {
    const [first, second] = [Number(parts[1]), Number(parts[3])];
    const year = parts[4] ? Number(parts[4]) : Number(today.slice(0, 4));
    const american = parts[2] === "." ? false : (monthComesFirst && first <= 12) || second > 12;
    return american ? day(year, first, second) : day(year, second, first);
  }
  return named(input, today) ?? relative(input, today);
}

/** The month that begins with these letters, in the reader's language or in English. */
function monthOf(letters: string): number {
  const own = t("day.months")
    .split(" ")
    .findIndex((month) => month.startsWith(letters));
  return (own >= 0 ? own : englishMonths.indexOf(letters)) + 1;
}

function named(input: string, today: string): string | undefined {
  const words = input.match(/^(?:(\d{1,2})\.?\s+(\p{L}{3,9})\.?|(\p{L}{3,9})\.?\s+(\d{1,2})),?(?:\s+(\d{4}))?$/u);
  if (!words) {
    return undefined;
  }
  const month = monthOf((words[2] ?? words[3] ?? "").slice(0, 3));
  const date = Number(words[1] ?? words[4]);
  return month > 0 ? day(Number(words[5] ?? today.slice(0, 4)), month, date) : undefined;
}

const englishWeekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** The weekday of that name, Sunday first: whole or by its first two letters in the reader's language, or in English. */
function weekdayOf(name: string): number {
  const word = name.replace(/\.$/, "");
  const own = t("day.weekdays").split(" ");
  const found = own.findIndex((weekday) => word === weekday || word === weekday.slice(0, 2));
  return found >= 0 || !/^[a-z]+$/.test(word)
    ? found
    : englishWeekdays.findIndex((weekday) => word.startsWith(weekday));
}

/** A day some days after another. */
export function addDays(from: string, days: number): string {
  const date = new Date(`${from}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

function relative(input: string, today: string): string | undefined {
  const fixed = new Map([
    ...Object.entries({ today: 0, tomorrow: 1, tmr: 1, yesterday: -1 }),
    [t("day.today"), 0],
    [t("day.tomorrow"), 1],
    [t("day.after_tomorrow"), 2],
    [t("day.yesterday"), -1],
  ]);
  const steps = fixed.get(input) ?? daysAhead(input);
  if (steps !== undefined) {
    return addDays(today, steps);
  }
  const before = ["next", "on", ...t("day.before").split(" ")].join("|");
  const target = weekdayOf(input.replace(new RegExp(`^(${before})\\s+`), ""));
  if (target >= 0) {
    const now = new Date(`${today}T00:00:00Z`).getUTCDay();
    return addDays(today, ((target - now + 6) % 7) + 1);
  }
  return undefined;
}

/** "in 3 days", "2 w", "+5" → the number of days. */
function daysAhead(input: string): number | undefined {
  const step = input.match(/^(?:in\s+)?([+-]?\d{1,4})\s*(\p{L}+)$/u) ?? input.match(/^([+-]\d{1,4})()$/);
  const unit = step?.[2] ?? "";
  const size = ["", "d", "day", "days", ...t("day.days").split(" ")].includes(unit)
    ? 1
    : ["w", "week", "weeks", ...t("day.weeks").split(" ")].includes(unit)
      ? 7
      : undefined;
  return step && size ? Number(step[1]) * size : undefined;
}

/** "9", "9:30", "9.30", "9am", "21:15:30" → "HH:MM:SS". */
export function parseTime(text: string): string | undefined {
  const parts = text
    .trim()
    .toLowerCase()
    .match(/^(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*(am|pm|uhr)?$/);
  if (!parts) {
    return undefined;
  }
  let hour = Number(parts[1]);
  if (parts[4] === "pm" && hour < 12) {
    hour += 12;
  }
  if (parts[4] === "am" && hour === 12) {
    hour = 0;
  }
  const minute = Number(parts[2] ?? 0);
  const second = Number(parts[3] ?? 0);
  if (hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  return [hour, minute, second].map((part) => String(part).padStart(2, "0")).join(":");
}

/** Making one takes longer than using it a hundred times. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** How far the zone is ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant: number, zone: string): number {
  let format = clocks.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    clocks.set(zone, format);
  }
  const parts = Object.fromEntries(
    format.formatToParts(new Date(instant)).map((part) => [part.type, Number(part.value)]),
  );
  const wall = Date.UTC(parts.year ?? 0, (parts.month ?? 1) - 1, parts.day, parts.hour, parts.minute, parts.second);
  return wall - Math.floor(instant / 1000) * 1000;
}

/** The instant when the person's clock shows that day and time. */
export function instantOf(isoDay: string, time: string, zone: string = currentTimeZone()): string {
  const wall = Date.parse(`${isoDay}T${time.length === 5 ? `${time}:00` : time}Z`);
  const guess = wall - offsetAt(wall, zone);
  return new Date(wall - offsetAt(guess, zone)).toISOString();
}

/** What the person's clock shows at an instant: `2026-11-22T14:05`, as inputs of type datetime-local have it. */
export function wallClock(instant: string, zone: string = currentTimeZone()): string {
  const time = Date.parse(instant);
  return Number.isNaN(time) ? "" : new Date(time + offsetAt(time, zone)).toISOString().slice(0, 16);
}

/** An ISO instant, or a day followed by a time of day → ISO instant; a day alone means its midnight. */
export function parseInstant(text: string, today: string, zone: string = currentTimeZone()): string | undefined {
  const input = text.trim();
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i.test(input)) {
    const time = Date.parse(input.replace(" ", "T"));
    return Number.isNaN(time)
      ? undefined
      : input.endsWith("Z")
        ? input.replace(" ", "T")
        : new Date(time).toISOString();
  }
  const whole = parseDay(input, today);
  const split = input.match(
    /^(.*?)(?:[T,\s]+(?:(?:at|um)\s+)?)(\d{1,2}(?:[:.h]\d{2}(?::\d{2}(?:\.\d+)?)?)?\s*(?:am|pm|uhr)?)$/i,
  );
  if (split?.[1] && split[2] && /[:.h]|am|pm|uhr/i.test(split[2])) {
    const date = parseDay(split[1], today);
    const time = parseTime(split[2]);
    if (date && time) {
      return instantOf(date, time, zone);
    }
  }
  return whole ? instantOf(whole, "00:00", zone) : undefined;
}

/** "1:30", "1:30:00", "90 min", "1.5h", "1 h 30 min", "45s"; a bare number is minutes → seconds. */
export function parseDuration(text: string): number | undefined {
  const input = text.trim().toLowerCase();
  const clock = input.match(/^(-?)(\d+):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?$/);
  if (clock) {
    const seconds = Number(clock[2]) * 3600 + Number(clock[3]) * 60 + Number(clock[4] ?? 0);
    return clock[1] ? -seconds : seconds;
  }
  const bare = parseNumber(input);
  if (bare !== undefined) {
    return bare * 60;
  }
  const units: { [unit: string]: number } = { d: 86_400, h: 3600, m: 60, s: 1 };
  let total = 0;
  const rest = input.replace(
    /([\d.,]+)\s*(d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:utes?)?)?|s(?:ec(?:onds?)?)?)\b/g,
    (_, amount: string, unit: string) => {
      total += (parseNumber(amount) ?? 0) * (units[unit.charAt(0)] ?? 0);
      return "";
    },
  );
  return rest.trim() === "" && input !== "" ? total : undefined;
}
