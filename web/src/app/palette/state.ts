/** Whether the palette and the list of shortcuts are open. */
import { createStore } from "../store";

/** What the palette begins with; null while it is closed. */
export const paletteOpen = createStore<string | null>(null);
export const helpOpen = createStore(false);

export function openPalette(start = ""): void {
  paletteOpen.set(start);
}
