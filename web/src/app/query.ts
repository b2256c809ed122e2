/** The cache of what the server said, and how a known change is put into it without asking again. */
import { notifyManager, QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { ApiProblem, api } from "../api/client";
import { keys } from "../api/keys";
import { rememberRecord, setTitleObjects } from "../api/titles";
import type { Boot, ObjectMeta, RapportRecord } from "../api/types";
import { setRegion } from "../i18n/format";
import { prepare, speak } from "../i18n/language";
import { setWorkspaceRegion } from "../ui/fields/region";
import { withRecord } from "./cached";
import { withUnusable } from "./sensitive";
import { inOwnWords } from "./words";

// What arrives is drawn at once: a timer would wait for the frame that is being drawn.
notifyManager.setScheduler(queueMicrotask);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 600_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 502),
    },
  },
});

export const bootQuery = queryOptions({
  queryKey: keys.boot,
  queryFn: async () => {
    prepare();
    const answer = await api.get<Boot>("/boot");
    await speak(answer.user.locale);
    const boot = withUnusable(inOwnWords(answer));
    setTitleObjects(boot.objects);
    setRegion(boot.user.locale, boot.user.time_zone);
    setWorkspaceRegion(boot.workspace.base_currency, boot.workspace.default_country);
    return boot;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** What the UI was started with; pages below the shell always have it. */
export function useBoot(): Boot {
  const { data } = useQuery(bootQuery);
  if (!data) {
    throw new Error("the page was shown before the start data was there");
  }
  return data;
}

export function findObject(name: string): ObjectMeta | undefined {
  return queryClient.getQueryData<Boot>(keys.boot)?.objects.find((object) => object.name === name);
}

/** The object of that name. */
export function useObject(name: string): ObjectMeta | undefined {
  return useBoot().objects.find((object) => object.name === name);
}

export function useObjectByPlural(plural: string): ObjectMeta | undefined {
  return useBoot().objects.find((object) => object.plural === plural);
}

/** The reference fields whose titles the page shows. */
function references(object: ObjectMeta): string {
  return object.fields
    .filter((field) => ["reference", "references", "user"].includes(field.kind) && !field.hidden)
    .map((field) => field.name)
    .join(",");
}

export function recordQuery(object: ObjectMeta, id: string) {
  return queryOptions({
    queryKey: keys.record(object.name, id),
    queryFn: ({ signal }) =>
      api.get<RapportRecord>(`/${object.plural}/${id}`, { include: references(object) }, { signal }),
  });
}

/** Puts a record's new values wherever it is shown; keeps newer versions. */
export function patchRecord(object: ObjectMeta, record: RapportRecord): void {
  const merge = (known: RapportRecord): RapportRecord => {
    const older =
      typeof record.version === "number" && typeof known.version === "number" && record.version < known.version;
    return older ? known : { ...known, ...record };
  };
  for (const queryKey of [keys.pages(object.name), ["timeline"]]) {
    queryClient.setQueriesData<unknown>({ queryKey }, (data: unknown) => {
      const next = withRecord(data, record.id, merge);
      // What does not hold the record is left alone: written to, it would no longer count as out of date.
      return next === data ? undefined : next;
    });
  }
  queryClient.setQueryData<RapportRecord>(keys.record(object.name, record.id), (known) => known && merge(known));
  rememberRecord(object, record);
}

/** Asks again for the lists, counts and figures of an object, and for one record's timeline and history. */
export function refreshObject(object: string, id?: string): void {
  void queryClient.invalidateQueries({ queryKey: keys.pages(object) });
  void queryClient.invalidateQueries({ queryKey: keys.figures(object) });
  void queryClient.invalidateQueries({
    queryKey: keys.viewCounts,
    predicate: ({ queryKey }) => Array.isArray(queryKey[1]) && queryKey[1].includes(object),
  });
  if (id) {
    void queryClient.invalidateQueries({ queryKey: keys.timeline(object, id) });
    void queryClient.invalidateQueries({ queryKey: keys.history(object, id) });
  }
}

/** Asks again for everything that is on screen: a batch may have touched any of it. */
export async function refreshAfterBatch(): Promise<void> {
  await queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== keys.boot[0] });
}
