/** The quick search of a list: words that have to be in the title or in an e-mail address. */
import type { ObjectMeta } from "../../api/types";
import { quoteCel } from "../../ui/filters/cel";

export function wordsFilter(object: ObjectMeta, words: string): string {
  const text = words.trim();
  if (!text) {
    return "";
  }
  const quoted = quoteCel(text);
  const emails = object.fields.find((field) => field.kind === "emails");
  const title = `${object.title}.contains(${quoted})`;
  return emails ? `${title} || ${emails.name}.exists(x, x.value.contains(${quoted}))` : title;
}
