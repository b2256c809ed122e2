/** Changes of as many records as a filter finds: started as a job, shown while they go on, one undo for all. */
import { api } from "../api/client";
import type { BulkWork, Job, ObjectMeta } from "../api/types";
import { t } from "../i18n";
import { listPath } from "./navigation";
import { explainBody, showProblem } from "./problems";
import { findObject, refreshAfterBatch } from "./query";
import { go } from "./router";
import { followMoves, moves_kind } from "./territoryMoves";
import { showToast } from "./toasts";
import { followUndo, offerUndo } from "./undo";
import { follow } from "./works";

/** What a job of many records did. */
interface Result {
  batch: string;
  object: string;
  total: number;
  changed: number;
  refused: number;
  reasons: { problem: { code: string; detail?: string }; count: number; ids: string[] }[];
  stopped: { code: string; detail?: string } | null;
  deletes: boolean;
}

/** Starts it; resolves when the server has taken it on. */
export async function startBulk(object: ObjectMeta, work: BulkWork, label: string): Promise<void> {
  try {
    const key = { idempotencyKey: crypto.randomUUID() };
    const started = await api.post<{ job: string; total: number }>(`/${object.plural}/bulk/job`, work, key);
    const during = t("works.changing", { objects: object.label_plural });
    follow({ id: started.job, label: during, total: started.total, done: (job) => said(job, label) });
  } catch (error) {
    showProblem(error, { retry: () => void startBulk(object, work, label).catch(() => {}) });
    throw error;
  }
}

/** Says what became of it and offers to take it back. */
function said(job: Job, label: string): void {
  const result = job.result as unknown as Result | null;
  void refreshAfterBatch();
  if (!result || job.status === "failed") {
    showToast(t("works.failed", { label }), { kind: "error" });
    return;
  }
  const object = findObject(result.object);
  const first = result.reasons[0];
  const figures = { label, changed: result.changed, refused: result.refused, total: result.total };
  const why = result.stopped ?? first?.problem;
  const reason = why ? explainBody(why) : "";
  const text =
    job.status === "cancelled" || result.stopped
      ? `${t("works.stopped", figures)} ${result.stopped ? reason : ""}`.trim()
      : result.refused > 0
        ? t("works.partly", { ...figures, reason })
        : label;
  const ids = result.reasons.flatMap((entry) => entry.ids);
  const which = {
    label: t("works.which"),
    run: () =>
      object &&
      go(`${listPath(object)}?filter=${encodeURIComponent(`id in [${ids.map((id) => `'${id}'`).join(", ")}]`)}`),
  };
  const more = ids.length > 0 ? [which] : [];
  if (result.changed > 0) {
    offerUndo(result.batch, text, more);
  } else {
    showToast(text, { actions: more, kind: result.refused > 0 ? "error" : "info" });
  }
}

/** Work that goes on since before this window was opened. */
export async function resumeWorks(): Promise<void> {
  const { jobs } = await api.get<{ jobs: Job[] }>("/jobs").catch(() => ({ jobs: [] as Job[] }));
  for (const job of jobs.filter((entry) => ["queued", "running"].includes(entry.status))) {
    if (job.kind === "engine.undo") {
      followUndo(job.id, t("works.undoing"), Number(job.result?.total ?? 0));
    } else if (job.kind === moves_kind) {
      followMoves(job);
    } else {
      const object = findObject(String(job.result?.object));
      const label = t("works.changing", { objects: object?.label_plural });
      follow({ id: job.id, label, total: Number(job.result?.total ?? 0), done: (done) => said(done, label) });
    }
  }
}
