/** Figures below the columns of a list and beside its groups. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { useBoot } from "../../app/query";
import { formatCompact, formatMoney, formatNumber } from "../../i18n/format";
import { valueKind } from "../../ui/fields/registry";
import { type GridColumn, isSummed } from "../../ui/grid/columns";
import type { ListQuery } from "../../ui/grid/rows";

/** What the server says of one group: `sum:price` and so on. */
export interface Measured {
  [measure: string]: unknown;
}

const compact_from = 1_000_000_000;

/** What to ask for: one figure for each column that has one. */
export function measuresOf(columns: GridColumn[]): string[] {
  return columns.filter(({ field }) => isSummed(field)).map(({ field, figure }) => `${figure}:${field.name}`);
}

/** The figures as they are read, by field. */
export function figureTexts(columns: GridColumn[], measured: Measured, currency: string): { [field: string]: string } {
  const texts: { [field: string]: string } = {};
  for (const { field, figure } of columns.filter((column) => isSummed(column.field))) {
    const value = measured[`${figure}:${field.name}`];
    const amount = typeof value === "number" ? value : ((value as { amount?: number } | null)?.amount ?? null);
    if (amount !== null && amount !== undefined) {
      texts[field.name] =
        valueKind(field) === "money"
          ? formatMoney(amount, currency)
          : Math.abs(amount) >= compact_from
            ? formatCompact(amount)
            : formatNumber(figure === "avg" ? Math.round(amount * 100) / 100 : amount);
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
