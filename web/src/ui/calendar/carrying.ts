/** Carrying an entry to another day or hour: where it would come to lie, and what is written when it is laid down. */
import type { DragEndEvent, DragStartEvent } from "@dnd-kit/core";
import { useCallback, useState } from "react";
import { type Point, pointOf, useHand } from "../drag/hand";
import { minuteAt } from "./Days";
import { daysBetween } from "./days";
import type { Entry } from "./layout";

const step_minutes = 15;

export interface Target {
  day: string;
  /** Minutes of the day, over hours. */
  from?: number;
}

interface Carried {
  entry: Entry;
  /** The day that it was taken hold of at: of a long one not always its first. */
  at: string;
  /** How far below its upper edge. */
  grip: number;
}

/** The day at a point itself: not the one whose entry reaches over it. */
function dayUnder({ x, y }: Point): HTMLElement | undefined {
  return document
    .elementsFromPoint(x, y)
    .find((element): element is HTMLElement => element instanceof HTMLElement && element.dataset.day !== undefined);
}

export function useCarrying(onMove: (entry: Entry, by: { days: number; from?: number }) => void) {
  const [carried, setCarried] = useState<Carried | null>(null);
  const [target, setTarget] = useState<Target | null>(null);
  const point = useHand();
  const locate = useCallback(
    (now: Carried): Target | null => {
      const cell = point.current && dayUnder(point.current);
      if (!cell?.dataset.day || !point.current) {
        return null;
      }
      const hourly = "hours" in cell.dataset && now.entry.from !== undefined && now.at === now.entry.day;
      return hourly
        ? { day: cell.dataset.day, from: minuteAt(cell, point.current.y - now.grip, step_minutes) }
        : { day: cell.dataset.day };
    },
    [point],
  );
  const start = ({ active, activatorEvent }: DragStartEvent) => {
    const entry = active.data.current?.entry as Entry | undefined;
    point.current = pointOf(activatorEvent);
    const element = activatorEvent.target instanceof Element ? activatorEvent.target.closest("[data-entry]") : null;
    const cell = point.current && dayUnder(point.current);
    if (entry && element && point.current && cell?.dataset.day) {
      const grip = point.current.y - element.getBoundingClientRect().top;
      const next = { entry, at: cell.dataset.day, grip: "hours" in cell.dataset ? grip : 0 };
      setCarried(next);
      setTarget(locate(next));
    }
  };
  const move = () => {
    const next = carried && locate(carried);
    setTarget((before) => (before?.day === next?.day && before?.from === next?.from ? before : next));
  };
  const end = (_: DragEndEvent) => {
    const last = carried && locate(carried);
    setCarried(null);
    setTarget(null);
    if (carried && last) {
      onMove(carried.entry, { days: daysBetween(carried.at, last.day), from: last.from });
    }
  };
  const cancel = () => {
    setCarried(null);
    setTarget(null);
  };
  return { carried: carried?.entry ?? null, target, events: { start, move, end, cancel } };
}
