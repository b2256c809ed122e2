/** The head of the grid: a menu for each column, its edge to make it wider, its body to drag it elsewhere. */
import { Menu } from "@mantine/core";
import {
  IconArrowLeft,
  IconArrowNarrowDown,
  IconArrowNarrowUp,
  IconArrowRight,
  IconArrowsHorizontal,
  IconEyeOff,
  IconFilter,
} from "@tabler/icons-react";
import { type PointerEvent as ReactPointerEvent, useRef, useState } from "react";
import type { Figure, ViewColumn } from "../../api/types";
import { t } from "../../i18n";
import { kindOf } from "../fields/registry";
import { isFilterable } from "../filters/model";
import { figures, type GridColumn, isSortable, isSummed, type SortKey, width_max, width_min } from "./columns";
import classes from "./grid.module.css";

export interface HeaderProps {
  columns: GridColumn[];
  sort: SortKey[];
  allSelected: boolean;
  someSelected: boolean;
  selectable: boolean;
  onSelectAll: (on: boolean) => void;
  onSort: (field: string, descending: boolean | null) => void;
  onColumns: (columns: ViewColumn[]) => void;
  onFilter?: (field: string) => void;
  /** Shows a width while it is being dragged, without drawing the rows again. */
  onResizing: (column: number, width: number) => void;
}

export function asViewColumns(columns: GridColumn[]): ViewColumn[] {
  return columns.map(({ field, width, figure }) => ({
    field: field.name,
    width,
    ...(figure !== "sum" && { figure }),
  }));
}

function moved(columns: GridColumn[], from: number, to: number): ViewColumn[] {
  const list = asViewColumns(columns);
  const [column] = list.splice(from, 1);
  if (column) {
    list.splice(Math.max(1, to), 0, column);
  }
  return list;
}

function resized(columns: GridColumn[], index: number, width: number): ViewColumn[] {
  const list = asViewColumns(columns);
  return list.map((column, at) =>
    at === index ? { ...column, width: Math.min(width_max, Math.max(width_min, width)) } : column,
  );
}

/** The figure that stands below the column and beside each group. */
function FigureChoice({ columns, index, onColumns }: Pick<HeaderProps, "columns" | "onColumns"> & { index: number }) {
  const choose = (figure: Figure) =>
    onColumns(asViewColumns(columns).map((column, at) => (at === index ? { ...column, figure } : column)));
  return (
    <>
      <Menu.Divider />
      <Menu.Label>{t("grid.figure")}</Menu.Label>
      {figures.map((figure) => (
        <Menu.RadioItem
          key={figure}
          value={figure}
          checked={columns[index]?.figure === figure}
          closeMenuOnClick
          onChange={() => choose(figure)}
        >
          {t(`grid.figure_${figure}`)}
        </Menu.RadioItem>
      ))}
    </>
  );
}

function ColumnMenu({ props, index, onClose }: { props: HeaderProps; index: number; onClose: () => void }) {
  const { columns, sort, onSort, onColumns, onFilter } = props;
  const column = columns[index];
  if (!column) {
    return null;
  }
  const { field, width } = column;
  const sorted = sort.find((key) => key.field === field.name);
  const step = 40;
  return (
    <Menu opened onClose={onClose} position="bottom-start" width={220} returnFocus trapFocus>
      <Menu.Target>
        <span style={{ position: "absolute", insetInlineStart: 8, insetBlockEnd: 0 }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={t("grid.column_menu", { column: field.label })}>
        {isSortable(field) && (
          <>
            <Menu.Item leftSection={<IconArrowNarrowUp size={15} />} onClick={() => onSort(field.name, false)}>
              {t("grid.sort_up")}
            </Menu.Item>
            <Menu.Item leftSection={<IconArrowNarrowDown size={15} />} onClick={() => onSort(field.name, true)}>
              {t("grid.sort_down")}
            </Menu.Item>
            {sorted && <Menu.Item onClick={() => onSort(field.name, null)}>{t("grid.sort_none")}</Menu.Item>}
            <Menu.Divider />
          </>
        )}
        {onFilter && isFilterable(field) && (
          <Menu.Item leftSection={<IconFilter size={15} />} onClick={() => onFilter(field.name)}>
            {t("grid.filter_by", { column: field.label })}
          </Menu.Item>
        )}
        {index > 1 && (
          <Menu.Item
            leftSection={<IconArrowLeft size={15} />}
            onClick={() => onColumns(moved(columns, index, index - 1))}
          >
            {t("grid.move_left")}
          </Menu.Item>
        )}
        {index > 0 && index < columns.length - 1 && (
          <Menu.Item
            leftSection={<IconArrowRight size={15} />}
            onClick={() => onColumns(moved(columns, index, index + 1))}
          >
            {t("grid.move_right")}
          </Menu.Item>
        )}
        <Menu.Item
          closeMenuOnClick={false}
          leftSection={<IconArrowsHorizontal size={15} />}
          onClick={() => onColumns(resized(columns, index, width + step))}
        >
          {t("grid.wider")}
        </Menu.Item>
        <Menu.Item
          closeMenuOnClick={false}
          leftSection={<IconArrowsHorizontal size={15} />}
          onClick={() => onColumns(resized(columns, index, width - step))}
        >
          {t("grid.narrower")}
        </Menu.Item>
        {index > 0 && (
          <Menu.Item
            leftSection={<IconEyeOff size={15} />}
            onClick={() => onColumns(asViewColumns(columns).filter((_, at) => at !== index))}
          >
            {t("grid.hide")}
          </Menu.Item>
        )}
        {index > 0 && isSummed(field) && <FigureChoice columns={columns} index={index} onColumns={onColumns} />}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Follows the pointer from press to release. */
function follow(
  event: ReactPointerEvent,
  onMove: (event: PointerEvent) => void,
  onEnd: (event: PointerEvent) => void,
): void {
  const target = event.currentTarget as HTMLElement;
  const move = (next: Event) => onMove(next as PointerEvent);
  const end = (next: Event) => {
    target.removeEventListener("pointermove", move);
    target.removeEventListener("pointerup", end);
    target.removeEventListener("pointercancel", end);
    onEnd(next as PointerEvent);
  };
  target.setPointerCapture(event.pointerId);
  target.addEventListener("pointermove", move);
  target.addEventListener("pointerup", end);
  target.addEventListener("pointercancel", end);
}

const drag_min_px = 6;

/** The column before which something dropped at `x` comes. */
function columnAt(row: HTMLElement | null, x: number): number {
  const headers = [...(row?.querySelectorAll<HTMLElement>("[data-header]") ?? [])];
  const at = headers.findIndex((header) => {
    const box = header.getBoundingClientRect();
    return x < box.left + box.width / 2;
  });
  return at < 0 ? headers.length : at;
}

function HeaderCell({ props, index }: { props: HeaderProps; index: number }) {
  const { columns, sort, onColumns, onResizing } = props;
  const [open, setOpen] = useState(false);
  const [drop, setDrop] = useState<number | null>(null);
  const dragged = useRef(false);
  const row = useRef<HTMLDivElement>(null);
  const column = columns[index];
  if (!column) {
    return null;
  }
  const { field, width } = column;
  const rank = sort.findIndex((key) => key.field === field.name);
  const sorted = sort[rank];
  const resize = (event: ReactPointerEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const start = event.clientX;
    const toward = getComputedStyle(event.currentTarget).direction === "rtl" ? -1 : 1;
    const at = (next: PointerEvent) =>
      Math.min(width_max, Math.max(width_min, width + (next.clientX - start) * toward));
    follow(
      event,
      (next) => onResizing(index, at(next)),
      (next) => onColumns(resized(columns, index, at(next))),
    );
  };
  const drag = (event: ReactPointerEvent) => {
    dragged.current = false;
    if (event.button !== 0 || index === 0 || event.pointerType === "touch") {
      return;
    }
    const start = event.clientX;
    follow(
      event,
      (next) => {
        dragged.current ||= Math.abs(next.clientX - start) > drag_min_px;
        if (dragged.current) {
          setDrop(columnAt(row.current?.parentElement ?? null, next.clientX));
        }
      },
      (next) => {
        setDrop(null);
        const to = columnAt(row.current?.parentElement ?? null, next.clientX);
        if (dragged.current && to !== index && to !== index + 1) {
          onColumns(moved(columns, index, to > index ? to - 1 : to));
        }
      },
    );
  };
  return (
    <div
      ref={row}
      role="columnheader"
      aria-colindex={index + 2}
      aria-sort={sorted ? (sorted.descending ? "descending" : "ascending") : undefined}
      className={`${classes.header} ${index === 0 ? `${classes.pinned} ${classes.title}` : ""}`}
      style={{ width: `var(--w${index})` }}
      data-header
      data-end={kindOf(field).align === "end" ? "" : undefined}
    >
      <button
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        onPointerDown={drag}
        onClick={() => !dragged.current && setOpen(true)}
        className={drop !== null ? classes.drop : undefined}
      >
        <span className="truncate">{field.label}</span>
        {sorted && (sorted.descending ? <IconArrowNarrowDown size={14} /> : <IconArrowNarrowUp size={14} />)}
        {sorted && sort.length > 1 && <span className="num">{rank + 1}</span>}
      </button>
      <div className={classes.resize} onPointerDown={resize} aria-hidden="true" />
      {open && <ColumnMenu props={props} index={index} onClose={() => setOpen(false)} />}
    </div>
  );
}

export function Header(props: HeaderProps) {
  return (
    <div role="row" aria-rowindex={1} className={classes.head}>
      <div role="columnheader" aria-colindex={1} className={`${classes.header} ${classes.pinned} ${classes.check}`}>
        {props.selectable ? (
          <label>
            <input
              type="checkbox"
              checked={props.allSelected}
              ref={(box) => {
                if (box) {
                  box.indeterminate = props.someSelected && !props.allSelected;
                }
              }}
              onChange={(event) => props.onSelectAll(event.currentTarget.checked)}
              aria-label={t("list.select_all")}
            />
          </label>
        ) : (
          <span className="visually-hidden">{t("grid.row_number")}</span>
        )}
      </div>
      {props.columns.map((column, index) => (
        <HeaderCell key={column.field.name} props={props} index={index} />
      ))}
      <div className={classes.filler} role="presentation" />
    </div>
  );
}
