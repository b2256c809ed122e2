/** Carrying an entry to another day or hour: where it would come to lie, and what is written when it is laid down. */
import type { DragEndEvent, DragStartEvent } from "@dnd-kit/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { minuteAt } from "./Days";
import { daysBetween } from "./days";
import type { Entry } from "./layout";

const step_minutes = 15;

interface Point {
  x: number;
  y: number;
}

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

function pointOf(event: Event): Point | undefined {
  const source = "touches" in event ? (event as TouchEvent).touches[0] : (event as MouseEvent);
  return source && { x: source.clientX, y: source.clientY };
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
  const point = useRef<Point | undefined>(undefined);
  useEffect(() => {
    // The library tells how far something was carried, not where the hand is; scrolling makes the two differ.
    const follow = (event: Event) => {
      point.current = pointOf(event) ?? point.current;
    };
    const options = { capture: true, passive: true };
    window.addEventListener("mousemove", follow, options);
    window.addEventListener("touchmove", follow, options);
    return () => {
      window.removeEventListener("mousemove", follow, options);
      window.removeEventListener("touchmove", follow, options);
    };
  }, []);
  const locate = useCallback((now: Carried): Target | null => {
    const cell = point.current && dayUnder(point.current);
    if (!cell?.dataset.day || !point.current) {
      return null;
    }
    const hourly = "hours" in cell.dataset && now.entry.from !== undefined && now.at === now.entry.day;
    return hourly
      ? { day: cell.dataset.day, from: minuteAt(cell, point.current.y - now.grip, step_minutes) }
      : { day: cell.dataset.day };
  }, []);
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
