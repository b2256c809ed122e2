/** The graph around a person or company, and its tree of companies, as the server answers them. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { ObjectMeta } from "../../../api/types";
import { findObject } from "../../../app/query";
import { hasText, t } from "../../../i18n";

export interface End {
  object: string;
  id: string;
}

export interface GraphNode extends End {
  title: string;
  subtitle?: string | null;
  /** Steps from the record of the page. */
  step: number;
}

export interface Line {
  /** The record that says so. */
  object: string;
  id: string;
  from: End;
  to: End;
  kind: string;
  role?: string | null;
  note?: string | null;
  left: boolean;
}

export interface Graph {
  nodes: GraphNode[];
  lines: Line[];
  more: number;
  at_least: boolean;
}

export interface TreeCompany {
  id: string;
  title: string;
  parent?: string | null;
  level: number;
  people: number;
  open_tasks: number;
  all_companies: number;
  all_people: number;
  all_open_tasks: number;
}

/** Asked again whenever a list of people or relationships is: a change of any of them may draw another line. */
export function useGraph(object: ObjectMeta, id: string, depth: number) {
  return useQuery({
    queryKey: [...keys.pages("relationship"), "graph", object.name, id, depth],
    queryFn: ({ signal }) => api.get<Graph>(`/${object.plural}/${id}/relations`, { depth }, { signal }),
  });
}

export function useTree(id: string) {
  return useQuery({
    queryKey: [...keys.pages("company"), "tree", id],
    queryFn: ({ signal }) =>
      api.get<{ companies: TreeCompany[]; at_least: boolean }>(`/companies/${id}/tree`, {}, { signal }),
  });
}

function option(object: string, field: string, value: string): string {
  const options = findObject(object)?.fields.find((entry) => entry.name === field)?.options;
  return options?.find((entry) => entry.value === value)?.label ?? value;
}

/** What a line says, read from its beginning to its end. */
export function wordOf(line: Line): string {
  const word =
    line.object === "relationship"
      ? option("relationship", "kind", line.kind)
      : line.role
        ? option("affiliation", "role", line.role)
        : hasText(`relations.${line.kind}`)
          ? t(`relations.${line.kind}`)
          : line.kind;
  return line.left ? t("relations.left", { word }) : word;
}

export function sameEnd(a: End, b: End): boolean {
  return a.object === b.object && a.id === b.id;
}
