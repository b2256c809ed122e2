/** Yes or no. */
import { Checkbox, Select } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { t } from "../../i18n";
import classes from "./fields.module.css";
import { type DisplayProps, type EditorProps, type FieldKind, inputProps, ok, problem } from "./kind";
import { booleanOperators } from "./operators";

function BooleanDisplay({ value }: DisplayProps) {
  if (value === true) {
    return (
      <span className={classes.line}>
        <IconCheck size={14} aria-hidden /> {t("field.yes")}
      </span>
    );
  }
  return <span className={classes.quiet}>{value === false ? t("field.no") : ""}</span>;
}

function BooleanEditor(props: EditorProps) {
  if (props.variant === "cell" || props.variant === "inline") {
    const options = [
      { value: "true", label: t("field.yes") },
      { value: "false", label: t("field.no") },
    ];
    const choose = (choice: string | null) => {
      const value = choice === null ? null : choice === "true";
      props.onChange(value);
      props.onCommit?.(value);
    };
    return (
      <Select
        {...inputProps(props)}
        data={options}
        clearable
        defaultDropdownOpened
        value={props.value === null || props.value === undefined ? null : String(props.value)}
        onChange={choose}
        comboboxProps={{ transitionProps: { duration: 0 } }}
      />
    );
  }
  return (
    <Checkbox
      size="xs"
      label={props.field.label}
      description={props.field.help}
      error={props.error}
      disabled={props.disabled}
      autoFocus={props.autoFocus}
      name={props.field.name}
      checked={props.value === true}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  );
}

const yes = ["true", "yes", "y", "1", "x", "on", "✓", "ja", "oui", "si", "sí"];
const no = ["false", "no", "n", "0", "off", "nein", "non"];

export const boolean: FieldKind = {
  Display: BooleanDisplay,
  Editor: BooleanEditor,
  operators: booleanOperators,
  toText: (_, value) => (typeof value === "boolean" ? String(value) : ""),
  fromText: (_, text) => {
    const word = text.trim().toLowerCase();
    if (word === "") {
      return ok(null);
    }
    const isYes = yes.includes(word) || word === t("field.yes").toLowerCase();
    const isNo = no.includes(word) || word === t("field.no").toLowerCase();
    return isYes ? ok(true) : isNo ? ok(false) : problem(t("field.not_boolean"));
  },
  align: "start",
  width: 90,
  sortable: true,
  sum: false,
};
