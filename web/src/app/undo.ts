/** What can be taken back: the last changes of this window, newest first, each one batch of the server's log. */
import { api } from "../api/client";
import type { UndoResult } from "../api/types";
import { t } from "../i18n";
import { showProblem } from "./problems";
import { refreshAfterBatch } from "./query";
import { createStore } from "./store";
import { closeToast, showToast } from "./toasts";
import { follow } from "./works";

export interface Undoable {
  batch: string;
  label: string;
  /** What else has to be asked for again once it is taken back. */
  after?: () => Promise<unknown>;
}

const kept_max = 20;

export const undoable = createStore<Undoable[]>([]);
const toastOf = new Map<string, number>();

/** Remembers a change without a word: it can be taken back with the key. */
export function rememberUndo(batch: string, label: string, after?: Undoable["after"]): void {
  undoable.set((list) =>
    [{ batch, label, after }, ...list.filter((entry) => entry.batch !== batch)].slice(0, kept_max),
  );
}

/** Remembers a change and offers to take it back. */
export function offerUndo(
  batch: string,
  label: string,
  more: { label: string; run: () => void }[] = [],
  after?: Undoable["after"],
): void {
  rememberUndo(batch, label, after);
  const undo = { label: t("undo.action"), run: () => void undoBatch(batch) };
  toastOf.set(batch, showToast(label, { actions: [undo, ...more] }));
}

/** Takes back the newest change. */
export async function undoLast(): Promise<void> {
  const last = undoable.get()[0];
  if (last) {
    await undoBatch(last.batch);
  } else {
    showToast(t("undo.nothing"));
  }
}

/** Takes back one change; what others have edited since is kept and said. */
export async function undoBatch(batch: string, after?: Undoable["after"]): Promise<UndoResult | undefined> {
  const entry = undoable.get().find((known) => known.batch === batch);
  const last = entry?.after ?? after;
  undoable.set((list) => list.filter((known) => known.batch !== batch));
  const toast = toastOf.get(batch);
  if (toast !== undefined) {
    closeToast(toast);
    toastOf.delete(batch);
  }
  try {
    const result = await api.post<UndoResult>(`/undo/${batch}`);
    if (result.job) {
      followUndo(result.job, entry ? t("undo.done", { label: entry.label }) : t("undo.done_plain"), 0, last);
      return result;
    }
    await refreshAfterBatch();
    await last?.();
    const kept = result.kept.length;
    const text = entry ? t("undo.done", { label: entry.label }) : t("undo.done_plain");
    showToast(kept > 0 ? t("undo.kept", { count: kept }) : text, {
      actions: [{ label: t("undo.redo"), run: () => void undoBatch(result.batch, last) }],
    });
    return result;
  } catch (error) {
    showProblem(error, { retry: () => void undoBatch(batch, last) });
    return undefined;
  }
}

/** Shows how far a large undo is, and says what it kept. */
export function followUndo(job: string, label: string, total: number, after?: Undoable["after"]): void {
  follow({
    id: job,
    label,
    total,
    done: async ({ status, result }) => {
      await refreshAfterBatch();
      await after?.();
      const kept = Number(result?.kept_count ?? 0);
      const batch = String(result?.batch ?? "");
      if (status !== "done" || result?.stopped) {
        showToast(t("works.undo_stopped"), {
          kind: "error",
          actions: [{ label: t("undo.action"), run: () => void undoBatch(String(result?.undoes ?? ""), after) }],
        });
        return;
      }
      showToast(kept > 0 ? t("undo.kept", { count: kept }) : label, {
        actions: [{ label: t("undo.redo"), run: () => void undoBatch(batch, after) }],
      });
    },
  });
}
