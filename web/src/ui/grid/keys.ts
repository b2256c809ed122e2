/** The keyboard of the grid, as spreadsheets have it: which press means what. Pure, so that it can be read and tested as a table. */

export type GridAction =
  | { do: "move"; rows: number; columns: number; extend: boolean }
  | { do: "edge"; to: "row-start" | "row-end" | "top" | "bottom" | "first" | "last"; extend: boolean }
  | { do: "page"; direction: 1 | -1; extend: boolean }
  | { do: "next"; direction: 1 | -1 }
  | { do: "edit"; text?: string }
  | { do: "open" }
  | { do: "peek" }
  | { do: "clear" }
  | { do: "select-row" }
  | { do: "select-all" }
  | { do: "fill-down" }
  | { do: "commit"; rows: number; columns: number }
  | { do: "cancel" };

export interface Press {
  key: string;
  shift: boolean;
  /** ⌘ on a Mac, Ctrl elsewhere. */
  mod: boolean;
  alt: boolean;
}

const arrows: { [key: string]: [rows: number, columns: number] } = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function arrowAction(press: Press, rows: number, columns: number): GridAction {
  if (!press.mod) {
    return { do: "move", rows, columns, extend: press.shift };
  }
  const to = rows < 0 ? "top" : rows > 0 ? "bottom" : columns < 0 ? "row-start" : "row-end";
  return { do: "edge", to, extend: press.shift };
}

/** What a press means while moving between cells; null leaves it to the browser. */
export function moveAction(press: Press, onTitle: boolean): GridAction | null {
  const arrow = arrows[press.key];
  if (arrow && !press.alt) {
    return arrowAction(press, arrow[0], arrow[1]);
  }
  if (press.mod) {
    return modAction(press);
  }
  switch (press.key) {
    case "Tab":
      return { do: "next", direction: press.shift ? -1 : 1 };
    case "Home":
      return { do: "edge", to: "row-start", extend: press.shift };
    case "End":
      return { do: "edge", to: "row-end", extend: press.shift };
    case "PageDown":
      return { do: "page", direction: 1, extend: press.shift };
    case "PageUp":
      return { do: "page", direction: -1, extend: press.shift };
    case "Enter":
      return onTitle && !press.shift ? { do: "open" } : { do: "edit" };
    case "F2":
      return { do: "edit" };
    case " ":
      return press.shift ? { do: "select-row" } : { do: "peek" };
    case "Delete":
    case "Backspace":
      return { do: "clear" };
    case "Escape":
      return { do: "cancel" };
    default:
      return [...press.key].length === 1 && !press.alt ? { do: "edit", text: press.key } : null;
  }
}

function modAction(press: Press): GridAction | null {
  switch (press.key.toLowerCase()) {
    case "home":
      return { do: "edge", to: "first", extend: press.shift };
    case "end":
      return { do: "edge", to: "last", extend: press.shift };
    case "a":
      return { do: "select-all" };
    case "d":
      return { do: "fill-down" };
    case "enter":
      return { do: "open" };
    default:
      return null;
  }
}

/** What a press means while a cell is edited; null leaves it to the editor. */
export function editAction(press: Press, multiline: boolean): GridAction | null {
  if (press.key === "Escape") {
    return { do: "cancel" };
  }
  if (press.key === "Tab") {
    return { do: "commit", rows: 0, columns: press.shift ? -1 : 1 };
  }
  if (press.key === "Enter" && (!multiline || press.mod)) {
    return { do: "commit", rows: press.shift ? -1 : 1, columns: 0 };
  }
  return null;
}

/** Shown in the list of shortcuts. */
export const gridShortcuts: { keys: string; text: string }[] = [
  { keys: "enter", text: "grid.key_edit" },
  { keys: "escape", text: "grid.key_cancel" },
  { keys: "mod+enter", text: "grid.key_open" },
  { keys: "space", text: "grid.key_peek" },
  { keys: "shift+space", text: "grid.key_select" },
  { keys: "mod+a", text: "grid.key_select_all" },
  { keys: "mod+c", text: "grid.key_copy" },
  { keys: "mod+v", text: "grid.key_paste" },
  { keys: "mod+d", text: "grid.key_fill" },
];
