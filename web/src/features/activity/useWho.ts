/** The teams and people that the activity is asked for by. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { RecordPage } from "../../api/types";

interface Choice {
  value: string;
  label: string;
}

function useNames(object: "user" | "team"): Choice[] {
  const { data } = useQuery({
    queryKey: [...keys.pages(object), "choices"],
    queryFn: async ({ signal }) => {
      const params = { fields: "name", sort: "name", limit: 200, total: false };
      const page = await api.get<RecordPage>(`/${object}s`, params, { signal });
      return page.records.map((record) => ({ value: record.id, label: String(record.name ?? "") }));
    },
  });
  return data ?? [];
}

export function useWho(): { teams: Choice[]; users: Choice[] } {
  return { teams: useNames("team"), users: useNames("user") };
}
