/** Changes that are not saved yet: whoever leaves them is asked, by whatever way they leave. */
import { useBlocker } from "@tanstack/react-router";
import { useEffect } from "react";
import { createStore } from "./store";

/** The editors on the page that hold unsaved changes. */
const editors = new Set<symbol>();

/** The question whether to leave them, while it is asked. */
export const leaving = createStore<{ answer: (leave: boolean) => void } | null>(null);

/** Whether nothing would be lost, or the reader says that it may be. */
function mayLeave(): Promise<boolean> {
  if (editors.size === 0) {
    return Promise.resolve(true);
  }
  return new Promise((resolve) => {
    const answer = (leave: boolean) => {
      leaving.set(null);
      resolve(leave);
    };
    leaving.set({ answer });
  });
}

/** Goes on when nothing is lost by it or may be: for what closes an editor without leaving the page. */
export async function leave(go: () => void): Promise<void> {
  if (await mayLeave()) {
    go();
  }
}

/** Has the reader asked before they leave the page, or by `leave`, while there are changes. */
export function useUnsaved(changed: boolean): void {
  useEffect(() => {
    if (!changed) {
      return;
    }
    const editor = Symbol("editor");
    editors.add(editor);
    return () => {
      editors.delete(editor);
    };
  }, [changed]);
  useBlocker({
    shouldBlockFn: async ({ current, next }) => current.pathname !== next.pathname && !(await mayLeave()),
    enableBeforeUnload: changed,
    disabled: !changed,
  });
}
