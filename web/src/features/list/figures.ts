/** Sums below the columns of a list. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { useBoot } from "../../app/query";
import { formatCompact, formatMoney, formatNumber } from "../../i18n/format";
import { valueKind } from "../../ui/fields/registry";
import { type GridColumn, isSummed } from "../../ui/grid/columns";
import type { ListQuery } from "../../ui/grid/rows";

interface Aggregate {
  groups: { [measure: string]: unknown }[];
}

const compact_from = 1_000_000_000;

export function useFigures(query: ListQuery, columns: GridColumn[], wanted: boolean): { [field: string]: string } {
  const boot = useBoot();
  const fields = columns.map((column) => column.field).filter(isSummed);
  const measures = fields.map((field) => `sum:${field.name}`).join(",");
  const { data } = useQuery({
    queryKey: [...keys.figures(query.object.name), query.filter, measures],
    queryFn: ({ signal }) =>
      api.get<Aggregate>(`/${query.object.plural}/aggregate`, { measures, filter: query.filter }, { signal }),
    enabled: wanted && measures !== "" && !query.deleted,
    retry: false,
  });
  const group = data?.groups[0];
  const figures: { [field: string]: string } = {};
  for (const field of fields) {
    const value = group?.[`sum:${field.name}`];
    const amount = typeof value === "number" ? value : ((value as { amount?: number } | null)?.amount ?? null);
    if (amount !== null && amount !== undefined) {
      const money = valueKind(field) === "money";
      figures[field.name] = money
        ? formatMoney(amount, boot.workspace.base_currency)
        : amount >= compact_from
          ? formatCompact(amount)
          : formatNumber(amount);
    }
  }
  return figures;
}
