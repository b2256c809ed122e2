/** The rows behind a list: pages of a hundred by offset, fetched as they come into sight, kept in the query cache. */
import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ObjectMeta, RapportRecord, RecordPage, Total } from "../../api/types";

export const page_rows = 100;
/** Rows this near to those in sight are fetched too. */
const near_rows = 60;

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

/** The rows of a list, with the pages that hold the rows from `from` to `to` in sight. */
export function useRows(query: ListQuery, from: number, to: number): Rows {
  const hash = listKey(query);
  const wanted = useMemo(() => pagesAround(from, to), [from, to]);
  const results = useQueries({
    queries: wanted.map((page) => ({
      queryKey: keys.page(query.object.name, hash, page),
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchPage(query, page, signal),
      placeholderData: page === 0 ? keepPreviousData : undefined,
    })),
  });
  const ends = useRef(new Map<string, number>());
  const pages = new Map(wanted.map((page, index) => [page, results[index]?.data]));
  const first = results[0];
  const total = first?.data?.total ?? { count: first?.data?.records.length ?? 0, exact: false };
  const count = countRows(total, pages, ends.current, hash);
  return {
    count,
    total: { count: total.exact ? total.count : count, exact: total.exact || ends.current.has(hash) },
    get: (index) => pages.get(Math.floor(index / page_rows))?.records[index % page_rows],
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

/** The total is an estimate in long lists: a page that is not full says where the end really is. */
function countRows(
  total: Total,
  pages: Map<number, RecordPage | undefined>,
  ends: Map<string, number>,
  hash: string,
): number {
  if (total.exact) {
    return total.count;
  }
  let count = ends.get(hash) ?? total.count;
  for (const [page, data] of pages) {
    const end = page * page_rows + (data?.records.length ?? 0);
    if (data && data.records.length > 0 && data.records.length < page_rows) {
      ends.set(hash, end);
      count = end;
    } else if (data && data.records.length === page_rows && end >= count) {
      count = end + (data.next === null ? 0 : page_rows);
    }
  }
  return count;
}
