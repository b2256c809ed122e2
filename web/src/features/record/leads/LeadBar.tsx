/** What is next with a lead: until when it is to be answered, and the ways it can go, one press each. */
import { IconArrowRight, IconBan, IconPlant, IconPlayerPlay } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { ObjectMeta, RapportRecord } from "../../../api/types";
import { findObject, useBoot } from "../../../app/query";
import { updateRecord, type Values } from "../../../app/write";
import { t } from "../../../i18n";
import { formatDateTime, formatRelative } from "../../../i18n/format";
import { canWriteRecord } from "../../../ui/fields/writable";
import type { Asked } from "../../../ui/form/AskFields";
import type { PartProps } from "../parts";
import { answerOf, isOpen } from "./data";
import classes from "./leads.module.css";

const AskFields = lazy(() => import("../../../ui/form/AskFields"));
const ConvertDialog = lazy(() => import("./ConvertDialog"));

/** A status whose fields are asked for before it is set. */
function asking(record: RapportRecord, status: string, fields: string[], label: string): Asked {
  const named = fields.map((field) => ({ field, code: "required", message: "" }));
  return { record, values: { status }, fields: named, label };
}

function Clock({ record }: { record: RapportRecord }) {
  const answer = answerOf(record);
  return (
    <span className={classes.clock} data-state={answer?.state} title={answer && formatDateTime(answer.at)}>
      {answer && t(`leads.${answer.state}`, { when: formatRelative(answer.at) })}
    </span>
  );
}

function mayChange(boot: ReturnType<typeof useBoot>, object: ObjectMeta, record: RapportRecord): boolean {
  const field = object.fields.find((entry) => entry.name === "status");
  return !record.deleted_at && !field?.unusable && !field?.read_only && canWriteRecord(boot, object, record);
}

export default function LeadBar({ object, record }: PartProps) {
  const boot = useBoot();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [converting, setConverting] = useState(false);
  const set = (values: Values, label: string) => void updateRecord(object, record, values, { label }).catch(() => {});
  const open = isOpen(record);
  if (!mayChange(boot, object, record) || (record.status === "qualified" && record.deal)) {
    return null;
  }
  return (
    <section className={classes.bar} aria-label={t("leads.next")}>
      <Clock record={record} />
      {(record.status === "new" || !open) && (
        <button
          type="button"
          className="tool"
          data-outline
          onClick={() => set({ status: "working" }, t("leads.taken_up"))}
        >
          <IconPlayerPlay size={15} aria-hidden /> <span>{t(open ? "leads.take_up" : "leads.reopen")}</span>
        </button>
      )}
      {open && record.status !== "nurturing" && (
        <button
          type="button"
          className="tool"
          data-outline
          onClick={() => setAsked(asking(record, "nurturing", ["nurture_until"], t("leads.nurtured")))}
        >
          <IconPlant size={15} aria-hidden /> <span>{t("leads.nurture")}</span>
        </button>
      )}
      {open && (
        <button
          type="button"
          className="tool"
          data-outline
          onClick={() =>
            setAsked(
              asking(record, "disqualified", ["disqualified_reason", "disqualified_note"], t("leads.disqualified")),
            )
          }
        >
          <IconBan size={15} aria-hidden /> <span>{t("leads.disqualify")}</span>
        </button>
      )}
      {record.status !== "disqualified" && findObject("deal")?.can.create && (
        <button type="button" className="tool" data-outline onClick={() => setConverting(true)}>
          <IconArrowRight size={15} aria-hidden /> <span>{t("leads.convert")}</span>
        </button>
      )}
      <Suspense>
        {asked && (
          <AskFields object={object} asked={asked} onClose={() => setAsked(null)} onDone={() => setAsked(null)} />
        )}
        {converting && <ConvertDialog object={object} record={record} onClose={() => setConverting(false)} />}
      </Suspense>
    </section>
  );
}
