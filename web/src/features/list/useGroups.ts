/** The groups of a list by one of its fields. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Field, FieldValue } from "../../api/types";
import { useBoot } from "../../app/query";
import type { GridColumn } from "../../ui/grid/columns";
import { groupFilter, groupKey, inOrder, type TableGroup } from "../../ui/grid/groups";
import type { ListQuery } from "../../ui/grid/rows";
import { figureTexts, type Measured, measuresOf } from "./figures";

const groups_page = 200;

interface Answer {
  groups: ({ keys: { [field: string]: FieldValue }; count: number } & Measured)[];
  more: boolean;
}

/** Pages of groups as they are asked for, with their counts and the figures of the columns. */
export function useGroups(query: ListQuery, columns: GridColumn[], field: Field) {
  const boot = useBoot();
  const measures = ["count", ...measuresOf(columns)].join(",");
  const found = useInfiniteQuery({
    queryKey: [...keys.figures(query.object.name), "groups", field.name, measures, query.filter],
    queryFn: ({ signal, pageParam }) => {
      const page = { limit: groups_page, offset: pageParam };
      const params = { group: field.name, measures, filter: query.filter, ...page };
      return api.get<Answer>(`/${query.object.plural}/aggregate`, params, { signal });
    },
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.more ? pages.length * groups_page : undefined),
    placeholderData: (before, asked) => (asked?.queryKey[3] === field.name ? before : undefined),
  });
  const currency = boot.workspace.base_currency;
  const groups = useMemo(() => {
    const known = new Map<string, TableGroup>();
    for (const entry of found.data?.pages.flatMap((page) => page.groups) ?? []) {
      const value = entry.keys[field.name] ?? null;
      const key = groupKey(value);
      // A group may have changed its place between two pages.
      if (!known.has(key)) {
        const texts = figureTexts(columns, entry, currency);
        known.set(key, { key, value, count: entry.count, filter: groupFilter(field, value), figures: texts });
      }
    }
    return inOrder(field, [...known.values()]);
  }, [found.data, field, columns, currency]);
  return { found, groups };
}
