/** How healthy a customer is and why, as the server tells this reader. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { RapportRecord } from "../../../api/types";
import { t } from "../../../i18n";

export interface Reason {
  part: string;
  points: number;
  facts: { days?: number; never?: boolean; count?: number; why?: string };
  records: { id: string; object: string; title: string }[];
}

export interface Health {
  health: number | null;
  level: "good" | "fair" | "poor" | null;
  reasons: Reason[];
  /** Parts that take no points. */
  fine: string[];
  /** Points that reasons take which the reader may not see. */
  unseen: number;
}

/** Asked for again with every change around the record, as its timeline is. */
export function useHealth(record: RapportRecord) {
  return useQuery({
    queryKey: [...keys.timeline("company", record.id), "health"],
    queryFn: ({ signal }) => api.get<Health>(`/companies/${record.id}/health`, {}, { signal }),
    retry: false,
  });
}

/** The reason in words. */
export function reasonText({ part, facts }: Reason): string {
  if (part === "contact") {
    return t(facts.never ? "health.reason_contact_never" : "health.reason_contact", { count: facts.days });
  }
  if (part === "mail") {
    return t(`health.reason_mail_${facts.why}`);
  }
  return t(`health.reason_${part}`, { count: facts.count ?? facts.days });
}

/** The command of the page that helps against a reason. */
export const helping: { [part: string]: string } = { contact: "record.call", next_step: "record.meeting" };
