/** The shapes a list can take, and the field that each is made by. */
import type { Field, ObjectMeta } from "../../api/types";
import { isEditable, valueKind } from "../fields/registry";

export const viewTypes = ["table", "board", "calendar", "timeline", "map"] as const;
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

/** The choice whose colours entries and bars have: the status, else the first with colours. */
export function colourField(object: ObjectMeta): Field | undefined {
  const colours = laneFields(object).filter((field) => field.options?.some((option) => option.color));
  return colours.find((field) => field.name === "status") ?? colours[0];
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

/** Stands for "no field" where leaving it empty means the usual one. */
export const no_end = "-";

/** The field that bars of a timeline begin with: the one of that name, else one that an end belongs to. */
export function barStart(object: ObjectMeta, name: string): Field | undefined {
  const fields = dateFields(object);
  return (
    fields.find((field) => field.name === name) ??
    fields.find((field) => endField(object, field) !== undefined) ??
    dateField(object, "")
  );
}

/** The fields that bars can end with, once it is known what they begin with. */
export function barEnds(object: ObjectMeta, start: Field): Field[] {
  return dateFields(object).filter((field) => field.name !== start.name && valueKind(field) === valueKind(start));
}

export function barEnd(object: ObjectMeta, start: Field, name: string): Field | undefined {
  if (name === no_end) {
    return undefined;
  }
  return barEnds(object, start).find((field) => field.name === name) ?? endField(object, start);
}

/** What says where a record is: an address, or two numbers. */
export interface PlaceBy {
  /** The address, or the number with the latitude. */
  field: Field;
  longitude?: Field;
}

const longitudes: [RegExp, string[]][] = [
  [/latitude$/, ["longitude"]],
  [/lat$/, ["lng", "lon", "long"]],
];

/** Everything that can put records on a map. */
export function placeFields(object: ObjectMeta): PlaceBy[] {
  const addresses = fieldsOf(object, ["address"]).map((field) => ({ field }));
  const numbers = fieldsOf(object, ["decimal"]);
  const pairs = numbers.flatMap((field) => {
    const names = longitudes.flatMap(([end, others]) =>
      end.test(field.name) ? others.map((other) => field.name.replace(end, other)) : [],
    );
    const longitude = numbers.find((other) => names.includes(other.name));
    return longitude ? [{ field, longitude }] : [];
  });
  return [...pairs, ...addresses];
}

export function placeBy(object: ObjectMeta, name: string): PlaceBy | undefined {
  const all = placeFields(object);
  return all.find(({ field }) => field.name === name) ?? all[0];
}

/** The types that a list of the object can be shown as. */
export function typesOf(object: ObjectMeta): ViewType[] {
  const can = {
    table: true,
    board: laneFields(object).length > 0,
    calendar: dateFields(object).length > 0,
    timeline: dateFields(object).length > 0,
    map: placeFields(object).length > 0,
  };
  return viewTypes.filter((type) => can[type]);
}
