/** References to records that stand in an order, like the stages of a pipeline: a board shows all of them, empty or not. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Field, ObjectMeta, RapportRecord, RecordPage } from "../../api/types";
import { findObject } from "../../app/query";
import { targetOf } from "../fields/reference";
import { valueKind } from "../fields/registry";
import type { ListQuery } from "../grid/rows";
import { colourField } from "../views/types";
import { lanes_max, type Ordered } from "./lanes";

const position = "position";

/** A reference that both objects have: the pipeline of a deal and of its stage. */
function sharedField(object: ObjectMeta, target: ObjectMeta): Field | undefined {
  return target.fields.find((field) =>
    object.fields.some(
      (own) => field.target !== undefined && own.name === field.name && own.target === field.target && !own.system,
    ),
  );
}

/** The value that a filter holds a field to: `pipeline == '…'`, alone or with more beside it. */
export function heldTo(filter: string, field: string): string | undefined {
  const parts = filter.split("&&").map((part) => part.trim().replace(/^\(|\)$/g, ""));
  const found = parts.map((part) => new RegExp(`^${field} == '([0-9a-f-]{36})'$`).exec(part)?.[1]);
  return filter.includes("||") ? undefined : found.find((value) => value !== undefined);
}

/** The order of records: within what they share, by their position. */
export function inPlace(records: RapportRecord[], shared: string | undefined): RapportRecord[] {
  const at = (record: RapportRecord) => (typeof record[position] === "number" ? Number(record[position]) : 0);
  const of = (record: RapportRecord) => (shared ? String(record[shared] ?? "") : "");
  return [...records].sort((a, b) => of(a).localeCompare(of(b)) || at(a) - at(b) || a.id.localeCompare(b.id));
}

/** The values of the field in their order; undefined where they have none, or are too many for lanes. */
export function useOrdered(query: ListQuery, field: Field): { ordered: Ordered[] | undefined; pending: boolean } {
  const target = valueKind(field) === "reference" ? findObject(targetOf(field) ?? "") : undefined;
  const stands = target?.fields.some((entry) => entry.name === position && entry.kind === "integer" && !entry.hidden);
  const shared = target && sharedField(query.object, target)?.name;
  const only = shared ? heldTo(query.filter, shared) : undefined;
  const { data, isLoading } = useQuery({
    queryKey: [...keys.pages(target?.name ?? ""), "ordered", shared, only],
    queryFn: ({ signal }) => {
      const filter = only ? `${shared} == '${only}'` : undefined;
      return api.get<RecordPage>(`/${target?.plural}`, { filter, limit: 200, total: false }, { signal });
    },
    // Who may not see them has the lanes that occur.
    enabled: Boolean(stands),
    retry: false,
  });
  const ordered = useMemo(() => {
    if (!target || !data || data.records.length > lanes_max) {
      return undefined;
    }
    const colours = colourField(target);
    return inPlace(data.records, shared).map((record) => ({
      value: record.id,
      label: String(record[target.title] ?? ""),
      color: colours?.options?.find((option) => option.value === record[colours.name])?.color,
    }));
  }, [target, data, shared]);
  return { ordered, pending: isLoading };
}
