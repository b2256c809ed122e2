/** The stages of a deal's pipeline and the way it took through them. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { RapportRecord, RecordPage } from "../../../api/types";
import { findObject } from "../../../app/query";
import { quote } from "../../../ui/fields/operators";

/** The stages of the pipeline in their order. */
export function useStages(record: RapportRecord) {
  const stage = findObject("stage");
  const pipeline = typeof record.pipeline === "string" ? record.pipeline : "";
  return useQuery({
    queryKey: [...keys.pages("stage"), "of", pipeline],
    queryFn: ({ signal }) => {
      const params = { filter: `pipeline == ${quote(pipeline)}`, sort: "position", limit: 200, total: false };
      return api.get<RecordPage>(`/${stage?.plural}`, params, { signal }).then((page) => page.records);
    },
    enabled: Boolean(pipeline && stage),
    retry: false,
  });
}

/** The moves of a deal, the last one first. */
export function useMoves(record: RapportRecord) {
  const change = findObject("stage_change");
  return useQuery({
    // A move made a moment ago comes with another stage.
    queryKey: [...keys.pages("stage_change"), "of", record.id, record.stage, record.version],
    queryFn: ({ signal }) => {
      const filter = `deal == ${quote(record.id)}`;
      const params = { filter, sort: "-at,-created_at", limit: 200, include: "changed_by", total: false };
      return api.get<RecordPage>(`/${change?.plural}`, params, { signal }).then((page) => page.records);
    },
    enabled: Boolean(change),
    placeholderData: (before) => before,
    retry: false,
  });
}

/** Seconds that a deal spent in each of its stages, the present one until now. Pure. */
export function timesInStages(
  moves: RapportRecord[],
  since: string | undefined,
  now = Date.now(),
): Map<string, number> {
  const times = new Map<string, number>();
  const add = (stage: unknown, seconds: number) =>
    typeof stage === "string" ? times.set(stage, (times.get(stage) ?? 0) + seconds) : undefined;
  for (const move of moves) {
    add(move.from_stage, typeof move.duration === "number" ? move.duration : 0);
  }
  if (since) {
    add(moves[0]?.to_stage, Math.max(0, Math.round((now - Date.parse(since)) / 1000)));
  }
  return times;
}
