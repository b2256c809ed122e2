/** The time of the person's clock. */
import { useEffect, useState } from "react";
import { wallClock } from "../fields/parse";

const minute_ms = 60_000;

/** What the person's clock shows, minute by minute. */
export function useNow(): string {
  const [now, setNow] = useState(() => wallClock(new Date().toISOString()));
  useEffect(() => {
    const timer = setInterval(() => setNow(wallClock(new Date().toISOString())), minute_ms / 2);
    return () => clearInterval(timer);
  }, []);
  return now;
}
