/** A new object as it is written in the dialog, and its definition as it is sent. */
import type { Definition } from "../../../app/definitions";
import { t } from "../../../i18n";
import { nameOf } from "../../../ui/definition/names";

export interface ObjectDraft {
  label: string;
  label_plural: string;
  name: string;
  plural: string;
  icon: string;
  color: string;
  description: string;
  owned: boolean;
  /** Label of the field that names a record. */
  title: string;
  title_kind: "text" | "auto_number";
}

export function blankObject(): ObjectDraft {
  return {
    label: "",
    label_plural: "",
    name: "",
    plural: "",
    icon: "box",
    color: "indigo",
    description: "",
    owned: true,
    title: t("designer.title_word"),
    title_kind: "text",
  };
}

/** The object with the one field that names its records. */
export function objectDefinition(draft: ObjectDraft): Definition {
  const title = nameOf(draft.title);
  const field =
    draft.title_kind === "text"
      ? { name: title, kind: "text", label: draft.title.trim(), required: true }
      : { name: title, kind: "auto_number", label: draft.title.trim(), pattern: "{number:5}" };
  const description = draft.description.trim();
  return {
    name: draft.name,
    plural: draft.plural,
    label: draft.label.trim(),
    label_plural: draft.label_plural.trim(),
    ...(description && { description }),
    icon: draft.icon,
    color: draft.color,
    owned: draft.owned,
    title,
    search: [title],
    fields: [field],
  };
}
