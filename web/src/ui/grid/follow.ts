/** What a fast scrolled list asks for and shows: one place after the other, and the last rows that are there until the next ones arrive. */
import { useLayoutEffect, useReducer, useRef } from "react";
import type { Sight } from "./scroll";

/** A place of the list whose rows were asked for. */
export interface Ask extends Sight {
  at: number;
  /** First and last row asked for: those in sight and those that are about to be. */
  rows: [number, number];
}

/** What is displayed. */
export interface Display {
  shown: Sight;
  /** When the list was at the newest place that was displayed with its rows. */
  seen: number;
  /** Since when rows of another place stand in; null while the rows of the target are there. */
  since: number | null;
}

export type IsLoaded = (from: number, to: number) => boolean;

/** Rows of another place stand in this long, then the place itself is shown without its rows. */
export const hold_ms = 400;
/** After this the next range is asked for although the last one has not arrived. */
export const patience_ms = 250;
const asks_kept = 4;
const ahead_ms = 300;
const ahead_rows_max = 400;

/** The target when its rows are there, else the newest place passed on the way to it whose rows are, else what was there. */
export function nextDisplay(
  before: Display,
  asks: Ask[],
  target: Sight,
  isLoaded: IsLoaded,
  now: number,
  hold: number,
): Display {
  const there = (sight: Sight) => isLoaded(sight.from, sight.to);
  if (there(target)) {
    return { shown: target, seen: now, since: null };
  }
  const moving = asks.at(-1)?.top !== target.top;
  const passed = moving && hold > 0 && asks.findLast((ask) => ask.at > before.seen && there(ask));
  if (passed) {
    return { shown: passed, seen: passed.at, since: now };
  }
  const since = before.since ?? now;
  const held = now - since < hold && there(before.shown);
  return { shown: held ? before.shown : target, seen: before.seen, since };
}

/** What to ask for next; null when that was done, or while the rows in sight that were asked for last are on their way. */
export function nextAsk(last: Ask | undefined, target: Sight, isLoaded: IsLoaded, now: number): Ask | null {
  if (last?.from === target.from && last.to === target.to) {
    return null;
  }
  if (last && now - last.at < patience_ms && !isLoaded(last.from, last.to)) {
    return null;
  }
  const moved = last ? target.from - last.from : 0;
  return { ...target, at: now, rows: stretched(target.from, target.to, moved, last ? now - last.at : 0) };
}

/** A range stretched the way it moves, to the rows that will be in sight in a moment. What is too fast to be met there is not. */
export function stretched(from: number, to: number, moved: number, elapsed_ms: number): [number, number] {
  const ahead = Math.round((moved / Math.max(1, elapsed_ms)) * ahead_ms);
  if (Math.abs(ahead) > 2 * ahead_rows_max) {
    return [from, to];
  }
  const step = Math.max(-ahead_rows_max, Math.min(ahead_rows_max, ahead));
  return step < 0 ? [Math.max(0, from + step), to] : [from, to + step];
}

interface Followed {
  target: Sight;
  count: number;
  get: (index: number) => unknown;
  onRange: (from: number, to: number) => void;
  /** How long rows of another place stand in, at most. */
  hold: number;
}

/** Asks for the rows around the target and says which place is displayed. */
export function useFollowed({ target, count, get, onRange, hold }: Followed): Sight {
  const [, wake] = useReducer((times: number) => times + 1, 0);
  const asks = useRef<Ask[]>([]);
  const display = useRef<Display>({ shown: target, seen: 0, since: null });
  const isLoaded = (from: number, to: number) => {
    for (let index = from; index <= to && index < count; index++) {
      if (get(index) === undefined) {
        return false;
      }
    }
    return true;
  };
  const now = performance.now();
  const next = nextDisplay(display.current, asks.current, target, isLoaded, now, hold);
  useLayoutEffect(() => {
    display.current = next;
    const last = asks.current.at(-1);
    const ask = nextAsk(last, target, isLoaded, now);
    if (ask) {
      asks.current = [...asks.current, ask].slice(-asks_kept);
      onRange(ask.rows[0], ask.rows[1]);
    }
    const waiting = last && !ask && (last.from !== target.from || last.to !== target.to);
    const late = waiting ? last.at + patience_ms : Number.POSITIVE_INFINITY;
    const over = next.since !== null && next.shown !== target ? next.since + hold : Number.POSITIVE_INFINITY;
    const wait = Math.min(late, over) - now;
    if (Number.isFinite(wait)) {
      const timer = setTimeout(wake, Math.max(0, wait));
      return () => clearTimeout(timer);
    }
  });
  return next.shown;
}
