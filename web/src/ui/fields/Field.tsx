/** A field's value, shown and edited, whatever its kind. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { FieldValue, RapportRecord } from "../../api/types";
import classes from "./fields.module.css";
import { type DisplayProps, type EditorProps, sameValue } from "./kind";
import { withoutBlank } from "./labelled";
import { kindOf } from "./registry";

export function FieldDisplay(props: DisplayProps) {
  const { Display } = kindOf(props.field);
  return <Display {...props} />;
}

/** The editor of a field; shows the value where there is none. */
export function FieldEditor(props: EditorProps) {
  const { Editor } = kindOf(props.field);
  return Editor ? <Editor {...props} /> : <FieldDisplay field={props.field} value={props.value} />;
}

/** What is sent: without rows that nothing was written into. */
export function finished(props: Pick<EditorProps, "field">, value: FieldValue): FieldValue {
  return ["emails", "phones", "links"].includes(props.field.kind) ? withoutBlank(value) : value;
}

interface InPlaceProps {
  field: EditorProps["field"];
  value: FieldValue;
  variant: "inline" | "cell";
  error?: string;
  object?: string;
  record: RapportRecord;
  /** What typing opened the editor with. */
  initial?: FieldValue;
  /** The value, and the record as it was when the editing began: what others change meanwhile is not overwritten. */
  onCommit: (value: FieldValue, base: RapportRecord) => void;
  onCancel: () => void;
  children?: ReactNode;
}

/** An editor in the place of its value: Enter and leaving it keep the change, Escape drops it. */
export function EditInPlace(props: InPlaceProps) {
  const { field, onCommit, onCancel } = props;
  const [{ value, base }] = useState({ value: props.value, base: props.record });
  const [draft, setDraft] = useState<FieldValue>(props.initial === undefined ? value : props.initial);
  const latest = useRef(draft);
  const over = useRef(false);
  const leaving = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => () => clearTimeout(leaving.current), []);
  useEffect(() => {
    if (box.current && !box.current.contains(document.activeElement)) {
      box.current
        .querySelector<HTMLElement>("input:not([type=hidden]):not([type=file]), textarea, select, button")
        ?.focus();
    }
  }, []);
  const change = (next: FieldValue) => {
    latest.current = next;
    setDraft(next);
  };
  const end = (next?: FieldValue) => {
    if (!over.current) {
      over.current = true;
      const final = finished({ field }, next === undefined ? latest.current : next);
      sameValue(final, value) ? onCancel() : onCommit(final, base);
    }
  };
  const cancel = () => {
    over.current = true;
    onCancel();
  };
  const keyDown = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      cancel();
    } else if (event.key === "Enter" && !event.defaultPrevented && !event.nativeEvent.isComposing) {
      const lines = event.target instanceof HTMLTextAreaElement;
      const button = event.target instanceof HTMLButtonElement;
      if (!button && (!lines || event.metaKey || event.ctrlKey)) {
        event.preventDefault();
        event.stopPropagation();
        end();
      }
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to what its inputs leave unhandled
    <div
      ref={box}
      className={classes.place}
      data-variant={props.variant}
      onKeyDown={keyDown}
      onFocus={() => clearTimeout(leaving.current)}
      onBlur={() => {
        clearTimeout(leaving.current);
        leaving.current = setTimeout(() => document.hasFocus() && end(), 60);
      }}
    >
      <FieldEditor
        field={field}
        value={draft}
        variant={props.variant}
        object={props.object}
        record={props.record}
        error={props.error}
        autoFocus
        onChange={change}
        onCommit={(next) => end(next === undefined ? null : next)}
      />
    </div>
  );
}
