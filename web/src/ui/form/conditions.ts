/** Decides `visible_if` and `required_if` while a form is filled in. The server decides when it is saved; what this cannot
 * tell (relations, functions it does not know) is undefined, and the form then shows the field and does not require it. */
import type { Field, FieldValue } from "../../api/types";
import { today } from "../../i18n/format";
import { isEmpty } from "../fields/kind";
import { parseCel, type Tree } from "../filters/cel";

type Values = { [field: string]: FieldValue };
type Result = unknown;
const unknown = Symbol("unknown");
type Local = { [name: string]: Result };

const folded = (value: Result): Result => (typeof value === "string" ? value.normalize("NFKC").toLowerCase() : value);

const missing = (value: Result): boolean => value === null || value === undefined || value === "";

function compare(sign: string, left: Result, right: Result): Result {
  if (left === unknown || right === unknown) {
    return unknown;
  }
  const [a, b] = [folded(plain(left)), folded(plain(right))];
  if (sign === "==" || sign === "!=") {
    const equal = missing(a) || missing(b) ? missing(a) && missing(b) : a === b;
    return sign === "==" ? equal : !equal;
  }
  if (missing(a) || missing(b) || typeof a !== typeof b) {
    return false;
  }
  const [x, y] = [a as number, b as number];
  return sign === "<" ? x < y : sign === "<=" ? x <= y : sign === ">" ? x > y : x >= y;
}

/** Money counts by its amount. */
function plain(value: Result): Result {
  return value && typeof value === "object" && "amount" in value
    ? value.amount
    : Array.isArray(value) && value.length === 0
      ? null
      : value;
}

function arithmetic(sign: string, left: Result, right: Result): Result {
  if (left === unknown || right === unknown) {
    return unknown;
  }
  const [a, b] = [plain(left), plain(right)];
  if (sign === "+" && (typeof a === "string" || typeof b === "string")) {
    return `${a ?? ""}${b ?? ""}`;
  }
  if (typeof a !== "number" || typeof b !== "number") {
    return null;
  }
  if ((sign === "/" || sign === "%") && b === 0) {
    return null;
  }
  return sign === "+" ? a + b : sign === "-" ? a - b : sign === "*" ? a * b : sign === "/" ? a / b : a % b;
}

function both(sign: "&&" | "||", left: () => Result, right: () => Result): Result {
  const decisive = sign === "||";
  const a = left();
  if (a === decisive) {
    return decisive;
  }
  const b = right();
  return b === decisive ? decisive : a === unknown || b === unknown ? unknown : !decisive;
}

function contains(left: Result, right: Result): Result {
  if (left === unknown || right === unknown) {
    return unknown;
  }
  return Array.isArray(right) ? right.some((entry) => compare("==", entry, left) === true) : false;
}

function select(of: Result, name: string): Result {
  if (of === unknown || typeof of === "string") {
    return unknown;
  }
  if (Array.isArray(of) && name === "primary") {
    return (of.find((entry) => entry?.primary) ?? of[0])?.value ?? null;
  }
  return of && typeof of === "object" && !Array.isArray(of)
    ? ((of as { [part: string]: unknown })[name] ?? null)
    : null;
}

function textMethod(name: string, text: Result, argument: Result): Result {
  if (text === unknown || argument === unknown) {
    return unknown;
  }
  const [a, b] = [folded(text), folded(argument)];
  if (typeof a !== "string" || typeof b !== "string") {
    return false;
  }
  return name === "contains" ? a.includes(b) : name === "startsWith" ? a.startsWith(b) : a.endsWith(b);
}

function call(tree: Tree & { type: "call" }, values: Values, local: Local): Result {
  const first = tree.args[0];
  if (tree.of === null) {
    const value = tree.name === "has" && first ? evaluate(first, values, local) : unknown;
    if (tree.name === "date" || tree.name === "timestamp") {
      return first ? evaluate(first, values, local) : unknown;
    }
    return value === unknown ? unknown : !isEmpty(value as FieldValue);
  }
  const of = evaluate(tree.of, values, local);
  if (["contains", "startsWith", "endsWith"].includes(tree.name) && first) {
    return textMethod(tree.name, of, evaluate(first, values, local));
  }
  if (tree.name === "size" || tree.name === "count") {
    return of === unknown ? unknown : Array.isArray(of) || typeof of === "string" ? of.length : 0;
  }
  if ((tree.name === "exists" || tree.name === "all") && first?.type === "name" && tree.args[1] && of !== unknown) {
    const body = tree.args[1];
    const results = (Array.isArray(of) ? of : []).map((entry) =>
      evaluate(body, values, { ...local, [first.name]: entry }),
    );
    const wanted = tree.name === "exists";
    return results.includes(wanted) ? wanted : results.includes(unknown) ? unknown : !wanted;
  }
  return unknown;
}

function evaluate(tree: Tree, values: Values, local: Local): Result {
  switch (tree.type) {
    case "string":
    case "number":
    case "bool":
      return tree.value;
    case "null":
      return null;
    case "list":
      return tree.items.map((item) => evaluate(item, values, local));
    case "name":
      return tree.name in local
        ? local[tree.name]
        : tree.name === "today"
          ? today()
          : tree.name in values
            ? values[tree.name]
            : unknown;
    case "select":
      return select(evaluate(tree.of, values, local), tree.name);
    case "call":
      return call(tree, values, local);
    case "unary": {
      const of = evaluate(tree.of, values, local);
      return of === unknown ? unknown : tree.sign === "!" ? of !== true : typeof of === "number" ? -of : null;
    }
    case "choice": {
      const condition = evaluate(tree.condition, values, local);
      return condition === unknown ? unknown : evaluate(condition === true ? tree.then : tree.otherwise, values, local);
    }
    case "binary":
      return binary(tree, values, local);
  }
}

function binary(tree: Tree & { type: "binary" }, values: Values, local: Local): Result {
  const left = () => evaluate(tree.left, values, local);
  const right = () => evaluate(tree.right, values, local);
  if (tree.sign === "&&" || tree.sign === "||") {
    return both(tree.sign, left, right);
  }
  if (tree.sign === "in") {
    return contains(left(), right());
  }
  return ["+", "-", "*", "/", "%"].includes(tree.sign)
    ? arithmetic(tree.sign, left(), right())
    : compare(tree.sign, left(), right());
}

/** Whether a condition holds for the values; undefined when that cannot be told here. */
export function holds(source: string, values: Values): boolean | undefined {
  try {
    const result = evaluate(parseCel(source), values, {});
    return result === unknown ? undefined : result === true;
  } catch {
    return undefined;
  }
}

/** Every field people write has a value for conditions, even when nothing was entered; what is calculated stays open. */
function complete(fields: Field[], values: Values): Values {
  const written = fields.filter((field) => field.kind !== "formula" && field.kind !== "rollup");
  return { ...Object.fromEntries(written.map((field) => [field.name, null])), ...values };
}

/** Whether a condition over an object holds for a record or a form; undefined when that cannot be told here. */
export function decides(source: string, fields: Field[], values: Values): boolean | undefined {
  return holds(source, complete(fields, values));
}

export function isVisible(field: Field, fields: Field[], values: Values): boolean {
  return !field.hidden && (!field.visible_if || holds(field.visible_if, complete(fields, values)) !== false);
}

export function isRequired(field: Field, fields: Field[], values: Values): boolean {
  return (
    Boolean(field.required) ||
    (Boolean(field.required_if) && holds(field.required_if ?? "", complete(fields, values)) === true)
  );
}
