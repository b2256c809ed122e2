/** How many people and companies there are, and how many came in the last weeks, as small pictures without a chart library. */
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { RecordPage } from "../../api/types";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import classes from "./home.module.css";

const weeks = 6;
const week_hours = 168;

/** A line through values, drawn in a box of 100 by 28. */
export function sparkline(values: number[]): string {
  const top = Math.max(1, ...values);
  const step = values.length > 1 ? 100 / (values.length - 1) : 100;
  return values
    .map(
      (value, index) =>
        `${index === 0 ? "M" : "L"}${(index * step).toFixed(1)} ${(26 - (value / top) * 24).toFixed(1)}`,
    )
    .join("");
}

export function Growth() {
  const boot = useBoot();
  const objects = ["person", "company"].flatMap((name) => boot.objects.find((object) => object.name === name) ?? []);
  const count = (plural: string, filter: string, signal: AbortSignal) =>
    api.get<RecordPage>(`/${plural}`, { filter, limit: 1, fields: "version" }, { signal }).then((page) => page.total);
  const results = useQueries({
    queries: objects.map((object) => ({
      queryKey: [...keys.figures(object.name), "home"],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const starts = Array.from({ length: weeks }, (_, index) => (weeks - index) * week_hours);
        const [all, ...since] = await Promise.all([
          count(object.plural, "", signal),
          ...starts.map((hours) => count(object.plural, `created_at >= now - duration('${hours}h')`, signal)),
        ]);
        const added = since.map((total, index) => (total?.count ?? 0) - (since[index + 1]?.count ?? 0));
        return { all, added, recent: since.at(-1)?.count ?? 0 };
      },
      staleTime: 300_000,
    })),
  });
  return (
    <div className={classes.figures}>
      {objects.map((object, index) => {
        const data = results[index]?.data;
        return (
          <Link key={object.name} to={`/${object.plural}`} className={classes.figure}>
            <span className="dimmed">{object.label_plural}</span>
            <b>{data?.all ? formatNumber(data.all.count) : "–"}</b>
            <span className="dimmed">{data ? t("home.new_this_week", { count: Math.max(0, data.recent) }) : " "}</span>
            <svg viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true">
              {data && (
                <path
                  d={sparkline(data.added)}
                  fill="none"
                  stroke="currentColor"
                  strokeWidth="1.5"
                  vectorEffect="non-scaling-stroke"
                  strokeLinejoin="round"
                />
              )}
            </svg>
          </Link>
        );
      })}
    </div>
  );
}
