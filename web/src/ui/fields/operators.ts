/** Filter operators of the field kinds, each a CEL template: writing fills it in, reading matches it against the parsed filter.
 *
 * `$f` is the field, `$v` one operand, `$list` a list of operands, `$a` and `$b` the ends of a range, `$n` a number of days, `$h` the same in hours. */
import type { Field, FieldValue } from "../../api/types";

export interface Operator {
  /** Its text is `operator.<name>` in the message files. */
  name: string;
  /** What has to be entered: nothing, free text, a value of the field, several of them, a number of days, two values. */
  operand: "none" | "text" | "value" | "values" | "days" | "range";
  cel: string;
}

const empty: Operator = { name: "empty", operand: "none", cel: "$f == null" };
const notEmpty: Operator = { name: "not_empty", operand: "none", cel: "$f != null" };
const is: Operator = { name: "is", operand: "value", cel: "$f == $v" };
const isNot: Operator = { name: "is_not", operand: "value", cel: "$f != $v" };
const anyOf: Operator = { name: "any_of", operand: "values", cel: "$f in $list" };
const noneOf: Operator = { name: "none_of", operand: "values", cel: "!($f in $list)" };

export const presence = [empty, notEmpty] as const;

export const textOperators: readonly Operator[] = [
  { name: "contains", operand: "text", cel: "$f.contains($v)" },
  { name: "not_contains", operand: "text", cel: "!$f.contains($v)" },
  { name: "is", operand: "text", cel: "$f == $v" },
  { name: "is_not", operand: "text", cel: "$f != $v" },
  { name: "starts_with", operand: "text", cel: "$f.startsWith($v)" },
  { name: "ends_with", operand: "text", cel: "$f.endsWith($v)" },
  ...presence,
];

export const numberOperators: readonly Operator[] = [
  { name: "equals", operand: "value", cel: "$f == $v" },
  { name: "not_equals", operand: "value", cel: "$f != $v" },
  { name: "more", operand: "value", cel: "$f > $v" },
  { name: "at_least", operand: "value", cel: "$f >= $v" },
  { name: "less", operand: "value", cel: "$f < $v" },
  { name: "at_most", operand: "value", cel: "$f <= $v" },
  { name: "between", operand: "range", cel: "$f >= $a && $f <= $b" },
  ...presence,
];

export const dateOperators: readonly Operator[] = [
  { name: "on", operand: "value", cel: "$f == $v" },
  { name: "before", operand: "value", cel: "$f < $v" },
  { name: "after", operand: "value", cel: "$f > $v" },
  { name: "between", operand: "range", cel: "$f >= $a && $f <= $b" },
  { name: "today", operand: "none", cel: "$f == today" },
  { name: "last_days", operand: "days", cel: "$f >= today.addDays(-$n) && $f <= today" },
  { name: "next_days", operand: "days", cel: "$f >= today && $f <= today.addDays($n)" },
  { name: "past", operand: "none", cel: "$f < today" },
  { name: "future", operand: "none", cel: "$f > today" },
  ...presence,
];

export const instantOperators: readonly Operator[] = [
  { name: "before", operand: "value", cel: "$f < $v" },
  { name: "after", operand: "value", cel: "$f > $v" },
  { name: "between", operand: "range", cel: "$f >= $a && $f <= $b" },
  { name: "last_days", operand: "days", cel: "$f >= now - duration('$hh') && $f <= now" },
  { name: "next_days", operand: "days", cel: "$f >= now && $f <= now + duration('$hh')" },
  { name: "past", operand: "none", cel: "$f < now" },
  { name: "future", operand: "none", cel: "$f > now" },
  ...presence,
];

export const booleanOperators: readonly Operator[] = [
  { name: "yes", operand: "none", cel: "$f == true" },
  { name: "no", operand: "none", cel: "$f == false" },
  ...presence,
];

export const choiceOperators: readonly Operator[] = [is, isNot, anyOf, noneOf, ...presence];

export const setOperators: readonly Operator[] = [
  { name: "has", operand: "value", cel: "$v in $f" },
  { name: "has_not", operand: "value", cel: "!($v in $f)" },
  { name: "has_any", operand: "values", cel: "$f.exists(x, x in $list)" },
  ...presence,
];

export const userOperators: readonly Operator[] = [
  { name: "is_me", operand: "none", cel: "$f == me" },
  ...choiceOperators,
];

/** Of references to what people belong to: those of the person who looks. */
export const mineOperators: { [target: string]: readonly Operator[] } = {
  team: [{ name: "mine", operand: "none", cel: "$f in my_teams" }],
  territory: [{ name: "mine", operand: "none", cel: "$f in my_territories" }],
};

export const labelledOperators: readonly Operator[] = [
  { name: "contains", operand: "text", cel: "$f.exists(x, x.value.contains($v))" },
  { name: "not_contains", operand: "text", cel: "!$f.exists(x, x.value.contains($v))" },
  { name: "is", operand: "text", cel: "$f.exists(x, x.value == $v)" },
  { name: "starts_with", operand: "text", cel: "$f.exists(x, x.value.startsWith($v))" },
  { name: "ends_with", operand: "text", cel: "$f.exists(x, x.value.endsWith($v))" },
  ...presence,
];

export const addressOperators: readonly Operator[] = [
  { name: "country_is", operand: "text", cel: "$f.country == $v" },
  { name: "city_is", operand: "text", cel: "$f.city == $v" },
  { name: "city_contains", operand: "text", cel: "$f.city.contains($v)" },
  { name: "postal_starts", operand: "text", cel: "$f.postal_code.startsWith($v)" },
  ...presence,
];

/** Text as a CEL literal. */
export function quote(text: string): string {
  const escaped = text.replace(/\\/g, "\\\\").replace(/'/g, "\\'").replace(/\n/g, "\\n").replace(/\r/g, "\\r");
  return `'${escaped}'`;
}

/** A field's value as a CEL literal. */
export function celLiteral(field: Field, value: FieldValue): string {
  const kind = field.kind === "formula" || field.kind === "rollup" ? (field.result ?? "decimal") : field.kind;
  if (value === null || value === undefined) {
    return "null";
  }
  if (kind === "date") {
    return `date(${quote(String(value))})`;
  }
  if (kind === "date_time") {
    return `timestamp(${quote(String(value))})`;
  }
  if (kind === "duration") {
    return `duration('${Number(value)}s')`;
  }
  if (typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  if (typeof value === "object" && !Array.isArray(value) && "amount" in value) {
    return String(value.amount);
  }
  return quote(String(value));
}
