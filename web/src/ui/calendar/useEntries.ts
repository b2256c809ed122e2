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
import { type Entry, entryOf, instantAt, occurrenceOf, type When } from "./layout";

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
  series: Occurrence[];
}

interface Occurrence {
  id: string;
  starts_at: string;
  ends_at: string | null;
}

/** Whether records may stand on several days because they repeat: meetings, on the days they take place. */
function mayRepeat({ object }: ListQuery, when: When): boolean {
  return (
    object.name === "meeting" &&
    when.start.name === "starts_at" &&
    object.fields.some((field) => field.format === "recurrence")
  );
}

/** The times of what repeats, and its records. */
async function fetchSeries(list: ListQuery, first: string, last: string, signal: AbortSignal): Promise<Data> {
  const range = { from: instantAt(first, 0), to: instantAt(addDays(last, 1), 0) };
  const found = await api.get<{ occurrences: Occurrence[]; all: boolean }>(
    `/${list.object.plural}/occurrences`,
    { ...range, filter: list.filter },
    { signal },
  );
  const ids = [...new Set(found.occurrences.map(({ id }) => id))];
  const pages: RecordPage[] = [];
  for (let from = 0; from < ids.length; from += page_rows) {
    const some = ids.slice(from, from + page_rows);
    const filter = `id in [${some.map((id) => `'${id}'`).join(", ")}]`;
    pages.push(...(await fetchAll({ ...list, filter, sort: "" }, signal)).pages);
  }
  return { pages, all: found.all, series: found.occurrences };
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
  return { pages, all: !cursor, series: [] };
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
  const repeats = mayRepeat(list, when);
  const query = useMemo(
    () => ({
      ...list,
      filter: joinFilters(list.filter, rangeFilter(when, first, last), repeats ? "recurrence == null" : ""),
      sort: when.start.name,
    }),
    [list, when, first, last, repeats],
  );
  const result = useQuery({
    queryKey: [...keys.pages(query.object.name), "calendar", listKey(query)],
    queryFn: ({ signal }) => fetchAll(query, signal),
    placeholderData: keepPreviousData,
  });
  const series = useQuery({
    queryKey: [...keys.pages(query.object.name), "series", listKey(query)],
    queryFn: ({ signal }) => fetchSeries(list, first, last, signal),
    placeholderData: keepPreviousData,
    enabled: repeats,
  });
  const { data } = result;
  const times = series.data;
  const repeated = useMemo(() => {
    const records = new Map((times?.pages ?? []).flatMap((page) => page.records).map((record) => [record.id, record]));
    return (times?.series ?? []).flatMap((time) => {
      const record = records.get(time.id);
      const entry = record && occurrenceOf(record, time, when);
      return entry ? [entry] : [];
    });
  }, [times, when]);
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
  const both = useMemo(() => [...entries, ...repeated], [entries, repeated]);
  return {
    entries: both,
    all: (data?.all ?? true) && (times?.all ?? true),
    pending: result.isPending || (repeats && series.isPending),
    busy: result.isPlaceholderData || series.isPlaceholderData,
    error: (data ? null : result.error) ?? (times ? null : series.error),
    retry: () => {
      void result.refetch();
      if (repeats) {
        void series.refetch();
      }
    },
  };
}
