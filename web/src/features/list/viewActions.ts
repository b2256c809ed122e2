/** Saving, sharing and deleting views: they are records like any other. */
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ObjectMeta, RapportRecord, View, ViewColumn, Written } from "../../api/types";
import { showProblem } from "../../app/problems";
import { queryClient } from "../../app/query";
import { offerUndo } from "../../app/undo";
import { t } from "../../i18n";
import type { ViewType } from "../../ui/views/types";

export interface ViewContent {
  filter: string;
  sort: string;
  columns: ViewColumn[];
  type: ViewType;
  group: string;
  starts: string;
  ends: string;
}

async function finish(batch: string, label: string): Promise<void> {
  offerUndo(batch, label);
  await queryClient.invalidateQueries({ queryKey: keys.boot });
}

function values(content: ViewContent) {
  const { columns, type } = content;
  const by = { group: content.group || null, starts: content.starts || null, ends: content.ends || null };
  return { filter: content.filter || null, sort: content.sort || null, columns, type, ...by };
}

/** Makes a view and gives its id. */
export async function createView(
  object: ObjectMeta,
  name: string,
  content: ViewContent,
  shared: View["shared"],
): Promise<string | undefined> {
  try {
    const body = { name, object: object.name, shared, ...values(content) };
    const written = await api.post<Written>("/views", body);
    await finish(written.batch, t("view.created", { name }));
    return written.record.id;
  } catch (error) {
    showProblem(error);
    return undefined;
  }
}

async function change(view: View, body: { [field: string]: unknown }, label: string): Promise<boolean> {
  try {
    const written = await api.patch<Written>(`/views/${view.id}`, body);
    await finish(written.batch, label);
    return true;
  } catch (error) {
    showProblem(error);
    return false;
  }
}

export function saveView(view: View, content: ViewContent): Promise<boolean> {
  return change(view, values(content), t("view.saved", { name: view.name }));
}

export function renameView(view: View, name: string): Promise<boolean> {
  return change(view, { name }, t("view.renamed", { name }));
}

export function shareView(view: View, shared: NonNullable<View["shared"]>): Promise<boolean> {
  return change(view, { shared }, t(`view.shared_${shared}`, { name: view.name }));
}

/** Says for whom the list begins with a view: a team by its id, `everyone`, or nobody. */
export function openFirst(view: View, whom: string): Promise<boolean> {
  const shared = whom === "everyone" ? { shared: "everyone" } : { shared: "team", team: whom };
  const label = t(whom ? "view.opens_first_set" : "view.opens_first_unset", { name: view.name });
  return change(view, whom ? { opens_first: true, ...shared } : { opens_first: null }, label);
}

export async function deleteView(view: View): Promise<void> {
  try {
    const { batch } = await api.delete<{ batch: string; record?: RapportRecord }>(`/views/${view.id}`);
    await finish(batch, t("view.deleted", { name: view.name }));
  } catch (error) {
    showProblem(error);
  }
}
