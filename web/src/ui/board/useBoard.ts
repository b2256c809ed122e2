/** What a board shows: its lanes with their figures, and for each lane in sight the pages of its list. */
import { type QueryClient, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Field, FieldValue, Money, RapportRecord, RecordPage } from "../../api/types";
import { t } from "../../i18n";
import { joinFilters } from "../filters/model";
import { readSort } from "../grid/columns";
import { type ListQuery, listKey } from "../grid/rows";
import { countNow, type Group, type Guest, hiddenLanes, type Lane, type LaneList, lanesOf, place } from "./lanes";
import { useOrdered } from "./ordered";

const lane_rows = 30;

/** The server answers with so many groups at most. */
const groups_max = 200;

interface Figures {
  groups: Group[];
  /** Whether there are values beyond those. */
  more: boolean;
  fetched: number;
}

/** A lane's list in the cache; `pages` is where changed records are looked for. */
interface LaneData {
  pages: RecordPage[];
  fetched: number;
}

export interface LaneState {
  lane: Lane;
  query: ListQuery;
  cards: RapportRecord[];
  count: number | undefined;
  pending: boolean;
  error: unknown;
  more: (() => void) | undefined;
}

export interface BoardState {
  lanes: LaneState[];
  /** Values without a lane of their own. */
  hidden: number;
  /** Whether there are still more values, uncounted. */
  more: boolean;
  pending: boolean;
  error: unknown;
  retry: () => void;
  /** Fetches the list of a lane that came into sight. */
  open: (lane: string) => void;
}

interface Answer {
  more: boolean;
  groups: { keys: { [field: string]: FieldValue }; count: number; [measure: string]: unknown }[];
}

function amountOf(value: unknown): number | undefined {
  const amount = typeof value === "object" ? (value as Money | null)?.amount : value;
  return typeof amount === "number" ? amount : undefined;
}

function useGroups(query: ListQuery, field: Field, sum: Field | undefined, weighted: Field | undefined) {
  const measures = ["count", ...[sum, weighted].flatMap((entry) => (entry ? [`sum:${entry.name}`] : []))].join(",");
  return useQuery({
    queryKey: [...keys.figures(query.object.name), "board", field.name, measures, query.filter],
    queryFn: async ({ signal }): Promise<Figures> => {
      const fetched = Date.now();
      const params = { group: field.name, measures, filter: query.filter, limit: groups_max };
      const answer = await api.get<Answer>(`/${query.object.plural}/aggregate`, params, { signal });
      const groups = answer.groups.map((group) => ({
        value: group.keys[field.name] ?? null,
        count: group.count,
        sum: sum && amountOf(group[`sum:${sum.name}`]),
        weighted: weighted && amountOf(group[`sum:${weighted.name}`]),
      }));
      return { groups, more: answer.more, fetched };
    },
    placeholderData: (before, query) => (query?.queryKey[3] === field.name ? before : undefined),
  });
}

function fetchPage(query: ListQuery, cursor: string | undefined, signal?: AbortSignal): Promise<RecordPage> {
  const params = {
    filter: query.filter,
    sort: query.sort,
    fields: query.fields.join(","),
    include: query.include.join(","),
    limit: lane_rows,
    cursor,
    total: false,
  };
  return api.get<RecordPage>(`/${query.object.plural}`, params, { signal });
}

/** As many pages one after the other as were there before, so that nothing falls between two of them. */
async function fetchPages(query: ListQuery, count: number, signal: AbortSignal): Promise<LaneData> {
  const fetched = Date.now();
  const pages: RecordPage[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchPage(query, cursor, signal);
    pages.push(page);
    cursor = page.next ?? undefined;
  } while (cursor && pages.length < count);
  return { pages, fetched };
}

function laneKey(query: ListQuery) {
  return [...keys.pages(query.object.name), "board", listKey(query)] as const;
}

const coming = new Set<string>();

/** Fetches the next page of a lane, unless it is on its way. */
async function fetchMore(client: QueryClient, query: ListQuery): Promise<void> {
  const key = laneKey(query);
  const cursor = client.getQueryData<LaneData>(key)?.pages.at(-1)?.next;
  const mark = `${listKey(query)} ${cursor}`;
  if (!cursor || coming.has(mark)) {
    return;
  }
  coming.add(mark);
  try {
    const page = await fetchPage(query, cursor);
    // A list that was fetched anew meanwhile asks again by itself.
    client.setQueryData<LaneData>(key, (data) =>
      data?.pages.at(-1)?.next === cursor ? { ...data, pages: [...data.pages, page] } : data,
    );
  } catch {
    // Scrolling on asks again.
  } finally {
    coming.delete(mark);
  }
}

const nothing: RapportRecord[] = [];

export function useBoard(
  query: ListQuery,
  field: Field,
  sum: Field | undefined,
  weighted: Field | undefined,
): BoardState {
  const client = useQueryClient();
  const figures = useGroups(query, field, sum, weighted);
  const { ordered, pending: ordering } = useOrdered(query, field);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const groups = figures.data?.groups;
  const more = figures.data?.more ?? false;
  const lanes = useMemo(() => {
    const names = { yes: t("field.yes"), no: t("field.no"), none: t("board.none", { field: field.label }) };
    return groups && !ordering ? lanesOf(field, groups, names, more, ordered) : [];
  }, [field, groups, more, ordered, ordering]);
  const queries = useMemo(
    () => lanes.map((lane) => ({ ...query, filter: joinFilters(query.filter, lane.filter) })),
    [lanes, query],
  );
  // What a lane showed last stands in while the list of another filter or order is on its way.
  const last = useRef(new Map<string, LaneData>());
  const results = useQueries({
    queries: queries.map((laneQuery, at) => {
      const queryKey = laneKey(laneQuery);
      return {
        queryKey,
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          fetchPages(laneQuery, client.getQueryData<LaneData>(queryKey)?.pages.length ?? 1, signal),
        enabled: opened.has(lanes[at]?.key ?? ""),
        placeholderData: last.current.get(`${field.name} ${lanes[at]?.key}`),
      };
    }),
  });
  const lists: LaneList[] = lanes.map((lane, at) => {
    const data = results[at]?.data;
    if (data) {
      last.current.set(`${field.name} ${lane.key}`, data);
    }
    const records = data?.pages.flatMap((page) => page.records) ?? nothing;
    return { key: lane.key, records, fetched: data?.fetched ?? 0 };
  });
  const guests = useRef(new Map<string, Guest>());
  const placed = place(lists, guests.current, field.name, readSort(query.sort), Date.now());
  guests.current = placed.guests;
  const open = useCallback(
    (key: string) => setOpened((before) => (before.has(key) ? before : new Set([...before, key]))),
    [],
  );
  return {
    lanes: lanes.map((lane, at) => {
      const laneQuery = queries[at] ?? query;
      const next = results[at]?.data?.pages.at(-1)?.next;
      return {
        lane,
        query: laneQuery,
        cards: placed.cards.get(lane.key) ?? nothing,
        count: countNow(lane, placed.guests, figures.data?.fetched ?? 0),
        pending: results[at]?.data === undefined,
        error: results[at]?.data ? null : results[at]?.error,
        more: next ? () => void fetchMore(client, laneQuery) : undefined,
      };
    }),
    hidden: groups ? hiddenLanes(field, groups, ordered) : 0,
    more,
    pending: figures.isPending || ordering,
    error: groups ? null : figures.error,
    retry: () => void figures.refetch(),
    open,
  };
}
