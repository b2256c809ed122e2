/** The records of some days: asked for by range, with the list's own filter. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { RecordPage } from "../../api/types";
import { valueKind } from "../fields/registry";
import { joinFilters } from "../filters/model";
import { type ListQuery, listKey } from "../grid/rows";
import { addDays } from "./days";
import { type Entry, entryOf, instantAt, type When } from "./layout";

const page_rows = 200;
const pages_max = 5;
/** More than that in one picture nobody reads. */
export const entries_max = page_rows * pages_max;

/** CEL for what touches the days from `first` to `last`. */
export function rangeFilter(when: When, first: string, last: string, zone?: string): string {
  const dates = valueKind(when.start) === "date";
  const start = when.start.name;
  const from = dates ? `date('${first}')` : `timestamp('${instantAt(first, 0, zone)}')`;
  const before = dates ? `date('${addDays(last, 1)}')` : `timestamp('${instantAt(addDays(last, 1), 0, zone)}')`;
  const end = when.end?.name;
  const reaches = end
    ? `(${start} >= ${from} || (${end} != null && ${end} ${dates ? ">=" : ">"} ${from}))`
    : `${start} >= ${from}`;
  return `${start} < ${before} && ${reaches}`;
}

interface Data {
  pages: RecordPage[];
  all: boolean;
}

async function fetchAll(query: ListQuery, signal: AbortSignal): Promise<Data> {
  const pages: RecordPage[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.get<RecordPage>(
      `/${query.object.plural}`,
      {
        filter: query.filter,
        sort: query.sort,
        fields: query.fields.join(","),
        include: query.include.join(","),
        limit: page_rows,
        cursor,
        total: false,
      },
      { signal },
    );
    pages.push(page);
    cursor = page.next ?? undefined;
  } while (cursor && pages.length < pages_max);
  return { pages, all: !cursor };
}

export interface Entries {
  entries: Entry[];
  /** Whether there is nothing more than these. */
  all: boolean;
  pending: boolean;
  busy: boolean;
  error: unknown;
  retry: () => void;
}

export function useEntries(list: ListQuery, when: When, first: string, last: string): Entries {
  const query = useMemo(
    () => ({
      ...list,
      filter: joinFilters(list.filter, rangeFilter(when, first, last)),
      sort: when.start.name,
    }),
    [list, when, first, last],
  );
  const result = useQuery({
    queryKey: [...keys.pages(query.object.name), "calendar", listKey(query)],
    queryFn: ({ signal }) => fetchAll(query, signal),
    placeholderData: keepPreviousData,
  });
  const { data } = result;
  const entries = useMemo(
    () =>
      (data?.pages ?? [])
        .flatMap((page) => page.records)
        .flatMap((record) => {
          const entry = entryOf(record, when);
          return entry ? [entry] : [];
        }),
    [data, when],
  );
  return {
    entries,
    all: data?.all ?? true,
    pending: result.isPending,
    busy: result.isPlaceholderData,
    error: data ? null : result.error,
    retry: () => void result.refetch(),
  };
}
