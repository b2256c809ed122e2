/** Scrolling through more rows than a browser can stack: beyond a height the scroll bar is scaled, the rows never are. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

/** Browsers stop at about 17 million pixels; this keeps clear of it. */
export const height_max_px = 12_000_000;
const overscan = 6;

/** Rows are placed from one of these on: far down, positions from row 0 would be too large to be exact. */
const anchor_rows = 512;

/** A place of the list: how far it is scrolled, and the first and last row of which a part is in sight. */
export interface Sight {
  top: number;
  from: number;
  to: number;
}

export interface Window {
  /** First and last row that are drawn. */
  from: number;
  to: number;
  /** The row that the drawn ones are placed from. It stays the same over many rows. */
  anchor: number;
  /** Where the anchor lies, measured from the upper edge of what is in sight. */
  offset: number;
}

/** Height of the scrolled area and how much further each pixel of it goes. */
export function scaleOf(count: number, rowHeight: number, viewHeight: number): { height: number; scale: number } {
  const real = count * rowHeight;
  if (real <= height_max_px) {
    return { height: real, scale: 1 };
  }
  return { height: height_max_px, scale: (real - viewHeight) / (height_max_px - viewHeight) };
}

export function sightAt(top: number, count: number, rowHeight: number, viewHeight: number): Sight {
  const from = Math.max(0, Math.floor(top / rowHeight));
  const to = Math.min(count, Math.ceil((top + viewHeight) / rowHeight)) - 1;
  return { top, from, to: Math.max(from, to) };
}

/** How many rows are drawn, whatever the place: their elements are used again as the list moves. */
export function drawnRows(rowHeight: number, viewHeight: number): number {
  return Math.ceil(viewHeight / rowHeight) + 1 + 2 * overscan;
}

/** The rows to draw for a place. */
export function windowAt({ top, from }: Sight, count: number, rowHeight: number, drawn: number): Window {
  const first = Math.max(0, from - overscan);
  const anchor = first - (first % anchor_rows);
  return {
    from: first,
    to: Math.max(first, Math.min(count, first + drawn) - 1),
    anchor,
    offset: anchor * rowHeight - top,
  };
}

/**
 * The rows in the order of their elements: each row takes the element of the row that is `drawn` before or after it, and
 * no element changes its place as long as `rested`, the first row when the list was last at rest, is the same.
 */
export function rowsInPlace({ from, to }: Window, drawn: number, rested: number): number[] {
  const rows = [];
  for (let place = 0; place < drawn; place++) {
    const index = from + ((((rested + place - from) % drawn) + drawn) % drawn);
    if (index <= to) {
      rows.push(index);
    }
  }
  return rows;
}

interface Scroller {
  /** Where the list is scrolled to. */
  target: Sight;
  /** Where the scroll bar stands. */
  scrolled: number;
  /** Height of the scrolled area. */
  height: number;
  /** Brings a row into sight. */
  showRow: (index: number) => void;
  viewRows: number;
  /** How many rows are drawn. */
  drawn: number;
}

/** Follows the scroll position of an element whose rows all have the same height. `inset` is covered by sticky head and foot. */
export function useScroller(
  element: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  inset: number,
): Scroller {
  const [view, setView] = useState(600);
  const [scroll, setScroll] = useState({ top: 0, scrolled: 0 });
  const real = useRef(0);
  const last = useRef(scroll);
  const body = Math.max(rowHeight, view - inset);
  const { height, scale } = scaleOf(count, rowHeight, body);

  const follow = useCallback(() => {
    const scrolled = element.current?.scrollTop ?? 0;
    // Keeps the exact place as long as the scroll bar is where we put it; a dragged bar says a new one.
    if (scale === 1 || Math.abs(real.current / scale - scrolled) > 1) {
      real.current = scale === 1 ? scrolled : Math.round(scrolled * scale);
    }
    if (last.current.top !== real.current || last.current.scrolled !== scrolled) {
      last.current = { top: real.current, scrolled };
      setScroll(last.current);
    }
  }, [element, scale]);

  const moveTo = useCallback(
    (top: number) => {
      const max = Math.max(0, count * rowHeight - body);
      real.current = Math.min(max, Math.max(0, top));
      if (element.current) {
        element.current.scrollTop = real.current / scale;
        follow();
      }
    },
    [body, count, element, follow, rowHeight, scale],
  );

  useLayoutEffect(() => {
    const target = element.current;
    if (!target) {
      return;
    }
    const measure = () => setView(target.clientHeight || 600);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);

  useEffect(() => {
    const target = element.current;
    if (!target) {
      return;
    }
    follow();
    const wheel = (event: WheelEvent) => {
      if (scale > 1 && event.deltaY !== 0 && !event.ctrlKey && !event.shiftKey) {
        event.preventDefault();
        const unit = event.deltaMode === 1 ? rowHeight : event.deltaMode === 2 ? body : 1;
        target.scrollLeft += event.deltaX;
        moveTo(real.current + event.deltaY * unit);
      }
    };
    // At once, so that the rows are drawn in the same frame.
    const scroll = () => flushSync(follow);
    target.addEventListener("scroll", scroll, { passive: true });
    target.addEventListener("wheel", wheel, { passive: false });
    return () => {
      target.removeEventListener("scroll", scroll);
      target.removeEventListener("wheel", wheel);
    };
  }, [body, element, follow, moveTo, rowHeight, scale]);

  const showRow = useCallback(
    (index: number) => {
      const top = index * rowHeight;
      if (top < real.current) {
        moveTo(top);
      } else if (top + rowHeight > real.current + body) {
        moveTo(top + rowHeight - body);
      }
    },
    [body, moveTo, rowHeight],
  );

  const top = Math.min(scroll.top, Math.max(0, count * rowHeight - body));
  return {
    target: sightAt(top, count, rowHeight, body),
    scrolled: scroll.scrolled,
    height,
    showRow,
    viewRows: Math.max(1, Math.floor(body / rowHeight)),
    drawn: drawnRows(rowHeight, body),
  };
}

const rest_ms = 150;

/** The value when it has stayed the same for a moment; until then what it was at the last rest. */
export function useRested(value: number): number {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    if (value !== rested) {
      const timer = setTimeout(() => setRested(value), rest_ms);
      return () => clearTimeout(timer);
    }
  }, [value, rested]);
  return rested;
}
