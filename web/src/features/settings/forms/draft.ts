/** A form while it is edited, and as it is stored. */
import type { FieldValue, RapportRecord } from "../../../api/types";

/** What a form may ask for beside name and e-mail. */
export const asked = ["phone", "company", "message"];

export interface Draft {
  name: string;
  active: boolean;
  takes: string[];
  origins: string[];
  source: string | null;
  campaign: string;
  assignee: string | null;
  consent_wording: string;
  consent_topic: string;
  least_seconds: number | "";
  thanks: string;
}

export const textOf = (value: FieldValue | undefined): string => (typeof value === "string" ? value : "");
export const listOf = (value: FieldValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];

export function draftOf(form: RapportRecord | undefined): Draft {
  return {
    name: textOf(form?.name),
    active: form ? form.active === true : true,
    takes: form ? listOf(form.takes) : asked,
    origins: listOf(form?.origins),
    source: form ? textOf(form.source) || null : "website",
    campaign: textOf(form?.campaign),
    assignee: textOf(form?.assignee) || null,
    consent_wording: textOf(form?.consent_wording),
    consent_topic: textOf(form?.consent_topic),
    least_seconds: typeof form?.least_seconds === "number" ? form.least_seconds : "",
    thanks: textOf(form?.thanks),
  };
}

export function valuesOf(draft: Draft) {
  const text = (value: string) => value.trim() || null;
  const list = (values: string[]) => (values.length > 0 ? values : null);
  return {
    name: draft.name.trim(),
    active: draft.active,
    takes: list(asked.filter((field) => draft.takes.includes(field))),
    origins: list(draft.origins.map((origin) => origin.trim().toLowerCase().replace(/\/+$/, ""))),
    source: draft.source,
    campaign: text(draft.campaign),
    assignee: draft.assignee,
    consent_wording: text(draft.consent_wording),
    consent_topic: text(draft.consent_topic),
    least_seconds: draft.least_seconds === "" ? null : draft.least_seconds,
    thanks: text(draft.thanks),
  };
}
