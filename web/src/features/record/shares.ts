/** The shares of a record, and who may give one. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { rememberTitles } from "../../api/titles";
import type { Boot, RapportRecord, RecordPage } from "../../api/types";
import { queryClient, refreshObject } from "../../app/query";

export interface Share extends RapportRecord {
  user: string | null;
  team: string | null;
  level: "read" | "change";
  /** The last day. */
  until: string | null;
  note: string | null;
  created_by: string;
}

/** Those that the reader may know of. */
export function useShares(record: RapportRecord, enabled = true) {
  return useQuery({
    enabled,
    queryKey: [...keys.pages("share"), record.id],
    queryFn: async ({ signal }) => {
      const params = { filter: `'${record.id}' in about`, include: "user,team", sort: "created_at", limit: 200 };
      const page = await api.get<RecordPage>("/shares", params, { signal });
      rememberTitles(page.included ?? {});
      return page.records as Share[];
    },
  });
}

/** The owner shares, and whoever has the right; the server has the last word. */
export function mayShare(boot: Boot, record: RapportRecord): boolean {
  const special = boot.role.admin || boot.role.rights.special?.includes("share");
  return !record.deleted_at && Boolean(special || record.owner === boot.user.id);
}

export function refreshShares(): void {
  refreshObject("share");
  void queryClient.invalidateQueries({ queryKey: ["access"] });
}
