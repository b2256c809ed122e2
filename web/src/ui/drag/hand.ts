/** Where the hand is: the library tells how far something was carried, and scrolling makes the two differ. */
import { type RefObject, useEffect, useRef } from "react";

export interface Point {
  x: number;
  y: number;
}

export function pointOf(event: Event): Point | undefined {
  const source = "touches" in event ? (event as TouchEvent).touches[0] : (event as MouseEvent);
  return source && { x: source.clientX, y: source.clientY };
}

/** The place of the mouse or the finger, as it moves. */
export function useHand(): RefObject<Point | undefined> {
  const point = useRef<Point | undefined>(undefined);
  useEffect(() => {
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
  return point;
}
