/** What happens or happened to each row: totals to filter by, and the rows with outcome and reason. */

import { IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { address } from "../../api/client";
import { sentence } from "../../api/sentences";
import { findObject } from "../../app/query";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { importKey, rowsPage } from "./data";
import classes from "./imports.module.css";
import { type Import, type ImportRow, type Outcome, outcomes, rowCells, rowsOf } from "./model";

const cells_max = 5;

export function Results({ data, dry }: { data: Import; dry?: boolean }) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const shown = outcomes.filter(
    (entry) => (data.counts[entry.count] ?? 0) > 0 || ["create", "update", "error"].includes(entry.outcome),
  );
  return (
    <>
      <fieldset className={classes.tiles} aria-label={t("imports.filter")}>
        <button type="button" className={classes.tile} aria-pressed={outcome === null} onClick={() => setOutcome(null)}>
          <strong className="num">{formatNumber(data.counts.rows ?? rowsOf(data))}</strong>
          <span>{t("imports.all_rows")}</span>
        </button>
        {shown.map((entry) => (
          <button
            key={entry.outcome}
            type="button"
            className={classes.tile}
            data-color={entry.color}
            aria-pressed={outcome === entry.outcome}
            onClick={() => setOutcome(outcome === entry.outcome ? null : entry.outcome)}
          >
            <strong className="num">{formatNumber(data.counts[entry.count] ?? 0)}</strong>
            <span>
              <span className="dot" aria-hidden /> {t(`imports.outcome_${entry.outcome}${dry ? "_dry" : ""}`)}
            </span>
          </button>
        ))}
        {(data.counts.errors ?? 0) > 0 && (
          <a className="tool" data-outline href={address(`/imports/${data.id}/errors.csv`)} download>
            <IconDownload size={15} /> {t("imports.download_errors")}
          </a>
        )}
      </fieldset>
      {(data.counts.suppressed ?? 0) > 0 && (
        <p className="dimmed">{t("imports.suppressed", { count: data.counts.suppressed ?? 0 })}</p>
      )}
      <Rows data={data} outcome={outcome} dry={dry} />
    </>
  );
}

function Rows({ data, outcome, dry }: { data: Import; outcome: Outcome | null; dry?: boolean }) {
  const query = useInfiniteQuery({
    queryKey: [...importKey(data.id), "rows", data.status, outcome],
    queryFn: ({ pageParam }) => rowsPage(data.id, outcome, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const columns = data.columns.filter((column) => column.mapping.target !== null);
  const places = columns.map((column) => data.columns.indexOf(column));
  if (query.data && rows.length === 0) {
    return <p className={`dimmed ${classes.none}`}>{t("imports.no_rows")}</p>;
  }
  return (
    <>
      <div className={classes.tableBox}>
        <table className={classes.rows}>
          <thead>
            <tr>
              <th scope="col">{t("imports.row")}</th>
              <th scope="col">{t("imports.outcome")}</th>
              {columns.slice(0, cells_max).map((column) => (
                <th key={column.name} scope="col">
                  {column.name}
                </th>
              ))}
              <th scope="col">{t("imports.why")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ResultRow key={row.row} row={row} data={data} places={places.slice(0, cells_max)} dry={dry} />
            ))}
          </tbody>
        </table>
      </div>
      {query.hasNextPage && (
        <button
          type="button"
          className="tool"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("record.more")}
        </button>
      )}
    </>
  );
}

function ResultRow({ row, data, places, dry }: { row: ImportRow; data: Import; places: number[]; dry?: boolean }) {
  const cells = rowCells(row, data.columns);
  const color = outcomes.find((entry) => entry.outcome === row.outcome)?.color;
  const plural = findObject(data.object)?.plural;
  const linked = row.record && plural && !(dry && row.outcome === "create");
  return (
    <tr>
      <td className="num">{row.row}</td>
      <td>
        <span className="chip" data-color={color}>
          <span>{t(`imports.outcome_${row.outcome}${dry ? "_dry" : ""}`)}</span>
        </span>
      </td>
      {places.map((at) => (
        <td key={at} title={cells[at]}>
          {cells[at]}
        </td>
      ))}
      <td className={classes.reason}>
        {row.reason && sentence(row.reason)}{" "}
        {linked && (
          <Link to="/$plural/$id" params={{ plural, id: row.record ?? "" }} className="link">
            {t("imports.open_record")}
          </Link>
        )}
      </td>
    </tr>
  );
}
