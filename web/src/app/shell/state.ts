/** What the frame remembers: the sidebar's width and the record being made. */
import type { FieldValue } from "../../api/types";
import { createSavedStore, createStore } from "../store";

export const sidebarNarrow = createSavedStore("rapport.sidebar.narrow", false);

/** The open "new record" dialog: which object, with which values to begin with. */
export interface Creating {
  object: string;
  values?: { [field: string]: FieldValue };
}
export const creating = createStore<Creating | null>(null);

/** Opens the form for a new record. */
export function startCreate(object: string, values?: Creating["values"]): void {
  creating.set({ object, values });
}
