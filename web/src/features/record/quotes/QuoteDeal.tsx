/** Makes a quote of a deal and what is in it. */
import { IconFileText } from "@tabler/icons-react";
import { useState } from "react";
import { findObject } from "../../../app/query";
import { t } from "../../../i18n";
import type { PartProps } from "../parts";
import { makeQuote } from "./made";

export function QuoteDeal({ object, record }: PartProps) {
  const [busy, setBusy] = useState(false);
  if (record.deleted_at || !findObject("quote")?.can.create) {
    return null;
  }
  const make = async () => {
    setBusy(true);
    await makeQuote(`/${object.plural}/${record.id}/quote`);
    setBusy(false);
  };
  return (
    <button type="button" className="tool" data-outline disabled={busy} onClick={() => void make()}>
      <IconFileText size={15} aria-hidden /> <span>{t("quotes.make")}</span>
    </button>
  );
}
