/** Texts of the UI: `t(key, values)` looks a key up in the message files, chooses the plural form by `count` and fills in `{{value}}`. */

type Messages = { [key: string]: string };
type Values = { [name: string]: string | number | undefined };

const files = import.meta.glob<Messages>("./locales/en/*.json", { eager: true, import: "default" });
const english: Messages = Object.assign({}, ...Object.values(files));

let messages: Messages = english;
let language = "en";
let plurals = new Intl.PluralRules(language);

/** The language that texts are in. */
export function currentLanguage(): string {
  return language;
}

/** Uses other texts; keys they lack stay English. */
export function setMessages(newLanguage: string, texts: Messages): void {
  language = newLanguage;
  plurals = new Intl.PluralRules(newLanguage);
  messages = { ...english, ...texts };
}

/** Whether a text of that key exists. */
export function hasText(key: string): boolean {
  return key in messages || `${key}_other` in messages;
}

/** The text of a key. `count` chooses `key_one`, `key_other` …; numbers are written in the reader's way. */
export function t(key: string, values: Values = {}): string {
  const plural = typeof values.count === "number" ? messages[`${key}_${plurals.select(values.count)}`] : undefined;
  const text = plural ?? messages[key] ?? messages[`${key}_other`] ?? key;
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === "number" ? value.toLocaleString(language) : (value ?? "");
  });
}
