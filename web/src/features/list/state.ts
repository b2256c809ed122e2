/** What a list shows, kept whole in the address: the view it began with and everything changed since. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { ObjectMeta, View, ViewColumn } from "../../api/types";
import { useBoot } from "../../app/query";
import { readColumns, standardColumns, writeColumns } from "../../ui/grid/columns";

/** Stands in the address for "deliberately nothing", where the view has something. */
const none = "none";

export interface ListState {
  view: View | undefined;
  views: View[];
  filter: string;
  sort: string;
  columns: ViewColumn[];
  /** Words typed into the quick search. */
  words: string;
  peek: string | undefined;
  deleted: boolean;
  /** Whether filter, sort or columns differ from the view. */
  changed: boolean;
}

export interface ListChange {
  view?: string | null;
  filter?: string;
  sort?: string;
  columns?: ViewColumn[];
  words?: string;
  peek?: string | null;
  deleted?: boolean;
}

interface Base {
  filter: string;
  sort: string;
  columns: ViewColumn[];
}

function baseOf(object: ObjectMeta, view: View | undefined): Base {
  const columns = Array.isArray(view?.columns) && view.columns.length > 0 ? view.columns : standardColumns(object);
  return { filter: view?.filter ?? "", sort: view?.sort ?? "", columns };
}

function read(text: string | undefined, base: string): string {
  return text === undefined ? base : text === none ? "" : text;
}

/** What is written into the address; undefined when it equals the view's. */
function write(value: string, base: string): string | undefined {
  return value === base ? undefined : value === "" ? none : value;
}

export function useListState(object: ObjectMeta): [ListState, (change: ListChange) => void] {
  const boot = useBoot();
  const search = useSearch({ strict: false }) as { [name: string]: string | undefined };
  const navigate = useNavigate();
  const views = useMemo(
    () =>
      boot.views
        .filter((view) => view.object === object.name && view.type === "table")
        .sort((a, b) => String(a.position ?? "").localeCompare(String(b.position ?? ""))),
    [boot.views, object.name],
  );
  const view = views.find((entry) => entry.id === search.view);
  const base = useMemo(() => baseOf(object, view), [object, view]);
  const state: ListState = useMemo(
    () => ({
      view,
      views,
      filter: read(search.filter, base.filter),
      sort: read(search.sort, base.sort),
      columns: search.columns === undefined ? base.columns : readColumns(search.columns),
      words: search.q ?? "",
      peek: search.peek,
      deleted: search.deleted === "only",
      changed: search.filter !== undefined || search.sort !== undefined || search.columns !== undefined,
    }),
    [search, base, view, views],
  );
  const set = useCallback(
    (change: ListChange) => {
      void navigate({
        to: ".",
        replace: change.view === undefined,
        search: (before: { [name: string]: string | undefined }) => {
          const start = change.view === undefined ? before : { view: change.view ?? undefined };
          const next: { [name: string]: string | undefined } = { ...start };
          if (change.filter !== undefined) {
            next.filter = write(change.filter, base.filter);
          }
          if (change.sort !== undefined) {
            next.sort = write(change.sort, base.sort);
          }
          if (change.columns) {
            next.columns = write(writeColumns(change.columns), writeColumns(base.columns));
          }
          if (change.words !== undefined) {
            next.q = change.words || undefined;
          }
          if (change.peek !== undefined) {
            next.peek = change.peek ?? undefined;
          }
          if (change.deleted !== undefined) {
            next.deleted = change.deleted ? "only" : undefined;
          }
          return next;
        },
      });
    },
    [navigate, base],
  );
  return [state, set];
}

/** The address of a list with a filter set. */
export function listAddress(object: Pick<ObjectMeta, "plural">, filter: string): string {
  return `/${object.plural}?filter=${encodeURIComponent(filter)}`;
}
