/** Changes of page layouts: sent, brought into the start data of this window, offered for undo. */
import { api } from "../api/client";
import { keys } from "../api/keys";
import type { Arrangement, BulkResult, Written } from "../api/types";
import { queryClient } from "./query";
import { offerUndo } from "./undo";

/** A layout as it is sent. */
export interface LayoutValues {
  name: string;
  object: string;
  position?: number;
  roles: string[];
  condition: string | null;
  content: Arrangement;
}

/** Asks for the start data again: pages and forms are arranged anew. */
export async function refreshLayouts(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: keys.boot });
  for (const queryKey of [keys.pages("page_layout"), ["uses"]]) {
    void queryClient.invalidateQueries({ queryKey });
  }
}

async function settle(batch: string, label: string): Promise<void> {
  await refreshLayouts();
  offerUndo(batch, label, [], refreshLayouts);
}

/** Makes a layout, or changes the one of that id and version. */
export async function keepLayout(
  values: LayoutValues,
  label: string,
  known?: { id: string; version?: number },
): Promise<void> {
  const { batch } = known
    ? await api.patch<Written>(`/page_layouts/${known.id}`, values, { version: known.version })
    : await api.post<Written>("/page_layouts", values, { idempotencyKey: crypto.randomUUID() });
  await settle(batch, label);
}

export async function deleteLayout(id: string, label: string): Promise<void> {
  const { batch } = await api.delete<{ batch: string }>(`/page_layouts/${id}`);
  await settle(batch, label);
}

/** Layouts are tried in this order from now on. */
export async function orderLayouts(ids: string[], label: string): Promise<void> {
  const update = ids.map((id, index) => ({ id, position: index + 1 }));
  const { batch } = await api.post<BulkResult>("/page_layouts/bulk", { update });
  await settle(batch, label);
}
