/** One line: its cells are typed into, Enter goes on to the next. */
import { Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import type { RapportRecord } from "../../../api/types";
import { showToast } from "../../../app/toasts";
import type { Values } from "../../../app/write";
import { t } from "../../../i18n";
import { formatMoney, formatNumber, formatPercent } from "../../../i18n/format";
import { editableNumber } from "../../../ui/fields/number";
import { isWord, type LineWrites, moneyOf, readCell } from "./data";
import classes from "./lines.module.css";

export interface Column {
  name: string;
  label: string;
  end?: boolean;
}

function typedText(name: string, line: RapportRecord): string {
  const value = line[name];
  if (isWord(name)) {
    return typeof value === "string" ? value : "";
  }
  return editableNumber(name === "unit_price" ? moneyOf(value)?.amount : (value as number | null));
}

function shownText(name: string, line: RapportRecord): string {
  const value = line[name];
  const money = moneyOf(value);
  if (money) {
    return formatMoney(money.amount, money.currency);
  }
  if (typeof value !== "number") {
    return typeof value === "string" ? value : "";
  }
  return name === "discount" || name === "tax_rate" ? formatPercent(value) : formatNumber(value);
}

interface CellProps {
  column: Column;
  line: RapportRecord;
  currency: string;
  onSave: (name: string, text: string) => void;
}

/** Typed text is kept until it is saved; what comes from elsewhere shows as long as nobody types. */
function Cell({ column, line, currency, onSave }: CellProps) {
  const [typed, setTyped] = useState<string>();
  const stored = typedText(column.name, line);
  const input = useRef<HTMLInputElement>(null);
  const begun = typed !== undefined;
  // At once and only then: what is typed fast must not be selected, nor the focus be taken back.
  useLayoutEffect(() => {
    if (begun) {
      input.current?.select();
    }
  }, [begun]);
  const save = () => {
    if (typed !== undefined && typed !== stored) {
      if (readCell(column.name, typed, line, currency) === undefined) {
        showToast(t("lines.no_number", { text: typed }), { kind: "error" });
      } else {
        onSave(column.name, typed);
      }
    }
    setTyped(undefined);
  };
  return (
    <input
      ref={input}
      className={classes.cell}
      data-cell={column.name}
      data-align={column.end ? "end" : undefined}
      inputMode={column.end ? "decimal" : undefined}
      aria-label={t("lines.cell", { field: column.label, line: String(line.name ?? "") })}
      value={typed ?? (column.end ? shownText(column.name, line) : stored)}
      onFocus={() => setTyped(stored)}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          setTyped(stored);
        }
      }}
      autoComplete="off"
    />
  );
}

/** A heading above a line and those that follow it. */
function Section({ line, span, onSave }: { line: RapportRecord; span: number; onSave?: CellProps["onSave"] }) {
  const column = { name: "section", label: t("lines.section") };
  return (
    <tr className={classes.section}>
      <td colSpan={span}>
        {onSave ? (
          <Cell column={column} line={line} currency="" onSave={onSave} />
        ) : (
          <span className={classes.shown}>{String(line.section)}</span>
        )}
      </td>
    </tr>
  );
}

interface RowProps {
  columns: Column[];
  /** Lines can be offered beside the others, and have headings. */
  offers: boolean;
  line: RapportRecord;
  first: boolean;
  last: boolean;
  currency: string;
  /** Nothing of it can be changed without. */
  writes?: LineWrites;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

export function LineRow({ columns, offers, line, first, last, currency, writes, onMove, onRemove }: RowProps) {
  const name = String(line.name ?? "");
  const save = (column: string, text: string) => {
    const values = readCell(column, text, line, currency);
    if (values) {
      void writes?.edit(line, values);
    }
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      event.stopPropagation();
      onMove(event.key === "ArrowUp" ? -1 : 1);
    } else if (event.altKey && (event.key === "Delete" || event.key === "Backspace")) {
      event.preventDefault();
      event.stopPropagation();
      onRemove();
    }
  };
  const set = (values: Values) => void writes?.edit(line, values, t("lines.changed"));
  const headed = typeof line.section === "string" && line.section !== "";
  const optional = line.optional === true;
  return (
    <>
      {headed && <Section line={line} span={columns.length + (writes ? 2 : 1)} onSave={writes && save} />}
      <tr data-line={line.id} data-optional={optional || undefined} onKeyDown={writes ? keyDown : undefined}>
        {columns.map((column) => (
          <td key={column.name} data-align={column.end ? "end" : undefined} data-label={column.label}>
            {writes ? (
              <Cell column={column} line={line} currency={currency} onSave={save} />
            ) : (
              <span className={classes.shown}>{shownText(column.name, line)}</span>
            )}
          </td>
        ))}
        <td data-align="end" data-label={t("lines.sum")} className={classes.sum}>
          {optional ? t("lines.optional_sum", { sum: shownText("amount", line) }) : shownText("amount", line)}
        </td>
        {writes && (
          <td className={classes.tools}>
            <Menu position="bottom-end" withinPortal>
              <Menu.Target>
                <button type="button" className="tool" data-icon aria-label={t("lines.more", { line: name })}>
                  <IconDots size={14} />
                </button>
              </Menu.Target>
              <Menu.Dropdown>
                {offers && (
                  <>
                    <Menu.Item onClick={() => set({ section: headed ? null : t("lines.section") })}>
                      {t(headed ? "lines.no_heading" : "lines.heading")}
                    </Menu.Item>
                    <Menu.Item onClick={() => set({ optional: !optional })}>
                      {t(optional ? "lines.counted" : "lines.optional")}
                    </Menu.Item>
                  </>
                )}
                <Menu.Item disabled={first} rightSection="Alt ↑" onClick={() => onMove(-1)}>
                  {t("lines.up")}
                </Menu.Item>
                <Menu.Item disabled={last} rightSection="Alt ↓" onClick={() => onMove(1)}>
                  {t("lines.down")}
                </Menu.Item>
                <Menu.Item onClick={onRemove}>{t("lines.remove")}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </td>
        )}
      </tr>
    </>
  );
}
