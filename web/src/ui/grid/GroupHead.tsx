/** The head of a group in the grid: its value, how many records, their figures. */
import { memo } from "react";
import type { Field } from "../../api/types";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { kindOf } from "../fields/registry";
import type { GridColumn } from "./columns";
import classes from "./grid.module.css";
import type { TableGroup } from "./groups";

/** What a group is called. */
export function GroupName({ field, group }: { field: Field; group: TableGroup }) {
  const { Display } = kindOf(field);
  return group.value === null || group.value === undefined ? (
    <span className="dimmed truncate">{t("board.none", { field: field.label })}</span>
  ) : (
    <Display field={field} value={group.value} plain />
  );
}

interface Props {
  field: Field;
  group: TableGroup;
  closed: boolean;
  columns: GridColumn[];
  index: number;
  top: number;
  /** Column of the active cell, -1 when it is in another row. */
  active: number;
  activeId: string | undefined;
}

export const GroupHead = memo(function GroupHead(props: Props) {
  const { field, group, closed, columns, index, active } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-level={1}
      aria-expanded={!closed}
      className={`${classes.row} ${classes.group}`}
      style={{ transform: `translateY(${props.top}px)` }}
      data-index={index}
      data-group={group.key}
    >
      <div role="gridcell" aria-colindex={1} className={`${classes.cell} ${classes.pinned} ${classes.check}`}>
        <span className={classes.turn} data-closed={closed || undefined} aria-hidden="true" />
      </div>
      {columns.map((column, at) => (
        <div
          key={column.field.name}
          role="gridcell"
          id={at === active ? props.activeId : undefined}
          aria-colindex={at + 2}
          className={`${classes.cell} ${at === 0 ? `${classes.pinned} ${classes.title}` : classes.groupFigure} ${at === active ? classes.active : ""}`}
          style={{ width: `var(--w${at})` }}
          data-column={at}
          data-end={kindOf(column.field).align === "end" ? "" : undefined}
        >
          {at === 0 ? (
            <>
              <GroupName field={field} group={group} />
              <span className={classes.groupCount} data-count={group.count}>
                {formatNumber(group.count)}
                <span className="visually-hidden"> {t("grid.group_records", { count: group.count })}</span>
              </span>
            </>
          ) : (
            group.figures[column.field.name] && (
              <>
                <span className={classes.figureName}>{t(`grid.figure_${column.figure}`)}</span>{" "}
                <b>{group.figures[column.field.name]}</b>
              </>
            )
          )}
        </div>
      ))}
      <div className={classes.filler} role="presentation" />
    </div>
  );
});
