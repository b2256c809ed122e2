/** What holds for the whole workspace, as a form: what differs is sent, what is missing is said before. */
import type { WorkspaceSettings } from "../../api/types";
import { t } from "../../i18n";
import { wordLocale } from "../../i18n/format";
import type { Problems } from "../../ui/form/recordForm";

export const company_fields = [
  "name",
  "base_currency",
  "default_country",
  "time_zone",
  "second_factor_required",
] as const;

const name_max = 200;

/** The part that can be set. */
export function companyOf(known: WorkspaceSettings): WorkspaceSettings {
  const { name, base_currency, default_country, time_zone, second_factor_required } = known;
  return { name, base_currency, default_country, time_zone, second_factor_required: second_factor_required === true };
}

/** What differs from what is known, without blanks around the name. */
export function companyChanges(known: WorkspaceSettings, draft: WorkspaceSettings): Partial<WorkspaceSettings> {
  const next = { ...draft, name: draft.name.trim() };
  const changed = company_fields.filter((field) => next[field] !== known[field]);
  return Object.fromEntries(changed.map((field) => [field, next[field]]));
}

/** What is wrong before the server is asked. */
export function companyProblems(draft: WorkspaceSettings): Problems {
  const { length } = new TextEncoder().encode(draft.name.trim());
  return length === 0 || length > name_max ? { name: t("settings.workspace_name_wrong") } : {};
}

/** Choices with the present value among them, so that a value this browser does not know is shown all the same. */
export function withPresent(choices: { value: string; label: string }[], present: string) {
  const known = present === "" || choices.some((choice) => choice.value === present);
  return known ? choices : [{ value: present, label: present }, ...choices];
}

/** Every currency with its name in the reader's language, in the order of the codes. */
export function currencies(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(wordLocale(), { type: "currency" });
  return Intl.supportedValuesOf("currency").map((value) => ({
    value,
    label: `${value} – ${names.of(value) ?? value}`,
  }));
}

/** Every time zone by its name. */
export function timeZones(): { value: string; label: string }[] {
  const zones = Intl.supportedValuesOf("timeZone");
  return [...new Set(["UTC", ...zones])].map((value) => ({ value, label: value.replaceAll("_", " ") }));
}
