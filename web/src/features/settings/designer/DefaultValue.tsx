/** What a new record starts with: a value by the field's own editor, or "now" and "me" where those make sense. */
import { Select } from "@mantine/core";
import type { Field, FieldValue } from "../../../api/types";
import { t } from "../../../i18n";
import { FieldEditor, finished } from "../../../ui/fields/Field";
import classes from "./designer.module.css";
import { input } from "./inputs";

const words: { [kind in string]?: string } = { user: "me", date: "today", date_time: "now" };

interface Props {
  field: Field;
  object: string;
  onChange: (value: unknown) => void;
  error?: string;
}

export function DefaultValue({ field, object, onChange, error }: Props) {
  const word = words[field.kind];
  const mode =
    field.default === undefined || field.default === null ? "none" : field.default === word ? "word" : "value";
  const value = field.default as FieldValue;
  const editor = (label: string) => (
    <FieldEditor
      field={{ ...field, name: "default", label, help: undefined, required: false, unique: false }}
      object={object}
      value={mode === "word" ? null : value}
      required={false}
      error={error}
      onChange={(next) => onChange(finished({ field }, next) ?? undefined)}
    />
  );
  if (field.kind === "boolean") {
    const choices = ["none", "yes", "no"].map((entry) => ({ value: entry, label: t(`designer.default_${entry}`) }));
    return (
      <Select
        {...input}
        label={t("designer.default")}
        allowDeselect={false}
        data={choices}
        value={value === true ? "yes" : value === false ? "no" : "none"}
        error={error}
        onChange={(next) => onChange(next === "yes" ? true : next === "no" ? false : undefined)}
      />
    );
  }
  if (!word) {
    return <div>{editor(t("designer.default"))}</div>;
  }
  const set = (next: string | null) => onChange(next === "word" ? word : next === "value" ? "" : undefined);
  return (
    <div className={classes.stack}>
      <Select
        {...input}
        label={t("designer.default")}
        allowDeselect={false}
        data={[
          { value: "none", label: t("designer.default_none") },
          { value: "word", label: t(`designer.default_${word}`) },
          { value: "value", label: t("designer.default_value") },
        ]}
        value={mode}
        error={mode === "value" ? undefined : error}
        onChange={set}
      />
      {mode === "value" && editor(t("designer.default_value"))}
    </div>
  );
}
