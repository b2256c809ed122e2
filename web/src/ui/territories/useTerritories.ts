/** All territories: few, asked for whole and kept until one changes. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { RapportRecord, RecordPage } from "../../api/types";

const page_max = 200;
const records_max = 5_000;

export function useTerritories(enabled = true) {
  return useQuery({
    enabled,
    queryKey: [...keys.pages("territory"), "tree"],
    queryFn: async ({ signal }) => {
      const records: RapportRecord[] = [];
      let cursor: string | null | undefined;
      do {
        const params = { sort: "name", limit: page_max, cursor, total: false };
        const page: RecordPage = await api.get<RecordPage>("/territories", params, { signal });
        records.push(...page.records);
        cursor = page.next;
      } while (cursor && records.length < records_max);
      return records;
    },
  });
}
