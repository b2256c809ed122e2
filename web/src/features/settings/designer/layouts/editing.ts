/** A layout that is being arranged, as the parts of the page share it. */
import type { Draft, Stored } from "./draft";

/** A new layout, or a stored one with its changes. */
export interface Editing {
  stored?: Stored;
  draft: Draft;
}

/** What the button to save, which stands in the page's header, belongs to. */
export const form_id = "layout-form";
