/** When somebody last made sure that what stands here is right, and the button that says so now. */
import { IconShieldCheck } from "@tabler/icons-react";
import { updateRecord } from "../../../app/write";
import { t } from "../../../i18n";
import { formatDateTime, formatRelative } from "../../../i18n/format";
import type { PartProps } from "../parts";
import classes from "../record.module.css";
import { instant } from "./data";

export function ConfirmedFigure({ object, record }: PartProps) {
  const at = instant(record.confirmed_at);
  const confirm = () =>
    void updateRecord(object, record, { confirmed_at: new Date().toISOString() }, { label: t("signals.confirmed_now") })
      // What went wrong is said already.
      .catch(() => {});
  return (
    <div className={classes.figure}>
      <dt>{t("signals.confirmed")}</dt>
      <dd className={classes.signal} title={at && formatDateTime(at)}>
        <span className={at ? undefined : classes.signalNote}>
          {at ? formatRelative(at) : t("signals.unconfirmed")}
        </span>
        {object.can.update && (
          <button type="button" className="tool" title={t("signals.confirm_why")} onClick={confirm}>
            <IconShieldCheck size={14} aria-hidden /> {t("signals.confirm")}
          </button>
        )}
      </dd>
    </div>
  );
}
