/** The audit log: its entries in words. */
import type { ObjectMeta } from "../../api/types";
import { hasText, t } from "../../i18n";

export interface AuditEntry {
  index: number;
  at: string;
  kind: string;
  actor: string;
  subject: string | null;
  address: string | null;
  details: { [name: string]: unknown };
}
export interface AuditPage {
  entries: AuditEntry[];
  next: number | null;
  names: { [label: string]: { name: string | null } };
}
export interface AuditReport {
  ok: boolean;
  entries: number;
  heads: number;
  signed_to: number;
  first_fault: number | null;
  faults: { index: number; why: string }[];
  notes: string[];
}

/** What the list can be narrowed to: the first words of the kinds. */
export const audit_groups = [
  "login",
  "logout",
  "session",
  "password",
  "second_factor",
  "invitation",
  "user",
  "team",
  "territory",
  "role",
  "api_key",
  "settings",
  "mail",
  "schema",
  "calendar_feed",
  "device",
  "document_link",
  "lead",
  "export",
  "import",
  "undo",
  "backup",
  "sensitive",
  "share",
  "view_as",
  "audit",
] as const;

/** "role.changed" in words; a kind without words stays as it is. */
export function kindWords(kind: string): string {
  const key = `audit.kind_${kind.replaceAll(".", "_")}`;
  return hasText(key) ? t(key) : kind;
}

/** Whom or what an entry is about; what only has an id is not named. */
export function subjectWords(subject: string | null, names: AuditPage["names"], objects: ObjectMeta[]): string {
  const [kind = "", id = ""] = (subject ?? "").split(":");
  if (kind === "object") {
    return objects.find((object) => object.name === id)?.label_plural ?? id;
  }
  return (subject && names[subject]?.name) || "";
}

function count(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** What else an entry says, as short phrases. */
export function factsOf(entry: AuditEntry, objects: ObjectMeta[]): string[] {
  const { details } = entry;
  const facts: string[] = [];
  const [kind, id] = (entry.subject ?? "").split(":");
  const about = entry.kind.startsWith("sensitive") ? (kind === "object" ? id : kind) : entry.kind.split(".")[0];
  const object = objects.find((known) => known.name === about);
  if (Array.isArray(details.fields) && details.fields.length > 0) {
    const settings = entry.kind.startsWith("settings");
    const label = (name: string) => {
      const key = `settings.workspace_${name}`;
      return settings && hasText(key) ? t(key) : (object?.fields.find((field) => field.name === name)?.label ?? name);
    };
    facts.push(details.fields.map((name) => label(String(name))).join(", "));
  }
  if (typeof details.done === "string") {
    const key = `audit.${details.done.replaceAll(" ", "_")}`;
    facts.push([hasText(key) ? t(key) : details.done, details.field].filter(Boolean).join(": "));
  }
  if (typeof details.rows === "number") {
    facts.push(t("audit.rows", { count: details.rows }));
  }
  if (details.complete === false) {
    facts.push(t("audit.incomplete"));
  }
  if (typeof details.filter === "string") {
    facts.push(details.filter);
  }
  if (details.counts && typeof details.counts === "object") {
    const counts = details.counts as { [name: string]: unknown };
    facts.push(t("audit.counts", { created: count(counts.created), updated: count(counts.updated) }));
  }
  if (typeof details.others === "number") {
    facts.push(t("audit.others", { count: details.others }));
  }
  if (typeof details.step === "string" && hasText(`audit.step_${details.step}`)) {
    facts.push(t(`audit.step_${details.step}`));
  }
  return facts;
}
