/** Dialogs over one another: Escape is for the topmost alone, and menus below a dialog that opens go. */
import { useEffect, useState } from "react";
import { createStore } from "../app/store";

const stack = createStore<symbol[]>([]);

/** Menus and lists that are open close at a press beside them. */
function closeMenus(): void {
  if (document.querySelector("[role=menu]")) {
    document.body.dispatchEvent(new MouseEvent("mousedown", { bubbles: true }));
  }
}

/** Whether the dialog that asks stands over all others. */
export function useTopmost(): boolean {
  const [me] = useState(() => Symbol("dialog"));
  const all = stack.use();
  useEffect(() => {
    closeMenus();
    stack.set((known) => [...known, me]);
    return () => {
      // Not before the press that closed it has been heard by all: it is not for the next one.
      setTimeout(() => stack.set((known) => known.filter((entry) => entry !== me)));
    };
  }, [me]);
  return all.at(-1) === me || !all.includes(me);
}

/** Whether any dialog is open besides the one that asks. */
export function hasDialogBelow(): boolean {
  return stack.get().length > 1;
}
