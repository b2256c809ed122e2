/** What a screen reader is told about things that are carried and moved. */
import { createStore } from "../../app/store";

const told = createStore("");
export const useTold = told.use;

/** Says a sentence; the same one twice is said twice. */
export function tell(text: string): void {
  told.set((before) => (before === text ? `${text}\u00a0` : text));
}
