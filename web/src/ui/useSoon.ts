/** False while a page is drawn first, true in a task of its own afterwards: for what is asked for once the page stands. */
import { useEffect, useState } from "react";

export function useSoon(): boolean {
  const [soon, setSoon] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSoon(true));
    return () => clearTimeout(timer);
  }, []);
  return soon;
}
