/** The list that a record was opened from, so that its page can go on to the next and back to the previous one. */
import { useQueries } from "@tanstack/react-query";
import { keys } from "../api/keys";
import type { RecordPage } from "../api/types";
import { fetchPage, type ListQuery, listKey, page_rows } from "../ui/grid/rows";
import { createStore } from "./store";

interface Walk {
  query: ListQuery;
  index: number;
  count: number;
  /** Where the list stands, with its filter. */
  address: string;
}

const walk = createStore<Walk | null>(null);

export function startWalk(query: ListQuery, index: number, count: number): void {
  walk.set({ query, index, count, address: `${window.location.pathname}${window.location.search}` });
}

export interface Neighbours {
  previous?: string;
  next?: string;
  /** Place in the list, from 1. */
  place?: number;
  total?: number;
  /** The address of the list. */
  list?: string;
  /** Has to be called before going there. */
  step: (by: 1 | -1) => void;
}

/** The records before and after this one in the list it was opened from. */
export function useNeighbours(object: string, id: string): Neighbours {
  const from = walk.use();
  const here = from?.query.object.name === object ? from : null;
  const index = here?.index ?? 0;
  const pages = here
    ? [...new Set([index - 1, index, index + 1].filter((at) => at >= 0).map((at) => Math.floor(at / page_rows)))]
    : [];
  const results = useQueries({
    queries: pages.map((page) => ({
      queryKey: keys.page(object, here ? listKey(here.query) : "", page),
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchPage((here as Walk).query, page, signal),
    })),
  });
  const at = (wanted: number): string | undefined => {
    const data = results[pages.indexOf(Math.floor(wanted / page_rows))]?.data as RecordPage | undefined;
    return wanted < 0 ? undefined : data?.records[wanted % page_rows]?.id;
  };
  const step = (by: 1 | -1) => walk.set((known) => known && { ...known, index: known.index + by });
  if (!here || at(index) !== id) {
    return { step };
  }
  return {
    previous: at(index - 1),
    next: at(index + 1),
    place: index + 1,
    total: here.count,
    list: here.address,
    step,
  };
}
