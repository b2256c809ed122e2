/** A filter as CEL text; the server checks it and says at which character it is wrong. */
import { useEffect, useState } from "react";
import { ApiProblem, api } from "../../api/client";
import type { ObjectMeta } from "../../api/types";
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
  return { message: error.problem.detail ?? error.problem.title, hint, position, length };
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

export function ExpressionEditor({
  object,
  source,
  onChange,
}: {
  object: ObjectMeta;
  source: string;
  onChange: (source: string) => void;
}) {
  const [text, setText] = useState(source);
  const [fault, setFault] = useState<Fault | null>(null);
  useEffect(() => {
    if (text === source) {
      return;
    }
    const timer = setTimeout(async () => {
      try {
        if (text.trim()) {
          await api.post("/expressions/check", { object: object.name, source: text });
        }
        setFault(null);
        onChange(text.trim());
      } catch (error) {
        setFault(faultOf(error));
      }
    }, wait_ms);
    return () => clearTimeout(timer);
  }, [text, source, object.name, onChange]);
  return (
    <div>
      <textarea
        className={classes.source}
        aria-label={t("filter.expression")}
        aria-invalid={fault !== null}
        spellCheck={false}
        placeholder={t("filter.expression_example")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {fault && (
        <div className={classes.wrong} role="alert">
          <Marked source={text} fault={fault} />
          <p>{fault.message}</p>
          {fault.hint && <p className="dimmed">{fault.hint}</p>}
        </div>
      )}
    </div>
  );
}
