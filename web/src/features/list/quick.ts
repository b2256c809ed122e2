/** The quick search of a list: words that have to be in the title, in an e-mail address, or in a text of one's own that search looks into. */
import type { Field, ObjectMeta } from "../../api/types";
import { quoteCel } from "../../ui/filters/cel";

/** Texts that administrators had search look into. */
function ownTexts(object: ObjectMeta): Field[] {
  return object.fields.filter(
    (field) =>
      (field.custom || object.custom) &&
      field.name !== object.title &&
      (field.kind === "text" || field.kind === "auto_number") &&
      !field.hidden &&
      !field.sensitive &&
      object.search?.includes(field.name),
  );
}

export function wordsFilter(object: ObjectMeta, words: string): string {
  const text = words.trim();
  if (!text) {
    return "";
  }
  const quoted = quoteCel(text);
  const emails = object.fields.find((field) => field.kind === "emails" && !field.hidden && !field.sensitive);
  return [
    `${object.title}.contains(${quoted})`,
    ...ownTexts(object).map((field) => `${field.name}.contains(${quoted})`),
    ...(emails ? [`${emails.name}.exists(x, x.value.contains(${quoted}))`] : []),
  ].join(" || ");
}
