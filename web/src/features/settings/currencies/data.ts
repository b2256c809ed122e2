/** Exchange rates: asking for them, writing one, reading one as people write it. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { FieldValue, ObjectMeta, RecordPage } from "../../../api/types";
import { createRecord, deleteRecords, updateRecord } from "../../../app/write";
import { t } from "../../../i18n";
import { currentLocale, formatNumber } from "../../../i18n/format";

export interface Rate {
  currency: string;
  on: string;
  /** Units for one euro. */
  rate: string;
  /** What one unit is worth in the base currency. */
  worth: string | null;
}

export interface RateList {
  base: string;
  today: string;
  /** Whether amounts are still being counted anew. */
  counting: boolean;
  rates: Rate[];
}

/** How many rates are shown at first. */
export const few = 50;

/** How often it is asked whether amounts are counted. */
const poll_ms = 1500;

/** The rates that count on a day; of one currency those until that day, the latest first. */
export function useRates(currency: string | null, on: string, limit: number) {
  return useQuery({
    queryKey: [...keys.pages("exchange_rate"), "known", currency, on, limit],
    queryFn: ({ signal }) =>
      api.get<RateList>("/exchange_rates/known", { currency, on, limit: currency ? limit : undefined }, { signal }),
    placeholderData: (before) => before,
    refetchInterval: (query) => (query.state.data?.counting ? poll_ms : false),
  });
}

/** "1,0812" or "1.0812" as the server wants it; undefined when it is no rate. */
export function rateOf(text: string, locale: string = currentLocale()): string | undefined {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  const comma = parts.some((part) => part.type === "decimal" && part.value === ",");
  let digits = text.replace(/[\s\u00a0\u202f'’]/g, "");
  if (digits.includes(",") && digits.includes(".")) {
    const [thousand, decimal] = digits.lastIndexOf(",") > digits.lastIndexOf(".") ? [".", ","] : [",", "."];
    digits = digits.replaceAll(thousand, "").replace(decimal, ".");
  } else if (comma) {
    digits = digits.replace(",", ".");
  }
  return /^\d{1,9}(\.\d{1,8})?$/.test(digits) && Number(digits) > 0 ? digits : undefined;
}

/** A rate to read: as it is, or to six digits that count where it goes on for ever. */
export function formatRate(rate: string, digits?: number): string {
  const value = digits ? Number(Number(rate).toPrecision(digits)) : Number(rate);
  return formatNumber(value, 12);
}

/** Writes the rate of a currency on a day, or takes it away; the toast offers to undo. */
export async function writeRate(object: ObjectMeta, day: string, currency: string, rate: string | null, label: string) {
  const filter = `on == date('${day}')`;
  const page = await api.get<RecordPage>(`/${object.plural}`, { filter, limit: 1, total: false });
  const record = page.records[0];
  const rates: { [currency: string]: FieldValue } = { ...(record?.rates as object) };
  if (rate === null) {
    delete rates[currency];
  } else {
    rates[currency] = rate;
  }
  const options = { throwOnly: true, label: rate === null ? t("write.deleted", { name: label }) : label };
  if (record && Object.keys(rates).length === 0) {
    await deleteRecords(object, [record.id], label);
  } else if (record) {
    await updateRecord(object, record, { rates }, options);
  } else if (rate !== null) {
    await createRecord(object, { on: day, rates }, options);
  }
}
