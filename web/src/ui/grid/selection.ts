/** Which records are selected: some by name, or all that match except some. */
import { quoteCel } from "../filters/cel";
import { joinFilters } from "../filters/model";

export interface Selection {
  /** Everything that matches the list's filter, except `ids`; else just `ids`. */
  all: boolean;
  ids: ReadonlySet<string>;
}

export const nothing: Selection = { all: false, ids: new Set() };

export function isSelected(selection: Selection, id: string): boolean {
  return selection.all !== selection.ids.has(id);
}

export function selectedCount(selection: Selection, total: number): number {
  return selection.all ? Math.max(0, total - selection.ids.size) : selection.ids.size;
}

/** Selects a record or takes it out again. */
export function toggle(selection: Selection, ids: string[], on: boolean): Selection {
  const next = new Set(selection.ids);
  for (const id of ids) {
    if (on === selection.all) {
      next.delete(id);
    } else {
      next.add(id);
    }
  }
  return { all: selection.all, ids: next };
}

/** The filter that stands for the selection. */
export function selectionFilter(selection: Selection, filter: string): string {
  const list = [...selection.ids].map(quoteCel).join(", ");
  if (!selection.all) {
    return `id in [${list}]`;
  }
  return selection.ids.size > 0 ? joinFilters(filter, `!(id in [${list}])`) : filter || "true";
}
