/** The keyboard of a timeline: which press on a bar means what. Pure. */
import type { Edge } from "./change";

export type GanttAction =
  | { do: "row"; step: number }
  | { do: "move"; step: 1 | -1; edge?: Edge }
  | { do: "turn"; step: 1 | -1 }
  | { do: "open" }
  | { do: "peek" };

interface Press {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const far_rows = 10;

export function ganttAction(press: Press): GanttAction | null {
  if (press.ctrlKey || press.metaKey) {
    return null;
  }
  const step = press.key === "ArrowLeft" ? -1 : press.key === "ArrowRight" ? 1 : 0;
  if (step !== 0) {
    const edge = press.shiftKey ? "end" : press.altKey ? "start" : undefined;
    return { do: "move", step, edge };
  }
  if (press.altKey || press.shiftKey) {
    return null;
  }
  switch (press.key) {
    case "ArrowUp":
      return { do: "row", step: -1 };
    case "ArrowDown":
      return { do: "row", step: 1 };
    case "Home":
      return { do: "row", step: Number.NEGATIVE_INFINITY };
    case "End":
      return { do: "row", step: Number.POSITIVE_INFINITY };
    case "PageUp":
      return { do: "row", step: -far_rows };
    case "PageDown":
      return { do: "row", step: far_rows };
    case "[":
      return { do: "turn", step: -1 };
    case "]":
      return { do: "turn", step: 1 };
    case "Enter":
      return { do: "open" };
    case "p":
    case " ":
      return { do: "peek" };
    default:
      return null;
  }
}

/** What the list of shortcuts says about timelines. */
export const ganttShortcuts = [
  { keys: "arrowdown", text: "gantt.key_row" },
  { keys: "arrowright", text: "gantt.key_move" },
  { keys: "shift+arrowright", text: "gantt.key_end" },
  { keys: "alt+arrowright", text: "gantt.key_start" },
  { keys: "]", text: "gantt.key_turn" },
  { keys: "enter", text: "gantt.key_open" },
  { keys: "p", text: "gantt.key_peek" },
];
