/** The data grid: a million rows, spreadsheet keyboard, editing in place, copy and paste. Knows nothing of pages or addresses. */
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Field, FieldValue, ObjectMeta, RapportRecord, ViewColumn } from "../../api/types";
import { onMac } from "../../app/hotkeys";
import { t } from "../../i18n";
import { EditInPlace } from "../fields/Field";
import { isEditableInPlace, kindOf, valueKind } from "../fields/registry";
import { type Cell, type CellChange, cellText, changesOfClear, changesOfFill, changesOfPaste, rangeOf } from "./cells";
import { readCells, writeCells } from "./clipboard";
import type { GridColumn, SortKey } from "./columns";
import { Footer } from "./Footer";
import { hold_ms, useFollowed } from "./follow";
import { GroupHead } from "./GroupHead";
import classes from "./grid.module.css";
import type { TableGroup } from "./groups";
import { asViewColumns, Header } from "./Header";
import { editAction, type GridAction, moveAction, type Press } from "./keys";
import { Row } from "./Row";
import { rowsInPlace, useRested, useScroller, windowAt } from "./scroll";
import { isSelected, type Selection, selectedCount, toggle } from "./selection";

/** Heads of groups among the rows. */
export interface GridGroups {
  field: Field;
  /** The group whose head stands at the line. */
  at: (index: number) => TableGroup | undefined;
  /** The place of a row in its group. */
  rowOf: (index: number) => number;
  closed: (group: TableGroup) => boolean;
  toggle: (group: TableGroup) => void;
}

export interface GridProps {
  object: ObjectMeta;
  label: string;
  columns: GridColumn[];
  /** How many lines there are. */
  count: number;
  /** How many of them are records, where heads of groups stand between them. */
  records?: number;
  groups?: GridGroups;
  exact: boolean;
  get: (index: number) => RapportRecord | undefined;
  /** Rows for copying, fetched when they are out of sight. */
  load: (from: number, to: number) => Promise<(RapportRecord | undefined)[]>;
  busy: boolean;
  density: "compact" | "comfortable";
  sort: SortKey[];
  selection: Selection;
  /** Sums below the columns, by field. */
  figures: { [field: string]: string };
  onRange: (from: number, to: number) => void;
  onSelection: (selection: Selection) => void;
  onSort: (field: string, descending: boolean | null) => void;
  onColumns: (columns: ViewColumn[]) => void;
  onFilter?: (field: string) => void;
  onChange: (changes: CellChange[]) => void;
  onOpen: (record: RapportRecord, index: number) => void;
  onPeek: (record: RapportRecord | null, index: number) => void;
  /** The peeked record follows the active row. */
  peeking: boolean;
}

const row_px = { compact: 34, comfortable: 42 };
const check_px = 40;
const check_long_px = 64;
const long_from = 100_000;
const inset_px = 66;
const copied_rows_max = 5000;

interface Edit extends Cell {
  initial?: FieldValue;
}

function pressOf(event: KeyboardEvent): Press {
  return { key: event.key, shift: event.shiftKey, mod: onMac ? event.metaKey : event.ctrlKey, alt: event.altKey };
}

const typed_kinds = ["text", "long_text", "integer", "decimal", "percent"];

/** What the editor begins with when typing opened it; undefined leaves the value as it is. */
function initialOf(column: GridColumn, text: string | undefined): FieldValue | undefined {
  if (text === undefined || !typed_kinds.includes(valueKind(column.field))) {
    return undefined;
  }
  const parsed = kindOf(column.field).fromText(column.field, text);
  return parsed.ok ? parsed.value : undefined;
}

export function Grid(props: GridProps) {
  const { object, columns, count, selection, groups } = props;
  const records = props.records ?? count;
  const id = useId();
  const activeId = `${id}-active`;
  const element = useRef<HTMLDivElement>(null);
  const rowHeight = row_px[props.density];
  const { target, height, showRow, viewRows, drawn } = useScroller(element, count, rowHeight, inset_px);
  const sight = useFollowed({
    target,
    count,
    get: (index) => groups?.at(index) ?? props.get(index),
    onRange: props.onRange,
    hold: hold_ms,
  });
  const shown = windowAt(sight, count, rowHeight, drawn);
  const rested = useRested(shown.from);
  const [active, setActive] = useState<Cell>({ row: 0, column: 0 });
  const [anchor, setAnchor] = useState<Cell>({ row: 0, column: 0 });
  const [edit, setEdit] = useState<Edit | null>(null);
  const after = useRef<{ rows: number; columns: number } | null>(null);
  const lastTicked = useRef(0);
  const range = rangeOf(active, anchor);
  const check = count >= long_from ? check_long_px : check_px;
  const selectable = object.can.bulk || object.can.delete || object.can.update;

  const goTo = useCallback(
    (cell: Cell, extend = false) => {
      const next = {
        row: Math.max(0, Math.min(count - 1, cell.row)),
        column: Math.max(0, Math.min(columns.length - 1, cell.column)),
      };
      setActive(next);
      if (!extend) {
        setAnchor(next);
      }
      showRow(next.row);
      showColumn(element.current, columns, next.column, check);
      return next;
    },
    [check, columns, count, showRow],
  );

  const { peeking, onPeek, get } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another active row moves the peeked record
  useEffect(() => {
    const record = peeking ? get(active.row) : undefined;
    if (record) {
      onPeek(record, active.row);
    }
  }, [active.row]);

  const canEdit = (cell: Cell) => {
    const column = columns[cell.column];
    return Boolean(object.can.update && column && isEditableInPlace(column.field) && props.get(cell.row));
  };

  const startEdit = (cell: Cell, text?: string) => {
    const column = columns[cell.column];
    if (column && canEdit(cell)) {
      goTo(cell);
      setEdit({ ...cell, initial: initialOf(column, text) });
    }
  };

  /** Ends editing and goes where the key said. */
  const endEdit = () => {
    const step = after.current;
    const cell = edit;
    after.current = null;
    setEdit(null);
    if (cell) {
      element.current?.focus({ preventScroll: true });
      goTo({ row: cell.row + (step?.rows ?? 0), column: cell.column + (step?.columns ?? 0) });
    }
  };

  const commit = (value: FieldValue, record: RapportRecord) => {
    const field = edit && columns[edit.column]?.field;
    if (field) {
      props.onChange([{ record, values: { [field.name]: value } }]);
    }
    endEdit();
  };

  const grid = { columns, get: props.get, canUpdate: object.can.update };

  const act = (action: GridAction): boolean => {
    const head = groups?.at(active.row);
    if (groups && head && turns(action, groups.closed(head), active.column)) {
      groups.toggle(head);
      return true;
    }
    const record = props.get(active.row);
    switch (action.do) {
      case "move":
        goTo({ row: active.row + action.rows, column: active.column + action.columns }, action.extend);
        return true;
      case "page":
        goTo({ row: active.row + action.direction * viewRows, column: active.column }, action.extend);
        return true;
      case "edge":
        goTo(edgeOf(action.to, active, count, columns.length), action.extend);
        return true;
      case "next": {
        const column = active.column + action.direction;
        const inside = column >= 0 && column < columns.length;
        if (inside) {
          goTo({ row: active.row, column });
        }
        return inside;
      }
      case "edit":
        startEdit(active, action.text);
        // A letter over a cell that cannot be edited may be a shortcut of the page.
        return action.text === undefined || canEdit(active);
      case "open":
        if (record) {
          props.onOpen(record, active.row);
        }
        return true;
      case "peek":
        props.onPeek(props.peeking ? null : (record ?? null), active.row);
        return true;
      case "clear":
        props.onChange(changesOfClear(grid, range));
        return true;
      case "fill-down":
        props.onChange(changesOfFill(grid, range));
        return true;
      case "select-row":
        if (record && selectable) {
          props.onSelection(toggle(selection, [record.id], !isSelected(selection, record.id)));
        }
        return true;
      case "select-all":
        if (selectable) {
          props.onSelection({ all: true, ids: new Set() });
        }
        return true;
      case "cancel": {
        const wide = range.rows[0] !== range.rows[1] || range.columns[0] !== range.columns[1];
        setAnchor(active);
        if (!wide && peeking) {
          props.onPeek(null, active.row);
        } else if (!wide && selectedCount(selection, records) > 0) {
          props.onSelection({ all: false, ids: new Set() });
        }
        return true;
      }
      default:
        return false;
    }
  };

  const keyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== element.current || event.nativeEvent.isComposing || count === 0) {
      return;
    }
    const action = moveAction(pressOf(event), active.column === 0);
    if (action && act(action)) {
      event.preventDefault();
    }
  };

  /** Notes where to go once the editor is done; Tab would leave the grid otherwise. */
  const editKeyDown = (event: KeyboardEvent) => {
    const column = edit && columns[edit.column];
    const action = column ? editAction(pressOf(event), kindOf(column.field).multiline ?? false) : null;
    const parts = column && ["address", "emails", "phones", "links", "money"].includes(valueKind(column.field));
    if (action?.do === "commit" && !(event.key === "Tab" && parts)) {
      after.current = { rows: action.rows, columns: action.columns };
      if (event.key === "Tab") {
        event.preventDefault();
        element.current?.focus({ preventScroll: true });
      }
    } else {
      after.current = null;
    }
  };

  const cellAt = (event: MouseEvent): Cell | null => {
    const target = event.target as HTMLElement;
    const column = target.closest<HTMLElement>("[data-column]")?.dataset.column;
    const row = target.closest<HTMLElement>("[data-index]")?.dataset.index;
    return column !== undefined && row !== undefined ? { row: Number(row), column: Number(column) } : null;
  };

  const mouseDown = (event: MouseEvent) => {
    const cell = cellAt(event);
    if (!cell || event.button !== 0 || (event.target as HTMLElement).closest("[data-editor]")) {
      return;
    }
    element.current?.focus({ preventScroll: true });
    goTo(cell, event.shiftKey);
    const drag = (next: globalThis.MouseEvent) => {
      const over = cellAt(next as unknown as MouseEvent);
      if (over) {
        goTo(over, true);
      }
    };
    const end = () => {
      document.removeEventListener("mouseover", drag);
      document.removeEventListener("mouseup", end);
    };
    document.addEventListener("mouseover", drag);
    document.addEventListener("mouseup", end);
  };

  const click = (event: MouseEvent) => {
    const target = event.target as HTMLElement;
    const row = Number(target.closest<HTMLElement>("[data-index]")?.dataset.index ?? -1);
    const record = row >= 0 ? props.get(row) : undefined;
    const head = groups?.at(row);
    if (groups && head) {
      groups.toggle(head);
    } else if (record && target.closest("[data-peek]")) {
      props.onPeek(record, row);
    } else if (record && selectable && target.closest("[data-check]")) {
      event.preventDefault();
      const first = event.shiftKey ? Math.min(lastTicked.current, row) : row;
      const last = event.shiftKey ? Math.max(lastTicked.current, row) : row;
      const ids: string[] = [];
      for (let index = first; index <= last; index++) {
        const one = props.get(index);
        if (one) {
          ids.push(one.id);
        }
      }
      lastTicked.current = row;
      props.onSelection(toggle(selection, ids, !isSelected(selection, record.id)));
    } else if (record && target.closest("a") && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)) {
      event.preventDefault();
      props.onOpen(record, row);
    }
  };

  useClipboard(element, {
    copy: () => {
      const [first, last] = [range.rows[0], Math.min(range.rows[1], range.rows[0] + copied_rows_max - 1)];
      return props
        .load(first, last)
        .then((records) =>
          writeCells(
            records.map((record) =>
              columns
                .slice(range.columns[0], range.columns[1] + 1)
                .map(({ field }) => (record ? cellText(field, record) : "")),
            ),
          ),
        );
    },
    paste: (text) => props.onChange(changesOfPaste(grid, range, readCells(text))),
  });

  const widths = useMemo(() => widthStyle(columns, check), [columns, check]);
  const resizing = (column: number, width: number) => {
    element.current?.style.setProperty(`--w${column}`, `${width}px`);
    const all = columns.reduce((sum, entry, at) => sum + (at === column ? width : entry.width), check);
    element.current?.style.setProperty("--w-all", `${all}px`);
  };
  // Scrolling draws neither head nor foot again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: everything in it follows from the properties
  const head = useMemo(() => {
    const chosen = selectedCount(selection, records);
    return (
      <Header
        columns={columns}
        sort={props.sort}
        allSelected={chosen > 0 && chosen >= records}
        someSelected={chosen > 0}
        selectable={selectable}
        onSelectAll={(on) => props.onSelection({ all: on, ids: new Set() })}
        onSort={props.onSort}
        onColumns={props.onColumns}
        onFilter={props.onFilter}
        onResizing={resizing}
      />
    );
  }, [props]);
  const foot = useMemo(
    () => <Footer columns={columns} count={records} exact={props.exact} figures={props.figures} noun={object} />,
    [columns, records, props.exact, props.figures, object],
  );
  const rows = rowsInPlace(shown, drawn, rested).map((index) => {
    const head = groups?.at(index);
    if (groups && head) {
      return (
        <GroupHead
          key={index % drawn}
          field={groups.field}
          group={head}
          closed={groups.closed(head)}
          columns={columns}
          index={index}
          top={(index - shown.anchor) * rowHeight}
          active={active.row === index ? active.column : -1}
          activeId={active.row === index ? activeId : undefined}
        />
      );
    }
    const record = props.get(index);
    const inRange =
      index >= range.rows[0] &&
      index <= range.rows[1] &&
      (range.rows[0] !== range.rows[1] || range.columns[0] !== range.columns[1]);
    return (
      <Row
        key={index % drawn}
        object={object}
        columns={columns}
        record={record}
        index={index}
        number={groups ? groups.rowOf(index) : index}
        level={groups ? 2 : undefined}
        top={(index - shown.anchor) * rowHeight}
        selected={record ? isSelected(selection, record.id) : selection.all}
        active={active.row === index ? active.column : -1}
        rangeFrom={inRange ? range.columns[0] : -1}
        rangeTo={inRange ? range.columns[1] : -1}
        activeId={active.row === index ? activeId : undefined}
        selectable={selectable}
      />
    );
  });
  const editing =
    edit && columns[edit.column] ? { ...edit, field: columns[edit.column]?.field, record: props.get(edit.row) } : null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it has one of two roles that take the keyboard
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles have them
    <div
      ref={element}
      role={groups ? "treegrid" : "grid"}
      aria-label={props.label}
      aria-rowcount={props.exact ? count + 1 : -1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-busy={props.busy}
      aria-activedescendant={
        count > 0 && !edit && active.row >= shown.from && active.row <= shown.to ? activeId : undefined
      }
      tabIndex={0}
      className={classes.grid}
      data-density={props.density}
      data-long={count >= long_from ? "" : undefined}
      style={widths}
      onKeyDown={keyDown}
      onMouseDown={mouseDown}
      onClick={click}
      onDoubleClick={(event) => {
        const cell = cellAt(event);
        if (cell && !(event.target as HTMLElement).closest("a")) {
          startEdit(cell);
        }
      }}
    >
      {head}
      <div className={`${classes.body} ${props.busy ? classes.busy : ""}`} role="presentation" style={{ height }}>
        <div role="rowgroup" className={classes.rows} style={{ transform: `translateY(${shown.offset}px)` }}>
          {rows}
          {editing?.field && editing.record && (
            <div
              className={classes.editor}
              data-editor
              onKeyDownCapture={editKeyDown}
              style={{
                top: (editing.row - shown.anchor) * rowHeight,
                insetInlineStart: editorStart(element.current, columns, editing.column, check),
                width: columns[editing.column]?.width,
              }}
            >
              <EditInPlace
                key={`${editing.row}-${editing.column}`}
                field={editing.field}
                value={editing.record[editing.field.name]}
                record={editing.record}
                object={object.name}
                initial={editing.initial}
                variant="cell"
                onCommit={commit}
                onCancel={endEdit}
              />
            </div>
          )}
        </div>
      </div>
      {foot}
      <span className="visually-hidden" id={`${id}-help`}>
        {t("grid.help")}
      </span>
    </div>
  );
}

/** Whether an action opens or closes the group whose head it is done at. */
function turns(action: GridAction, closed: boolean, column: number): boolean {
  switch (action.do) {
    case "open":
    case "peek":
      return true;
    case "edit":
      return action.text === undefined;
    case "move":
      return action.columns > 0 ? closed : action.columns < 0 && !closed && column === 0;
    default:
      return false;
  }
}

function widthStyle(columns: GridColumn[], check: number): CSSProperties {
  const style: { [name: string]: string } = {};
  let all = check;
  columns.forEach((column, index) => {
    style[`--w${index}`] = `${column.width}px`;
    all += column.width;
  });
  style["--w-all"] = `${all}px`;
  return style as CSSProperties;
}

function startOf(columns: GridColumn[], column: number, check: number): number {
  return columns.slice(0, column).reduce((sum, entry) => sum + entry.width, check);
}

function editorStart(element: HTMLElement | null, columns: GridColumn[], column: number, check: number): number {
  return column === 0 ? check + Math.abs(element?.scrollLeft ?? 0) : startOf(columns, column, check);
}

/** Brings a column out from behind the pinned one. */
function showColumn(element: HTMLElement | null, columns: GridColumn[], column: number, check: number): void {
  const width = columns[column]?.width ?? 0;
  if (!element || column === 0) {
    return;
  }
  const start = startOf(columns, column, check);
  const pinned = check + (columns[0]?.width ?? 0);
  const toward = getComputedStyle(element).direction === "rtl" ? -1 : 1;
  const left = element.scrollLeft * toward;
  if (start - pinned < left) {
    element.scrollLeft = (start - pinned) * toward;
  } else if (start + width > left + element.clientWidth) {
    element.scrollLeft = (start + width - element.clientWidth) * toward;
  }
}

function edgeOf(to: (GridAction & { do: "edge" })["to"], active: Cell, count: number, columns: number): Cell {
  const last = { row: count - 1, column: columns - 1 };
  switch (to) {
    case "row-start":
      return { row: active.row, column: 0 };
    case "row-end":
      return { row: active.row, column: last.column };
    case "top":
      return { row: 0, column: active.column };
    case "bottom":
      return { row: last.row, column: active.column };
    case "first":
      return { row: 0, column: 0 };
    case "last":
      return last;
  }
}

/** Copy and paste while the grid has the focus. */
function useClipboard(
  element: { current: HTMLElement | null },
  use: { copy: () => Promise<string>; paste: (text: string) => void },
): void {
  const latest = useRef(use);
  latest.current = use;
  useEffect(() => {
    const focused = () => document.activeElement === element.current;
    const copy = (event: ClipboardEvent) => {
      if (focused()) {
        event.preventDefault();
        void latest.current.copy().then((text) => navigator.clipboard?.writeText(text));
      }
    };
    const paste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData("text/plain");
      if (focused() && text) {
        event.preventDefault();
        latest.current.paste(text);
      }
    };
    document.addEventListener("copy", copy);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("copy", copy);
      document.removeEventListener("paste", paste);
    };
  }, [element]);
}

export { asViewColumns };
