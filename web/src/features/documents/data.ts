/** What the page of documents asks for: its folders with their counts, the documents of a condition, the places of words. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ObjectMeta, RapportRecord, RecordPage, SearchHit } from "../../api/types";
import { type CountedFolder, countedFolders } from "../../ui/documents/tree";
import { quote } from "../../ui/fields/operators";
import { filterOf, type Shown, sortOf } from "./query";

const page_size = 50;
/** Folders asked for: more than anybody looks through. */
const folders_max = 2_000;
const groups_page = 200;

interface Groups {
  groups: { keys: { folder: string | null }; count: number }[];
  more: boolean;
}

/** The folders that hold most, and whether there are more. */
async function askFolders(path: string): Promise<Groups> {
  const groups: Groups["groups"] = [];
  while (groups.length < folders_max) {
    const query = { group: "folder", measures: "count", limit: groups_page, offset: groups.length };
    const page = await api.get<Groups>(`${path}/aggregate`, query);
    groups.push(...page.groups);
    if (!page.more) {
      return { groups, more: false };
    }
  }
  return { groups, more: true };
}

export interface Tree {
  /** The first is the top, which counts all. */
  folders: CountedFolder[];
  /** How many documents lie in no folder. */
  loose: number;
  /** Whether only the largest folders are here. */
  more: boolean;
}

/** The tree of folders that may be seen; nothing while it is on its way, or where folders are not for everybody. */
export function useFolders(documents: ObjectMeta): Tree | undefined {
  const { data } = useQuery({
    queryKey: [...keys.figures("document"), "folders"],
    queryFn: () => askFolders(`/${documents.plural}`),
    enabled: documents.fields.some((field) => field.name === "folder"),
    placeholderData: keepPreviousData,
    retry: false,
  });
  return useMemo(() => {
    if (!data) {
      return undefined;
    }
    const named = data.groups.map(({ keys, count }) => ({ folder: keys.folder ?? "", count }));
    const loose = named.filter(({ folder }) => folder === "").reduce((sum, { count }) => sum + count, 0);
    return { folders: countedFolders(named), loose, more: data.more };
  }, [data]);
}

/** The best matches of the words among the documents of the condition, by id, with where the words stand. */
function useFound(documents: ObjectMeta, words: string, filter: string) {
  return useQuery({
    queryKey: [...keys.search(words), documents.plural, filter],
    queryFn: async ({ signal }) => {
      const query = { q: words, objects: documents.plural, filter: filter || undefined, limit: page_size };
      const { results } = await api.get<{ results: SearchHit[] }>("/search", query, { signal });
      return new Map(results.map((hit) => [hit.id, hit.excerpt]));
    },
    enabled: words !== "",
    placeholderData: keepPreviousData,
  });
}

/** The documents shown: those of the condition, with words the best matches first. */
export function useDocuments(documents: ObjectMeta, shown: Shown) {
  const words = shown.q?.trim() ?? "";
  const found = useFound(documents, words, filterOf(shown));
  const ids = words && found.data ? [...found.data.keys()] : undefined;
  const filter = ids ? `id in [${ids.map(quote).join(", ")}]` : filterOf(shown);
  const sort = sortOf(shown);
  const query = useInfiniteQuery({
    queryKey: [...keys.pages("document"), "all", filter, sort],
    queryFn: ({ pageParam, signal }) =>
      api.get<RecordPage>(
        `/${documents.plural}`,
        { filter: filter || undefined, sort, limit: page_size, total: pageParam === undefined, cursor: pageParam },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: ids ? ids.length > 0 : !words,
    placeholderData: keepPreviousData,
  });
  const best = words ? found.data : undefined;
  const records = useMemo(() => {
    const all = query.data?.pages.flatMap((page) => page.records) ?? [];
    const order = new Map([...(best?.keys() ?? [])].map((id, at) => [id, at]));
    const place = (record: RapportRecord) => order.get(record.id) ?? 0;
    return best ? all.filter(({ id }) => order.has(id)).sort((a, b) => place(a) - place(b)) : all;
  }, [query.data, best]);
  return {
    query,
    records,
    /** Whether there is an answer, be it that there is nothing. */
    known: ids?.length === 0 || query.data !== undefined,
    total: query.data?.pages[0]?.total,
    excerpts: words ? found.data : undefined,
    /** Whether there may be more matches than are shown. */
    full: (ids?.length ?? 0) >= page_size,
    error: found.error ?? query.error,
    retry: () => void (found.error ? found.refetch() : query.refetch()),
  };
}
