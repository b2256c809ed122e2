/** An expression as CEL text; the server checks it and says at which character it is wrong. */
import { useEffect, useId, useRef, useState } from "react";
import { ApiProblem, api } from "../../api/client";
import { sentence } from "../../api/sentences";
import type { Kind, ObjectMeta } from "../../api/types";
import { t } from "../../i18n";
import classes from "./filters.module.css";

interface Fault {
  message: string;
  hint?: string;
  position?: number;
  length?: number;
}

const wait_ms = 350;

function faultOf(error: unknown): Fault | null {
  if (!(error instanceof ApiProblem) || error.status === 0 || error.status >= 500) {
    return null;
  }
  const { position, length, hint } = error.problem as { position?: number; length?: number; hint?: string };
  const message = sentence(error.problem.detail ?? error.problem.title, error.code);
  return { message, hint: hint && message.includes(hint) ? undefined : hint, position, length };
}

/** The source with the faulty part marked. */
function Marked({ source, fault }: { source: string; fault: Fault }) {
  const at = fault.position;
  if (at === undefined) {
    return null;
  }
  const signs = [...source];
  const end = at + Math.max(1, fault.length ?? 1);
  return (
    <code>
      {signs.slice(0, at).join("")}
      <mark>{signs.slice(at, end).join("") || "␣"}</mark>
      {signs.slice(end).join("")}
    </code>
  );
}

interface Props {
  object: ObjectMeta;
  source: string;
  onChange: (source: string) => void;
  /** The kind that a formula gives; a condition otherwise. */
  result?: Kind;
  label?: string;
  example?: string;
  /** Passes on what is written before it is known to be right: whoever keeps it is told by the server. */
  eager?: boolean;
  /** Names that the server does not know yet; what speaks of them is not checked while it is written. */
  unknown?: string;
  error?: string;
}

/** Whether the expression speaks of that name. */
function mentions(source: string, name: string | undefined): boolean {
  return Boolean(name) && new RegExp(`\\b${name}\\b`).test(source);
}

/** What the server says about the text once typing has paused. */
function useFault({ object, result, eager, unknown, source, onChange }: Props, text: string): Fault | null {
  const [fault, setFault] = useState<Fault | null>(null);
  const checked = useRef(`${result} ${source}`);
  useEffect(() => {
    const asked = `${result} ${text}`;
    if (asked === checked.current) {
      return;
    }
    const timer = setTimeout(async () => {
      checked.current = asked;
      try {
        if (text.trim() && !mentions(text, unknown)) {
          await api.post("/expressions/check", { object: object.name, source: text, ...(result && { result }) });
        }
        setFault(null);
        if (!eager) {
          onChange(text.trim());
        }
      } catch (error) {
        setFault(faultOf(error));
      }
    }, wait_ms);
    return () => clearTimeout(timer);
  }, [text, result, object.name, eager, unknown, onChange]);
  return fault;
}

export function ExpressionEditor(props: Props) {
  const { source, onChange, label, example, eager, error } = props;
  const [text, setText] = useState(source);
  const fault = useFault(props, text);
  const id = useId();
  const wrong = fault !== null || error !== undefined;
  return (
    <div>
      {label && (
        <label htmlFor={id} className={classes.sourceLabel}>
          {label}
        </label>
      )}
      <textarea
        id={id}
        className={classes.source}
        aria-label={label ? undefined : t("filter.expression")}
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        spellCheck={false}
        placeholder={example ?? t("filter.expression_example")}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          if (eager) {
            onChange(event.currentTarget.value);
          }
        }}
      />
      {wrong && (
        <div id={`${id}-wrong`} className={classes.wrong} role="alert">
          {fault && <Marked source={text} fault={fault} />}
          <p>{fault?.message ?? error}</p>
          {fault?.hint && <p className="dimmed">{fault.hint}</p>}
        </div>
      )}
    </div>
  );
}
