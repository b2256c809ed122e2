/** The records of another object that refer to this one, with the way to add one. */

import { IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { titleOf } from "../../api/titles";
import type { Field, ObjectMeta, RapportRecord, RecordPage, Relation } from "../../api/types";
import { explain } from "../../app/problems";
import { startCreate } from "../../app/shell/state";
import { t } from "../../i18n";
import { Empty } from "../../ui/empty/Empty";
import { FieldDisplay } from "../../ui/fields/Field";
import { kindOf } from "../../ui/fields/registry";
import { standardColumns } from "../../ui/grid/columns";
import { iconOf } from "../../ui/icons";
import { RecordMark } from "../../ui/RecordMark";
import classes from "./record.module.css";
import { relationFilter } from "./Tabs";

interface Props {
  object: ObjectMeta;
  record: RapportRecord;
  relation: Relation;
  other: ObjectMeta;
}

const columns_max = 5;

function shownColumns(other: ObjectMeta, relation: Relation): Field[] {
  const names = standardColumns(other).map((column) => column.field);
  const shown = names.filter((name) => name !== other.title && name !== relation.field);
  return shown.flatMap((name) => other.fields.find((field) => field.name === name) ?? []).slice(0, columns_max);
}

export function Related({ object, record, relation, other }: Props) {
  const columns = shownColumns(other, relation);
  const include = columns
    .filter((field) => ["reference", "references", "user"].includes(field.kind))
    .map((field) => field.name);
  const { data, error, isPending, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: [...keys.pages(other.name), "related", relation.field, record.id],
    queryFn: ({ pageParam }) =>
      api.get<RecordPage>(`/${other.plural}`, {
        filter: relationFilter(relation, record.id),
        sort: other.fields.some((field) => field.name === other.title) ? other.title : undefined,
        limit: 50,
        include: include.join(","),
        cursor: pageParam,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const field = other.fields.find((entry) => entry.name === relation.field);
  const given =
    field?.kind === "references"
      ? [record.id]
      : field?.kind === "about"
        ? [{ object: object.name, id: record.id }]
        : record.id;
  const add = () => startCreate(other.name, { [relation.field]: given });
  const records = data?.pages.flatMap((page) => page.records) ?? [];
  if (error && !data) {
    return (
      <Empty
        icon={iconOf(other)}
        title={t("record.related_failed")}
        text={explain(error)}
        action={{ label: t("error.retry"), run: () => void refetch() }}
      />
    );
  }
  return (
    <section aria-label={relation.label}>
      <div className={classes.relatedHead}>
        <h2>{relation.label}</h2>
        {other.can.create && records.length > 0 && (
          <button type="button" className="tool" data-outline onClick={add}>
            <IconPlus size={14} /> {other.label}
          </button>
        )}
      </div>
      {!isPending && records.length === 0 && (
        <Empty
          icon={iconOf(other)}
          title={t("record.related_none", { objects: other.label_plural })}
          text={other.description}
          action={other.can.create ? { label: t("form.new", { object: other.label }), run: add } : undefined}
        />
      )}
      {records.length > 0 && (
        <div className={classes.tableBox}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{other.label}</th>
                {columns.map((column) => (
                  <th key={column.name} scope="col" data-align={kindOf(column).align}>
                    {column.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {records.map((row) => {
                const title = titleOf(other, row).title || other.label;
                return (
                  <tr key={row.id}>
                    <th scope="row">
                      <Link
                        to="/$plural/$id"
                        params={{ plural: other.plural, id: row.id }}
                        className={classes.rowTitle}
                      >
                        <RecordMark object={other} title={title} />
                        <span className="truncate">{title}</span>
                      </Link>
                    </th>
                    {columns.map((column) => (
                      <td key={column.name} data-align={kindOf(column).align}>
                        <FieldDisplay field={column} value={row[column.name]} />
                      </td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && (
        <button type="button" className="tool" onClick={() => void fetchNextPage()}>
          {t("record.more")}
        </button>
      )}
    </section>
  );
}
