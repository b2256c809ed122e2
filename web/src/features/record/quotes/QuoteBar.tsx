/** What is next with a quote: it is sent, accepted, declined, or another version replaces it. */
import { IconCheck, IconCopy, IconSend, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { RapportRecord, RecordPage } from "../../../api/types";
import { recordAddress } from "../../../app/navigation";
import { findObject, useBoot } from "../../../app/query";
import { updateRecord } from "../../../app/write";
import { t } from "../../../i18n";
import { quote as quoted } from "../../../ui/fields/operators";
import { canWriteRecord } from "../../../ui/fields/writable";
import type { Asked } from "../../../ui/form/AskFields";
import classes from "../leads/leads.module.css";
import type { PartProps } from "../parts";
import { makeQuote } from "./made";

const AskFields = lazy(() => import("../../../ui/form/AskFields"));

/** The version that replaced a quote. */
function Successor({ object, record }: PartProps) {
  const { data } = useQuery({
    queryKey: [...keys.pages(object.name), "replacing", record.id],
    queryFn: ({ signal }) => {
      const params = { filter: `replaces == ${quoted(record.id)}`, limit: 1, total: false };
      return api.get<RecordPage>(`/${object.plural}`, params, { signal }).then((page) => page.records);
    },
    retry: false,
  });
  const next = data?.[0];
  return (
    <p className={classes.clock}>
      {t("quotes.replaced")}{" "}
      {next && (
        <Link className="link" to={recordAddress(object, next.id)}>
          {String(next.number)}
        </Link>
      )}
    </p>
  );
}

function declining(record: RapportRecord): Asked {
  const fields = [{ field: "declined_reason", code: "required", message: "" }];
  return { record, values: { status: "declined" }, fields, label: t("quotes.declined") };
}

const waiting = ["draft", "sent", "expired"];

export default function QuoteBar({ object, record }: PartProps) {
  const boot = useBoot();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [busy, setBusy] = useState(false);
  const status = String(record.status ?? "draft");
  if (status === "replaced") {
    return (
      <section className={classes.bar} aria-label={t("quotes.next")}>
        <Successor object={object} record={record} />
      </section>
    );
  }
  if (record.deleted_at || !canWriteRecord(boot, object, record)) {
    return null;
  }
  const set = (to: string, label: string) =>
    void updateRecord(object, record, { status: to }, { label }).catch(() => {});
  const version = async () => {
    setBusy(true);
    await makeQuote(`/${object.plural}/${record.id}/version`, { object: object.name, id: record.id });
    setBusy(false);
  };
  return (
    <section className={classes.bar} aria-label={t("quotes.next")}>
      <span className={classes.clock}>{t(`quotes.is_${status}`)}</span>
      {status === "draft" && (
        <button type="button" className="tool" data-outline onClick={() => set("sent", t("quotes.sent"))}>
          <IconSend size={15} aria-hidden /> <span>{t("quotes.send")}</span>
        </button>
      )}
      {status !== "accepted" && (
        <button type="button" className="tool" data-outline onClick={() => set("accepted", t("quotes.accepted"))}>
          <IconCheck size={15} aria-hidden /> <span>{t("quotes.accept")}</span>
        </button>
      )}
      {waiting.includes(status) && status !== "draft" && (
        <button type="button" className="tool" data-outline onClick={() => setAsked(declining(record))}>
          <IconX size={15} aria-hidden /> <span>{t("quotes.decline")}</span>
        </button>
      )}
      {status !== "draft" && findObject("quote")?.can.create && (
        <button type="button" className="tool" data-outline disabled={busy} onClick={() => void version()}>
          <IconCopy size={15} aria-hidden /> <span>{t("quotes.version")}</span>
        </button>
      )}
      {asked && (
        <Suspense>
          <AskFields object={object} asked={asked} onClose={() => setAsked(null)} onDone={() => setAsked(null)} />
        </Suspense>
      )}
    </section>
  );
}
