/** The options of a choice: label, colour, order. What is stored of an option stays when its label changes. */
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from "react";
import type { FieldOption } from "../../../api/types";
import { t } from "../../../i18n";
import { optionsOf } from "../../../ui/definition/names";
import { MoveButtons } from "../../../ui/MoveButtons";
import { Panel } from "../../../ui/Panel";
import { ColourChoice } from "./choices";
import classes from "./designer.module.css";

interface Props {
  options: FieldOption[];
  /** Values that records may hold already. */
  saved: string[];
  onChange: (options: FieldOption[]) => void;
  error?: string;
}

interface Row extends FieldOption {
  key: number;
}

/** New options are called after their labels; those that records may hold keep their value. */
function withValues(rows: Row[], saved: string[]): Row[] {
  const taken = new Set(saved);
  return rows.map((row) => {
    if (saved.includes(row.value)) {
      return row;
    }
    const base = optionsOf([row.label])[0]?.value ?? "option";
    let value = base;
    for (let number = 2; taken.has(value); number++) {
      value = `${base}_${number}`;
    }
    taken.add(value);
    return { ...row, value };
  });
}

function nextColour(rows: Row[]): string | undefined {
  const used = rows.map((row) => row.color);
  const order = ["blue", "green", "orange", "violet", "teal", "pink", "indigo", "red", "yellow", "gray"];
  return order.find((colour) => !used.includes(colour)) ?? order[rows.length % order.length];
}

export function Options({ options, saved, onChange, error }: Props) {
  const next = useRef(options.length);
  const [rows, setRows] = useState<Row[]>(() => options.map((option, key) => ({ ...option, key })));
  const list = useRef<HTMLUListElement>(null);
  const put = (changed: Row[]) => {
    const named = withValues(changed, saved);
    setRows(named);
    onChange(named.map(({ key: _, ...option }) => option));
  };
  const focusOn = (key: number) =>
    requestAnimationFrame(() => list.current?.querySelector<HTMLInputElement>(`[data-row="${key}"] input`)?.focus());
  const fresh = (labels: string[]) => {
    const made: Row[] = [];
    for (const label of labels) {
      made.push({ key: next.current++, label, value: "", color: nextColour(rows.concat(made)) });
    }
    return made;
  };
  const add = (labels: string[], at = rows.length) => {
    const made = fresh(labels);
    put([...rows.slice(0, at), ...made, ...rows.slice(at)]);
    focusOn(made.at(-1)?.key ?? 0);
  };
  const move = (row: Row, step: number) => {
    const at = rows.indexOf(row) + step;
    if (at >= 0 && at < rows.length) {
      const rest = rows.filter((entry) => entry !== row);
      put([...rest.slice(0, at), row, ...rest.slice(at)]);
    }
  };
  const change = (row: Row, values: Partial<Row>) =>
    put(rows.map((entry) => (entry === row ? { ...row, ...values } : entry)));
  const remove = (row: Row) => {
    const at = rows.indexOf(row);
    put(rows.filter((entry) => entry !== row));
    focusOn(rows[at + 1]?.key ?? rows[at - 1]?.key ?? -1);
  };
  const keyDown = (event: KeyboardEvent, row: Row) => {
    if (event.key === "Enter" && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      add([""], rows.indexOf(row) + 1);
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(row, event.key === "ArrowUp" ? -1 : 1);
      focusOn(row.key);
    } else if (event.key === "Backspace" && row.label === "" && rows.length > 1) {
      event.preventDefault();
      remove(row);
    }
  };
  /** A pasted list becomes as many options. */
  const paste = (event: ClipboardEvent, row: Row) => {
    const lines = event.clipboardData
      .getData("text")
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean);
    if (lines.length > 1 && row.label === "") {
      event.preventDefault();
      const at = rows.indexOf(row);
      const made = fresh(lines);
      put([...rows.slice(0, at), ...made, ...rows.slice(at + 1)]);
    }
  };
  return (
    <fieldset className={classes.choice} data-error={error ? true : undefined}>
      <legend>{t("designer.options")}</legend>
      <ul ref={list} className={classes.options}>
        {rows.map((row, index) => (
          <li key={row.key} data-row={row.key}>
            <OptionColour row={row} onChange={(color) => change(row, { color })} />
            <input
              value={row.label}
              aria-label={t("designer.option_n", { number: index + 1 })}
              aria-invalid={error !== undefined && row.label.trim() === ""}
              onChange={(event) => change(row, { label: event.currentTarget.value })}
              onKeyDown={(event) => keyDown(event, row)}
              onPaste={(event) => paste(event, row)}
              maxLength={80}
            />
            <MoveButtons
              first={index === 0}
              last={index === rows.length - 1}
              up={t("designer.option_up", { option: row.label })}
              down={t("designer.option_down", { option: row.label })}
              onMove={(by) => move(row, by)}
            />
            <button
              type="button"
              className="tool"
              data-icon
              aria-label={t("designer.option_remove", { option: row.label })}
              onClick={() => remove(row)}
            >
              <IconTrash size={14} />
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="tool" onClick={() => add([""])}>
        <IconPlus size={14} /> {t("designer.option_add")}
      </button>
      {error && (
        <p className={classes.wrong} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function OptionColour({ row, onChange }: { row: Row; onChange: (colour: string) => void }) {
  const [open, setOpen] = useState(false);
  const colour = row.color ?? "gray";
  return (
    <Panel
      label={t("designer.colour")}
      opened={open}
      onChange={setOpen}
      target={
        <button
          type="button"
          className={classes.optionColour}
          data-color={colour}
          aria-label={t("designer.option_colour", { option: row.label, colour: t(`colour.${colour}`) })}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <span className="dot" aria-hidden />
        </button>
      }
    >
      <ColourChoice label={t("designer.colour")} value={colour} onChange={onChange} floating />
    </Panel>
  );
}
