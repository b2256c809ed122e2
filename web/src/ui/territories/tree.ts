/** The tree of territories: its order, the way to each, and who is counted where. */
import type { RapportRecord } from "../../api/types";

export interface Node {
  territory: RapportRecord;
  depth: number;
  /** Those side by side with it, in the order in which they are tried. */
  siblings: RapportRecord[];
}

function positionOf(territory: RapportRecord): number {
  return typeof territory.position === "number" ? territory.position : Number.POSITIVE_INFINITY;
}

/** As the server tries them: by position, those without one behind, older ones first. */
function inOrder(territories: RapportRecord[]): RapportRecord[] {
  return [...territories].sort((a, b) => {
    const [first, second] = [positionOf(a), positionOf(b)];
    return first === second ? (a.id < b.id ? -1 : 1) : first - second;
  });
}

/** The territories in the order of the tree; one whose parent is not there stands at the top. */
export function territoryTree(territories: RapportRecord[]): Node[] {
  const known = new Set(territories.map((territory) => territory.id));
  const nodes: Node[] = [];
  const seen = new Set<string>();
  const above = (territory: RapportRecord) =>
    typeof territory.parent === "string" && known.has(territory.parent) ? territory.parent : null;
  const add = (parent: string | null, depth: number) => {
    const siblings = inOrder(territories.filter((territory) => above(territory) === parent));
    for (const territory of siblings) {
      if (!seen.has(territory.id)) {
        seen.add(territory.id);
        nodes.push({ territory, depth, siblings });
        add(territory.id, depth + 1);
      }
    }
  };
  add(null, 0);
  return nodes;
}

/** A territory and all below it. */
export function below(territories: RapportRecord[], id: string): Set<string> {
  const found = new Set([id]);
  for (const one of found) {
    for (const territory of territories.filter((entry) => entry.parent === one)) {
      found.add(territory.id);
    }
  }
  return found;
}

/** The names from the top down to a territory. */
export function pathOf(territories: RapportRecord[], id: string): string[] {
  const names: string[] = [];
  const seen = new Set<string>();
  let next: string | undefined = id;
  while (next && !seen.has(next)) {
    seen.add(next);
    const found: RapportRecord | undefined = territories.find((territory) => territory.id === next);
    if (found) {
      names.unshift(String(found.name ?? ""));
    }
    next = typeof found?.parent === "string" ? found.parent : undefined;
  }
  return names;
}

/** What the reader sees between the names of a path. */
export const path_sign = " › ";
