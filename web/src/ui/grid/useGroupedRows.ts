/** The rows of a grouped list: pages of each open group, fetched as they come into sight. */
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { keys } from "../../api/keys";
import type { RapportRecord } from "../../api/types";
import { joinFilters } from "../filters/model";
import { lineAt, startsOf, type TableGroup } from "./groups";
import { fetchPage, type ListQuery, listKey, page_rows, pageReader } from "./rows";

/** Lines this near to those in sight are fetched too. */
const near_lines = 40;

export interface GroupedRows {
  /** How many lines there are: heads and rows. */
  count: number;
  /** The group whose head stands there. */
  headAt: (index: number) => TableGroup | undefined;
  /** The list and the place in it of a row. */
  placeAt: (index: number) => { query: ListQuery; row: number; count: number } | undefined;
  get: (index: number) => RapportRecord | undefined;
  ask: (from: number, to: number) => void;
  load: (from: number, to: number) => Promise<(RapportRecord | undefined)[]>;
}

interface Wanted {
  group: string;
  page: number;
}

/** The pages of groups that the lines from … to and those near them belong to. */
function pagesOf(groups: TableGroup[], starts: number[], { from, to }: { from: number; to: number }): Wanted[] {
  const pages: Wanted[] = [];
  for (let index = Math.max(0, from - near_lines); index <= to + near_lines; index++) {
    const line = lineAt(starts, index);
    const group = line && groups[line.group];
    if (group && line.row >= 0) {
      const page = Math.floor(line.row / page_rows);
      const last = pages.at(-1);
      if (last?.group !== group.key || last.page !== page) {
        pages.push({ group: group.key, page });
      }
    }
  }
  return pages;
}

export function useGroupedRows(query: ListQuery, groups: TableGroup[], closed: string): GroupedRows {
  const client = useQueryClient();
  const object = query.object.name;
  const starts = useMemo(() => startsOf(groups, closed), [groups, closed]);
  const lists = useMemo(
    () =>
      groups.map((group) => {
        const list = { ...query, filter: joinFilters(query.filter, group.filter) };
        return { query: list, read: pageReader(client, object, listKey(list)) };
      }),
    [client, groups, object, query],
  );
  // The lines that were asked for stay; what stands there changes as groups open and close.
  const [range, setRange] = useState({ from: 0, to: near_lines });
  const wanted = useMemo(() => pagesOf(groups, starts, range), [groups, starts, range]);
  useQueries({
    queries: wanted.flatMap(({ group, page }) => {
      const list = lists[groups.findIndex((entry) => entry.key === group)]?.query;
      return list
        ? [
            {
              queryKey: keys.page(object, listKey(list), page),
              queryFn: ({ signal }: { signal: AbortSignal }) => fetchPage(list, page, signal),
            },
          ]
        : [];
    }),
  });
  const ask = useCallback(
    (from: number, to: number) =>
      setRange((before) => (before.from === from && before.to === to ? before : { from, to })),
    [],
  );
  const placeAt = (index: number) => {
    const line = lineAt(starts, index);
    const list = line && lists[line.group];
    return list && line.row >= 0
      ? { query: list.query, row: line.row, count: groups[line.group]?.count ?? 0, read: list.read }
      : undefined;
  };
  return {
    count: starts.at(-1) ?? 0,
    headAt: (index) => {
      const line = lineAt(starts, index);
      return line?.row === -1 ? groups[line.group] : undefined;
    },
    placeAt,
    get: (index) => {
      const place = placeAt(index);
      return place?.read(Math.floor(place.row / page_rows))?.records[place.row % page_rows];
    },
    ask,
    load: (from, to) =>
      Promise.all(
        Array.from({ length: to - from + 1 }, async (_, offset) => {
          const place = placeAt(from + offset);
          if (!place) {
            return undefined;
          }
          const page = Math.floor(place.row / page_rows);
          const data = await client.ensureQueryData({
            queryKey: keys.page(object, listKey(place.query), page),
            queryFn: ({ signal }) => fetchPage(place.query, page, signal),
          });
          return data.records[place.row % page_rows];
        }),
      ),
  };
}
