/** Rows that are not in sight, for copying. */
import { keys } from "../../api/keys";
import type { RapportRecord } from "../../api/types";
import { queryClient } from "../../app/query";
import { fetchPage, type ListQuery, listKey, page_rows } from "../../ui/grid/rows";

export async function loadRows(query: ListQuery, from: number, to: number): Promise<(RapportRecord | undefined)[]> {
  const first = Math.floor(from / page_rows);
  const last = Math.floor(to / page_rows);
  const pages = await Promise.all(
    Array.from({ length: last - first + 1 }, (_, offset) =>
      queryClient.ensureQueryData({
        queryKey: keys.page(query.object.name, listKey(query), first + offset),
        queryFn: ({ signal }) => fetchPage(query, first + offset, signal),
      }),
    ),
  );
  return Array.from({ length: to - from + 1 }, (_, offset) => {
    const index = from + offset;
    return pages[Math.floor(index / page_rows) - first]?.records[index % page_rows];
  });
}
