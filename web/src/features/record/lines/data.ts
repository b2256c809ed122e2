/** The lines of a deal or document: which they are, and every change of them. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { Money, ObjectMeta, RapportRecord, RecordPage } from "../../../api/types";
import { findObject, queryClient } from "../../../app/query";
import { bulk, createRecord, deleteRecords, updateRecord, type Values } from "../../../app/write";
import { t } from "../../../i18n";
import { parseMoney } from "../../../ui/fields/money";
import { quote } from "../../../ui/fields/operators";
import { parseNumber } from "../../../ui/fields/parse";
import { region } from "../../../ui/fields/region";

/** Lines asked for at once. */
const page_size = 200;
/** Distance of positions, so that one line can be put between two. */
const step = 10;

/** The object of a record's lines: those of a deal are called `deal_line`. */
export function lineObject(object: ObjectMeta): ObjectMeta | undefined {
  return findObject(`${object.name}_line`);
}

export function linesKey(object: ObjectMeta, id: string) {
  return [...keys.pages(`${object.name}_line`), "of", id];
}

export function useLines(object: ObjectMeta, record: RapportRecord) {
  const line = lineObject(object);
  return useQuery({
    queryKey: linesKey(object, record.id),
    queryFn: async ({ signal }) => {
      const filter = `${object.name} == ${quote(record.id)}`;
      const lines: RapportRecord[] = [];
      let cursor: string | undefined;
      do {
        const params = { filter, sort: "position,created_at", limit: page_size, total: false, cursor };
        const page: RecordPage = await api.get(`/${line?.plural}`, params, { signal });
        lines.push(...page.records);
        cursor = page.next ?? undefined;
      } while (cursor);
      return lines;
    },
    enabled: line !== undefined,
    retry: false,
  });
}

export function moneyOf(value: unknown): Money | undefined {
  const found = value as Money | null | undefined;
  return typeof found?.amount === "number" ? found : undefined;
}

/** The currency of everything in a deal or document, as the server settles it. */
export function useCurrency(record: RapportRecord, lines: RapportRecord[]): string {
  const list = typeof record.price_list === "string" ? record.price_list : undefined;
  const meta = findObject("price_list");
  const { data } = useQuery({
    queryKey: keys.record("price_list", list ?? ""),
    queryFn: ({ signal }) => api.get<RapportRecord>(`/${meta?.plural}/${list}`, {}, { signal }),
    enabled: list !== undefined && meta !== undefined,
    retry: false,
  });
  const own = typeof record.currency === "string" ? record.currency : undefined;
  const of_lines = moneyOf(lines[0]?.unit_price)?.currency;
  const of_list = typeof data?.currency === "string" ? data.currency : undefined;
  return own ?? of_lines ?? of_list ?? moneyOf(record.amount)?.currency ?? region().currency;
}

/** Cells of words; all others hold numbers. */
export function isWord(name: string): boolean {
  return ["name", "unit", "section"].includes(name);
}

/** What a typed cell says; `undefined` when it cannot be read. */
export function readCell(name: string, text: string, line: RapportRecord, currency: string): Values | undefined {
  const typed = text.trim();
  if (isWord(name)) {
    return { [name]: typed || null };
  }
  const number = typed === "" ? null : parseNumber(typed);
  if (number === undefined) {
    return undefined;
  }
  if (name === "unit_price") {
    const of = moneyOf(line.unit_price)?.currency ?? currency;
    return { unit_price: number === null ? null : { amount: number, currency: of } };
  }
  return { [name]: number };
}

/** New positions of all lines when one goes a place up or down; none when it stands at the end already. Pure. */
export function moved(lines: RapportRecord[], id: string, by: -1 | 1): { id: string; position: number }[] {
  const order = lines.map((line) => line.id);
  const at = order.indexOf(id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= order.length) {
    return [];
  }
  order.splice(to, 0, ...order.splice(at, 1));
  const places = order.map((line, place) => ({ id: line, position: (place + 1) * step }));
  return places.filter(({ id: line, position }) => lines.find((entry) => entry.id === line)?.position !== position);
}

/** A row of a spreadsheet: what it is called (or its article number), how much, at what price. */
export interface Pasted {
  name: string;
  quantity?: number;
  price?: number;
}

/** Rows with a name; a row of headings, whose second cell is no number, is left out. Pure. */
export function readPasted(cells: string[][]): Pasted[] {
  const amount = (text: string) => {
    const read = parseMoney(text, "");
    return read.ok ? moneyOf(read.value)?.amount : undefined;
  };
  const rows = cells
    .map((row) => row.map((cell) => cell.trim()))
    .filter((row) => row[0])
    .map(([name = "", quantity = "", price = ""]) => ({
      name,
      heading: quantity !== "" && parseNumber(quantity) === undefined,
      quantity: parseNumber(quantity),
      price: amount(price),
    }));
  return rows
    .filter(({ heading }, at) => !(heading && at === 0))
    .map(({ name, quantity, price }) => ({ name, quantity, price }));
}

/** The products of these names or article numbers, by both in small letters. */
export async function productsCalled(names: string[]): Promise<Map<string, RapportRecord>> {
  const product = findObject("product");
  const found = new Map<string, RapportRecord>();
  if (!product || names.length === 0) {
    return found;
  }
  const list = names.map(quote).join(", ");
  const filter = `active && (sku in [${list}] || name in [${list}])`;
  const page = await api.get<RecordPage>(`/${product.plural}`, { filter, limit: 200, total: false });
  for (const record of page.records) {
    for (const word of [record.name, record.sku]) {
      if (typeof word === "string") {
        found.set(word.toLowerCase(), record);
      }
    }
  }
  return found;
}

/** Everything that can be done to the lines of one record; each asks again for what it changes. */
export function useLineWrites(object: ObjectMeta, record: RapportRecord, currency: string) {
  const line = lineObject(object);
  const again = async () => {
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: linesKey(object, record.id) }),
      queryClient.invalidateQueries({ queryKey: keys.record(object.name, record.id) }),
      queryClient.invalidateQueries({ queryKey: keys.figures(`${object.name}_line`) }),
    ]);
  };
  const settled = async <T>(work: Promise<T>): Promise<T | undefined> => {
    const done = await work.catch(() => undefined);
    await again();
    return done;
  };
  if (!line) {
    return undefined;
  }
  const whole = { [object.name]: record.id };
  return {
    add: (values: Values) => settled(createRecord(line, { ...whole, ...values }, { label: t("lines.added") })),
    edit: (known: RapportRecord, values: Values, label?: string) =>
      settled(updateRecord(line, known, values, { label })),
    remove: (known: RapportRecord) => settled(deleteRecords(line, [known.id])),
    move: (places: { id: string; position: number }[]) =>
      settled(bulk(line, { update: places }, t("lines.moved"), { quiet: true })),
    paste: async (rows: Pasted[]) => {
      const products = await productsCalled(rows.map((row) => row.name)).catch(() => new Map<string, RapportRecord>());
      const create = rows.map(({ name, quantity, price }) => {
        const product = products.get(name.toLowerCase());
        const amount = price ?? (product ? undefined : 0);
        return {
          ...whole,
          ...(product ? { product: product.id } : { name }),
          quantity: quantity ?? 1,
          ...(amount === undefined ? {} : { unit_price: { amount, currency } }),
        };
      });
      return settled(bulk(line, { create }, t("lines.pasted", { count: create.length })));
    },
  };
}

export type LineWrites = NonNullable<ReturnType<typeof useLineWrites>>;
