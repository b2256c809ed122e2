/** Text of one line and of many. */
import { Textarea, TextInput } from "@mantine/core";
import type { FieldValue } from "../../api/types";
import classes from "./fields.module.css";
import { type DisplayProps, type EditorProps, type FieldKind, inputProps, ok } from "./kind";
import { textOperators } from "./operators";

function asText(value: FieldValue): string {
  return value === null || value === undefined ? "" : String(value);
}

function TextDisplay({ value }: DisplayProps) {
  return <span className={classes.line}>{asText(value)}</span>;
}

function TextEditor(props: EditorProps) {
  const change = (text: string) => props.onChange(text === "" ? null : text);
  return (
    <TextInput
      {...inputProps(props)}
      variant={props.variant === "cell" ? "unstyled" : "default"}
      value={asText(props.value)}
      onChange={(event) => change(event.currentTarget.value)}
      autoComplete="off"
    />
  );
}

function LongTextEditor(props: EditorProps) {
  return (
    <Textarea
      {...inputProps(props)}
      autosize
      minRows={props.variant === "form" || !props.variant ? 3 : 2}
      maxRows={14}
      value={asText(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value === "" ? null : event.currentTarget.value)}
    />
  );
}

export const text: FieldKind = {
  Display: TextDisplay,
  Editor: TextEditor,
  operators: textOperators,
  toText: (_, value) => asText(value),
  fromText: (_, input) => ok(input.trim() === "" ? null : input.trim()),
  align: "start",
  width: 180,
  sortable: true,
  sum: false,
};

export const longText: FieldKind = {
  ...text,
  Editor: LongTextEditor,
  fromText: (_, input) => ok(input.trim() === "" ? null : input.replaceAll("\r\n", "\n")),
  width: 280,
  sortable: false,
  multiline: true,
};

/** Running numbers: the server makes them. */
export const autoNumber: FieldKind = { ...text, Editor: null, width: 140 };
