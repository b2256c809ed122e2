/** Builder and expression editor of one filter, with the switch between them. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { ObjectMeta } from "../../api/types";
import { findObject } from "../../app/query";
import { t } from "../../i18n";
import { ExpressionEditor } from "./ExpressionEditor";
import { FilterBuilder } from "./FilterBuilder";
import classes from "./filters.module.css";
import { emptyGroup, fieldAt, type Group, operatorsOf, tryReadFilter, writeFilter } from "./model";

interface Props {
  object: ObjectMeta;
  filter: string;
  onChange: (filter: string) => void;
  /** A field to begin a condition with. */
  startWith?: string;
  /** Part of a form: as wide as it, passing on every change at once. */
  inline?: boolean;
  /** A field that the server does not know yet. */
  unknown?: string;
}

const wait_ms = 250;

function withCondition(group: Group, object: ObjectMeta, path: string): Group {
  const field = fieldAt(object, path, findObject);
  const operator = field && operatorsOf(field)[0]?.name;
  const items = operator ? [...group.items, { type: "condition" as const, path, operator, value: null }] : group.items;
  return { ...group, items };
}

export function FilterPanel({ object, filter, onChange, startWith, inline, unknown }: Props) {
  const read = useCallback((source: string) => tryReadFilter(source, object, findObject), [object]);
  const [group, setGroup] = useState(() => {
    const found = read(filter) ?? emptyGroup();
    const start = startWith ?? (found.items.length === 0 ? object.title : undefined);
    return start ? withCondition(found, object, start) : found;
  });
  const [text, setText] = useState(() => read(filter) === null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const written = useRef(filter);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (next: Group) => {
    setGroup(next);
    clearTimeout(timer.current);
    const pass = () => {
      const source = writeFilter(next, object, findObject);
      if (source !== written.current) {
        written.current = source;
        onChange(source);
      }
    };
    if (inline) {
      pass();
    } else {
      timer.current = setTimeout(pass, wait_ms);
    }
  };
  const source = text ? filter : writeFilter(group, object, findObject);
  const clear = () => {
    clearTimeout(timer.current);
    setGroup(emptyGroup());
    written.current = "";
    onChange("");
  };
  return (
    <div className={classes.panel} data-inline={inline || undefined}>
      {text ? (
        <ExpressionEditor object={object} source={filter} onChange={onChange} eager={inline} unknown={unknown} />
      ) : (
        <FilterBuilder key={String(group.items.length === 0)} object={object} group={group} onChange={change} />
      )}
      <div className={classes.bar}>
        <button
          type="button"
          className="tool"
          onClick={() => {
            if (text) {
              const found = read(filter);
              setGroup(found ?? emptyGroup());
              setText(found === null);
            } else {
              onChange(source);
              setText(true);
            }
          }}
        >
          {t(text ? "filter.as_builder" : "filter.as_expression")}
        </button>
        <button type="button" className="tool" onClick={clear} disabled={!source && group.items.length === 0}>
          {t("filter.clear")}
        </button>
      </div>
    </div>
  );
}
