/** Users, teams, roles and keys: few records each, asked for whole. And what holds for the whole workspace. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Boot, RapportRecord, RecordPage, WorkspaceSettings } from "../../api/types";
import { findObject, queryClient, useBoot } from "../../app/query";
import { roleWords } from "../../app/words";
import { setWorkspaceRegion } from "../../ui/fields/region";

const records_max = 200;

/** All records of an internal object, in the order of their names. */
export function useAll(name: string, sort = "name") {
  const object = findObject(name);
  return useQuery({
    queryKey: [...keys.pages(name), "all", sort],
    queryFn: async () => {
      const records: RapportRecord[] = [];
      let cursor: string | null | undefined;
      do {
        const page: RecordPage = await api.get<RecordPage>(`/${object?.plural}`, {
          sort,
          limit: records_max,
          cursor,
          total: false,
        });
        records.push(...page.records);
        cursor = page.next;
      } while (cursor && records.length < 2000);
      return records;
    },
    select: name === "role" ? inRoleWords : undefined,
    enabled: object !== undefined,
  });
}

function inRoleWords(roles: RapportRecord[]): RapportRecord[] {
  return roles.map(roleWords);
}

/** Tells whether the signed-in person may do something that is not about records. */
export function useSpecials(): (special: string) => boolean {
  const { role } = useBoot();
  return (special) => role.admin || role.rights.admin === true || role.rights.special?.includes(special) === true;
}

/** Whether the signed-in person may do one such thing. */
export function useMay(special: string): boolean {
  return useSpecials()(special);
}

/** Makes new values of the workspace known to every page at once. */
export function rememberWorkspace(settings: WorkspaceSettings): void {
  setWorkspaceRegion(settings.base_currency, settings.default_country);
  queryClient.setQueryData<WorkspaceSettings>([...keys.boot, "workspace"], settings);
  queryClient.setQueryData<Boot>(
    keys.boot,
    (boot) => boot && { ...boot, workspace: { ...boot.workspace, ...settings } },
  );
}
