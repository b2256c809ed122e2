/** The rows behind a list: pages of a hundred by offset, fetched as they come into sight, kept in the query cache. */
import { hashKey, keepPreviousData, type QueryClient, useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ObjectMeta, RapportRecord, RecordPage, Total } from "../../api/types";

export const page_rows = 100;
/** Rows this near to those in sight are fetched too. */
const near_rows = 60;
/** So many pages that were asked for before are still waited for when others are asked for. */
const late_pages_max = 6;
/** So many pages out of sight are kept. */
const kept_pages_max = 300;

export interface ListQuery {
  object: ObjectMeta;
  /** CEL; empty for all. */
  filter: string;
  /** `-created_at,name` */
  sort: string;
  fields: string[];
  include: string[];
  /** Records of the recycle bin instead. */
  deleted?: boolean;
}

export interface Rows {
  /** How many rows there are to scroll through. */
  count: number;
  total: Total;
  get: (index: number) => RapportRecord | undefined;
  /** Fetches the rows from `from` to `to` and those around them, unless they are there. */
  ask: (from: number, to: number) => void;
  /** Nothing is known yet. */
  pending: boolean;
  /** Older rows are shown while the new ones are on their way. */
  busy: boolean;
  error: unknown;
  retry: () => void;
}

/** Asks for one page. */
export function fetchPage(query: ListQuery, page: number, signal?: AbortSignal): Promise<RecordPage> {
  return api.get<RecordPage>(
    `/${query.object.plural}`,
    {
      filter: query.filter,
      sort: query.sort,
      fields: query.fields.join(","),
      include: query.include.join(","),
      limit: page_rows,
      offset: page * page_rows,
      total: page === 0,
      deleted: query.deleted ? "only" : undefined,
    },
    { signal },
  );
}

export function listKey(query: ListQuery): string {
  return JSON.stringify([query.filter, query.sort, query.fields, query.include, query.deleted ?? false]);
}

/** The rows of a list. Any page in the cache is read; those asked for last are fetched and kept up to date. */
export function useRows(query: ListQuery): Rows {
  const client = useQueryClient();
  const object = query.object.name;
  const list = listKey(query);
  const [wanted, setWanted] = useState([0]);
  const results = useQueries({
    queries: wanted.map((page) => ({
      queryKey: keys.page(object, list, page),
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchPage(query, page, signal),
      placeholderData: page === 0 ? keepPreviousData : undefined,
    })),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever other pages are asked for
  useEffect(() => letGo(client, object), [client, object, wanted]);
  const read = useMemo(() => pageReader(client, object, list), [client, object, list]);
  const ask = useCallback(
    (from: number, to: number) =>
      setWanted((before) => nextPages(before, pagesAround(from, to), (page) => read(page) !== undefined)),
    [read],
  );
  const known = useRef({ list, bounds: unbounded });
  const pages = new Map(wanted.map((page, index) => [page, results[index]?.data]));
  const first = results[0];
  const total = first?.data?.total ?? { count: first?.data?.records.length ?? 0, exact: false };
  const bounds = narrowed(known.current.list === list ? known.current.bounds : unbounded, pages);
  known.current = { list, bounds };
  const count = rowsWithin(total, bounds);
  return {
    count,
    total: { count, exact: total.exact || bounds.least === bounds.most },
    get: (index) => {
      const page = Math.floor(index / page_rows);
      const data = read(page) ?? (page === 0 ? first?.data : undefined);
      return data?.records[index % page_rows];
    },
    ask,
    pending: first?.isPending ?? true,
    busy: first?.isPlaceholderData ?? false,
    error: results.find((result) => result.isError && !result.data)?.error ?? null,
    retry: () => {
      for (const result of results) {
        if (result.isError) {
          void result.refetch();
        }
      }
    },
  };
}

/** Reads pages of a list out of the cache, as it is at that moment. */
export function pageReader(
  client: QueryClient,
  object: string,
  list: string,
): (page: number) => RecordPage | undefined {
  const cache = client.getQueryCache();
  const hashes = new Map<number, string>();
  return (page) => {
    const hash = hashes.get(page) ?? hashKey(keys.page(object, list, page));
    hashes.set(page, hash);
    return cache.get<RecordPage>(hash)?.state.data;
  };
}

/** Drops the pages fetched longest ago, so that a long way through a list does not fill the memory. */
function letGo(client: QueryClient, object: string): void {
  const cache = client.getQueryCache();
  const idle = cache.findAll({ queryKey: keys.pages(object), type: "inactive", fetchStatus: "idle" });
  if (idle.length > kept_pages_max) {
    idle.sort((a, b) => a.state.dataUpdatedAt - b.state.dataUpdatedAt);
    for (const page of idle.slice(0, idle.length - kept_pages_max)) {
      cache.remove(page);
    }
  }
}

/** The first page (it knows the total), the pages in sight and what is about to come into sight around them. */
export function pagesAround(from: number, to: number): number[] {
  const first = Math.max(0, Math.floor((from - near_rows) / page_rows));
  const last = Math.max(first, Math.floor((to + near_rows) / page_rows));
  const pages = [0];
  for (let page = first; page <= last; page++) {
    if (page > 0) {
      pages.push(page);
    }
  }
  return pages;
}

/** Those pages, and the latest asked for before that are still on their way: a list in motion would else never get any. */
export function nextPages(before: number[], around: number[], isLoaded: (page: number) => boolean): number[] {
  const late = before.filter((page) => !around.includes(page) && !isLoaded(page)).slice(0, late_pages_max);
  const next = [...around, ...late];
  return next.length === before.length && next.every((page, index) => page === before[index]) ? before : next;
}

/** Where a list ends, as far as is known: rows up to `least` are there, from `most` on there are none. */
export interface Bounds {
  least: number;
  most: number;
}

export const unbounded: Bounds = { least: 0, most: Number.POSITIVE_INFINITY };

/** What the pages that are there say of the end. A later answer counts more: lists grow and shrink. */
export function narrowed(bounds: Bounds, pages: Map<number, RecordPage | undefined>): Bounds {
  let { least, most } = bounds;
  for (const [page, data] of pages) {
    const start = page * page_rows;
    const length = data?.records.length ?? 0;
    if (data && length === 0) {
      most = Math.min(most, start);
      least = Math.min(least, start);
    } else if (data && (length < page_rows || data.next === null)) {
      least = start + length;
      most = start + length;
    } else if (data) {
      least = Math.max(least, start + length);
      most = most < least ? Number.POSITIVE_INFINITY : most;
    }
  }
  return { least, most };
}

/** How many rows to scroll through. An estimate that proved too high gives way to the middle of what is possible. */
export function rowsWithin(total: Total, { least, most }: Bounds): number {
  if (total.exact) {
    return total.count;
  }
  if (total.count < most) {
    return total.count > least || least === 0 ? total.count : least + (most > least ? page_rows : 0);
  }
  return Math.min(most, least + Math.ceil((most - least) / 2 / page_rows) * page_rows);
}
