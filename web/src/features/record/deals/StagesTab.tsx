/** The way of a deal through its stages: when it came into each, who moved it, how long it had been where it was. */
import { findObject } from "../../../app/query";
import { t } from "../../../i18n";
import { formatDateTime, formatLongTime, formatRelative } from "../../../i18n/format";
import { FieldDisplay } from "../../../ui/fields/Field";
import type { PartProps } from "../parts";
import record_classes from "../record.module.css";
import { useMoves } from "./data";

export default function StagesTab({ record }: PartProps) {
  const { data: moves } = useMoves(record);
  const change = findObject("stage_change");
  const field = (name: string) => change?.fields.find((entry) => entry.name === name);
  const [from, to, by] = [field("from_stage"), field("to_stage"), field("changed_by")];
  if (!moves || !from || !to || !by) {
    return null;
  }
  return (
    <section aria-label={t("deals.way")}>
      <div className={record_classes.tableBox}>
        <table className={record_classes.table}>
          <thead>
            <tr>
              <th scope="col">{t("deals.entered")}</th>
              <th scope="col">{from.label}</th>
              <th scope="col">{t("deals.when")}</th>
              <th scope="col">{t("deals.time_before")}</th>
              <th scope="col">{by.label}</th>
            </tr>
          </thead>
          <tbody>
            {moves.map((move) => (
              <tr key={move.id}>
                <th scope="row">
                  <FieldDisplay field={to} value={move.to_stage} plain />
                </th>
                <td>
                  <FieldDisplay field={from} value={move.from_stage} plain />
                </td>
                <td title={formatDateTime(String(move.at))}>{formatRelative(String(move.at))}</td>
                <td>{typeof move.duration === "number" ? formatLongTime(move.duration) : ""}</td>
                <td>
                  <FieldDisplay field={by} value={move.changed_by} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
