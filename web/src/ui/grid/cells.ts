/** Cells and ranges of them: what copying, pasting, filling and clearing change. Pure. */
import type { Field, FieldValue, RapportRecord } from "../../api/types";
import { sameValue } from "../fields/kind";
import { isEditableInPlace, kindOf } from "../fields/registry";
import type { GridColumn } from "./columns";

export interface Cell {
  row: number;
  column: number;
}

/** First and last row and column, both inside. */
export interface CellRange {
  rows: [number, number];
  columns: [number, number];
}

export interface CellChange {
  record: RapportRecord;
  values: { [field: string]: FieldValue };
}

export interface CellSource {
  columns: GridColumn[];
  get: (index: number) => RapportRecord | undefined;
  canUpdate: boolean;
}

export function rangeOf(a: Cell, b: Cell): CellRange {
  return {
    rows: [Math.min(a.row, b.row), Math.max(a.row, b.row)],
    columns: [Math.min(a.column, b.column), Math.max(a.column, b.column)],
  };
}

export function cellText(field: Field, record: RapportRecord): string {
  return kindOf(field).toText(field, record[field.name]);
}

/** Collects what differs from the present values, by record. */
class Changes {
  private readonly byRow = new Map<number, CellChange>();
  constructor(private readonly source: CellSource) {}

  set(row: number, column: number, value: (field: Field) => FieldValue | undefined): void {
    const field = this.source.columns[column]?.field;
    const record = this.source.get(row);
    if (!field || !record || !this.source.canUpdate || !isEditableInPlace(field)) {
      return;
    }
    const next = value(field);
    if (next !== undefined && !sameValue(next, record[field.name])) {
      const change = this.byRow.get(row) ?? { record, values: {} };
      change.values[field.name] = next;
      this.byRow.set(row, change);
    }
  }
  list(): CellChange[] {
    return [...this.byRow.values()];
  }
}

export function changesOfClear(source: CellSource, range: CellRange): CellChange[] {
  const changes = new Changes(source);
  eachCell(range, (row, column) => changes.set(row, column, (field) => (field.required ? undefined : null)));
  return changes.list();
}

/** The first row of the range into the rows below it. */
export function changesOfFill(source: CellSource, range: CellRange): CellChange[] {
  const changes = new Changes(source);
  const first = source.get(range.rows[0]);
  eachCell(range, (row, column) => {
    if (first && row > range.rows[0]) {
      changes.set(row, column, (field) => first[field.name] ?? null);
    }
  });
  return changes.list();
}

/** Pasted cells from the start of the range on; one cell fills the whole range. */
export function changesOfPaste(source: CellSource, range: CellRange, cells: string[][]): CellChange[] {
  const changes = new Changes(source);
  const only = cells.length === 1 && cells[0]?.length === 1 ? cells[0][0] : undefined;
  const put = (row: number, column: number, text: string) =>
    changes.set(row, column, (field) => {
      const parsed = kindOf(field).fromText(field, text);
      return parsed.ok ? parsed.value : undefined;
    });
  if (only !== undefined) {
    eachCell(range, (row, column) => put(row, column, only));
  } else {
    cells.forEach((line, down) => {
      line.forEach((text, right) => {
        put(range.rows[0] + down, range.columns[0] + right, text);
      });
    });
  }
  return changes.list();
}

function eachCell(range: CellRange, visit: (row: number, column: number) => void): void {
  for (let row = range.rows[0]; row <= range.rows[1]; row++) {
    for (let column = range.columns[0]; column <= range.columns[1]; column++) {
      visit(row, column);
    }
  }
}
