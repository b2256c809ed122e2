/** What a list shows, kept whole in the address: the view it began with and everything changed since. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { ObjectMeta, View, ViewColumn } from "../../api/types";
import { useBoot } from "../../app/query";
import { readColumns, standardColumns, writeColumns } from "../../ui/grid/columns";
import { isViewType, typesOf, type ViewType } from "../../ui/views/types";

/** Stands in the address for "deliberately nothing", where the view has something. */
const none = "none";

export interface ListState {
  view: View | undefined;
  views: View[];
  filter: string;
  sort: string;
  columns: ViewColumn[];
  type: ViewType;
  /** The field that makes groups, lanes or days; empty for the usual one, of a table for none. */
  group: string;
  /** The fields that bars of a timeline begin and end with; empty for the usual ones. */
  starts: string;
  ends: string;
  /** Which groups of a table are closed, as the address says it. */
  closed: string;
  /** Words typed into the quick search. */
  words: string;
  peek: string | undefined;
  deleted: boolean;
  /** The day that a calendar or a timeline is at, and how much of it is shown. */
  day: string | undefined;
  span: string | undefined;
  /** Whether filter, sort, columns, type or group differ from the view. */
  changed: boolean;
}

export interface ListChange {
  view?: string | null;
  filter?: string;
  sort?: string;
  columns?: ViewColumn[];
  type?: ViewType;
  group?: string;
  starts?: string;
  ends?: string;
  closed?: string;
  words?: string;
  peek?: string | null;
  deleted?: boolean;
  day?: string;
  span?: string;
}

interface Base {
  filter: string;
  sort: string;
  columns: ViewColumn[];
  type: ViewType;
  group: string;
  starts: string;
  ends: string;
}

type Address = { [name: string]: string | undefined };

function baseOf(object: ObjectMeta, view: View | undefined): Base {
  const columns = Array.isArray(view?.columns) && view.columns.length > 0 ? view.columns : standardColumns(object);
  const type = isViewType(view?.type) ? view.type : "table";
  const by = { group: view?.group ?? "", starts: view?.starts ?? "", ends: view?.ends ?? "" };
  return { filter: view?.filter ?? "", sort: view?.sort ?? "", columns, type, ...by };
}

/** The type to show: what is asked for, where the object can be shown like that. */
function typeOf(object: ObjectMeta, asked: string | undefined, base: ViewType): ViewType {
  const type = isViewType(asked) ? asked : base;
  return typesOf(object).includes(type) ? type : "table";
}

function read(text: string | undefined, base: string): string {
  return text === undefined ? base : text === none ? "" : text;
}

/** What is written into the address; undefined when it equals the view's. */
function write(value: string, base: string): string | undefined {
  return value === base ? undefined : value === "" ? none : value;
}

/** What of the address is kept in a view. */
const kept = ["filter", "sort", "columns", "type", "group", "starts", "ends"];

/** The fields that the shape of a list is made by. */
const shaping = ["group", "starts", "ends"] as const;

/** The view's field; another type than the view's begins with its usual one. */
function baseBy(name: (typeof shaping)[number], search: Address, base: Base): string {
  return search.type !== undefined && search.type !== base.type ? "" : base[name];
}

/** The address after a change; what equals the view's is left out. */
function changed(before: Address, change: ListChange, base: Base): Address {
  const next: Address = { ...(change.view === undefined ? before : { view: change.view ?? undefined }) };
  const put = (name: string, value: string | null | undefined) => {
    if (value !== undefined) {
      next[name] = value || undefined;
    }
  };
  put("filter", change.filter === undefined ? undefined : (write(change.filter, base.filter) ?? null));
  put("sort", change.sort === undefined ? undefined : (write(change.sort, base.sort) ?? null));
  put("columns", change.columns && (write(writeColumns(change.columns), writeColumns(base.columns)) ?? null));
  put("type", change.type && (write(change.type, base.type) ?? null));
  // Lanes and days are made by different fields.
  for (const name of shaping) {
    const value = change[name];
    const by = value === undefined ? undefined : (write(value, baseBy(name, before, base)) ?? null);
    put(name, change.type ? null : by);
  }
  put("closed", change.type !== undefined || change.group !== undefined ? null : change.closed);
  put("day", change.day);
  put("span", change.span);
  put("q", change.words);
  put("peek", change.peek);
  put("deleted", change.deleted === undefined ? undefined : change.deleted ? "only" : null);
  return next;
}

/** The view that the address names; a bare address shows the one that opens first: the team's before everyone's. */
export function viewOf(views: View[], search: Address): View | undefined {
  const bare = search.view === undefined && search.deleted === undefined && search.q === undefined;
  if (!bare || kept.some((name) => search[name] !== undefined)) {
    return views.find((entry) => entry.id === search.view);
  }
  const first = views.filter((entry) => entry.opens_first);
  return first.find((entry) => entry.shared === "team") ?? first.find((entry) => entry.shared === "everyone");
}

export function useListState(object: ObjectMeta): [ListState, (change: ListChange) => void] {
  const boot = useBoot();
  const search = useSearch({ strict: false }) as Address;
  const navigate = useNavigate();
  const views = useMemo(
    () =>
      boot.views
        .filter((view) => view.object === object.name && isViewType(view.type))
        .sort((a, b) => String(a.position ?? "").localeCompare(String(b.position ?? ""))),
    [boot.views, object.name],
  );
  const view = viewOf(views, search);
  const base = useMemo(() => baseOf(object, view), [object, view]);
  const state: ListState = useMemo(
    () => ({
      view,
      views,
      filter: read(search.filter, base.filter),
      sort: read(search.sort, base.sort),
      columns: search.columns === undefined ? base.columns : readColumns(search.columns),
      // The recycle bin is a plain list.
      type: search.deleted === "only" ? "table" : typeOf(object, search.type, base.type),
      group: read(search.group, baseBy("group", search, base)),
      starts: read(search.starts, baseBy("starts", search, base)),
      ends: read(search.ends, baseBy("ends", search, base)),
      closed: search.closed ?? "",
      words: search.q ?? "",
      peek: search.peek,
      deleted: search.deleted === "only",
      day: search.day,
      span: search.span,
      changed: kept.some((name) => search[name] !== undefined),
    }),
    [search, base, view, views, object],
  );
  const set = useCallback(
    (asked: ListChange) => {
      const first = asked.view === null && views.some((entry) => entry.opens_first);
      const change = first ? { ...asked, view: "all" } : asked;
      void navigate({
        to: ".",
        replace: change.view === undefined && change.type === undefined,
        // Another day or zoom scrolls by itself: the router would put it back to where it was.
        resetScroll: change.day === undefined && change.span === undefined,
        // What is changed is changed from this view, also where it is shown without being named.
        search: (before: Address) => changed(view ? { ...before, view: view.id } : before, change, base),
      });
    },
    [navigate, base, view, views],
  );
  return [state, set];
}
