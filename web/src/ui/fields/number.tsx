/** Whole numbers, decimals and percentages. */
import { TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { Field, FieldValue } from "../../api/types";
import { t } from "../../i18n";
import { formatNumber, formatPercent } from "../../i18n/format";
import classes from "./fields.module.css";
import { type DisplayProps, type EditorProps, type FieldKind, inputProps, ok, type Parsed, problem } from "./kind";
import { numberOperators } from "./operators";
import { parseNumber } from "./parse";

/** A number with the unit of its field behind it; files and the clipboard have the plain number. */
export function withUnit(field: Pick<Field, "unit">, text: string): string {
  return field.unit && text ? `${text}\u00a0${field.unit}` : text;
}

/** A number for people to change: no grouping, at most four places. */
export function editableNumber(value: FieldValue): string {
  return typeof value === "number" ? String(Math.round(value * 10_000) / 10_000) : "";
}

/** Keeps the text while it is being typed, and tells the number as soon as it is one. */
export function useNumberText(value: FieldValue, tell: (value: number | null) => void) {
  const [text, setText] = useState(() => editableNumber(value));
  const told = useRef(value);
  useEffect(() => {
    if (value !== told.current) {
      told.current = value;
      setText(editableNumber(value));
    }
  }, [value]);
  const change = (input: string) => {
    setText(input);
    const number = parseNumber(input);
    if (input.trim() === "" || number !== undefined) {
      told.current = number ?? null;
      tell(number ?? null);
    }
  };
  const invalid = text.trim() !== "" && parseNumber(text) === undefined;
  return { text, change, error: invalid ? t("field.not_number") : undefined };
}

function NumberEditor(props: EditorProps) {
  const { text, change, error } = useNumberText(props.value, props.onChange);
  const unit = props.field.kind === "percent" ? "%" : props.field.unit;
  return (
    <TextInput
      {...inputProps(props)}
      variant={props.variant === "cell" ? "unstyled" : "default"}
      inputMode={props.field.kind === "integer" ? "numeric" : "decimal"}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      error={error ?? props.error}
      rightSection={unit ? <span className={classes.unit}>{unit}</span> : undefined}
      rightSectionWidth={unit && unit.length > 2 ? 16 + unit.length * 8 : undefined}
      autoComplete="off"
    />
  );
}

function fromText(text: string, whole: boolean): Parsed {
  if (text.trim() === "") {
    return ok(null);
  }
  const number = parseNumber(text);
  if (number === undefined) {
    return problem(t("field.not_number"));
  }
  if (whole && !Number.isInteger(number)) {
    return problem(t("field.not_whole"));
  }
  return ok(whole ? number : Math.round(number * 10_000) / 10_000);
}

const decimalKind: FieldKind = {
  Display: ({ field, value }: DisplayProps) => (
    <span className={classes.number}>{typeof value === "number" ? withUnit(field, formatNumber(value)) : ""}</span>
  ),
  Editor: NumberEditor,
  operators: numberOperators,
  toText: (_, value) => editableNumber(value),
  fromText: (_, text) => fromText(text, false),
  align: "end",
  width: 110,
  sortable: true,
  sum: true,
};

export const decimal = decimalKind;

export const integer: FieldKind = { ...decimalKind, fromText: (_, text) => fromText(text, true) };

export const percent: FieldKind = {
  ...decimalKind,
  Display: ({ value }: DisplayProps) => (
    <span className={classes.number}>{typeof value === "number" ? formatPercent(value) : ""}</span>
  ),
  toText: (_, value) => (typeof value === "number" ? `${editableNumber(value)} %` : ""),
};

/** Manual order: the screens that drag set it. */
export const rank: FieldKind = {
  ...decimalKind,
  Display: ({ value }: DisplayProps) => (
    <span className={classes.number}>{value === null || value === undefined ? "" : String(value)}</span>
  ),
  Editor: null,
  toText: (_, value) => (value === null || value === undefined ? "" : String(value)),
  fromText: (_, text) => ok(text.trim() === "" ? null : (parseNumber(text) ?? text.trim())),
  sum: false,
};
