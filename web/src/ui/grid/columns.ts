/** The columns of a list: which fields, in which order, how wide; and what a sort text says. */
import type { Field, Figure, ObjectMeta, ViewColumn } from "../../api/types";
import { kindOf, valueKind } from "../fields/registry";

export interface GridColumn {
  field: Field;
  width: number;
  /** The figure below the column, where it has one. */
  figure: Figure;
}

export const figures: readonly Figure[] = ["sum", "avg", "min", "max"];

export const width_min = 60;
export const width_max = 900;
const title_width = 240;
const columns_first = 8;

/** Fields that can be columns. */
export function columnFields(object: ObjectMeta): Field[] {
  return object.fields.filter((field) => !field.hidden && field.name !== "external_ids" && field.name !== "deleted_at");
}

/** The columns that an object is first shown with: those of the reader's layout for every record, else the object's. */
export function standardColumns(object: ObjectMeta): ViewColumn[] {
  const layout = object.layouts?.find((entry) => !entry.condition);
  const named = (layout?.columns ?? object.columns)?.filter((name) => name !== object.title);
  const rest = columnFields(object).filter(
    (field) => !field.system && field.name !== object.title && field.kind !== "long_text",
  );
  return (named?.length ? named : rest.slice(0, columns_first).map((field) => field.name)).map((field) => ({ field }));
}

/** The columns as they are drawn: the title first, unknown fields left out. */
export function gridColumns(object: ObjectMeta, columns: ViewColumn[]): GridColumn[] {
  const title: ViewColumn = columns.find((column) => column.field === object.title) ?? { field: object.title };
  const list = [title, ...columns.filter((column) => column.field !== object.title)];
  return list.flatMap(({ field: name, width, figure }) => {
    const field = object.fields.find((entry) => entry.name === name);
    const usual = name === object.title ? title_width : field ? kindOf(field).width : 0;
    const known = figures.find((entry) => entry === figure) ?? "sum";
    return field ? [{ field, width: Math.min(width_max, Math.max(width_min, width ?? usual)), figure: known }] : [];
  });
}

export function writeColumns(columns: ViewColumn[]): string {
  return columns
    .map(({ field, width, figure }) => {
      const other = figure && figure !== "sum" ? `:${figure}` : "";
      return width || other ? `${field}:${width ? Math.round(width) : ""}${other}` : field;
    })
    .join(",");
}

export function readColumns(text: string): ViewColumn[] {
  return text
    .split(",")
    .filter(Boolean)
    .map((part) => {
      const [field = "", width, figure] = part.split(":");
      const number = Number(width);
      const known = figures.find((entry) => entry === figure);
      return { field, ...(number > 0 && { width: number }), ...(known && { figure: known }) };
    });
}

export interface SortKey {
  field: string;
  descending: boolean;
}

export function readSort(text: string): SortKey[] {
  return text
    .split(",")
    .filter(Boolean)
    .map((part) =>
      part.startsWith("-") ? { field: part.slice(1), descending: true } : { field: part, descending: false },
    );
}

export function writeSort(sort: SortKey[]): string {
  return sort.map((key) => (key.descending ? `-${key.field}` : key.field)).join(",");
}

/** The order to ask for: what is chosen, else newest first, which the database reads from an index at any depth. */
export function orderOf(object: ObjectMeta, sort: string): string {
  return sort || (object.fields.some((field) => field.name === "created_at") ? "-created_at" : "");
}

/** Whether lists can be ordered by the field. */
export function isSortable(field: Field): boolean {
  return kindOf(field).sortable && !field.unusable;
}

/** Whether sums of the column are shown below it. */
export function isSummed(field: Field): boolean {
  return kindOf(field).sum && !field.sensitive && field.name !== "version";
}

/** What has to be asked for so that titles of referred records come along. */
export function includesOf(columns: GridColumn[]): string[] {
  return columns
    .map((column) => column.field)
    .filter((field) => ["reference", "user"].includes(valueKind(field)))
    .map((field) => field.name);
}
