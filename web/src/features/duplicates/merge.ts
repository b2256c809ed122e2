/** Which value of which record a merged record gets: proposed here, changed by people, sent as the values of the one that stays. */
import type { Field, FieldValue, Labelled, ObjectMeta, RapportRecord } from "../../api/types";
import { isEmpty, sameValue } from "../../ui/fields/kind";
import { asLabelled, withPrimary } from "../../ui/fields/labelled";
import { canJoin, mergeFields } from "../../ui/merge/fields";

/** The place of a record in the comparison, or all of them together. */
export type Choice = number | "all";
export type Choices = { [field: string]: Choice };

/** Fields whose records disagree. */
export function differs(field: Field, records: RapportRecord[]): boolean {
  const [first, ...rest] = records;
  return rest.some((record) => !sameValue(record[field.name], first?.[field.name]));
}

/** What counts as one entry of a list: the address itself, whatever its label. */
function entryKey(entry: unknown): string {
  if (entry && typeof entry === "object") {
    const parts = entry as { value?: string; id?: string; object?: string };
    return (
      parts.value?.toLowerCase() ?? (parts.object ? `${parts.object}:${parts.id}` : (parts.id ?? JSON.stringify(entry)))
    );
  }
  return String(entry).toLowerCase();
}

/** The entries of all lists, each once, those of the record that stays first. */
export function joinValues(field: Field, values: FieldValue[]): FieldValue {
  const labelled = ["emails", "phones", "links"].includes(field.kind);
  const seen = new Map<string, unknown>();
  for (const value of values) {
    for (const entry of labelled ? asLabelled(value) : Array.isArray(value) ? value : []) {
      const key = entryKey(entry);
      if (!seen.has(key)) {
        seen.set(key, entry);
      }
    }
  }
  const list = [...seen.values()];
  if (list.length === 0) {
    return null;
  }
  return (labelled ? withPrimary(list as Labelled[]) : list) as FieldValue;
}

/** The place of the record whose value the object's rules let survive, among those that have one. */
function survivor(
  field: Field,
  rule: string | undefined,
  records: RapportRecord[],
  filled: number[],
): number | undefined {
  const best = (worth: (record: RapportRecord | undefined) => number | string) =>
    filled.reduce<number | undefined>(
      (known, index) => (known === undefined || worth(records[index]) > worth(records[known]) ? index : known),
      undefined,
    );
  const value = (record: RapportRecord | undefined) => {
    const one = record?.[field.name];
    const amount = one && typeof one === "object" && "amount" in one ? one.amount : one;
    return typeof amount === "string" ? Date.parse(amount) : Number(amount);
  };
  switch (rule) {
    case "newest":
      return best((record) => String(record?.updated_at ?? ""));
    case "oldest":
      return best((record) => -Date.parse(String(record?.created_at ?? "")));
    case "longest":
      return best((record) => String(record?.[field.name] ?? "").length);
    case "greatest":
      return best(value);
    case "least":
      return best((record) => -value(record));
    default:
      return undefined;
  }
}

/** What is proposed: lists are put together; else what the object's rules say, the value of the record that stays, the
 * first there is. */
export function proposeChoices(object: ObjectMeta, records: RapportRecord[], keep: number): Choices {
  const choices: Choices = {};
  for (const field of mergeFields(object)) {
    const filled = records.flatMap((record, index) => (isEmpty(record[field.name]) ? [] : [index]));
    // The record that stays comes first among equals.
    const order = filled.includes(keep) ? [keep, ...filled.filter((index) => index !== keep)] : filled;
    if (canJoin(field) && filled.length > 1) {
      choices[field.name] = "all";
    } else {
      const rule = object.duplicates?.keep?.[field.name];
      choices[field.name] = survivor(field, rule, records, order) ?? order[0] ?? keep;
    }
  }
  return choices;
}

/** The value that a choice means. */
export function chosenValue(
  field: Field,
  records: RapportRecord[],
  keep: number,
  choice: Choice | undefined,
): FieldValue {
  if (choice === "all") {
    const order = [records[keep], ...records.filter((_, index) => index !== keep)];
    return joinValues(
      field,
      order.map((record) => record?.[field.name]),
    );
  }
  return records[choice ?? keep]?.[field.name] ?? null;
}

/** What is sent: what was decided wherever the records disagree, so that nothing is filled in behind anybody's back. */
export function mergeValues(
  object: ObjectMeta,
  records: RapportRecord[],
  keep: number,
  choices: Choices,
): { [field: string]: FieldValue } {
  const decided = mergeFields(object).filter((field) => differs(field, records));
  return Object.fromEntries(
    decided.map((field) => [field.name, chosenValue(field, records, keep, choices[field.name]) ?? null]),
  );
}

/** The record that best stays: the one with most values, the older one when they are equal. */
export function bestKeep(object: ObjectMeta, records: RapportRecord[]): number {
  const fields = mergeFields(object);
  const filled = (record: RapportRecord) => fields.filter((field) => !isEmpty(record[field.name])).length;
  let best = 0;
  records.forEach((record, index) => {
    const known = records[best];
    if (known && index > 0) {
      const more = filled(record) - filled(known);
      if (more > 0 || (more === 0 && String(record.created_at ?? "") < String(known.created_at ?? ""))) {
        best = index;
      }
    }
  });
  return best;
}
