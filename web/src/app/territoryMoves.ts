/** Companies that move after a change of the tree of territories: how far that is, and how many moved. */
import { api } from "../api/client";
import type { Job } from "../api/types";
import { t } from "../i18n";
import { findObject, refreshObject } from "./query";
import { showToast } from "./toasts";
import { follow } from "./works";

export const moves_kind = "engine.territories";

/** Shows a job that moves companies until it is over. */
export function followMoves(job: Job): void {
  const total = Number(job.result?.total ?? 0);
  follow({ id: job.id, label: t("territories.moving"), total, steady: true, done: said });
}

function said(job: Job): void {
  const moved = Number(job.result?.moved ?? 0);
  const refused = Number(job.result?.refused ?? 0);
  const placed = findObject("company");
  if (placed) {
    refreshObject(placed.name);
  }
  if (job.status === "failed") {
    showToast(t("territories.moving_failed"), { kind: "error" });
  } else if (refused > 0) {
    showToast(t("territories.moved_partly", { moved, refused }), { kind: "error" });
  } else if (moved > 0) {
    showToast(t("territories.moved", { count: moved }));
  }
}

/** Follows what a change just now has set going. */
export async function followNewMoves(): Promise<void> {
  const { jobs } = await api.get<{ jobs: Job[] }>("/jobs").catch(() => ({ jobs: [] as Job[] }));
  for (const job of jobs.filter((entry) => entry.kind === moves_kind)) {
    if (["queued", "running"].includes(job.status)) {
      followMoves(job);
    }
  }
  // A small one may be over already.
  refreshObject("company");
}
