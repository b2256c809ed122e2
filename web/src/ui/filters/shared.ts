/** What others share with the reader, as a condition of a list that is put in and taken out at one press. */
import type { ObjectMeta } from "../../api/types";
import { parseCel, printCel } from "./cel";
import { type FindObject, type Group, type Node, tryReadFilter, writeFilter } from "./model";

const source = printCel(
  parseCel("record_shares.exists(s, (s.user == me || s.team in my_teams) && (!has(s.until) || s.until >= today))"),
);

/** Whether a part of a filter, as it is read, asks for what is shared with the reader. */
export function asksForShared(node: Node): boolean {
  return node.type === "expression" && node.source === source;
}

/** The parts of a filter that must all hold; none for a text that is no expression. */
function partsOf(filter: string, object: ObjectMeta, find: FindObject): Node[] | null {
  const group = tryReadFilter(filter, object, find);
  return group && (group.join === "all" ? group.items : [group]);
}

export function showsShared(filter: string, object: ObjectMeta, find: FindObject): boolean {
  return partsOf(filter, object, find)?.some(asksForShared) ?? false;
}

/** The filter with that condition, or without it where it has it. */
export function switchShared(filter: string, object: ObjectMeta, find: FindObject): string {
  const parts = partsOf(filter, object, find) ?? [];
  const others = parts.filter((part) => !asksForShared(part));
  const items: Node[] = others.length < parts.length ? others : [...parts, { type: "expression", source }];
  const all: Group = { type: "group", join: "all", items };
  return writeFilter(all, object, find);
}
