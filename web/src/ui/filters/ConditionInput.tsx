/** A condition as an input of a form: built from parts or written as an expression. */
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ObjectMeta } from "../../api/types";
import { t } from "../../i18n";
import { FilterPanel } from "./FilterPanel";
import classes from "./filters.module.css";

interface Props {
  label: string;
  hint?: string;
  /** What the condition is about. */
  object: ObjectMeta;
  value: string;
  onChange: (value: string) => void;
  /** A field to begin with. */
  startWith?: string;
  /** A field that the server does not know yet. */
  unknown?: string;
  error?: string;
}

export function ConditionInput({ label, hint, object, value, onChange, startWith, unknown, error }: Props) {
  const [open, setOpen] = useState(value !== "");
  return (
    <fieldset className={classes.conditionBox} data-error={error ? true : undefined}>
      <legend>{label}</legend>
      {hint && <p className={`dimmed ${classes.conditionHint}`}>{hint}</p>}
      {open ? (
        <FilterPanel
          key={object.name}
          object={object}
          filter={value}
          onChange={onChange}
          startWith={value === "" ? startWith : undefined}
          inline
          unknown={unknown}
        />
      ) : (
        <div className={classes.adding}>
          <button type="button" className="tool" onClick={() => setOpen(true)}>
            <IconPlus size={14} /> {t("filter.add_condition")}
          </button>
        </div>
      )}
      {error && (
        <p className={classes.conditionWrong} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
