/** Work in the background that this person waits for: how far it is, and what becomes of it when it is over. */
import { api } from "../api/client";
import type { Job } from "../api/types";
import { onJob } from "./live";
import { createStore } from "./store";

export interface Work {
  /** The job. */
  id: string;
  label: string;
  total: number;
  progress: number;
  /** It goes on to its end: nobody stops it. */
  steady?: boolean;
  /** Deals with the job once it is over. */
  done: (job: Job) => void;
}

export const works = createStore<Work[]>([]);

/** Where events do not come through, it is asked for. */
const ask_ms = 2_000;
const over = ["done", "failed", "cancelled"];
let asking: ReturnType<typeof setInterval> | undefined;

onJob((job) => {
  if (works.get().some((work) => work.id === job.id)) {
    if (over.includes(job.status)) {
      void finish(job.id);
    } else {
      advance(job.id, job.progress);
    }
  }
});

function advance(id: string, progress: number): void {
  works.set((list) => list.map((work) => (work.id === id ? { ...work, progress } : work)));
}

async function finish(id: string): Promise<void> {
  const work = works.get().find((entry) => entry.id === id);
  const job = await api.get<Job>(`/jobs/${id}`).catch(() => undefined);
  if (work && job && works.get().includes(work)) {
    leave(id);
    work.done(job);
  }
}

function leave(id: string): void {
  works.set((list) => list.filter((work) => work.id !== id));
  if (works.get().length === 0) {
    clearInterval(asking);
    asking = undefined;
  }
}

async function ask(): Promise<void> {
  for (const work of works.get()) {
    const job = await api.get<Job>(`/jobs/${work.id}`).catch(() => undefined);
    if (job && over.includes(job.status)) {
      await finish(work.id);
    } else if (job) {
      advance(work.id, job.progress);
    }
  }
}

/** Shows how far a job is until it is over. */
export function follow(work: Omit<Work, "progress">): void {
  if (!works.get().some((known) => known.id === work.id)) {
    works.set((list) => [...list, { ...work, progress: 0 }]);
    asking ??= setInterval(() => void ask(), ask_ms);
  }
}

/** Ends a job; what it did until then stays, and is said. */
export async function cancelWork(id: string): Promise<void> {
  await api.post(`/jobs/${id}/cancel`);
  await finish(id);
}
