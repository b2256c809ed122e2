/** The lines of a deal or document, made for the keyboard: what is sold, how much of it, at what price, and what it comes to. */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { ObjectMeta, RapportRecord } from "../../../api/types";
import { useBoot } from "../../../app/query";
import { t } from "../../../i18n";
import { formatMoney, formatPercent } from "../../../i18n/format";
import { canWriteRecord } from "../../../ui/fields/writable";
import type { PartProps } from "../parts";
import { QuoteDeal } from "../quotes/QuoteDeal";
import { AddLine } from "./AddLine";
import { isWord, lineObject, moneyOf, moved, useCurrency, useLines, useLineWrites } from "./data";
import { type Column, LineRow } from "./LineRow";
import classes from "./lines.module.css";

/** The cells in their order; those that the object does not have are left out. */
const cells = ["name", "quantity", "unit", "unit_price", "discount", "tax_rate"];

function columnsOf(line: ObjectMeta): Column[] {
  return cells.flatMap((name) => {
    const field = line.fields.find((entry) => entry.name === name && !entry.unusable && !entry.hidden);
    return field ? [{ name, label: field.label, end: !isWord(name) }] : [];
  });
}

function Sum({ label, value, strong }: { label: string; value: unknown; strong?: boolean }) {
  const money = moneyOf(value);
  return money ? (
    <div data-strong={strong || undefined}>
      <dt>{label}</dt>
      <dd>{formatMoney(money.amount, money.currency)}</dd>
    </div>
  ) : null;
}

interface TaxSum {
  rate: number;
  tax: number;
}

/** What all of it comes to; a document says how. */
function Sums({ record }: { record: RapportRecord }) {
  const total = moneyOf(record.total);
  const taxes = Array.isArray(record.taxes) ? (record.taxes as unknown as TaxSum[]) : [];
  const discounted = (moneyOf(record.discount_total)?.amount ?? 0) !== 0;
  return (
    <dl className={classes.sums} aria-live="polite">
      {total ? (
        <>
          {discounted && <Sum label={t("lines.subtotal")} value={record.subtotal} />}
          {discounted && <Sum label={t("lines.discount")} value={less(record.discount_total)} />}
          <Sum label={t("lines.net")} value={record.net_total} />
          {taxes.map(({ rate, tax }) => (
            <Sum
              key={rate}
              label={t("lines.tax", { rate: formatPercent(rate) })}
              value={{ amount: tax, currency: total.currency }}
            />
          ))}
          <Sum label={t("lines.total")} value={total} strong />
        </>
      ) : (
        <Sum label={t("lines.total")} value={record.lines_amount} strong />
      )}
    </dl>
  );
}

function less(value: unknown) {
  const money = moneyOf(value);
  return money && { ...money, amount: -money.amount };
}

/** The cell of the same column in the row above or below, or the next one of all. */
function goTo(body: HTMLElement, from: HTMLInputElement, key: string): HTMLInputElement | undefined {
  const rows = [...body.querySelectorAll<HTMLElement>("[data-line]")];
  const row = rows.findIndex((entry) => entry.contains(from));
  if (key === "Enter") {
    const all = [...body.querySelectorAll<HTMLInputElement>("[data-cell]")];
    const own = rows[row]?.querySelectorAll<HTMLInputElement>("[data-cell]");
    const is_last = own?.[own.length - 1] === from;
    // From the end of a line on to what is typed first in the next: how much of it.
    return is_last
      ? (rows[row + 1]?.querySelector<HTMLInputElement>("[data-cell=quantity]") ?? undefined)
      : all[all.indexOf(from) + 1];
  }
  const next = rows[row + (key === "ArrowUp" ? -1 : 1)];
  return next?.querySelector<HTMLInputElement>(`[data-cell="${from.dataset.cell}"]`) ?? undefined;
}

/** Why nobody changes the lines any more. */
function lockedWhy(object: ObjectMeta, record: RapportRecord): string | undefined {
  return object.name === "quote" && record.status !== "draft" ? t("quotes.locked") : undefined;
}

function mayWrite(boot: ReturnType<typeof useBoot>, object: ObjectMeta, record: RapportRecord, line: ObjectMeta) {
  return !record.deleted_at && line.can.create && line.can.update && canWriteRecord(boot, object, record);
}

export default function LinesTab({ object, record }: PartProps) {
  const boot = useBoot();
  const line = lineObject(object);
  const { data } = useLines(object, record);
  const lines = data ?? [];
  const currency = useCurrency(record, lines);
  const able = useLineWrites(object, record, currency);
  const locked = lockedWhy(object, record);
  const writes = line && !locked && mayWrite(boot, object, record, line) ? able : undefined;
  const body = useRef<HTMLTableSectionElement>(null);
  const adding = useRef<HTMLInputElement>(null);
  const [wanted, setWanted] = useState<string>();
  useEffect(() => {
    const cell =
      wanted && body.current?.querySelector<HTMLInputElement>(`[data-line="${wanted}"] [data-cell=quantity]`);
    if (cell && data) {
      cell.focus();
      setWanted(undefined);
    }
  }, [wanted, data]);
  if (!line || !data) {
    return null;
  }
  const columns = columnsOf(line);
  const offers = line.fields.some((field) => field.name === "optional" && !field.unusable);
  const keyDown = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    const from = event.target as HTMLInputElement;
    if (!["Enter", "ArrowUp", "ArrowDown"].includes(event.key) || !from.dataset.cell || event.altKey) {
      return;
    }
    event.preventDefault();
    const next = goTo(event.currentTarget, from, event.key);
    if (next) {
      next.focus();
    } else if (event.key !== "ArrowUp") {
      adding.current?.focus();
    }
  };
  const goUp = () => {
    const rows = body.current?.querySelectorAll<HTMLInputElement>("[data-cell=quantity]");
    rows?.[rows.length - 1]?.focus();
  };
  return (
    <section aria-label={t("lines.title")} className={classes.lines}>
      {locked && (
        <p className={classes.locked} role="note">
          {locked}
        </p>
      )}
      {(lines.length > 0 || writes) && (
        <div className={classes.box}>
          <table className={classes.table}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.name} scope="col" data-align={column.end ? "end" : undefined} data-of={column.name}>
                    {column.label}
                  </th>
                ))}
                <th scope="col" data-align="end">
                  {t("lines.sum")}
                </th>
                {writes && (
                  <th scope="col">
                    <span className="visually-hidden">{t("lines.tools")}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody ref={body} onKeyDown={keyDown}>
              {lines.map((entry, at) => (
                <LineRow
                  key={entry.id}
                  columns={columns}
                  offers={offers}
                  line={entry}
                  first={at === 0}
                  last={at === lines.length - 1}
                  currency={currency}
                  writes={writes}
                  onMove={(by) => {
                    const places = moved(lines, entry.id, by);
                    if (places.length > 0) {
                      void writes?.move(places);
                    }
                  }}
                  onRemove={() => {
                    void writes?.remove(entry);
                    adding.current?.focus();
                  }}
                />
              ))}
              {writes && (
                <tr className={classes.adding}>
                  <td colSpan={columns.length + 2}>
                    <AddLine input={adding} writes={writes} currency={currency} onAdded={setWanted} onUp={goUp} />
                  </td>
                </tr>
              )}
            </tbody>
          </table>
        </div>
      )}
      <div className={classes.foot}>
        {object.name === "deal" && lines.length > 0 && <QuoteDeal object={object} record={record} />}
        <p className={classes.hint}>{writes ? t("lines.keys") : lines.length === 0 ? t("lines.none") : ""}</p>
        <Sums record={record} />
      </div>
    </section>
  );
}
