/** The order of fields: people see them in groups, the definition has them in one row. */
import type { Field, ObjectMeta } from "../../../api/types";

export interface FieldGroup {
  /** The heading; empty for fields without one. */
  name: string;
  fields: Field[];
}

/** The fields of an object under their headings, in the order of the definition; what every record has is left out. */
export function fieldGroups(object: ObjectMeta): FieldGroup[] {
  const groups: FieldGroup[] = [];
  for (const field of object.fields.filter((entry) => !entry.hidden && !entry.system)) {
    const name = field.group ?? "";
    const group = groups.find((entry) => entry.name === name);
    group ? group.fields.push(field) : groups.push({ name, fields: [field] });
  }
  return groups;
}

/** Whether a field can be put elsewhere: all of an own object, of a standard object those that were added. */
export function isMovable(object: ObjectMeta, field: Field): boolean {
  return !field.system && (object.custom === true || field.custom === true);
}

/** The fields that have an order of their own, as the definition has it. */
function movable(object: ObjectMeta): string[] {
  return object.fields.filter((field) => isMovable(object, field)).map((field) => field.name);
}

/** The order after a field was put where another stands; null when nothing changes. */
export function movedTo(object: ObjectMeta, name: string, place: string): string[] | null {
  const order = movable(object);
  const [from, to] = [order.indexOf(name), order.indexOf(place)];
  if (from < 0 || to < 0 || from === to) {
    return null;
  }
  order.splice(from, 1);
  order.splice(to, 0, name);
  return order;
}

/** The field of the same group that a field would change places with: one up or one down. */
export function neighbour(object: ObjectMeta, name: string, step: 1 | -1): Field | undefined {
  const group = fieldGroups(object).find((entry) => entry.fields.some((field) => field.name === name));
  const row = (group?.fields ?? []).filter((field) => isMovable(object, field));
  return row[row.findIndex((field) => field.name === name) + step];
}

/** The order after a whole group went before or behind the next one; null at the end. Only own objects: their groups are all theirs. */
export function groupMoved(object: ObjectMeta, name: string, step: 1 | -1): string[] | null {
  const groups = fieldGroups(object);
  const at = groups.findIndex((group) => group.name === name);
  const other = groups[at + step];
  const group = groups[at];
  if (!object.custom || !group || !other) {
    return null;
  }
  groups[at] = other;
  groups[at + step] = group;
  const shown = groups.flatMap((entry) => entry.fields.map((field) => field.name));
  const rest = movable(object).filter((field) => !shown.includes(field));
  return [...shown, ...rest];
}

/** The object with its fields in that order, to be shown before the server has said so. */
export function inOrder(object: ObjectMeta, order: string[]): ObjectMeta {
  const rank = new Map(order.map((name, index) => [name, index]));
  const moved = object.fields
    .filter((field) => rank.has(field.name))
    .sort((a, b) => (rank.get(a.name) ?? 0) - (rank.get(b.name) ?? 0));
  const fields = object.fields.map((field) => (rank.has(field.name) ? (moved.shift() ?? field) : field));
  return { ...object, fields };
}
