/** What a customer is about to buy and what they bought: open deals with their worth, the next close, what was won. */
import type { Money } from "../../../api/types";
import { t } from "../../../i18n";
import { formatDate, formatMoney, formatNumber } from "../../../i18n/format";
import type { PartProps } from "../parts";
import classes from "../record.module.css";

/** The fields that this figure says in its own words. */
export const sales_fields = ["open_deals", "pipeline_value", "next_close_on", "won_value"];

function money(value: unknown): string | undefined {
  const found = value as Money | null | undefined;
  return typeof found?.amount === "number" ? formatMoney(found.amount, found.currency) : undefined;
}

export function DealsFigure({ record }: PartProps) {
  const open = typeof record.open_deals === "number" ? record.open_deals : 0;
  const worth = money(record.pipeline_value);
  const won = money(record.won_value);
  const next = typeof record.next_close_on === "string" ? formatDate(record.next_close_on) : undefined;
  return (
    <>
      {open > 0 && (
        <div className={classes.figure}>
          <dt>{t("deals.open", { count: open })}</dt>
          <dd className={classes.signal}>
            <span>{worth ?? formatNumber(open)}</span>
            {next && <span className={classes.signalNote}>{t("deals.next_close", { day: next })}</span>}
          </dd>
        </div>
      )}
      {won && (
        <div className={classes.figure}>
          <dt>{t("deals.won")}</dt>
          <dd>{won}</dd>
        </div>
      )}
    </>
  );
}
