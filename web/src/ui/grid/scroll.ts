/** Scrolling through more rows than a browser can stack: beyond a height the scroll bar is scaled, the rows never are. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** Browsers stop at about 17 million pixels; this keeps clear of it. */
export const height_max_px = 12_000_000;
const overscan = 6;

export interface Window {
  /** First and last row that are drawn. */
  from: number;
  to: number;
  /** Height of the scrolled area. */
  height: number;
  /** Where row 0 would lie within that area at the present position. */
  origin: number;
}

/** Height of the scrolled area and how much further each pixel of it goes. */
export function scaleOf(count: number, rowHeight: number, viewHeight: number): { height: number; scale: number } {
  const real = count * rowHeight;
  if (real <= height_max_px) {
    return { height: real, scale: 1 };
  }
  return { height: height_max_px, scale: (real - viewHeight) / (height_max_px - viewHeight) };
}

/** The rows to draw when the real list is scrolled to `top`. */
export function windowAt(
  top: number,
  scrolled: number,
  count: number,
  rowHeight: number,
  viewHeight: number,
  height: number,
): Window {
  const from = Math.max(0, Math.floor(top / rowHeight) - overscan);
  const to = Math.min(count - 1, Math.ceil((top + viewHeight) / rowHeight) + overscan);
  return { from, to: Math.max(from, to), height, origin: scrolled - top };
}

interface Scroller {
  window: Window;
  /** Brings a row into sight. */
  showRow: (index: number) => void;
  viewRows: number;
  /** How many rows are drawn at most: their elements are used again as the list moves. */
  pool: number;
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
  const body = Math.max(rowHeight, view - inset);
  const { height, scale } = scaleOf(count, rowHeight, body);

  const follow = useCallback(() => {
    const scrolled = element.current?.scrollTop ?? 0;
    // Keeps the exact place as long as the scroll bar is where we put it; a dragged bar says a new one.
    if (scale === 1 || Math.abs(real.current / scale - scrolled) > 1) {
      real.current = scrolled * scale;
    }
    setScroll((known) =>
      known.top === real.current && known.scrolled === scrolled ? known : { top: real.current, scrolled },
    );
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
    target.addEventListener("scroll", follow, { passive: true });
    target.addEventListener("wheel", wheel, { passive: false });
    return () => {
      target.removeEventListener("scroll", follow);
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
    window: windowAt(top, scroll.scrolled, count, rowHeight, body, height),
    showRow,
    viewRows: Math.max(1, Math.floor(body / rowHeight)),
    pool: Math.ceil(body / rowHeight) + 2 * overscan + 2,
  };
}

const ahead_ms = 300;
const ahead_rows_max = 400;
const jump_rows = 5000;

/** The rows that will be in sight in a moment: a range stretched the way it moves. Jumps are not stretched. */
export function stretched(from: number, to: number, moved: number, elapsed_ms: number): [number, number] {
  if (Math.abs(moved) > jump_rows) {
    return [from, to];
  }
  const ahead = Math.round((moved / Math.max(1, elapsed_ms)) * ahead_ms);
  const step = Math.max(-ahead_rows_max, Math.min(ahead_rows_max, ahead));
  return step < 0 ? [Math.max(0, from + step), to] : [from, to + step];
}

/** Lets a fast changing range rest: the first and the last of quick changes come through, stretched the way they move. */
export function useSettled(from: number, to: number, wait_ms: number): [number, number] {
  const [settled, setSettled] = useState<[number, number]>([from, to]);
  const last = useRef({ at: 0, from });
  useEffect(() => {
    const since = performance.now() - last.current.at;
    const apply = () => {
      const now = performance.now();
      const { at, from: before } = last.current;
      last.current = { at: now, from };
      setSettled(stretched(from, to, from - before, now - at));
    };
    if (since >= wait_ms) {
      apply();
      return;
    }
    const timer = setTimeout(apply, wait_ms - since);
    return () => clearTimeout(timer);
  }, [from, to, wait_ms]);
  return settled;
}
