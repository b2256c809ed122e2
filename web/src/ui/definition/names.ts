/** The names of objects, fields and options: made of what people read, and what the server would refuse about them. */

const name_max = 40;

/** What no field or object may be called: columns that databases keep, words of the expression language. */
const reserved =
  "id rowid oid tableoid ctid xmin xmax cmin cmax true false null in as break const continue else for function if import let loop package namespace return var void while now today me my_teams my_territories has".split(
    " ",
  );
/** Addresses of the API that are no lists. */
const reserved_plurals =
  "batches boot changes checks cursors duplicates events expressions files idempotency imports invitations jobs links objects openapi record_keys search session sessions settings setup throttle timeline undo".split(
    " ",
  );
const letters: { [letter: string]: string } = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", æ: "ae", ø: "oe", å: "aa" };

/** "Größe (cm)" → `groesse_cm`: letters, digits and underscores, beginning with a letter. */
export function nameOf(label: string, prefix = "field"): string {
  const plain = label
    .normalize("NFC")
    .toLowerCase()
    .replace(/[äöüßæøå]/g, (letter) => letters[letter] ?? letter)
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return (/^[a-z]/.test(plain) ? plain : `${prefix}_${plain}`).slice(0, name_max).replace(/_+$/, "");
}

/** The name, with a number behind it when it is taken or reserved. */
export function freeName(name: string, taken: Iterable<string>): string {
  const known = new Set([...taken, ...reserved]);
  const numbered = (number: number) => `${name.slice(0, name_max - 4)}_${number}`;
  if (!known.has(name)) {
    return name;
  }
  let number = 2;
  while (known.has(numbered(number))) {
    number++;
  }
  return numbered(number);
}

export type NameFault = "shape" | "long" | "reserved" | "taken";

/** What is wrong with a name of a field or object. */
export function nameFault(name: string, taken: Iterable<string> = []): NameFault | undefined {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) {
    return "shape";
  }
  if (name.length > name_max) {
    return "long";
  }
  if (reserved.includes(name)) {
    return "reserved";
  }
  return new Set(taken).has(name) ? "taken" : undefined;
}

/** What is wrong with a plural, which is an address. */
export function pluralFault(plural: string, taken: Iterable<string> = []): NameFault | undefined {
  const fault = nameFault(plural, taken);
  const kept = reserved_plurals.includes(plural) || /^(sqlite|pg|rapport)_/.test(plural);
  return fault ?? (kept ? "reserved" : undefined);
}

/** "Property" → "Properties", "Immobilie" → "Immobilien": a suggestion, to be corrected. */
export function pluralOf(label: string, language: string): string {
  const word = label.trim();
  if (word === "") {
    return "";
  }
  return language === "de" ? germanPlural(word) : englishPlural(word);
}

function englishPlural(word: string): string {
  if (/[^aeiou]y$/i.test(word)) {
    return word.replace(/y$/i, (end) => (end === "Y" ? "IES" : "ies"));
  }
  if (/(?:[sxz]|ch|sh)$/i.test(word)) {
    return `${word}es`;
  }
  return `${word}s`;
}

function germanPlural(word: string): string {
  if (/e$/i.test(word)) {
    return `${word}n`;
  }
  if (/(?:ung|heit|keit|schaft|ion|tät|ik|ur|enz|anz)$/i.test(word)) {
    return `${word}en`;
  }
  if (/(?:er|el|en|chen|lein)$/i.test(word)) {
    return word;
  }
  return /[aiouy]$/i.test(word) ? `${word}s` : `${word}e`;
}

/** The options of a choice from what people read; equal names get numbers. */
export function optionsOf(labels: string[]): { value: string; label: string }[] {
  const taken: string[] = [];
  return labels.map((label) => {
    let value = nameOf(label, "option");
    for (let number = 2; taken.includes(value); number++) {
      value = `${nameOf(label, "option")}_${number}`;
    }
    taken.push(value);
    return { value, label };
  });
}
