/** The field kinds: one line each. Everything that shows, edits, filters, copies or imports a value asks here. */
import type { Field, Kind } from "../../api/types";
import { actor } from "./actor";
import { address } from "./address";
import { boolean } from "./boolean";
import { checklist } from "./checklist";
import { date, dateTime, duration } from "./date";
import { files } from "./files";
import { json } from "./json";
import type { FieldKind } from "./kind";
import { emails, links, phones } from "./labelled";
import { money } from "./money";
import { decimal, integer, percent, rank } from "./number";
import { rating } from "./rating";
import { recurrence } from "./recurrence";
import { about, reference, references, user } from "./reference";
import { replies } from "./replies";
import { multiSelect, select } from "./select";
import { Dots } from "./sensitive";
import { autoNumber, longText, text } from "./text";

const kinds: { [kind in Exclude<Kind, "formula" | "rollup">]: FieldKind } = {
  text,
  long_text: longText,
  integer,
  decimal,
  percent,
  money,
  date,
  date_time: dateTime,
  duration,
  boolean,
  select,
  multi_select: multiSelect,
  rating,
  emails,
  phones,
  links,
  address,
  reference,
  references,
  about,
  user,
  files,
  json,
  auto_number: autoNumber,
  rank,
  actor,
};

/** Texts and JSON made of something that is known. */
const formats: { [format in NonNullable<Field["format"]>]: FieldKind } = { checklist, recurrence, replies };

/** The kind of a field's value: of a formula or roll-up that of its result. */
export function valueKind(field: Field): Exclude<Kind, "formula" | "rollup"> {
  const kind = field.kind === "formula" || field.kind === "rollup" ? (field.result ?? "decimal") : field.kind;
  return kind === "formula" || kind === "rollup" ? "decimal" : kind;
}

export function kindOf(field: Field): FieldKind {
  const kind = (field.format && formats[field.format]) ?? kinds[valueKind(field)] ?? text;
  return field.sensitive ? { ...kind, Display: Dots, toText: () => "" } : kind;
}

/** Whether its value is changed where it stands: one that is not shown would be written over unseen. */
export function isEditableInPlace(field: Field): boolean {
  return isEditable(field) && !field.sensitive;
}

/** Whether people may write it, as far as the field itself says. */
export function isEditable(field: Field): boolean {
  const derived = field.kind === "formula" || field.kind === "rollup";
  return !derived && !field.read_only && kindOf(field).Editor !== null;
}
