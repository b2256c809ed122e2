/** Calendar days, instants and lengths of time. */
import { TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { FieldValue } from "../../api/types";
import { t } from "../../i18n";
import { formatDate, formatDateTime, formatDuration, today } from "../../i18n/format";
import classes from "./fields.module.css";
import { InputGroup } from "./InputGroup";
import { type DisplayProps, type EditorProps, type FieldKind, inputProps, ok, problem } from "./kind";
import { dateOperators, instantOperators, numberOperators } from "./operators";
import { instantOf, parseDay, parseDuration, parseInstant, wallClock } from "./parse";

function asText(value: FieldValue): string {
  return typeof value === "string" ? value : "";
}

function DateEditor(props: EditorProps) {
  return (
    <TextInput
      {...inputProps(props)}
      type="date"
      variant={props.variant === "cell" ? "unstyled" : "default"}
      value={asText(props.value).slice(0, 10)}
      onChange={(event) => props.onChange(event.currentTarget.value || null)}
      max="9999-12-31"
    />
  );
}

/** When a day without a time is meant: of what is due, by the end of work; of anything else, in the morning. */
function usualTime(field: string): string {
  return /due|until|end|close/.test(field) ? "17:00" : "09:00";
}

/** The instant of a day and a time; keeps the seconds of one that is not changed. */
export function changedInstant(before: FieldValue, day: string, time: string): FieldValue {
  if (day === "" || time === "") {
    return null;
  }
  if (typeof before === "string" && wallClock(before) === `${day}T${time}`) {
    return before;
  }
  return instantOf(day, time);
}

/** Day and time beside each other: a day alone has its usual time at once, for all to see. */
function DateTimeEditor(props: EditorProps) {
  const [day = "", time = ""] = wallClock(asText(props.value)).split("T");
  const shared = inputProps(props);
  const plain = { ...shared, label: undefined, description: undefined, error: Boolean(props.error) };
  const variant = props.variant === "cell" ? "unstyled" : "default";
  const change = (to_day: string, to_time: string) => props.onChange(changedInstant(props.value, to_day, to_time));
  return (
    <InputGroup of={props}>
      <div className={classes.row}>
        <TextInput
          {...plain}
          aria-label={props.field.label}
          type="date"
          variant={variant}
          className={classes.grow}
          value={day}
          onChange={(event) => change(event.currentTarget.value, time || usualTime(props.field.name))}
          max="9999-12-31"
        />
        <TextInput
          {...plain}
          required={false}
          autoFocus={false}
          data-autofocus={undefined}
          name={`${props.field.name}.time`}
          aria-label={t("field.time_of", { field: props.field.label })}
          type="time"
          variant={variant}
          value={time}
          disabled={props.disabled || day === ""}
          onChange={(event) => event.currentTarget.value && change(day, event.currentTarget.value)}
        />
      </div>
    </InputGroup>
  );
}

function DurationEditor(props: EditorProps) {
  const [text, setText] = useState(() => durationText(props.value));
  const told = useRef(props.value);
  useEffect(() => {
    if (props.value !== told.current) {
      told.current = props.value;
      setText(durationText(props.value));
    }
  }, [props.value]);
  const change = (input: string) => {
    setText(input);
    const seconds = parseDuration(input);
    if (input.trim() === "" || seconds !== undefined) {
      told.current = seconds ?? null;
      props.onChange(seconds ?? null);
    }
  };
  const invalid = text.trim() !== "" && parseDuration(text) === undefined;
  return (
    <TextInput
      {...inputProps(props)}
      variant={props.variant === "cell" ? "unstyled" : "default"}
      placeholder={t("field.duration_example")}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      error={invalid ? t("field.not_duration") : props.error}
      autoComplete="off"
    />
  );
}

/** 5400 → "1:30:00": exact, and readable by every spreadsheet. */
export function durationText(value: FieldValue): string {
  if (typeof value !== "number") {
    return "";
  }
  const seconds = Math.abs(value);
  const minutes = String(Math.floor((seconds % 3600) / 60)).padStart(2, "0");
  const whole = Math.floor(seconds % 60);
  const fraction = String(Math.round((seconds % 1) * 1e6) / 1e6).slice(1);
  return `${value < 0 ? "-" : ""}${Math.floor(seconds / 3600)}:${minutes}:${String(whole).padStart(2, "0")}${fraction}`;
}

export const date: FieldKind = {
  Display: ({ value }: DisplayProps) => (
    <span className={classes.line}>{asText(value) && formatDate(asText(value))}</span>
  ),
  Editor: DateEditor,
  operators: dateOperators,
  toText: (_, value) => asText(value),
  fromText: (_, text) => {
    const day = text.trim() === "" ? null : parseDay(text, today());
    return day === undefined ? problem(t("field.not_date")) : ok(day);
  },
  align: "start",
  width: 120,
  sortable: true,
  sum: false,
};

export const dateTime: FieldKind = {
  Display: ({ value }: DisplayProps) => (
    <span className={classes.line}>{asText(value) && formatDateTime(asText(value))}</span>
  ),
  Editor: DateTimeEditor,
  operators: instantOperators,
  toText: (_, value) => asText(value),
  fromText: (_, text) => {
    const instant = text.trim() === "" ? null : parseInstant(text, today());
    return instant === undefined ? problem(t("field.not_date_time")) : ok(instant);
  },
  align: "start",
  width: 160,
  sortable: true,
  sum: false,
};

export const duration: FieldKind = {
  Display: ({ value }: DisplayProps) => (
    <span className={classes.number}>{typeof value === "number" ? formatDuration(value) : ""}</span>
  ),
  Editor: DurationEditor,
  operators: numberOperators,
  toText: (_, value) => durationText(value),
  fromText: (_, text) => {
    const seconds = text.trim() === "" ? null : parseDuration(text);
    return seconds === undefined ? problem(t("field.not_duration")) : ok(seconds);
  },
  align: "end",
  width: 110,
  sortable: true,
  sum: true,
};
