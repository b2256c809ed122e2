/** Any JSON, for programs more than for people. */
import { Textarea } from "@mantine/core";
import { useState } from "react";
import type { FieldValue } from "../../api/types";
import { t } from "../../i18n";
import classes from "./fields.module.css";
import { type DisplayProps, type EditorProps, type FieldKind, inputProps, ok, type Parsed, problem } from "./kind";
import { presence } from "./operators";

function jsonText(value: FieldValue, indent?: number): string {
  return value === null || value === undefined ? "" : JSON.stringify(value, null, indent);
}

function parseJson(text: string): Parsed {
  if (text.trim() === "") {
    return ok(null);
  }
  try {
    return ok(JSON.parse(text) as FieldValue);
  } catch {
    return problem(t("field.not_json"));
  }
}

function JsonEditor(props: EditorProps) {
  const [text, setText] = useState(() => jsonText(props.value, 2));
  const parsed = parseJson(text);
  const change = (input: string) => {
    setText(input);
    const next = parseJson(input);
    if (next.ok) {
      props.onChange(next.value);
    }
  };
  return (
    <Textarea
      {...inputProps(props)}
      autosize
      minRows={2}
      maxRows={16}
      classNames={{ input: classes.mono }}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      error={parsed.ok ? props.error : parsed.problem}
      spellCheck={false}
    />
  );
}

export const json: FieldKind = {
  Display: ({ value }: DisplayProps) => <span className={`${classes.line} ${classes.mono}`}>{jsonText(value)}</span>,
  Editor: JsonEditor,
  operators: presence,
  toText: (_, value) => jsonText(value),
  fromText: (_, text) => parseJson(text),
  align: "start",
  width: 200,
  sortable: false,
  sum: false,
  multiline: true,
};
