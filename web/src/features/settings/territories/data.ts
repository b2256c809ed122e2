/** What is asked of the server about changes of the tree: who would move, and why a company goes where it goes. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { RapportRecord } from "../../../api/types";
import { below } from "../../../ui/territories/tree";

/** A change of a territory that is thought of; without an id it is a new one. */
export interface TreeChange {
  id?: string;
  name?: string;
  parent?: string | null;
  rule?: string | null;
  position?: number | null;
  delete?: boolean;
}

interface Named {
  id: string;
  name: string | null;
}

export interface Moves {
  total: number;
  pinned: number;
  moved: number;
  moves: { from: Named | null; to: Named | null; count: number }[];
}

export interface Reasons {
  pinned: boolean;
  stands: Named | null;
  goes: Named | null;
  tried: { id: string; name: string; depth: number; said: "folder" | "yes" | "no" | "broken" | "hidden" }[];
}

export function askMoves(changes: TreeChange[]): Promise<Moves> {
  return api.post<Moves>("/territories/preview", { changes });
}

export function askReasons(company: string, changes: TreeChange[]): Promise<Reasons> {
  return api.post<Reasons>("/territories/explain", { company, changes });
}

interface Groups {
  groups: { keys: { territory: string | null }; count: number }[];
}

/** How many companies the reader sees in each territory. */
export function useCounts() {
  return useQuery({
    queryKey: [...keys.figures("company"), "territories"],
    queryFn: async ({ signal }) => {
      const params = { group: "territory", measures: "count", limit: 200 };
      const { groups } = await api.get<Groups>("/companies/aggregate", params, { signal });
      return new Map(groups.map((group) => [group.keys.territory, group.count]));
    },
  });
}

/** How many of them there are in a territory and all below it. */
export function countBelow(territories: RapportRecord[], counts: Map<string | null, number>, id: string): number {
  return [...below(territories, id)].reduce((sum, one) => sum + (counts.get(one) ?? 0), 0);
}

/** The changes that put a territory one place up or down among those beside it. */
export function moved(siblings: RapportRecord[], id: string, by: -1 | 1): TreeChange[] {
  const order = siblings.map((entry) => entry.id);
  const at = order.indexOf(id);
  const to = at + by;
  const [one, other] = [order[at], order[to]];
  if (one === undefined || other === undefined) {
    return [];
  }
  order[at] = other;
  order[to] = one;
  const before = new Map(siblings.map((entry) => [entry.id, entry.position]));
  return order
    .map((entry, index) => ({ id: entry, position: index + 1 }))
    .filter((change) => before.get(change.id) !== change.position);
}
