/** Outgoing mail as the server tells of it. */
import { api } from "../../../api/client";

export interface MailSettings {
  host: string;
  port: number;
  security: "tls" | "starttls" | "none";
  user: string;
  sender_name: string;
  sender_address: string;
  reply_to: string;
  authority: string;
}

export interface MailSetUp {
  settings: MailSettings | null;
  has_password: boolean;
  public_url: string;
}

export interface MailTested {
  address: string;
  went: boolean;
  stage: string | null;
  answer: string;
}

export interface OutgoingMail {
  id: string;
  kind: string;
  address: string;
  status: string;
  queued_at: string;
  due_at: string;
  ended_at: string | null;
  attempts: number;
  unsure: boolean;
  answer: string | null;
}

export interface Ledger {
  queued: number;
  waiting: number;
  held: number;
  sent: number;
  failed: number;
  cancelled: number;
}

export interface OutgoingMails {
  mails: OutgoingMail[];
  next: string | null;
  ledger: Ledger;
}

export const setUpKey = ["mail"] as const;
export const outgoingKey = ["mail-outgoing"] as const;

/** The ports that go with a protection, as a rule. */
export const usual_ports = { tls: 465, starttls: 587, none: 25 } as const;

export const empty_settings: MailSettings = {
  host: "",
  port: usual_ports.tls,
  security: "tls",
  user: "",
  sender_name: "",
  sender_address: "",
  reply_to: "",
  authority: "",
};

export function loadOutgoing(state: string, cursor: string | null): Promise<OutgoingMails> {
  const query = new URLSearchParams({ limit: "50", ...(state && { state }), ...(cursor && { cursor }) });
  return api.get<OutgoingMails>(`/mail/outgoing?${query}`);
}
