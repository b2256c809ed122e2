/** Steps with a mark each: shown as how far they are, ticked off where they stand. */
import { IconCheckbox, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { FieldValue } from "../../api/types";
import { t } from "../../i18n";
import classes from "./formats.module.css";
import { json } from "./json";
import { type DisplayProps, type EditorProps, type FieldKind, inputProps, ok } from "./kind";

export interface Step {
  text: string;
  done: boolean;
}

export function asSteps(value: FieldValue): Step[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.flatMap((step) => {
    const { text, done } = (step ?? {}) as Partial<Step>;
    return typeof text === "string" ? [{ text, done: done === true }] : [];
  });
}

function ChecklistDisplay({ value }: DisplayProps) {
  const steps = asSteps(value);
  const done = steps.filter((step) => step.done).length;
  if (steps.length === 0) {
    return null;
  }
  const share = `${(100 * done) / steps.length}%`;
  return (
    <span className={classes.progress} data-all={done === steps.length || undefined}>
      <IconCheckbox size={14} aria-hidden />
      <span className={classes.bar} aria-hidden>
        <span style={{ width: share }} />
      </span>
      {t("checklist.progress", { done, count: steps.length })}
    </span>
  );
}

function ChecklistEditor(props: EditorProps) {
  const id = useId();
  const box = useRef<HTMLUListElement>(null);
  const [focus, setFocus] = useState(-1);
  const steps = asSteps(props.value);
  const { label, description, error } = inputProps(props);
  const set = (next: Step[]) => props.onChange(next.length > 0 ? (next as unknown as FieldValue) : null);
  const change = (at: number, part: Partial<Step>) =>
    set(steps.map((step, index) => (index === at ? { ...step, ...part } : step)));
  const insert = (at: number) => {
    set([...steps.slice(0, at), { text: "", done: false }, ...steps.slice(at)]);
    setFocus(at);
  };
  const remove = (at: number) => {
    set(steps.filter((_, index) => index !== at));
    setFocus(Math.max(0, at - 1));
  };
  useEffect(() => {
    if (focus >= 0) {
      const inputs = box.current?.querySelectorAll<HTMLElement>("input[type=text]");
      inputs?.[Math.min(focus, inputs.length - 1)]?.focus();
      setFocus(-1);
    }
  }, [focus]);
  const keyDown = (event: KeyboardEvent<HTMLInputElement>, at: number) => {
    const empty = event.currentTarget.value === "";
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (!empty) {
        insert(at + 1);
      }
    } else if (event.key === "Backspace" && empty) {
      event.preventDefault();
      remove(at);
    }
  };
  return (
    <fieldset
      className={classes.checklist}
      aria-describedby={description ? `${id}-help` : undefined}
      disabled={props.disabled}
    >
      <legend className={label ? classes.legend : "visually-hidden"}>{props.field.label}</legend>
      <ul ref={box}>
        {steps.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have nothing else to tell them apart by
          <li key={at}>
            <input
              type="checkbox"
              checked={step.done}
              aria-label={t("checklist.done", { step: step.text || t("checklist.step", { number: at + 1 }) })}
              onChange={(event) => change(at, { done: event.currentTarget.checked })}
            />
            <input
              type="text"
              className={classes.step}
              data-done={step.done || undefined}
              value={step.text}
              maxLength={500}
              aria-label={t("checklist.step", { number: at + 1 })}
              onChange={(event) => change(at, { text: event.currentTarget.value })}
              onKeyDown={(event) => keyDown(event, at)}
            />
            <button
              type="button"
              className={classes.drop}
              aria-label={t("field.remove", { value: step.text || t("checklist.step", { number: at + 1 }) })}
              onClick={() => remove(at)}
            >
              <IconX size={14} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className={classes.add}
        data-autofocus={props.autoFocus || undefined}
        onClick={() => insert(steps.length)}
      >
        {t("checklist.add")}
      </button>
      {description && (
        <p id={`${id}-help`} className={classes.help}>
          {description}
        </p>
      )}
      {error && (
        <p role="alert" className={classes.wrong} data-error>
          {error}
        </p>
      )}
    </fieldset>
  );
}

export const checklist: FieldKind = {
  ...json,
  Display: ChecklistDisplay,
  Editor: ChecklistEditor,
  toText: (_, value) =>
    asSteps(value)
      .map((step) => `${step.done ? "[x]" : "[ ]"} ${step.text}`)
      .join("\n"),
  fromText: (_, text) => {
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    const steps = lines
      .map((line) => ({ text: line.replace(/^[-*]?\s*\[[ xX]?\]\s*/, ""), done: /^[-*]?\s*\[[xX]\]/.test(line) }))
      .filter((step) => step.text !== "");
    return ok(steps.length > 0 ? (steps as unknown as FieldValue) : null);
  },
  width: 160,
};
