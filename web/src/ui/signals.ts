/** How much a record wants to be looked at: what is planned with it, and whether it is neglected. Pure. */
import type { RapportRecord } from "../api/types";

/** The fields that say so, where an object has them. */
export const signal_fields = ["next_activity_at", "rots_at"];

export type Planned = "overdue" | "today" | "later" | "none";

function time(value: unknown): number | undefined {
  return typeof value === "string" && value !== "" ? Date.parse(value) : undefined;
}

/** Whether the next contact is overdue. */
export function isRotting(record: RapportRecord, now = Date.now()): boolean {
  const until = time(record.rots_at);
  return until !== undefined && until < now;
}

/** What is planned with a record that wants contacts; undefined where none is wanted. */
export function plannedOf(record: RapportRecord, now = Date.now()): Planned | undefined {
  if (time(record.rots_at) === undefined) {
    return undefined;
  }
  const next = time(record.next_activity_at);
  if (next === undefined) {
    return "none";
  }
  const midnight = new Date(now).setHours(24, 0, 0, 0);
  return next < now ? "overdue" : next < midnight ? "today" : "later";
}
