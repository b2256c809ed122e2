/** What every shape of a list is given: the list's state and what can be done from it. */
import type { ObjectMeta, RapportRecord, Total } from "../../api/types";
import type { GridColumn } from "../../ui/grid/columns";
import type { ListQuery } from "../../ui/grid/rows";
import type { Selection } from "../../ui/grid/selection";
import type { ListChange, ListState } from "./state";

export interface BodyProps {
  object: ObjectMeta;
  state: ListState;
  set: (change: ListChange) => void;
  query: ListQuery;
  columns: GridColumn[];
  phone: boolean;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  /** Tells how many records there are. */
  onTotal: (total: Total) => void;
  /** Opens a record; its neighbours are those of the list around it. */
  onOpen: (record: RapportRecord, list: ListQuery, index: number, count: number) => void;
  onPeek: (record: RapportRecord | null, list: ListQuery, index: number) => void;
  onFilterBy: (field: string) => void;
}

/** The same question with more fields; references among them bring their titles. */
export function withFields(query: ListQuery, names: (string | undefined)[]): ListQuery {
  const known = names.filter((name): name is string =>
    Boolean(name && query.object.fields.some((field) => field.name === name)),
  );
  const titled = known.filter((name) =>
    ["reference", "user"].includes(query.object.fields.find((field) => field.name === name)?.kind ?? ""),
  );
  return {
    ...query,
    fields: [...new Set([...query.fields, ...known])],
    include: [...new Set([...query.include, ...titled])],
  };
}

/** The field that says who has a record. */
export function ownerField(object: ObjectMeta) {
  const fields = object.fields.filter((field) => field.kind === "user" && !field.hidden);
  return fields.find((field) => field.name === "assignee") ?? fields.find((field) => field.name === "owner");
}
