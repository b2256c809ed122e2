/** Which fields a merge of records decides about. */
import type { Field, ObjectMeta } from "../../api/types";
import { isEditableInPlace } from "../fields/registry";

const joined_kinds = ["emails", "phones", "links", "multi_select", "references", "about", "files"];

/** Whether values of a field can be put together. */
export function canJoin(field: Field): boolean {
  return joined_kinds.includes(field.kind);
}

/** Those of which the server says itself what becomes of them: a territory chosen by hand stays, else the rules decide. */
const placed_fields = ["territory", "territory_pinned"];

/** The fields that a merge decides about. */
export function mergeFields(object: ObjectMeta): Field[] {
  const placed = object.fields.some((field) => field.name === "territory_pinned");
  const shown = object.fields.filter(
    (field) =>
      isEditableInPlace(field) &&
      !field.hidden &&
      !["rank", "external_ids"].includes(field.name) &&
      field.kind !== "rank" &&
      !(placed && placed_fields.includes(field.name)),
  );
  return [...shown.filter((field) => !field.system), ...shown.filter((field) => field.system)];
}
