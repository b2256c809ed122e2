/** Numbers, amounts, days and instants as the signed-in person reads them. */
import { currentLanguage, setFigures, t } from "./index";

let timeZone: string | undefined;
let locale: string | undefined;

/** Sets the person's locale and time zone; the browser's are used where they are missing. */
export function setRegion(newLocale: string | null | undefined, zone: string | null | undefined): void {
  locale = supported(() => Intl.getCanonicalLocales(newLocale ?? undefined)) ? (newLocale ?? undefined) : undefined;
  timeZone = zone && supported(() => new Intl.DateTimeFormat(undefined, { timeZone: zone })) ? zone : undefined;
  cache.clear();
  setFigures(currentLocale());
  // A browser needs tens of milliseconds for its first date: better now, while the page waits for its data, than
  // in the middle of its drawing.
  setTimeout(() => formatDateTime(new Date().toISOString()));
}

function supported(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

type Format = Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat | Intl.DisplayNames | Intl.ListFormat;
const cache = new Map<string, Format>();
function cached<T extends Format>(key: string, make: () => T): T {
  let format = cache.get(key) as T | undefined;
  if (!format) {
    format = make();
    cache.set(key, format);
  }
  return format;
}

/** The locale that numbers and days are written in. */
export function currentLocale(): string {
  return locale ?? (typeof navigator === "undefined" ? currentLanguage() : navigator.language);
}

/** The locale for words that stand among texts: the person's own where the texts are in its language. */
export function wordLocale(): string {
  const language = currentLanguage();
  return currentLocale().split("-")[0] === language ? currentLocale() : language;
}

/** "a, b and c". */
export function formatList(words: string[]): string {
  const locale = wordLocale();
  return cached(`list ${locale}`, () => new Intl.ListFormat(locale, { type: "conjunction" })).format(words);
}

/** The country of an ISO code. */
export function regionName(code: string): string {
  const locale = wordLocale();
  return cached(`region ${locale}`, () => new Intl.DisplayNames(locale, { type: "region" })).of(code) ?? code;
}

/** The time zone that instants are shown in. */
export function currentTimeZone(): string {
  return timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function formatNumber(value: number, maximumFractionDigits = 4): string {
  return cached(
    `n${maximumFractionDigits}`,
    () => new Intl.NumberFormat(currentLocale(), { maximumFractionDigits }),
  ).format(value);
}

/** 12403 → "12.4K". */
export function formatCompact(value: number): string {
  const make = () => new Intl.NumberFormat(currentLocale(), { notation: "compact", maximumFractionDigits: 1 });
  return cached("compact", make).format(value);
}

export function formatPercent(value: number): string {
  const make = () => new Intl.NumberFormat(currentLocale(), { style: "percent", maximumFractionDigits: 2 });
  return cached("percent", make).format(value / 100);
}

export function formatMoney(amount: number, currency: string): string {
  const whole = Number.isInteger(amount);
  try {
    const make = () =>
      new Intl.NumberFormat(currentLocale(), {
        style: "currency",
        currency,
        minimumFractionDigits: whole ? 0 : 2,
        maximumFractionDigits: whole ? 0 : 2,
      });
    return cached(`m${currency}${whole}`, make).format(amount);
  } catch {
    return `${formatNumber(amount)} ${currency}`;
  }
}

/** 12403510 EUR → "€12.4M", where the amount has no room. */
export function formatMoneyShort(amount: number, currency: string): string {
  try {
    const style = { style: "currency", currency, notation: "compact", maximumFractionDigits: 1 } as const;
    return cached(`ms${currency}`, () => new Intl.NumberFormat(currentLocale(), style)).format(amount);
  } catch {
    return `${formatCompact(amount)} ${currency}`;
  }
}

/** A calendar day, `2026-11-22`; it has no time zone. */
export function formatDate(day: string): string {
  const instant = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(instant.getTime())) {
    return day;
  }
  return cached("d", () => new Intl.DateTimeFormat(currentLocale(), { dateStyle: "medium", timeZone: "UTC" })).format(
    instant,
  );
}

const dayStyles = {
  weekday: { weekday: "short" },
  weekday_long: { weekday: "long" },
  number: { day: "numeric" },
  number_month: { day: "numeric", month: "short" },
  short: { weekday: "short", day: "numeric", month: "short" },
  long: { dateStyle: "full" },
  weekday_number: { weekday: "narrow", day: "numeric" },
  month: { month: "long", year: "numeric" },
  month_short: { month: "short" },
} as const satisfies { [style: string]: Intl.DateTimeFormatOptions };
export type DayStyle = keyof typeof dayStyles;

/** A calendar day in words: its weekday, its month, all of it. */
export function formatDay(day: string, style: DayStyle): string {
  const make = () => new Intl.DateTimeFormat(wordLocale(), { ...dayStyles[style], timeZone: "UTC" });
  return cached(`day ${style} ${wordLocale()}`, make).format(new Date(`${day}T00:00:00Z`));
}

/** "22 – 28 Nov 2026". */
export function formatDays(first: string, last: string): string {
  const make = () =>
    new Intl.DateTimeFormat(wordLocale(), { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const [from, to] = [new Date(`${first}T00:00:00Z`), new Date(`${last}T00:00:00Z`)];
  return cached(`days ${wordLocale()}`, make).formatRange(from, to);
}

/** A full hour of the clock, as it stands beside a day: "14:00", "2 PM". */
export function formatHour(hour: number): string {
  const make = () => new Intl.DateTimeFormat(currentLocale(), { timeStyle: "short", timeZone: "UTC" });
  return cached("hour", make).format(new Date(Date.UTC(2001, 0, 1, hour)));
}

/** An instant in the person's time zone. */
export function formatDateTime(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) {
    return instant;
  }
  const make = () => new Intl.DateTimeFormat(currentLocale(), { dateStyle: "medium", timeStyle: "short", timeZone });
  return cached("dt", make).format(date);
}

/** The time of day of an instant. */
export function formatTime(instant: string): string {
  return cached("t", () => new Intl.DateTimeFormat(currentLocale(), { timeStyle: "short", timeZone })).format(
    new Date(instant),
  );
}

/** "Monday, 3 March 2026" of an instant, for headings. */
export function formatLongDay(instant: string): string {
  return cached("ld", () => new Intl.DateTimeFormat(wordLocale(), { dateStyle: "full", timeZone })).format(
    new Date(instant),
  );
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 hours ago", "in 2 days". */
export function formatRelative(instant: string, now: number = Date.now()): string {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  if (Number.isNaN(seconds)) {
    return instant;
  }
  const format = cached("r", () => new Intl.RelativeTimeFormat(wordLocale(), { numeric: "auto" }));
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) {
      return format.format(Math.round(seconds / size), unit);
    }
  }
  return t("time.now");
}

/** Today as `2026-11-22` in the person's time zone. */
export function today(): string {
  return dayOf(new Date());
}

/** The day of an instant as `2026-11-22` in the person's time zone. */
export function dayOf(instant: string | Date): string {
  const make = () => new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone });
  return cached("iso", make).format(new Date(instant));
}

/** 5400 → "1 h 30 min". */
export function formatDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = Math.round(seconds % 60);
  const parts = [hours && t("time.hours", { n: hours }), minutes && t("time.minutes", { n: minutes })].filter(Boolean);
  if ((rest || parts.length === 0) && hours === 0) {
    parts.push(t("time.seconds", { n: rest }));
  }
  return parts.join(" ");
}

/** A time that may be weeks: in days from the second one on, else as hours and minutes. */
export function formatLongTime(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  if (days < 2) {
    return formatDuration(seconds);
  }
  const make = () => new Intl.NumberFormat(wordLocale(), { style: "unit", unit: "day", unitDisplay: "long" });
  return cached("long-days", make).format(days);
}

/** 1536000 → "1.5 MB". */
export function formatBytes(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const unit = units[power] ?? "byte";
  // The short name of bytes knows no plural.
  const unitDisplay = power === 0 ? "long" : "short";
  const make = () =>
    new Intl.NumberFormat(currentLocale(), { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 });
  return cached(`b${unit}`, make).format(bytes / 1000 ** power);
}
