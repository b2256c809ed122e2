/** When people are busy and when they work: asked of the server, and what a calendar and a form make of it. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { wallClock } from "../fields/parse";
import { addDays } from "./days";
import { day_minutes, instantAt } from "./layout";

export interface Times {
  starts_at: string;
  ends_at: string;
}

export interface BusyTimes extends Times {
  /** None when the meeting is out of sight. */
  meeting: { id: string; title: string | null } | null;
}

export interface PersonTimes {
  user: string;
  busy: BusyTimes[];
  all: boolean;
  working: Times[];
  holidays: { date: string; name: string }[];
  time_zone: string;
}

/** Most people that the server tells of at once. */
export const people_max = 30;

/** The times of people from the first to the last day. */
export function useFreeBusy(users: string[], first: string, last: string, enabled = true) {
  const asked = [...new Set(users)].sort().slice(0, people_max);
  const range = { from: instantAt(first, 0), to: instantAt(addDays(last, 1), 0) };
  return useQuery({
    queryKey: [...keys.pages("meeting"), "free-busy", asked.join(), range.from, range.to],
    queryFn: async ({ signal }) =>
      (await api.get<{ people: PersonTimes[] }>("/free-busy", { users: asked.join(), ...range }, { signal })).people,
    enabled: enabled && asked.length > 0,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** The parts of a day outside of the given times, in minutes of the clock. */
export function outside(working: Times[], day: string, zone?: string): { from: number; to: number }[] {
  const minute = (instant: string) => {
    const wall = wallClock(instant, zone);
    const date = wall.slice(0, 10);
    return date < day ? 0 : date > day ? day_minutes : Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
  };
  const worked = working
    .map(({ starts_at, ends_at }) => ({ from: minute(starts_at), to: minute(ends_at) }))
    .filter(({ from, to }) => from < to);
  const free = [];
  let at = 0;
  for (const { from, to } of worked) {
    if (from > at) {
      free.push({ from: at, to: from });
    }
    at = Math.max(at, to);
  }
  if (at < day_minutes) {
    free.push({ from: at, to: day_minutes });
  }
  return free;
}

interface Range {
  from: number;
  to: number;
}

function ranges(times: Times[]): Range[] {
  return times.map(({ starts_at, ends_at }) => ({ from: Date.parse(starts_at), to: Date.parse(ends_at) }));
}

/** What two lists of ranges have in common. */
function common(a: Range[], b: Range[]): Range[] {
  return a.flatMap((one) =>
    b
      .map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }))
      .filter(({ from, to }) => from < to),
  );
}

/** Ranges without the busy ones. */
function without(open: Range[], busy: Range[]): Range[] {
  return busy.reduce(
    (left, gone) =>
      left.flatMap(({ from, to }) =>
        [
          { from, to: Math.min(to, gone.from) },
          { from: Math.max(from, gone.to), to },
        ].filter((part) => part.from < part.to),
      ),
    open,
  );
}

function isOf({ meeting }: BusyTimes, id: string | undefined): boolean {
  return id !== undefined && meeting?.id === id;
}

const minute_ms = 60_000;
const step_ms = 30 * minute_ms;
const a_day_max = 2;

export interface SlotQuestion {
  /** Not before. */
  from: number;
  minutes: number;
  most: number;
  /** The meeting that is planned: its own time is no hindrance. */
  except?: string;
  zone?: string;
}

/** The next times at which everybody works and nobody is busy, on full and half hours, two of each day. */
export function freeSlots(people: PersonTimes[], { from, minutes, most, except, zone }: SlotQuestion): Times[] {
  const length = minutes * minute_ms;
  const working = people.map((person) => ranges(person.working)).reduce(common);
  const busy = people.flatMap((person) => ranges(person.busy.filter((one) => !isOf(one, except))));
  const slots: Times[] = [];
  const perDay = new Map<string, number>();
  for (const open of without(working, busy).sort((a, b) => a.from - b.from)) {
    let at = Math.ceil(Math.max(open.from, from) / step_ms) * step_ms;
    while (at + length <= open.to && slots.length < most) {
      const starts_at = new Date(at).toISOString();
      const day = wallClock(starts_at, zone).slice(0, 10);
      const count = perDay.get(day) ?? 0;
      if (count >= a_day_max) {
        break;
      }
      perDay.set(day, count + 1);
      slots.push({ starts_at, ends_at: new Date(at + length).toISOString() });
      at += Math.max(length, 2 * step_ms);
    }
  }
  return slots;
}

export interface Hindrance {
  user: string;
  /** When they are busy; none when it is outside of their working hours. */
  busy?: BusyTimes;
  /** The holiday on that day. */
  holiday?: string;
}

/** Why people cannot come at a time. */
export function hindrances(people: PersonTimes[], time: Times, except?: string, zone?: string): Hindrance[] {
  const [wanted] = ranges([time]);
  return people.flatMap((person): Hindrance[] => {
    const busy = person.busy.find(
      (one) => !isOf(one, except) && wanted !== undefined && common(ranges([one]), [wanted]).length > 0,
    );
    if (busy) {
      return [{ user: person.user, busy }];
    }
    const left = wanted ? without([wanted], ranges(person.working)) : [];
    if (left.length === 0) {
      return [];
    }
    const day = wallClock(time.starts_at, zone).slice(0, 10);
    return [{ user: person.user, holiday: person.holidays.find(({ date }) => date === day)?.name }];
  });
}
