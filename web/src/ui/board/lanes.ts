/** The lanes of a board and which card lies in which: by the values that the cards have now, whatever list they came with. Pure. */
import type { Field, FieldValue, RapportRecord } from "../../api/types";
import { celLiteral } from "../fields/operators";
import { valueKind } from "../fields/registry";
import type { SortKey } from "../grid/columns";

/** So many lanes at most where the values are people or other records. */
export const lanes_max = 24;
/** The lane of the cards without a value. */
export const none_key = "";

export interface Group {
  value: FieldValue;
  count: number;
  sum?: number;
  /** The same sum, each amount by how likely it is. */
  weighted?: number;
}

/** A value of a field whose values stand in an order of their own, like the stages of a pipeline. */
export interface Ordered {
  value: string;
  label: string;
  color?: string;
}

export interface Lane {
  key: string;
  value: FieldValue;
  /** The name; undefined where it is the title of a record. */
  label?: string;
  color?: string;
  /** CEL for the cards in it. */
  filter: string;
  /** Undefined when it is not known. */
  count?: number;
  sum?: number;
  weighted?: number;
  /** Whether its value is one that the field can still be given. */
  offered: boolean;
}

export interface LaneNames {
  yes: string;
  no: string;
  none: string;
}

export function keyOf(value: FieldValue): string {
  return value === null || value === undefined ? none_key : String(value);
}

function valuesOf(field: Field, groups: Group[], ordered?: Ordered[]): FieldValue[] {
  const found = groups.map((group) => group.value).filter((value) => keyOf(value) !== none_key);
  if (ordered) {
    const values: FieldValue[] = ordered.map((entry) => entry.value);
    return [...values, ...found.filter((value) => !values.includes(value))];
  }
  switch (valueKind(field)) {
    case "select": {
      const options = (field.options ?? []).map((option) => option.value);
      return [...options, ...found.filter((value) => !options.includes(keyOf(value)))];
    }
    case "boolean":
      return [true, false];
    default:
      return found.slice(0, lanes_max);
  }
}

/** The lanes from left to right: the options in their order, or the values that occur, most first; those without one last. */
export function lanesOf(
  field: Field,
  groups: Group[],
  names: LaneNames,
  more = false,
  ordered: Ordered[] | undefined = undefined,
): Lane[] {
  const known = new Map(groups.map((group) => [keyOf(group.value), group]));
  const unknown = more ? undefined : 0;
  const make = (value: FieldValue): Lane => {
    const key = keyOf(value);
    const group = known.get(key);
    const option = (ordered ?? field.options)?.find((entry) => entry.value === value);
    const label =
      key === none_key
        ? names.none
        : ordered
          ? option?.label
          : typeof value === "boolean"
            ? names[value ? "yes" : "no"]
            : valueKind(field) === "select"
              ? (option?.label ?? key)
              : undefined;
    return {
      key,
      value: value ?? null,
      label,
      color: option?.color,
      filter: `${field.name} == ${celLiteral(field, value ?? null)}`,
      count: group?.count ?? unknown,
      sum: group?.sum,
      weighted: group?.weighted,
      offered: option !== undefined || valueKind(field) !== "select" || key === none_key,
    };
  };
  const lanes = valuesOf(field, groups, ordered).map(make);
  const bare = known.has(none_key) || (!field.required && !ordered && valueKind(field) !== "boolean");
  return bare ? [...lanes, make(null)] : lanes;
}

/** How many values have no lane of their own. */
export function hiddenLanes(field: Field, groups: Group[], ordered?: Ordered[]): number {
  if (ordered) {
    return 0;
  }
  const found = groups.filter((group) => keyOf(group.value) !== none_key).length;
  return ["user", "reference"].includes(valueKind(field)) ? Math.max(0, found - lanes_max) : 0;
}

/** What is known of a lane's list. */
export interface LaneList {
  key: string;
  records: RapportRecord[];
  /** When the list was asked for, 0 when it never was. */
  fetched: number;
}

/** A card that has moved and waits for the list of its new lane to know it. */
export interface Guest {
  record: RapportRecord;
  from: string;
  to: string;
  at: number;
}

export interface Placed {
  cards: Map<string, RapportRecord[]>;
  guests: Map<string, Guest>;
}

/** Puts every card into the lane of its value. A card that has moved stays with its new lane until that lane's list has caught up. */
export function place(
  lists: LaneList[],
  before: Map<string, Guest>,
  field: string,
  sort: SortKey[],
  now: number,
): Placed {
  const cards = new Map<string, RapportRecord[]>(lists.map((list) => [list.key, []]));
  const homes = new Map<string, string>();
  const moved = new Map<string, Guest>();
  for (const list of lists) {
    for (const record of list.records) {
      const key = keyOf(record[field]);
      if (key === list.key && !homes.has(record.id)) {
        homes.set(record.id, key);
        cards.get(key)?.push(record);
      } else if (key !== list.key && cards.has(key)) {
        const known = before.get(record.id);
        const at = known?.to === key ? known.at : now;
        moved.set(record.id, { record, from: list.key, to: key, at });
      }
    }
  }
  for (const [id, guest] of before) {
    const list = lists.find((entry) => entry.key === guest.to);
    if (!moved.has(id) && list && list.fetched <= guest.at) {
      moved.set(id, guest);
    }
  }
  const guests = new Map([...moved].filter(([id]) => !homes.has(id)));
  for (const { record, to } of guests.values()) {
    insert(cards.get(to) ?? [], record, sort);
  }
  return { cards, guests };
}

/** Puts a card where the order wants it; at the top when the order says nothing. */
function insert(cards: RapportRecord[], record: RapportRecord, sort: SortKey[]): void {
  const later = cards.findIndex((other) => compare(record, other, sort) <= 0);
  cards.splice(later < 0 ? cards.length : later, 0, record);
}

function compare(a: RapportRecord, b: RapportRecord, sort: SortKey[]): number {
  for (const { field, descending } of sort) {
    const [left, right] = [a[field] ?? null, b[field] ?? null];
    const order =
      left === null || right === null
        ? Number(left === null) - Number(right === null)
        : typeof left === "number" && typeof right === "number"
          ? left - right
          : String(left).localeCompare(String(right));
    if (order !== 0) {
      return descending ? -order : order;
    }
  }
  return 0;
}

/** The count of a lane with the cards that have come and gone since it was counted. */
export function countNow(lane: Lane, guests: Map<string, Guest>, counted: number): number | undefined {
  if (lane.count === undefined) {
    return undefined;
  }
  const since = [...guests.values()].filter((guest) => guest.at >= counted);
  const come = since.filter((guest) => guest.to === lane.key).length;
  const gone = since.filter((guest) => guest.from === lane.key).length;
  return Math.max(0, lane.count + come - gone);
}

/** The next lane to that side that takes the card; undefined at the edge. */
export function laneBeside(
  lanes: Lane[],
  from: string,
  step: 1 | -1,
  takes: (lane: Lane) => boolean,
): Lane | undefined {
  for (let at = lanes.findIndex((lane) => lane.key === from) + step; at >= 0 && at < lanes.length; at += step) {
    const lane = lanes[at];
    if (lane && takes(lane)) {
      return lane;
    }
  }
  return undefined;
}
