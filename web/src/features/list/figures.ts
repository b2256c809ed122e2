/** Figures below the columns of a list and beside its groups. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { useBoot } from "../../app/query";
import {
  formatCompact,
  formatDuration,
  formatMoney,
  formatMoneyShort,
  formatNumber,
  formatPercent,
} from "../../i18n/format";
import { withUnit } from "../../ui/fields/number";
import { valueKind } from "../../ui/fields/registry";
import { type GridColumn, isSummed } from "../../ui/grid/columns";
import type { ListQuery } from "../../ui/grid/rows";

/** What the server says of one group: `sum:price` and so on. */
export interface Measured {
  [measure: string]: unknown;
}

/** Of a digit in the foot of a table, and what stands beside the text of a cell. */
const digit_px = 6.8;
const beside_px = 22;

/** The figure whole, or short where its column has no room for it. */
function figureText({ field, figure, width }: GridColumn, amount: number, currency: string): string {
  const rounded = figure === "avg" ? Math.round(amount * 100) / 100 : amount;
  const fits = (text: string) => text.length * digit_px + beside_px <= width;
  switch (valueKind(field)) {
    case "money": {
      const whole = formatMoney(amount, currency);
      return fits(whole) ? whole : formatMoneyShort(amount, currency);
    }
    case "percent":
      return formatPercent(rounded);
    case "duration":
      return formatDuration(amount);
    default: {
      const whole = withUnit(field, formatNumber(rounded));
      return fits(whole) ? whole : withUnit(field, formatCompact(amount));
    }
  }
}

/** What to ask for: one figure for each column that has one. */
export function measuresOf(columns: GridColumn[]): string[] {
  return columns.filter(({ field }) => isSummed(field)).map(({ field, figure }) => `${figure}:${field.name}`);
}

/** The figures as they are read, by field. */
export function figureTexts(columns: GridColumn[], measured: Measured, currency: string): { [field: string]: string } {
  const texts: { [field: string]: string } = {};
  for (const column of columns.filter((entry) => isSummed(entry.field))) {
    const { field, figure } = column;
    const value = measured[`${figure}:${field.name}`];
    const amount = typeof value === "number" ? value : ((value as { amount?: number } | null)?.amount ?? null);
    if (amount !== null && amount !== undefined) {
      texts[field.name] = figureText(column, amount, currency);
    }
  }
  return texts;
}

export function useFigures(query: ListQuery, columns: GridColumn[], wanted: boolean): { [field: string]: string } {
  const boot = useBoot();
  const measures = measuresOf(columns).join(",");
  const { data } = useQuery({
    queryKey: [...keys.figures(query.object.name), query.filter, measures],
    queryFn: ({ signal }) =>
      api.get<{ groups: Measured[] }>(
        `/${query.object.plural}/aggregate`,
        { measures, filter: query.filter },
        { signal },
      ),
    enabled: wanted && measures !== "" && !query.deleted,
    retry: false,
  });
  return figureTexts(columns, data?.groups[0] ?? {}, boot.workspace.base_currency);
}
