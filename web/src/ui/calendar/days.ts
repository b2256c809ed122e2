/** Calendar days as `2026-11-22`: counting with them, weeks and months of them. They have no time zone. Pure. */

const day_ms = 86_400_000;

function at(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function dayAt(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Whether a text is a day that exists. */
export function isDay(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at(text)) && dayAt(at(text)) === text;
}

export function addDays(day: string, count: number): string {
  return dayAt(at(day) + count * day_ms);
}

/** How many days `to` is after `from`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((at(to) - at(from)) / day_ms);
}

export function daysFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => addDays(first, index));
}

/** 0 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(at(day)).getUTCDay();
}

/** The first day of the week that a day is in. */
export function weekOf(day: string, firstWeekday: number): string {
  return addDays(day, -((weekdayOf(day) - firstWeekday + 7) % 7));
}

/** The same day of another month; the last day where that month is shorter. */
export function addMonths(day: string, count: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + count + 1, 0)).getUTCDate();
  return dayAt(Date.UTC(year, month - 1 + count, Math.min(date, last)));
}

/** The weeks that a month is in, whole. */
export function monthWeeks(day: string, firstWeekday: number): string[][] {
  const first = `${day.slice(0, 8)}01`;
  const last = addDays(addMonths(first, 1), -1);
  const weeks = [];
  for (let week = weekOf(first, firstWeekday); week <= last; week = addDays(week, 7)) {
    weeks.push(daysFrom(week, 7));
  }
  return weeks;
}

const sunday_first =
  "AG AS AU BD BR BS BT BW BZ CA CN CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR LA MH MM MO MT MX MZ NI NP PA PE PH PK PR PT PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW".split(
    " ",
  );
const saturday_first = "AE AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY".split(" ");

interface WeekInfo {
  getWeekInfo?: () => { firstDay: number };
  weekInfo?: { firstDay: number };
}

/** The day that weeks begin with where the locale is spoken, 0 is Sunday; not every browser knows it by itself. */
export function firstWeekday(locale: string): number {
  try {
    const known = new Intl.Locale(locale) as Intl.Locale & WeekInfo;
    const info = known.getWeekInfo?.() ?? known.weekInfo;
    if (info) {
      return info.firstDay % 7;
    }
    const region = known.maximize().region ?? "";
    return sunday_first.includes(region) ? 0 : saturday_first.includes(region) ? 6 : 1;
  } catch {
    return 1;
  }
}
