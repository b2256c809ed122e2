/** When a task is done, and how it is set: by its status field, whatever its options are called exactly. */
import type { FieldValue, ObjectMeta, RapportRecord } from "../../api/types";
import { updateRecord } from "../../app/write";
import { t } from "../../i18n";

const done_values = ["done", "completed", "complete", "closed"];
const ended_values = [...done_values, "cancelled", "canceled"];

/** The option of `status` that means done, and the one that means open. */
export function statusOptions(object: ObjectMeta): { done?: string; open?: string } {
  const options = object.fields.find((field) => field.name === "status")?.options ?? [];
  const done = options.find((option) => done_values.includes(option.value))?.value;
  return { done, open: options.find((option) => !ended_values.includes(option.value))?.value };
}

export function isDone(record: RapportRecord): boolean {
  return done_values.includes(String(record.status));
}

/** Done or given up. */
export function isEnded(record: RapportRecord): boolean {
  return ended_values.includes(String(record.status));
}

/** CEL for the tasks that still have to be done. */
export function openFilter(object: ObjectMeta): string {
  const options = object.fields.find((field) => field.name === "status")?.options ?? [];
  const ended = options.filter((option) => ended_values.includes(option.value)).map((option) => `'${option.value}'`);
  return ended.length > 0 ? `!(status in [${ended.join(", ")}])` : "status == null";
}

/** Ticks a task off, or opens it again. */
export async function toggleDone(object: ObjectMeta, task: RapportRecord): Promise<void> {
  const { done, open } = statusOptions(object);
  const now = !isDone(task);
  const status: FieldValue = (now ? done : open) ?? null;
  const title = String(task[object.title] ?? object.label);
  const label = t(now ? "task.completed" : "task.reopened", { title });
  await updateRecord(object, task, { status }, { label }).catch(() => {});
}
