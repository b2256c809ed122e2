/** Gives the cursor back to where it was when a dialog that is shown from its beginning goes. */
import { useEffect, useRef } from "react";

/** What has the focus; of an entry of a menu, which is gone by then, the button of the menu. */
function focused(): Element | null {
  const active = document.activeElement;
  const menu = active?.closest("[role=menu]");
  return menu?.id ? document.querySelector(`[aria-controls="${CSS.escape(menu.id)}"]`) : active;
}

export function useReturnFocus(): void {
  const opener = useRef<Element | null>(null);
  opener.current ??= focused();
  useEffect(() => {
    const before = opener.current;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus({ preventScroll: true });
      }
    };
  }, []);
}
