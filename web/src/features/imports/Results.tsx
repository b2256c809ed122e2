/** What happens or happened to each row: totals to filter by, and the rows with outcome and reason. */

import { IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { address } from "../../api/client";
import { sentence } from "../../api/sentences";
import type { Field, FieldValue } from "../../api/types";
import { findObject } from "../../app/query";
import { t } from "../../i18n";
import { formatList, formatNumber } from "../../i18n/format";
import { FieldDisplay } from "../../ui/fields/Field";
import { kindOf } from "../../ui/fields/registry";
import { importKey, rowsPage } from "./data";
import classes from "./imports.module.css";
import {
  type Import,
  type ImportRow,
  type Outcome,
  outcomes,
  rowCells,
  rowsOf,
  type ShownColumn,
  shownColumns,
} from "./model";

export function Results({ data, dry }: { data: Import; dry?: boolean }) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const shown = outcomes.filter(
    (entry) => (data.counts[entry.count] ?? 0) > 0 || ["create", "update", "error"].includes(entry.outcome),
  );
  const made = Object.entries(data.counts.related ?? {}).map(([name, count]) => {
    const object = findObject(name);
    return `${formatNumber(count)} ${(count === 1 ? object?.label : object?.label_plural) ?? name}`;
  });
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
      {made.length > 0 && (
        <p className={classes.made}>{t(dry ? "imports.made_dry" : "imports.made", { made: formatList(made) })}</p>
      )}
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
  const columns = shownColumns(data.columns, findObject);
  // Where there is nothing to say there is no column for it.
  const says = rows.some((row) => row.reason || (row.record && !(dry && row.outcome === "create")));
  if (query.data && rows.length === 0) {
    return <p className={`dimmed ${classes.none}`}>{t("imports.no_rows")}</p>;
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys */}
      <section className={classes.tableBox} tabIndex={0} aria-label={t("imports.rows_shown")}>
        <table className={classes.rows}>
          <thead>
            <tr>
              <th scope="col">{t("imports.row")}</th>
              <th scope="col">{t("imports.outcome")}</th>
              {says && <th scope="col">{t("imports.why")}</th>}
              {columns.map((column) => (
                <th key={column.at} scope="col">
                  {column.name || t("imports.unnamed")}
                  {column.field && column.field.label !== column.name && <small> → {column.field.label}</small>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ResultRow key={row.row} row={row} data={data} columns={columns} says={says} dry={dry} />
            ))}
          </tbody>
        </table>
      </section>
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

interface ResultRowProps {
  row: ImportRow;
  data: Import;
  columns: ShownColumn[];
  /** Whether any row has something to say. */
  says: boolean;
  dry?: boolean;
}

/** What a cell is read as; what stands in the file is shown while pointing at it and at a press. */
function ReadCell({ field, value, raw }: { field: Field; value: FieldValue; raw: string }) {
  const [written, setWritten] = useState(false);
  const shown = <FieldDisplay field={field} value={value} plain />;
  if (kindOf(field).toText(field, value).trim() === raw.trim()) {
    return shown;
  }
  return (
    <button
      type="button"
      className={classes.read}
      data-written={written || undefined}
      title={t("imports.in_the_file", { text: raw })}
      aria-pressed={written}
      onClick={() => setWritten(!written)}
    >
      {written ? raw : shown}
    </button>
  );
}

function ResultRow({ row, data, columns, says, dry }: ResultRowProps) {
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
      {says && (
        <td className={classes.reason}>
          {row.reason && sentence(row.reason)}{" "}
          {linked && (
            <Link to="/$plural/$id" params={{ plural, id: row.record ?? "" }} className="link">
              {t("imports.open_record")}
            </Link>
          )}
        </td>
      )}
      {columns.map(({ at, field, place }) => {
        const [raw, value] = [cells[at] ?? "", row.read?.[place]];
        return field && raw !== "" && value !== undefined && field.kind !== "reference" ? (
          <td key={at}>
            <ReadCell field={field} value={value} raw={raw} />
          </td>
        ) : (
          <td key={at} title={raw}>
            {raw}
          </td>
        );
      })}
    </tr>
  );
}
