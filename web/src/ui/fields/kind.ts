/** What every field kind provides: how a value is shown, edited, filtered, copied and pasted. One file per kind implements it. */
import type { ComponentType } from "react";
import type { Field, FieldValue, RapportRecord } from "../../api/types";
import type { Operator } from "./operators";

export interface DisplayProps {
  field: Field;
  value: FieldValue;
  /** Without links and buttons, for places that are links or buttons themselves. */
  plain?: boolean;
}

export interface EditorProps {
  field: Field;
  value: FieldValue;
  onChange: (value: FieldValue) => void;
  /** The value is final: an option was chosen. Typing editors leave this to Enter and to leaving the field. */
  onCommit?: (value: FieldValue) => void;
  /** What is wrong with the value, said below the input. */
  error?: string;
  /** `cell` and `inline` have no visible label; the field's label is then the accessible name. */
  variant?: "form" | "inline" | "cell";
  autoFocus?: boolean;
  disabled?: boolean;
  /** Required here and now, whatever the field says. */
  required?: boolean;
  /** The values around it. */
  record?: Partial<RapportRecord>;
  /** The object the field belongs to, where it is known. */
  object?: string;
}

export type Parsed = { ok: true; value: FieldValue } | { ok: false; problem: string };

export interface FieldKind {
  /** One line of plain elements; cheap enough for grid cells. */
  Display: ComponentType<DisplayProps>;
  /** None when people cannot change values of this kind. */
  Editor: ComponentType<EditorProps> | null;
  operators: readonly Operator[];
  /** The value as text for the clipboard and for files: `fromText(toText(value))` is the value. */
  toText: (field: Field, value: FieldValue) => string;
  /** Reads what people paste and type, in many forms. */
  fromText: (field: Field, text: string) => Parsed;
  align: "start" | "end";
  /** Width of a new column, in pixels. */
  width: number;
  sortable: boolean;
  /** Whether sums and means of it make sense. */
  sum: boolean;
  /** Enter belongs to the editor (several lines, several parts). */
  multiline?: boolean;
}

/** Whether there is nothing in it. Zero and false are something. */
export function isEmpty(value: FieldValue): boolean {
  if (value === undefined || value === null || value === "") {
    return true;
  }
  if (Array.isArray(value)) {
    return value.length === 0;
  }
  return (
    typeof value === "object" &&
    Object.values(value).every((part) => part === null || part === undefined || part === "")
  );
}

/** Whether two values are the same to a reader. */
export function sameValue(left: FieldValue, right: FieldValue): boolean {
  if (isEmpty(left) || isEmpty(right)) {
    return isEmpty(left) && isEmpty(right);
  }
  return left === right || JSON.stringify(ordered(left)) === JSON.stringify(ordered(right));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(ordered);
  }
  if (value && typeof value === "object") {
    const entries = Object.entries(value).filter(([, part]) => part !== null && part !== undefined && part !== "");
    return Object.fromEntries(
      entries.sort(([a], [b]) => a.localeCompare(b)).map(([name, part]) => [name, ordered(part)]),
    );
  }
  return value;
}

export function ok(value: FieldValue): Parsed {
  return { ok: true, value };
}

export function problem(text: string): Parsed {
  return { ok: false, problem: text };
}

/** What editors of one input share: name, label, hint, error. */
export function inputProps(props: EditorProps) {
  const form = (props.variant ?? "form") === "form";
  return {
    label: form ? props.field.label : undefined,
    description: form ? props.field.help : undefined,
    "aria-label": form ? undefined : props.field.label,
    error: props.error,
    required: props.required ?? props.field.required ?? false,
    withAsterisk: form && (props.required ?? props.field.required ?? false),
    disabled: props.disabled,
    autoFocus: props.autoFocus,
    "data-autofocus": props.autoFocus || undefined,
    size: "xs" as const,
    // The hint stands below, so that inputs beside each other stay in line.
    inputWrapperOrder: ["label", "input", "description", "error"] as ("label" | "input" | "description" | "error")[],
    name: props.field.name,
  };
}
