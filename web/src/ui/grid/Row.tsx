/** One row of the grid: plain elements, drawn again only when something in it changes. */
import { memo } from "react";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { kindOf } from "../fields/registry";
import { RecordMark } from "../RecordMark";
import type { GridColumn } from "./columns";
import classes from "./grid.module.css";

export interface RowProps {
  object: ObjectMeta;
  columns: GridColumn[];
  record: RapportRecord | undefined;
  index: number;
  /** Its place among the rows, in its group where there are groups. */
  number: number;
  /** 2 below the head of a group. */
  level?: number;
  /** Where it lies, in pixels from the row that all are placed from. */
  top: number;
  selected: boolean;
  /** Column of the active cell, -1 when it is in another row. */
  active: number;
  /** First and last column of the cell range, -1 when the row is outside it. */
  rangeFrom: number;
  rangeTo: number;
  /** What the active cell is called. */
  activeId: string | undefined;
  selectable: boolean;
}

const checkClass = `${classes.cell} ${classes.pinned} ${classes.check}`;
const titleClass = `${classes.cell} ${classes.pinned} ${classes.title}`;

function TitleCell({ object, record }: { object: ObjectMeta; record: RapportRecord }) {
  const title = String(record[object.title] ?? "") || t("list.untitled");
  return (
    <>
      <RecordMark object={object} title={title} />
      <a href={`/${object.plural}/${record.id}`} tabIndex={-1} draggable={false}>
        {title}
      </a>
      <button
        type="button"
        className={classes.peek}
        tabIndex={-1}
        data-peek
        aria-label={t("list.peek_at", { title })}
      />
    </>
  );
}

export const Row = memo(function Row(props: RowProps) {
  const { object, columns, record, index, selected, active, rangeFrom, rangeTo } = props;
  const name = record ? String(record[object.title] ?? "") : "";
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-level={props.level}
      className={classes.row}
      style={{ transform: `translateY(${props.top}px)` }}
      data-index={index}
      data-id={record?.id}
    >
      <div role="gridcell" aria-colindex={1} className={checkClass} data-check>
        <span className={classes.number}>{formatNumber(props.number + 1)}</span>
        {props.selectable && record && (
          <span
            role="checkbox"
            aria-checked={selected}
            aria-label={t("list.select_row", { title: name })}
            className={classes.tick}
          />
        )}
      </div>
      {columns.map(({ field }, column) => {
        const kind = kindOf(field);
        const title = column === 0;
        const inRange = column >= rangeFrom && column <= rangeTo && rangeFrom >= 0;
        const marks = `${inRange ? ` ${classes.inRange}` : ""}${column === active ? ` ${classes.active}` : ""}`;
        return (
          <div
            key={field.name}
            role="gridcell"
            id={column === active ? props.activeId : undefined}
            aria-colindex={column + 2}
            className={(title ? titleClass : classes.cell) + marks}
            style={{ width: `var(--w${column})` }}
            data-column={column}
            data-end={kind.align === "end" ? "" : undefined}
          >
            {record === undefined ? (
              <span className="skeleton" style={{ width: `${35 + ((index * 7 + column * 13) % 40)}%` }} />
            ) : title ? (
              <TitleCell object={object} record={record} />
            ) : (
              <kind.Display field={field} value={record[field.name]} plain />
            )}
          </div>
        );
      })}
      <div className={classes.filler} role="presentation" />
    </div>
  );
});
