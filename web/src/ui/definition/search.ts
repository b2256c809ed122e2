/** Which fields search can look into, and which new ones it does. */
import type { Field, Kind } from "../../api/types";

/** What search can look into. */
const searchable: Kind[] = [
  "text",
  "long_text",
  "auto_number",
  "emails",
  "phones",
  "links",
  "multi_select",
  "address",
  "files",
  "integer",
];

/** New fields of these kinds say which record it is: search looks into them unless somebody says otherwise. */
const telling: Kind[] = ["text", "auto_number", "emails", "phones", "links"];

export function canBeSearched(field: Pick<Field, "kind" | "result">): boolean {
  return searchable.includes(field.result ?? field.kind);
}

/** Whether search looks into a new field when nobody says anything about it. */
export function isSearchedAtFirst(field: Field): boolean {
  return !field.sensitive && canBeSearched(field) && (telling.includes(field.kind) || field.unique === true);
}
