/** The keyboard of a board: which press on a card means what. Pure. */
import type { RapportRecord } from "../../api/types";

export type CardAction =
  | { do: "go"; lane: number; card: number }
  | { do: "shift"; step: 1 | -1 }
  | { do: "select" }
  | { do: "peek" }
  | { do: "menu" }
  | { do: "close" };

interface Press {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

export interface Standing {
  lane: number;
  card: number;
}

/** Where a card lies among the lanes; undefined when it is in none of them. */
export function standingOf(lanes: RapportRecord[][], id: string): Standing | undefined {
  for (const [lane, cards] of lanes.entries()) {
    const card = cards.findIndex((entry) => entry.id === id);
    if (card >= 0) {
      return { lane, card };
    }
  }
  return undefined;
}

/** The next lane to that side that has cards. */
function sideways(lanes: RapportRecord[][], from: Standing, step: 1 | -1): CardAction | null {
  for (let lane = from.lane + step; lane >= 0 && lane < lanes.length; lane += step) {
    const count = lanes[lane]?.length ?? 0;
    if (count > 0) {
      return { do: "go", lane, card: Math.min(from.card, count - 1) };
    }
  }
  return null;
}

export function cardAction(press: Press, lanes: RapportRecord[][], at: Standing): CardAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey) {
    return null;
  }
  const last = (lanes[at.lane]?.length ?? 1) - 1;
  const go = (card: number): CardAction => ({ do: "go", lane: at.lane, card: Math.max(0, Math.min(last, card)) });
  if (press.shiftKey) {
    const steps: { [key: string]: 1 | -1 } = { ArrowLeft: -1, ArrowRight: 1 };
    const step = steps[press.key];
    return step ? { do: "shift", step } : null;
  }
  switch (press.key) {
    case "ArrowDown":
      return go(at.card + 1);
    case "ArrowUp":
      return go(at.card - 1);
    case "Home":
      return go(0);
    case "End":
      return go(last);
    case "ArrowLeft":
      return sideways(lanes, at, -1);
    case "ArrowRight":
      return sideways(lanes, at, 1);
    case "x":
      return { do: "select" };
    case "p":
      return { do: "peek" };
    case "m":
      return { do: "menu" };
    case "Escape":
      return { do: "close" };
    default:
      return null;
  }
}

/** What the list of shortcuts says about boards. */
export const boardShortcuts = [
  { keys: "space", text: "board.key_lift" },
  { keys: "shift+arrowright", text: "board.key_move" },
  { keys: "p", text: "board.key_peek" },
  { keys: "x", text: "board.key_select" },
  { keys: "m", text: "board.key_menu" },
];
