/** Sorts tasks by what is due when, and reads "send the offer tomorrow 15:00 !" as a task. */
import type { RapportRecord } from "../../api/types";
import { t } from "../../i18n";
import { dayOf, today } from "../../i18n/format";
import { addDays, instantOf, parseDay, parseTime } from "../../ui/fields/parse";

export type Section = "overdue" | "today" | "week" | "later" | "someday";
export const sections: Section[] = ["overdue", "today", "week", "later", "someday"];

export function sectionOf(task: RapportRecord, now: Date = new Date()): Section {
  if (typeof task.due_at !== "string") {
    return "someday";
  }
  const [due, day] = [dayOf(task.due_at), dayOf(now)];
  if (due < day) {
    return "overdue";
  }
  return due === day ? "today" : due <= addDays(day, 7) ? "week" : "later";
}

const ranks: { [priority: string]: number } = {
  urgent: 0,
  highest: 0,
  high: 1,
  normal: 2,
  medium: 2,
  low: 3,
  lowest: 4,
};

/** The order inside a section: by time, then by priority, then the older first. */
function before(a: RapportRecord, b: RapportRecord): number {
  const due = String(a.due_at ?? "9").localeCompare(String(b.due_at ?? "9"));
  const rank = (task: RapportRecord) => ranks[String(task.priority)] ?? 2;
  return due || rank(a) - rank(b) || a.id.localeCompare(b.id);
}

export function bySection(tasks: RapportRecord[], now: Date = new Date()): Map<Section, RapportRecord[]> {
  const map = new Map<Section, RapportRecord[]>(sections.map((section) => [section, []]));
  for (const task of [...tasks].sort(before)) {
    map.get(sectionOf(task, now))?.push(task);
  }
  return map;
}

export interface Quick {
  title: string;
  due_at?: string;
  priority?: "high" | "low";
}

const default_time = "09:00";

/** Finds a day and a time at the end of a line, and `!` for important. */
export function readQuick(line: string, now: string = today(), zone?: string): Quick {
  let words = line
    .trim()
    .replace(/(\d)\s+uhr$/i, "$1uhr")
    .split(/\s+/)
    .filter(Boolean);
  const important = words.includes("!") || words.includes("!!");
  words = words.filter((word) => word !== "!" && word !== "!!");
  const time =
    words.length > 1 && /[:h]|am$|pm$|uhr$/i.test(words.at(-1) ?? "") ? parseTime(words.at(-1) ?? "") : undefined;
  const small = ["on", "by", "at", ...t("day.before").split(" ")].join("|");
  const [before, behind] = [new RegExp(`^(${small})\\s+`, "i"), new RegExp(`\\s+(${small})$`, "i")];
  const rest = time ? words.slice(0, -1).join(" ").replace(behind, "").split(" ") : words;
  for (const length of [3, 2, 1]) {
    const tail = rest.slice(-length).join(" ").replace(before, "");
    const day = rest.length > length && !/^\d+$/.test(tail) ? parseDay(tail, now) : undefined;
    if (day) {
      const title = rest.slice(0, -length).join(" ").replace(behind, "");
      return { title, due_at: instantOf(day, time ?? default_time, zone), priority: important ? "high" : undefined };
    }
  }
  const due = time ? instantOf(now, time, zone) : undefined;
  return { title: rest.join(" "), due_at: due, priority: important ? "high" : undefined };
}
