/** The shapes a list can take, and the field that each is made by. */
import type { Field, ObjectMeta } from "../../api/types";
import { isEditable, valueKind } from "../fields/registry";

export const viewTypes = ["table", "board", "calendar"] as const;
export type ViewType = (typeof viewTypes)[number];

export function isViewType(text: string | undefined): text is ViewType {
  return viewTypes.includes(text as ViewType);
}

const lane_kinds = ["select", "boolean", "user", "reference"];
const date_kinds = ["date", "date_time"];
/** What people mean by "the board" of an object, where it has one of these. */
const usual_lanes = ["status", "stage"];

function fieldsOf(object: ObjectMeta, kinds: string[]): Field[] {
  const fields = object.fields.filter((field) => !field.hidden && !field.sensitive && kinds.includes(valueKind(field)));
  return [...fields.filter((field) => !field.system), ...fields.filter((field) => field.system)].filter(
    (field) => field.name !== "deleted_at",
  );
}

/** The fields that can make the lanes of a board. */
export function laneFields(object: ObjectMeta): Field[] {
  return fieldsOf(object, lane_kinds);
}

/** The fields that can put records on a calendar. */
export function dateFields(object: ObjectMeta): Field[] {
  return fieldsOf(object, date_kinds);
}

/** The field of that name, else the one that a board of the object is usually made by. */
export function laneField(object: ObjectMeta, name: string): Field | undefined {
  const fields = laneFields(object);
  const selects = fields.filter((field) => valueKind(field) === "select" && isEditable(field));
  return (
    fields.find((field) => field.name === name) ??
    selects.find((field) => usual_lanes.includes(field.name)) ??
    selects[0] ??
    fields[0]
  );
}

/** The field of that name, else the one that says when something of the object happens. */
export function dateField(object: ObjectMeta, name: string): Field | undefined {
  const fields = dateFields(object);
  return (
    fields.find((field) => field.name === name) ??
    fields.find((field) => field.name === object.timeline?.at) ??
    fields.find((field) => isEditable(field)) ??
    fields[0]
  );
}

const ends: [RegExp, string][] = [
  [/^start/, "end"],
  [/^begin/, "end"],
  [/from$/, "to"],
  [/from$/, "until"],
];

/** The field that says when it ends: `ends_at` for `starts_at`. */
export function endField(object: ObjectMeta, start: Field): Field | undefined {
  const kind = valueKind(start);
  const names = ends.filter(([pattern]) => pattern.test(start.name)).map(([from, to]) => start.name.replace(from, to));
  return object.fields.find((field) => names.includes(field.name) && !field.hidden && valueKind(field) === kind);
}

/** The types that a list of the object can be shown as. */
export function typesOf(object: ObjectMeta): ViewType[] {
  return viewTypes.filter(
    (type) => type === "table" || (type === "board" ? laneFields(object).length > 0 : dateFields(object).length > 0),
  );
}
