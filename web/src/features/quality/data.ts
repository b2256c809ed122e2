/** The board of data quality: what the server counts, and corrections of many records at once. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { queryClient } from "../../app/query";

export interface Checks {
  months: number;
  /** Fields that should have a value, by object. */
  missing: { [object: string]: string[] };
}

export interface Tile {
  object: string;
  check: "missing" | "outdated" | "flaw";
  field?: string | null;
  flaw?: string | null;
  filter: string;
  count: number;
  exact: boolean;
  /** The count of about a week ago, for those who see every record. */
  before?: number | null;
}

export type FixName = "names" | "phones" | "country";

export interface Fix {
  object: string;
  fix: FixName;
  country?: string;
}

export interface Preview {
  records: number;
  limited: boolean;
  changes: { id: string; title?: string | null; fields: { [name: string]: [unknown, unknown] } }[];
}

/** The correction that takes a flaw away. */
export const fixes: { [flaw: string]: FixName } = { capitals: "names", phone: "phones", no_country: "country" };

export const board_key = ["quality"];

export function useBoard() {
  return useQuery({
    queryKey: board_key,
    queryFn: ({ signal }) => api.get<{ checks: Checks; tiles: Tile[] }>("/quality", {}, { signal }),
    staleTime: 0,
  });
}

export function refreshBoard(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: board_key });
}

export const previewFix = (fix: Fix) => api.post<Preview>("/quality/preview", fix);
export const applyFix = (fix: Fix) =>
  api.post<{ batch: string; updated: number; refused: number }>("/quality/fix", fix);
