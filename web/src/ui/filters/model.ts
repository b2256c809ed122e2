/** Filters as people build them, and the way to CEL and back. What the builder cannot show stays an expression. */
import type { Field, FieldValue, Kind, ObjectMeta } from "../../api/types";
import { celLiteral, mineOperators, type Operator } from "../fields/operators";
import { kindOf } from "../fields/registry";
import { CelError, parseCel, printCel, type Tree } from "./cel";

export interface Condition {
  type: "condition";
  /** `industry`, or over a reference `company.industry`. */
  path: string;
  operator: string;
  /** One value, a list of them, two ends of a range, or a number of days; by the operator's operand. */
  value: FieldValue | FieldValue[];
}
export interface Group {
  type: "group";
  /** All of the items, or any of them. */
  join: "all" | "any";
  items: Node[];
}
/** An expression that no operator stands for. */
export interface Expression {
  type: "expression";
  source: string;
}
export type Node = Condition | Group | Expression;

export type FindObject = (name: string) => ObjectMeta | undefined;

export function emptyGroup(): Group {
  return { type: "group", join: "all", items: [] };
}

const unfilterable: Kind[] = ["files", "json", "about", "actor", "rank"];

/** Whether conditions can be made on a field. */
export function isFilterable(field: Field): boolean {
  return !field.hidden && !field.unusable && !unfilterable.includes(field.kind) && kindOf(field).operators.length > 0;
}

/** The field at the end of a path, over one reference at most. */
export function fieldAt(object: ObjectMeta, path: string, find: FindObject): Field | undefined {
  const [first, second, ...more] = path.split(".");
  const field = object.fields.find((entry) => entry.name === first);
  if (!second) {
    return field;
  }
  const target = field && (field.kind === "user" ? "user" : field.kind === "reference" ? field.target : undefined);
  return more.length === 0 && target ? find(target)?.fields.find((entry) => entry.name === second) : undefined;
}

export function operatorsOf(field: Field): readonly Operator[] {
  const { operators } = kindOf(field);
  const mine = field.kind === "reference" && field.target ? mineOperators[field.target] : undefined;
  return mine ? [...operators, ...mine] : operators;
}

/** Whether everything that the condition needs is entered. */
export function isComplete(condition: Condition, field: Field): boolean {
  const operator = operatorsOf(field).find((entry) => entry.name === condition.operator);
  const present = (value: unknown) => value !== undefined && value !== null && value !== "";
  switch (operator?.operand) {
    case "none":
      return true;
    case "values":
      return Array.isArray(condition.value) && condition.value.length > 0;
    case "range":
      return Array.isArray(condition.value) && present(condition.value[0]) && present(condition.value[1]);
    case "text":
    case "value":
    case "days":
      return present(condition.value);
    default:
      return false;
  }
}

// ---- Writing

function writeCondition(condition: Condition, field: Field): string | null {
  const operator = operatorsOf(field).find((entry) => entry.name === condition.operator);
  if (!operator || !isComplete(condition, field)) {
    return null;
  }
  const literal = (value: unknown) => literalFor(operator, field, value as FieldValue);
  const list = Array.isArray(condition.value) ? (condition.value as FieldValue[]) : [];
  const days = Math.max(0, Math.trunc(Number(condition.value)));
  const parts: { [name: string]: string } = {
    $list: `[${list.map(literal).join(", ")}]`,
    $f: condition.path,
    $v: operator.operand === "value" || operator.operand === "text" ? literal(condition.value) : "",
    $a: literal(list[0]),
    $b: literal(list[1]),
    $n: String(days),
    $h: String(days * 24),
  };
  const cel = operator.cel.replace(/\$(list|[fvabnh])/g, (name) => parts[name] ?? "");
  return cel.includes(" && ") ? `(${cel})` : cel;
}

function literalFor(operator: Operator, field: Field, value: FieldValue): string {
  return operator.operand === "text" ? celLiteral({ ...field, kind: "text" }, value) : celLiteral(field, value);
}

/** CEL of a filter; empty when nothing is complete yet. */
export function writeFilter(node: Node, object: ObjectMeta, find: FindObject): string {
  return write(node, object, find) ?? "";
}

function write(node: Node, object: ObjectMeta, find: FindObject): string | null {
  if (node.type === "expression") {
    return node.source.trim() || null;
  }
  if (node.type === "condition") {
    const field = fieldAt(object, node.path, find);
    return field ? writeCondition(node, field) : null;
  }
  const parts = node.items
    .map((item) => ({ item, text: write(item, object, find) }))
    .filter((part): part is { item: Node; text: string } => part.text !== null);
  if (parts.length === 1) {
    return parts[0]?.text ?? null;
  }
  const texts = parts.map(({ item, text }) =>
    item.type === "group" || item.type === "expression" ? bracket(text) : text,
  );
  return texts.length > 0 ? texts.join(node.join === "all" ? " && " : " || ") : null;
}

function bracket(text: string): string {
  try {
    const tree = parseCel(text);
    const loose = (tree.type === "binary" && (tree.sign === "&&" || tree.sign === "||")) || tree.type === "choice";
    return loose && !/^\(.*\)$/s.test(text) ? `(${text})` : loose ? `(${printCel(tree)})` : text;
  } catch {
    return `(${text})`;
  }
}

/** Both filters must hold. */
export function joinFilters(...filters: (string | null | undefined)[]): string {
  const parts = filters.filter((filter): filter is string => Boolean(filter?.trim()));
  return parts.length > 1 ? parts.map(bracket).join(" && ") : (parts[0] ?? "");
}

// ---- Reading

/** The filter that CEL text stands for; throws `CelError` when the text is no expression. */
export function readFilter(source: string, object: ObjectMeta, find: FindObject): Group {
  if (!source.trim()) {
    return emptyGroup();
  }
  const node = read(parseCel(source), object, find);
  return node.type === "group" ? node : { type: "group", join: "all", items: [node] };
}

/** As `readFilter`; null when the text is no expression. */
export function tryReadFilter(source: string, object: ObjectMeta, find: FindObject): Group | null {
  try {
    return readFilter(source, object, find);
  } catch (error) {
    if (error instanceof CelError) {
      return null;
    }
    throw error;
  }
}

function chain(tree: Tree, sign: string): Tree[] {
  return tree.type === "binary" && tree.sign === sign
    ? [...chain(tree.left, sign), ...chain(tree.right, sign)]
    : [tree];
}

function read(tree: Tree, object: ObjectMeta, find: FindObject): Node {
  const whole = readCondition(tree, object, find);
  if (whole) {
    return whole;
  }
  if (tree.type === "binary" && tree.sign === "||") {
    return { type: "group", join: "any", items: chain(tree, "||").map((part) => read(part, object, find)) };
  }
  if (tree.type === "binary" && tree.sign === "&&") {
    return { type: "group", join: "all", items: readAll(tree, object, find) };
  }
  return { type: "expression", source: printCel(tree) };
}

/** The parts of `a && b && c`; brackets around a nested "all" group are kept as a group of its own only where they change nothing, so they are dropped. */
function readAll(tree: Tree, object: ObjectMeta, find: FindObject): Node[] {
  const parts = chain(tree, "&&");
  const items: Node[] = [];
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] as Tree;
    const next = parts[at + 1];
    const pair = next && readCondition({ type: "binary", sign: "&&", left: part, right: next }, object, find);
    if (pair) {
      items.push(pair);
      at++;
    } else {
      items.push(read(part, object, find));
    }
  }
  return items;
}

interface Found {
  path?: string;
  operands: Map<string, Tree>;
  hours?: string;
  names: Map<string, string>;
}

const templates = new Map<string, Tree>();
function templateOf(operator: Operator): Tree {
  let tree = templates.get(operator.cel);
  if (!tree) {
    tree = parseCel(operator.cel);
    templates.set(operator.cel, tree);
  }
  return tree;
}

function readCondition(tree: Tree, object: ObjectMeta, find: FindObject): Condition | null {
  for (const path of pathsIn(tree)) {
    const field = fieldAt(object, path, find);
    if (!field || !isFilterable(field)) {
      continue;
    }
    for (const operator of operatorsOf(field)) {
      const found: Found = { path, operands: new Map(), names: new Map() };
      const value = matches(templateOf(operator), tree, found) ? operandOf(operator, field, found) : undefined;
      if (value !== undefined) {
        return { type: "condition", path, operator: operator.name, value };
      }
    }
  }
  return null;
}

/** Every dotted name in a tree that could be a field, longest first. */
function pathsIn(tree: Tree): string[] {
  const paths = new Set<string>();
  const visit = (part: Tree): void => {
    const path = dotted(part);
    if (path) {
      const steps = path.split(".");
      for (let length = Math.min(2, steps.length); length > 0; length--) {
        paths.add(steps.slice(0, length).join("."));
      }
      return;
    }
    for (const child of children(part)) {
      visit(child);
    }
  };
  visit(tree);
  return [...paths];
}

function children(tree: Tree): Tree[] {
  switch (tree.type) {
    case "list":
      return tree.items;
    case "select":
    case "unary":
      return [tree.of];
    case "call":
      return tree.of ? [tree.of, ...tree.args] : tree.args;
    case "binary":
      return [tree.left, tree.right];
    case "choice":
      return [tree.condition, tree.then, tree.otherwise];
    default:
      return [];
  }
}

function dotted(tree: Tree): string | null {
  if (tree.type === "name") {
    return tree.name;
  }
  const of = tree.type === "select" ? dotted(tree.of) : null;
  return of && tree.type === "select" ? `${of}.${tree.name}` : null;
}

/** Whether a tree has the form of a template; what stands for its placeholders is noted. */
function matches(template: Tree, tree: Tree, found: Found): boolean {
  if (template.type === "name" && template.name.startsWith("$")) {
    return template.name === "$f" ? dotted(tree) === found.path : note(found, template.name, tree);
  }
  if (template.type === "string" && tree.type === "string" && template.value.startsWith("$h")) {
    const amount = tree.value.match(/^(\d+)h$/)?.[1];
    found.hours = amount;
    return amount !== undefined;
  }
  if (template.type !== tree.type) {
    return false;
  }
  switch (template.type) {
    case "name":
      return (found.names.get(template.name) ?? template.name) === (tree as typeof template).name;
    case "string":
    case "bool":
    case "number":
      return template.value === (tree as typeof template).value;
    case "call": {
      const call = tree as typeof template;
      const variable = template.args.length === 2 && template.args[0]?.type === "name" ? template.args[0].name : null;
      if (variable && call.args[0]?.type === "name" && template.name === "exists") {
        found.names.set(variable, call.args[0].name);
      }
      return (
        template.name === call.name &&
        (template.of === null) === (call.of === null) &&
        all(children(template), children(call), found)
      );
    }
    case "select":
      return template.name === (tree as typeof template).name && all(children(template), children(tree), found);
    case "unary":
    case "binary":
      return template.sign === (tree as typeof template).sign && all(children(template), children(tree), found);
    default:
      return all(children(template), children(tree), found);
  }
}

function all(templates: Tree[], trees: Tree[], found: Found): boolean {
  return (
    templates.length === trees.length &&
    templates.every((template, index) => matches(template, trees[index] as Tree, found))
  );
}

function note(found: Found, name: string, tree: Tree): boolean {
  found.operands.set(name, tree);
  return true;
}

/** The value that a literal stands for; undefined when it is no literal. */
function literalOf(tree: Tree | undefined): FieldValue | undefined {
  if (tree?.type === "string" || tree?.type === "bool" || tree?.type === "number") {
    return tree.value;
  }
  if (tree?.type === "unary" && tree.sign === "-" && tree.of.type === "number") {
    return -tree.of.value;
  }
  const text =
    tree?.type === "call" && !tree.of && tree.args.length === 1 && tree.args[0]?.type === "string"
      ? tree.args[0].value
      : undefined;
  if (text === undefined || tree?.type !== "call") {
    return undefined;
  }
  if (tree.name === "date" || tree.name === "timestamp") {
    return text;
  }
  const seconds = tree.name === "duration" ? text.match(/^(-?\d+(?:\.\d+)?)s$/)?.[1] : undefined;
  return seconds === undefined ? undefined : Number(seconds);
}

function operandOf(operator: Operator, field: Field, found: Found): Condition["value"] | undefined {
  const get = (name: string) => {
    const value = literalOf(found.operands.get(name));
    // A literal that this kind of field would not be written with is left to the expression editor.
    const text = value === undefined ? undefined : literalFor(operator, field, value);
    const tree = found.operands.get(name);
    return text !== undefined && tree && text === printCel(tree) ? value : undefined;
  };
  switch (operator.operand) {
    case "none":
      return null;
    case "text":
    case "value":
      return get("$v");
    case "days": {
      const days = found.hours ? Number(found.hours) / 24 : literalOf(found.operands.get("$n"));
      return typeof days === "number" && Number.isInteger(days) ? days : undefined;
    }
    case "values": {
      const list = found.operands.get("$list");
      const values = list?.type === "list" ? list.items.map(literalOf) : [];
      const same =
        list !== undefined &&
        printCel(list) === `[${values.map((value) => literalFor(operator, field, value)).join(", ")}]`;
      return same && values.length > 0 ? (values as FieldValue[]) : undefined;
    }
    case "range": {
      const ends = [get("$a"), get("$b")];
      return ends.every((end) => end !== undefined) ? (ends as FieldValue[]) : undefined;
    }
  }
}
