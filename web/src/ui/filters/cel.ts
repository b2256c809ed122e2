/** Reads the part of the Common Expression Language that filters use into a tree, and writes trees back as text. */

export type Tree =
  | { type: "string"; value: string }
  | { type: "number"; value: number; text: string }
  | { type: "bool"; value: boolean }
  | { type: "null" }
  | { type: "list"; items: Tree[] }
  | { type: "name"; name: string }
  | { type: "select"; of: Tree; name: string }
  /** A function `f(x)`, or a method `of.f(x)`. */
  | { type: "call"; of: Tree | null; name: string; args: Tree[] }
  | { type: "unary"; sign: "!" | "-"; of: Tree }
  | { type: "binary"; sign: string; left: Tree; right: Tree }
  | { type: "choice"; condition: Tree; then: Tree; otherwise: Tree };

/** Text that is no expression; `position` counts characters from the start. */
export class CelError extends Error {
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message);
  }
}

interface Token {
  kind: "string" | "number" | "name" | "sign" | "end";
  text: string;
  at: number;
}

const signs = [
  "&&",
  "||",
  "==",
  "!=",
  "<=",
  ">=",
  "<",
  ">",
  "!",
  "-",
  "+",
  "*",
  "/",
  "%",
  "(",
  ")",
  "[",
  "]",
  ",",
  ".",
  "?",
  ":",
];
const escapes: { [letter: string]: string } = { n: "\n", r: "\r", t: "\t", "\\": "\\", "'": "'", '"': '"', "`": "`" };

function readString(source: string, start: number): { value: string; end: number } {
  const quote = source[start];
  let value = "";
  for (let at = start + 1; at < source.length; at++) {
    const sign = source[at] ?? "";
    if (sign === quote) {
      return { value, end: at + 1 };
    }
    if (sign === "\\") {
      at++;
      const letter = source[at] ?? "";
      if (letter === "u") {
        value += String.fromCharCode(Number.parseInt(source.slice(at + 1, at + 5), 16));
        at += 4;
      } else {
        value += escapes[letter] ?? letter;
      }
    } else {
      value += sign;
    }
  }
  throw new CelError("the text has no end", start);
}

function tokens(source: string): Token[] {
  const list: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    const space = /^\s+/.exec(rest);
    const number = /^\d+(\.\d+)?([eE][+-]?\d+)?/.exec(rest);
    const name = /^[$_\p{L}][$_\p{L}\p{N}]*/u.exec(rest);
    const sign = signs.find((entry) => rest.startsWith(entry));
    if (space) {
      at += space[0].length;
    } else if (rest.startsWith("'") || rest.startsWith('"')) {
      const { value, end } = readString(source, at);
      list.push({ kind: "string", text: value, at });
      at = end;
    } else if (number) {
      list.push({ kind: "number", text: number[0], at });
      at += number[0].length;
    } else if (name) {
      list.push({ kind: "name", text: name[0], at });
      at += name[0].length;
    } else if (sign) {
      list.push({ kind: "sign", text: sign, at });
      at += sign.length;
    } else {
      throw new CelError(`unexpected ${rest[0]}`, at);
    }
  }
  list.push({ kind: "end", text: "", at: source.length });
  return list;
}

const levels: string[][] = [["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">=", "in"], ["+", "-"], ["*", "/", "%"]];

class Parser {
  private next = 0;
  constructor(private readonly list: Token[]) {}

  private get token(): Token {
    return this.list[Math.min(this.next, this.list.length - 1)] as Token;
  }
  private take(text: string): boolean {
    const found = (this.token.kind === "sign" || this.token.kind === "name") && this.token.text === text;
    if (found) {
      this.next++;
    }
    return found;
  }
  private need(text: string): void {
    if (!this.take(text)) {
      throw new CelError(`${text} is missing`, this.token.at);
    }
  }

  whole(): Tree {
    const tree = this.choice();
    if (this.token.kind !== "end") {
      throw new CelError(`unexpected ${this.token.text}`, this.token.at);
    }
    return tree;
  }
  private choice(): Tree {
    const condition = this.binary(0);
    if (!this.take("?")) {
      return condition;
    }
    const then = this.choice();
    this.need(":");
    return { type: "choice", condition, then, otherwise: this.choice() };
  }
  private binary(level: number): Tree {
    const here = levels[level];
    if (!here) {
      return this.unary();
    }
    let left = this.binary(level + 1);
    for (;;) {
      const sign = here.find((entry) => this.take(entry));
      if (!sign) {
        return left;
      }
      left = { type: "binary", sign, left, right: this.binary(level + 1) };
    }
  }
  private unary(): Tree {
    if (this.take("!")) {
      return { type: "unary", sign: "!", of: this.unary() };
    }
    if (this.take("-")) {
      return { type: "unary", sign: "-", of: this.unary() };
    }
    return this.member(this.primary());
  }
  private member(start: Tree): Tree {
    let tree = start;
    while (this.take(".")) {
      const { kind, text, at } = this.token;
      if (kind !== "name") {
        throw new CelError("a name is missing after the point", at);
      }
      this.next++;
      tree = this.take("(")
        ? { type: "call", of: tree, name: text, args: this.items(")") }
        : { type: "select", of: tree, name: text };
    }
    return tree;
  }
  private items(end: string): Tree[] {
    const list: Tree[] = [];
    while (!this.take(end)) {
      if (list.length > 0) {
        this.need(",");
      }
      list.push(this.choice());
    }
    return list;
  }
  private primary(): Tree {
    const { kind, text, at } = this.token;
    this.next++;
    if (kind === "string") {
      return { type: "string", value: text };
    }
    if (kind === "number") {
      return { type: "number", value: Number(text), text };
    }
    if (text === "(") {
      const tree = this.choice();
      this.need(")");
      return tree;
    }
    if (text === "[") {
      return { type: "list", items: this.items("]") };
    }
    if (kind === "name") {
      return this.named(text);
    }
    throw new CelError(kind === "end" ? "the expression ends too early" : `unexpected ${text}`, at);
  }
  private named(name: string): Tree {
    if (name === "true" || name === "false") {
      return { type: "bool", value: name === "true" };
    }
    if (name === "null") {
      return { type: "null" };
    }
    return this.take("(") ? { type: "call", of: null, name, args: this.items(")") } : { type: "name", name };
  }
}

/** The tree of an expression; throws `CelError`. */
export function parseCel(source: string): Tree {
  return new Parser(tokens(source)).whole();
}

/** Every name that an expression reads: fields of the record, `me`, and what its functions call what they go through. */
export function namesIn(tree: Tree): string[] {
  const inside = Object.values(tree)
    .flat()
    .filter((part): part is Tree => typeof part === "object" && part !== null);
  return tree.type === "name" ? [tree.name] : inside.flatMap(namesIn);
}

/** Text as a literal. */
export function quoteCel(text: string): string {
  return `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t")}'`;
}

const atom_level = 7;
function levelOf(tree: Tree): number {
  if (tree.type === "binary") {
    return levels.findIndex((signs) => signs.includes(tree.sign)) + 1;
  }
  return tree.type === "choice" ? 0 : tree.type === "unary" ? 6 : atom_level;
}

/** An expression as text, with the brackets it needs and no others. */
export function printCel(tree: Tree): string {
  const inside = (part: Tree, level: number) => (levelOf(part) < level ? `(${printCel(part)})` : printCel(part));
  switch (tree.type) {
    case "string":
      return quoteCel(tree.value);
    case "number":
      return tree.text;
    case "bool":
      return String(tree.value);
    case "null":
      return "null";
    case "list":
      return `[${tree.items.map(printCel).join(", ")}]`;
    case "name":
      return tree.name;
    case "select":
      return `${inside(tree.of, atom_level)}.${tree.name}`;
    case "call": {
      const args = `${tree.name}(${tree.args.map(printCel).join(", ")})`;
      return tree.of ? `${inside(tree.of, atom_level)}.${args}` : args;
    }
    case "unary":
      return `${tree.sign}${inside(tree.of, 6)}`;
    case "binary": {
      const level = levelOf(tree);
      return `${inside(tree.left, level)} ${tree.sign} ${inside(tree.right, level + 1)}`;
    }
    case "choice":
      return `${inside(tree.condition, 1)} ? ${printCel(tree.then)} : ${printCel(tree.otherwise)}`;
  }
}
