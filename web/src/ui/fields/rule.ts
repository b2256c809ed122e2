/** Rules of recurrence as people choose them: read from and written as `FREQ=…`, and said in words. */
import { t } from "../../i18n";
import { formatDate, wordLocale } from "../../i18n/format";

export const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof weekdays)[number];
export type Frequency = "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";

export interface Rule {
  frequency: Frequency;
  interval: number;
  /** Days of the week; in a monthly rule together with `nth`. */
  days: Weekday[];
  /** The first (1) to fourth or the last (-1) of the days in a month. */
  nth?: number;
  /** Day of the month; -1 is the last. */
  monthDay?: number;
  count?: number;
  /** Day of the calendar. */
  until?: string;
}

const frequencies = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
const working: Weekday[] = ["MO", "TU", "WE", "TH", "FR"];

function asNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,5}$/.test(text) ? Number(text) : undefined;
}

/** The rule in a text; undefined when it says more than people can choose here. */
export function readRule(text: string): Rule | undefined {
  const parts = new Map(text.split(";").map((part) => part.split("=") as [string, string]));
  const known = ["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL", "WKST"];
  const frequency = parts.get("FREQ") ?? "";
  if (!frequencies.includes(frequency) || [...parts.keys()].some((name) => !known.includes(name))) {
    return undefined;
  }
  const until = parts.get("UNTIL");
  const rule: Rule = {
    frequency: frequency as Frequency,
    interval: asNumber(parts.get("INTERVAL")) ?? 1,
    days: [],
    monthDay: asNumber(parts.get("BYMONTHDAY")),
    count: asNumber(parts.get("COUNT")),
    until: until && /^\d{8}/.test(until) ? `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}` : undefined,
  };
  for (const day of parts.get("BYDAY")?.split(",") ?? []) {
    const match = /^(-?\d)?([A-Z]{2})$/.exec(day);
    if (!match || (match[1] !== undefined && frequency !== "MONTHLY") || (rule.nth && String(rule.nth) !== match[1])) {
      return undefined;
    }
    rule.days.push(match[2] as Weekday);
    rule.nth = asNumber(match[1]);
  }
  const odd =
    (rule.monthDay !== undefined && (frequency !== "MONTHLY" || rule.days.length > 0)) ||
    (rule.days.length > 0 && frequency === "YEARLY") ||
    (rule.days.length > 0 && frequency === "MONTHLY" && rule.nth === undefined) ||
    (rule.days.length > 0 && frequency === "DAILY");
  return odd ? undefined : rule;
}

export function writeRule(rule: Rule): string {
  const parts = [`FREQ=${rule.frequency}`];
  if (rule.interval > 1) {
    parts.push(`INTERVAL=${rule.interval}`);
  }
  if (rule.days.length > 0) {
    const ordered = weekdays.filter((day) => rule.days.includes(day));
    parts.push(`BYDAY=${ordered.map((day) => `${rule.nth ?? ""}${day}`).join(",")}`);
  } else if (rule.monthDay !== undefined) {
    parts.push(`BYMONTHDAY=${rule.monthDay}`);
  }
  if (rule.count !== undefined) {
    parts.push(`COUNT=${rule.count}`);
  } else if (rule.until) {
    parts.push(`UNTIL=${rule.until.replaceAll("-", "")}`);
  }
  return parts.join(";");
}

/** A day's place in its month: which weekday, the how-manieth, whether it is the last one. */
export function placeOf(day: string): { weekday: Weekday; nth: number; last: boolean; monthDay: number } {
  const date = new Date(`${day}T12:00:00Z`);
  const monthDay = date.getUTCDate();
  const days = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const weekday = weekdays[(date.getUTCDay() + 6) % 7] ?? "MO";
  return { weekday, nth: Math.ceil(monthDay / 7), last: monthDay + 7 > days, monthDay };
}

/** The rules offered for a day, without an end. */
export function usualRules(day: string): Rule[] {
  const { weekday, nth, last, monthDay } = placeOf(day);
  const rules: Rule[] = [
    { frequency: "DAILY", interval: 1, days: [] },
    { frequency: "WEEKLY", interval: 1, days: working },
    { frequency: "WEEKLY", interval: 1, days: [weekday] },
    { frequency: "MONTHLY", interval: 1, days: [], monthDay },
  ];
  if (nth < 5) {
    rules.push({ frequency: "MONTHLY", interval: 1, days: [weekday], nth });
  }
  if (last) {
    rules.push({ frequency: "MONTHLY", interval: 1, days: [weekday], nth: -1 });
  }
  return [...rules, { frequency: "YEARLY", interval: 1, days: [] }];
}

export function weekdayName(day: Weekday, style: "long" | "short" = "long"): string {
  const date = new Date(Date.UTC(2024, 0, 1 + weekdays.indexOf(day), 12));
  return new Intl.DateTimeFormat(wordLocale(), { weekday: style, timeZone: "UTC" }).format(date);
}

function listed(words: string[]): string {
  return new Intl.ListFormat(wordLocale(), { type: "conjunction" }).format(words);
}

function rhythm(rule: Rule): string {
  const count = rule.interval;
  const days = listed(weekdays.filter((day) => rule.days.includes(day)).map((day) => weekdayName(day)));
  if (rule.frequency === "WEEKLY" && rule.days.length > 0) {
    if (count === 1 && working.every((day) => rule.days.includes(day)) && rule.days.length === 5) {
      return t("repeat.workdays");
    }
    return t("repeat.weekly_on", { count, days });
  }
  if (rule.frequency === "MONTHLY" && rule.nth !== undefined) {
    return t("repeat.monthly_nth", { count, days, nth: t(`repeat.nth_${rule.nth < 0 ? "last" : rule.nth}`) });
  }
  if (rule.frequency === "MONTHLY" && rule.monthDay === -1) {
    return t("repeat.monthly_last", { count });
  }
  if (rule.frequency === "MONTHLY" && rule.monthDay !== undefined) {
    return t("repeat.monthly_day", { count, day: rule.monthDay });
  }
  return t(`repeat.${rule.frequency.toLowerCase()}`, { count });
}

/** "Every month on the last Friday, 5 times"; a rule beyond words stands as it is. */
export function ruleInWords(text: string): string {
  const rule = readRule(text);
  if (!rule) {
    return text;
  }
  if (rule.count !== undefined) {
    return t("repeat.with_count", { rhythm: rhythm(rule), count: rule.count });
  }
  return rule.until ? t("repeat.with_until", { rhythm: rhythm(rule), day: formatDate(rule.until) }) : rhythm(rule);
}
