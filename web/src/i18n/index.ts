/** Texts of the UI: `t(key, values)` looks a key up in the message files, chooses the plural form by `count` and fills in `{{value}}`. */

export type Messages = { [key: string]: string };
type Values = { [name: string]: string | number | undefined };

/** What a language other than English brings along. */
export interface Dictionary {
  messages: Messages;
  /** Words of the shipped objects: where they stand → the shipped English and the own. */
  words: { [place: string]: [string, string] };
  /** Sentences by the code of a problem, by `field.` and the code of a field's problem, and by the server's own sentence. */
  problems: Messages;
}

const files = import.meta.glob<Messages>("./locales/en/*.json", { eager: true, import: "default" });
const english: Messages = Object.assign({}, ...Object.values(files));

let messages: Messages = english;
let words: Dictionary["words"] = {};
let problems: Messages = {};
let language = "en";
let figures = "en";
let plurals = new Intl.PluralRules(language);

/** The language that texts are in. */
export function currentLanguage(): string {
  return language;
}

/** Uses other texts; keys they lack stay English. */
export function setMessages(newLanguage: string, texts: Messages, others: Partial<Dictionary> = {}): void {
  language = newLanguage;
  figures = newLanguage;
  plurals = new Intl.PluralRules(newLanguage);
  messages = { ...english, ...texts };
  words = others.words ?? {};
  problems = others.problems ?? {};
}

/** Writes the numbers in texts as that locale does. */
export function setFigures(locale: string): void {
  figures = locale;
}

/** Whether a text of that key exists. */
export function hasText(key: string): boolean {
  return key in messages || `${key}_other` in messages;
}

/** The own word for a shipped English one at its place; any other word is somebody's own and stays. */
export function shipped(place: string, text: string): string {
  const pair = words[place];
  return pair && pair[0] === text ? pair[1] : text;
}

/** The shipped English of an own word at its place; any other word stays. */
export function unshipped(place: string, text: string): string {
  const pair = words[place];
  return pair && pair[1] === text ? pair[0] : text;
}

/** Whether the language has words for a place. */
export function isShipped(place: string): boolean {
  return words[place] !== undefined;
}

/** The shipped words of every place, the English beside the own. */
export function shippedWords(): [string, [string, string]][] {
  return Object.entries(words);
}

/** What the language has for problems of the server: by code, and by the server's own sentence. */
export function problemTexts(): Messages {
  return problems;
}

/** The text of a key. `count` chooses `key_one`, `key_other` …; numbers are written in the reader's way. */
export function t(key: string, values: Values = {}): string {
  const plural = typeof values.count === "number" ? messages[`${key}_${plurals.select(values.count)}`] : undefined;
  return fill(plural ?? messages[key] ?? messages[`${key}_other`] ?? key, values);
}

/** A text with its `{{values}}` filled in. */
export function fill(text: string, values: Values): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === "number" ? value.toLocaleString(figures) : (value ?? "");
  });
}
