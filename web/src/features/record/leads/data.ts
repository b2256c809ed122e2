/** What a lead's page needs to know of it: whether it is open, and how its first answer stands. */
import type { RapportRecord } from "../../../api/types";

/** Statuses in which something is still to be done. */
const open = ["new", "working", "nurturing"];

export function isOpen(record: RapportRecord): boolean {
  return typeof record.status === "string" && open.includes(record.status);
}

/** How the first answer stands: `due` and `late` while it is owed, nothing once it was given or when nobody owes it. Pure. */
export function answerOf(record: RapportRecord, now = Date.now()): { state: "due" | "late"; at: string } | undefined {
  const at = record.first_response_due;
  if (!isOpen(record) || record.first_response_at || typeof at !== "string") {
    return undefined;
  }
  return { state: Date.parse(at) < now ? "late" : "due", at };
}
