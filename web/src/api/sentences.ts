/** What the server says about a problem, in the reader's language: by its sentence, else by its code, else as it was said. */
import { fill, type Messages, problemTexts, shippedWords } from "../i18n";
import type { FieldProblem } from "./types";

interface Pattern {
  said: RegExp;
  names: string[];
  text: string;
}

let known: Messages | undefined;
let patterns: Pattern[] = [];

/** Sentences with `{{values}}` as patterns; codes have no blanks. */
function sentencePatterns(): Pattern[] {
  const texts = problemTexts();
  if (known !== texts) {
    known = texts;
    patterns = Object.entries(texts)
      .filter(([said]) => said.includes(" "))
      .map(([said, text]) => {
        const names = [...said.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name);
        const parts = said.split(/\{\{\w+\}\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
        return { said: new RegExp(parts.join("([^“”]+?)"), "g"), names, text };
      });
  }
  return patterns;
}

/** A text of the server with every sentence that is known in the reader's words. */
function translated(said: string): string {
  return sentencePatterns().reduce(
    (text, { said: pattern, names, text: own }) =>
      text.replace(pattern, (_, ...values: string[]) =>
        fill(own, Object.fromEntries(names.map((name, index) => [name, values[index]]))),
      ),
    said,
  );
}

/** The server's sentence in the reader's words. */
export function sentence(said: string, code?: string): string {
  const own = translated(said);
  const general = code === undefined ? undefined : problemTexts()[code];
  return own !== said || general === undefined ? own : fill(general, { detail: said });
}

/** What the shipped model says when a value breaks its rule. */
function ruleSentence(message: string): string | undefined {
  return shippedWords().find(([place, [english]]) => place.endsWith(":validation") && english === message)?.[1][1];
}

/** "Given name: …", "Given name is needed.": the label that the server's message begins with. */
const labelled = /^([^:]{1,80}?)(?:: | is needed\.| is already used )/;

/** What is wrong with a field, to be shown beside it. */
export function fieldSentence({ code, message }: FieldProblem): string {
  const rule = ruleSentence(message);
  if (rule) {
    return rule;
  }
  const [start, label = ""] = labelled.exec(message) ?? [];
  const rest = start === `${label}: ` ? message.slice(start.length) : message;
  const own = translated(rest);
  const general = problemTexts()[`field.${code}`];
  return own !== rest ? own : general === undefined ? message : fill(general, { detail: rest });
}

/** What is wrong with a field, to be shown elsewhere: with the field's label. */
export function namedSentence(entry: FieldProblem): string {
  const text = fieldSentence(entry);
  const label = labelled.exec(entry.message)?.[1];
  if (text === entry.message || !label) {
    return text;
  }
  const field = entry.field.split(/[.[]/)[0];
  const word = shippedWords().find(([place, [english]]) => place.endsWith(`.${field}`) && english === label);
  return `${word?.[1][1] ?? label}: ${text}`;
}
