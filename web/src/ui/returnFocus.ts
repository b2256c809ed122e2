/** Gives the cursor back to where it was when a dialog that is shown from its beginning goes. */
import { useEffect, useRef } from "react";

export function useReturnFocus(): void {
  const opener = useRef(document.activeElement);
  useEffect(() => {
    const before = opener.current;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus({ preventScroll: true });
      }
    };
  }, []);
}
