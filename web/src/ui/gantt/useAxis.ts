/** The way along a timeline: a stretch of days around the place in sight, laid out anew when its end comes near, so that time never ends. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { addDays, daysBetween } from "../calendar/days";
import { day_px, dayAtPx, span_days, type Zoom } from "./axis";

/** The marks are drawn anew every so many pixels. */
const step_px = 120;
const edge_px = 1200;

export interface Axis {
  /** What the area is laid out for: a moment behind the zoom that is asked for. */
  zoom: Zoom;
  /** The first day of the area. */
  origin: string;
  /** How wide the area is. */
  area: number;
  /** What is in sight, in pixels of the area. */
  left: number;
  right: number;
  /** Brings a day into the middle. */
  show: (day: string) => void;
  /** Goes on by a part of what is in sight. */
  turn: (step: 1 | -1) => void;
  /** The day in the middle. */
  middle: () => string;
  /** Keeps the area as it is while something is carried over it. */
  hold: RefObject<boolean>;
}

function originFor(day: string, zoom: Zoom): string {
  return addDays(day, -Math.floor(span_days[zoom] / 2));
}

/** `names` is the width of the column that stands still at the left. */
export function useAxis(element: RefObject<HTMLElement | null>, asked: Zoom, day: string, names: number): Axis {
  const [laid, setLaid] = useState({ origin: originFor(day, asked), zoom: asked });
  const { zoom } = laid;
  const [sight, setSight] = useState({ left: 0, width: 800 });
  const middle = useRef(day);
  const wanted = useRef<number | null>(null);
  const hold = useRef(false);
  const px = day_px[zoom];
  const area = Math.round(span_days[zoom] * px);

  const read = useCallback(() => {
    const target = element.current;
    if (!target) {
      return;
    }
    const width = Math.max(100, target.clientWidth - names);
    const x = target.scrollLeft;
    middle.current = dayAtPx(x + width / 2, laid.origin, zoom);
    setSight((before) =>
      before.width === width && Math.floor(before.left / step_px) === Math.floor(x / step_px)
        ? before
        : { left: x, width },
    );
    const near = Math.min(edge_px, (area - width) / 4);
    if (!hold.current && wanted.current === null && (x < near || x > area - width - near)) {
      const origin = originFor(middle.current, zoom);
      wanted.current = x - daysBetween(laid.origin, origin) * px;
      setLaid({ origin, zoom });
    }
  }, [element, names, laid, zoom, px, area]);

  const show = useCallback(
    (to: string) => {
      const width = Math.max(100, (element.current?.clientWidth ?? 800) - names);
      const origin = originFor(to, asked);
      wanted.current = (daysBetween(origin, to) + 0.5) * day_px[asked] - width / 2;
      middle.current = to;
      setLaid({ origin, zoom: asked });
    },
    [element, names, asked],
  );

  // Another day is gone to; another zoom keeps the day in the middle.
  const gone = useRef("");
  useLayoutEffect(() => {
    show(gone.current === day ? middle.current : day);
    gone.current = day;
  }, [day, show]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the area is laid out anew
  useLayoutEffect(() => {
    const target = element.current;
    if (target && wanted.current !== null) {
      target.scrollLeft = wanted.current;
      wanted.current = null;
      read();
    }
  }, [laid]);

  useEffect(() => {
    const target = element.current;
    if (!target) {
      return;
    }
    read();
    target.addEventListener("scroll", read, { passive: true });
    const observer = new ResizeObserver(read);
    observer.observe(target);
    return () => {
      target.removeEventListener("scroll", read);
      observer.disconnect();
    };
  }, [element, read]);

  const turn = useCallback(
    (step: 1 | -1) => {
      const target = element.current;
      const far = Math.max(100, (target?.clientWidth ?? 800) - names) * 0.8;
      target?.scrollBy({ left: step * far });
    },
    [element, names],
  );
  return {
    zoom,
    origin: laid.origin,
    area,
    left: sight.left,
    right: sight.left + sight.width,
    show,
    turn,
    middle: useCallback(() => middle.current, []),
    hold,
  };
}
