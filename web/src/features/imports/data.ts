/** Imports at the server: one, all, and what is done with them. Progress comes with the live events, and by asking while they fail. */
import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../../api/client";
import { onJob } from "../../app/live";
import { showProblem } from "../../app/problems";
import { queryClient, refreshAfterBatch } from "../../app/query";
import { offerUndo } from "../../app/undo";
import { t } from "../../i18n";
import { type Import, type ImportColumn, type ImportRow, isBusy, type Outcome, sentMapping } from "./model";

export const importKey = (id: string) => ["import", id] as const;
export const importsKey = ["imports"] as const;

const ask_ms = 1000;

export function importQuery(id: string) {
  return queryOptions({
    queryKey: importKey(id),
    queryFn: () => api.get<Import>(`/imports/${id}`),
    refetchInterval: (query) => (query.state.data && isBusy(query.state.data.status) ? ask_ms : false),
    staleTime: 0,
  });
}

export function rowsPage(id: string, outcome: Outcome | null, cursor: string | undefined) {
  return api.get<{ rows: ImportRow[]; next: string | null }>(`/imports/${id}/rows`, { outcome, cursor, limit: 50 });
}

export function uploadImport(object: string, file: File): Promise<Import> {
  return api.upload<Import>("/imports", { object, name: file.name }, file);
}

export function saveMapping(id: string, columns: ImportColumn[], options: Import["options"]): Promise<Import> {
  return api.patch<Import>(`/imports/${id}`, { mapping: sentMapping(columns), options });
}

/** Runs one step of an import and shows what it answers. */
export async function act(id: string, step: "check" | "start" | "cancel"): Promise<void> {
  try {
    const answer = await api.post<Import>(`/imports/${id}/${step}`);
    queryClient.setQueryData<Import>(importKey(id), (known) => ({ ...(known as Import), ...answer }));
  } catch (error) {
    showProblem(error, { retry: () => void act(id, step) });
  }
  await queryClient.invalidateQueries({ queryKey: importKey(id) });
}

/** Follows an import while it works; when it has ended its changes are shown everywhere and can be undone. */
export function useProgress(data: Import | undefined): void {
  const client = useQueryClient();
  const id = data?.id;
  useEffect(() => {
    if (!id) {
      return;
    }
    return onJob((job) => {
      if (job.id === id) {
        client.setQueryData<Import>(importKey(id), (known) =>
          known && isBusy(known.status)
            ? { ...known, progress: Math.max(known.progress ?? 0, job.progress ?? 0) }
            : known,
        );
        if (!["running", "checking", "queued", "pending"].includes(job.status)) {
          void client.invalidateQueries({ queryKey: importKey(id) });
        }
      } else if (job.kind.startsWith("import")) {
        void client.invalidateQueries({ queryKey: importKey(id) });
      }
    });
  }, [id, client]);
}

/** Called once when a running import is seen to be done. */
export function announceDone(data: Import): void {
  void refreshAfterBatch();
  if (data.batch) {
    offerUndo(data.batch, t("imports.done_toast", { name: data.name }));
  }
}
