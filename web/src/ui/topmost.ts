/** Dialogs over one another: Escape is for the topmost alone. */
import { useEffect, useState } from "react";
import { createStore } from "../app/store";

const stack = createStore<symbol[]>([]);

/** Whether the dialog that asks stands over all others. */
export function useTopmost(): boolean {
  const [me] = useState(() => Symbol("dialog"));
  const all = stack.use();
  useEffect(() => {
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
