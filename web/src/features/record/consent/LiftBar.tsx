/** Whether a suppression still holds; an administrator lifts it here. */
import { IconShield } from "@tabler/icons-react";
import { useState } from "react";
import { useBoot } from "../../../app/query";
import { t } from "../../../i18n";
import { formatDateTime } from "../../../i18n/format";
import type { PartProps } from "../parts";
import classes from "../record.module.css";
import { LiftSuppression } from "./LiftSuppression";

export default function LiftBar({ record }: PartProps) {
  const admin = useBoot().role.admin;
  const [lifting, setLifting] = useState(false);
  if (typeof record.lifted_at === "string") {
    return (
      <div className={classes.hint} role="status">
        <IconShield size={16} aria-hidden />
        <span>
          {t("consent.lifted_at", { date: formatDateTime(record.lifted_at), reason: String(record.lift_reason ?? "") })}
        </span>
      </div>
    );
  }
  return (
    <div className={classes.deleted} role="status">
      <span>{t(admin ? "consent.holds" : "consent.holds_ask")}</span>
      {admin && (
        <button type="button" className="tool" data-outline onClick={() => setLifting(true)}>
          {t("consent.lift_title")}
        </button>
      )}
      {lifting && <LiftSuppression id={record.id} onClose={() => setLifting(false)} />}
    </div>
  );
}
