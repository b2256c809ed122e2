/** May they be written to? The server's answer for every address of a person, and its words. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { RapportRecord } from "../../../api/types";
import { findObject, refreshObject } from "../../../app/query";
import { hasText, t } from "../../../i18n";
import { formatDate } from "../../../i18n/format";
import { addressLine, asAddress } from "../../../ui/fields/address";

export type State = "allowed" | "refused" | "unknown";

export interface Reason {
  code: string;
  message: string;
  allows: boolean;
  at?: string;
  /** Of a suppression. */
  reason?: string;
  scope?: string;
  /** The record that decided, when the reader may see it. */
  object?: string;
  id?: string;
}

export interface Verdict {
  channel: string;
  address: string;
  allowed: boolean;
  state: State;
  why: Reason[];
}

export const state_colors: { [state in State]: string } = { allowed: "green", refused: "red", unknown: "gray" };

export function useConsent(record: RapportRecord, purpose = "marketing") {
  return useQuery({
    // Addresses and wishes of the person are part of the answer.
    queryKey: [...keys.figures("consent"), "of", record.id, purpose, record.version],
    queryFn: () => api.get<{ channels: Verdict[] }>(`/people/${record.id}/consent`, { purpose }),
    retry: false,
  });
}

/** Asks again after something was recorded or lifted. */
export function refreshConsent(): void {
  refreshObject("consent");
  refreshObject("suppression");
}

/** The reader's word for an option of the ledger or of suppressions. */
export function wordOf(object: "consent" | "suppression", field: string, value: unknown): string {
  const options = findObject(object)?.fields.find((entry) => entry.name === field)?.options;
  return options?.find((option) => option.value === value)?.label ?? String(value ?? "");
}

/** "Suppressed since 3 March: complaint, all marketing". */
export function sentenceOf(reason: Reason): string {
  const key = `consent.why_${reason.code}`;
  if (!hasText(key)) {
    return reason.message;
  }
  return t(key, {
    date: reason.at ? formatDate(reason.at.slice(0, 10)) : "",
    reason: wordOf("suppression", "reason", reason.reason),
    scope: wordOf("suppression", "scope", reason.scope),
  });
}

/** Addresses as people write them; the server answers in the form in which it compares. */
export function shownAddress(record: RapportRecord, verdict: Verdict): string {
  if (verdict.channel !== "post") {
    return verdict.address;
  }
  const lines = [record.address, record.other_address].map((value) => addressLine(asAddress(value ?? null)));
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  // The country is a word here and a code there: the beginning is enough to tell two addresses apart.
  const start = plain(verdict.address).slice(0, 12);
  return lines.find((line) => line && plain(line).startsWith(start)) ?? verdict.address;
}
