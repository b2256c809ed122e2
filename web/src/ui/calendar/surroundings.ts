/** What stands around one's own entries: those of colleagues, the hours outside of work, the names of holidays. */
import { useMemo } from "react";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { outside, type PersonTimes, useFreeBusy } from "./freeBusy";
import { day_minutes, type Entry, entryOf } from "./layout";
import type { CalendarLook } from "./parts";

export interface Colleague {
  id: string;
  name: string;
  color: string;
}

export interface Surroundings {
  entries: Entry[];
  /** The parts of a day that are no working time. */
  off: (day: string) => { from: number; to: number }[];
  /** Whether a whole day is free. */
  isOff: (day: string) => boolean;
  holidays: (day: string) => string[];
}

/** The entries of a colleague; what stands in the calendar already is left out. */
function entriesOf(look: CalendarLook, person: PersonTimes, { name, color }: Colleague, own: Entry[]): Entry[] {
  const { start, end } = look.when;
  const known = new Set(own.map(({ record, series }) => `${record.id} ${series?.at ?? record[start.name]}`));
  return person.busy.flatMap(({ starts_at, ends_at, meeting }) => {
    if (!end || (meeting && known.has(`${meeting.id} ${starts_at}`))) {
      return [];
    }
    const title = meeting ? (meeting.title ?? t("calendar.busy", { name })) : t("calendar.busy", { name });
    const id = meeting?.id ?? `${person.user} ${starts_at}`;
    const entry = entryOf({ id, [look.object.title]: title, [start.name]: starts_at, [end.name]: ends_at }, look.when);
    return entry
      ? [{ ...entry, key: `${person.user} ${id} ${starts_at}`, beside: { name, color, hidden: !meeting } }]
      : [];
  });
}

export function useSurroundings(
  look: CalendarLook,
  colleagues: Colleague[],
  own: Entry[],
  days: string[],
  enabled: boolean,
): Surroundings {
  const me = useBoot().user.id;
  const [first = "", last = ""] = [days[0], days.at(-1)];
  const { data } = useFreeBusy([me, ...colleagues.map(({ id }) => id)], first, last, enabled);
  return useMemo(() => {
    const of = (id: string) => data?.find(({ user }) => user === id);
    const mine = of(me);
    const entries = colleagues.flatMap((colleague) => {
      const person = of(colleague.id);
      return person ? entriesOf(look, person, colleague, own) : [];
    });
    const off = (day: string) => (mine ? outside(mine.working, day) : []);
    const holidays = (day: string) => {
      const named = (person: PersonTimes | undefined) => person?.holidays.find(({ date }) => date === day)?.name;
      const own = named(mine);
      const others = colleagues.flatMap(({ id, name }) => {
        const holiday = named(of(id));
        return holiday && holiday !== own ? [t("calendar.holiday_of", { holiday, name })] : [];
      });
      return [...(own ? [own] : []), ...others];
    };
    const isOff = (day: string) => off(day).some(({ from, to }) => from === 0 && to === day_minutes);
    return { entries, off, isOff, holidays };
  }, [data, me, colleagues, own, look]);
}
