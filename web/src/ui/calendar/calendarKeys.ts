/** The keyboard of a calendar: which press means what. Pure. */
import { addDays, weekOf } from "./days";

export const spans = ["month", "week", "day", "agenda"] as const;
export type Span = (typeof spans)[number];

export type CalendarAction =
  | { do: "day"; day: string }
  | { do: "step"; step: 1 | -1 }
  | { do: "open" }
  | { do: "new" }
  | { do: "peek" }
  | { do: "move"; days: number; minutes: number };

interface Press {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

interface Standing {
  span: Span;
  day: string;
  firstWeekday: number;
  /** The press was on an entry, not on a day. */
  onEntry: boolean;
}

const quarter = 15;

function moved(key: string, span: Span): CalendarAction | null {
  const minutes = span === "month" ? 0 : quarter;
  const week = span === "month" ? 7 : 0;
  switch (key) {
    case "ArrowLeft":
      return { do: "move", days: -1, minutes: 0 };
    case "ArrowRight":
      return { do: "move", days: 1, minutes: 0 };
    case "ArrowUp":
      return { do: "move", days: -week, minutes: -minutes };
    case "ArrowDown":
      return { do: "move", days: week, minutes };
    default:
      return null;
  }
}

export function calendarAction(press: Press, at: Standing): CalendarAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey || at.span === "agenda") {
    return null;
  }
  if (press.shiftKey) {
    return at.onEntry ? moved(press.key, at.span) : null;
  }
  const week = weekOf(at.day, at.firstWeekday);
  const day = (to: string): CalendarAction => ({ do: "day", day: to });
  switch (press.key) {
    case "ArrowLeft":
      return day(addDays(at.day, -1));
    case "ArrowRight":
      return day(addDays(at.day, 1));
    case "ArrowUp":
      return at.span === "month" ? day(addDays(at.day, -7)) : null;
    case "ArrowDown":
      return at.span === "month" ? day(addDays(at.day, 7)) : null;
    case "Home":
      return day(week);
    case "End":
      return day(addDays(week, 6));
    case "PageUp":
      return { do: "step", step: -1 };
    case "PageDown":
      return { do: "step", step: 1 };
    case "Enter":
      return at.onEntry ? null : { do: "open" };
    case "n":
      return { do: "new" };
    case "p":
      return at.onEntry ? { do: "peek" } : null;
    default:
      return null;
  }
}

/** What the list of shortcuts says about calendars. */
export const calendarShortcuts = [
  { keys: "arrowright", text: "calendar.key_day" },
  { keys: "enter", text: "calendar.key_open" },
  { keys: "n", text: "calendar.key_new" },
  { keys: "shift+arrowright", text: "calendar.key_move" },
];
