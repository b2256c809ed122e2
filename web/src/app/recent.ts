/** The records that were looked at last in this browser. */
import type { SearchHit } from "../api/types";
import { createSavedStore } from "./store";

const kept_max = 12;

export const recentRecords = createSavedStore<SearchHit[]>("rapport.recent", []);

/** Notes that a record was opened. */
export function noteRecent(hit: SearchHit): void {
  if (hit.title) {
    recentRecords.set((list) => [hit, ...list.filter((known) => known.id !== hit.id)].slice(0, kept_max));
  }
}
