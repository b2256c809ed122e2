/** What changed in a record, field by field: before → after, with a way back to the older value. */
import { IconArrowNarrowRight, IconHistory } from "@tabler/icons-react";
import type { Change, FieldValue, ObjectMeta } from "../../api/types";
import { t } from "../../i18n";
import { FieldDisplay } from "../fields/Field";
import { isEmpty, sameValue } from "../fields/kind";
import { isEditable } from "../fields/registry";
import classes from "./timeline.module.css";

interface Props {
  object: ObjectMeta;
  fields: Change["fields"];
  /** Offered where the value of now differs from the older one. */
  onRestore?: (field: string, value: FieldValue) => void;
  current?: { [field: string]: FieldValue };
  /** A created record: only what it began with. */
  created?: boolean;
}

const silent = ["version", "updated_at", "updated_by", "created_at", "created_by", "deleted_at", "id"];

/** The fields of a change that people care about. */
export function tellingFields(object: ObjectMeta, fields: Change["fields"]): string[] {
  return Object.keys(fields).filter(
    (name) => !silent.includes(name) && object.fields.some((field) => field.name === name),
  );
}

function Value({ object, name, value }: { object: ObjectMeta; name: string; value: FieldValue }) {
  const field = object.fields.find((entry) => entry.name === name);
  return isEmpty(value) || !field ? (
    <span className="dimmed">{t("timeline.nothing")}</span>
  ) : (
    <FieldDisplay field={field} value={value} plain />
  );
}

export function ChangeLines({ object, fields, onRestore, current, created }: Props) {
  return (
    <ul className={classes.changes}>
      {tellingFields(object, fields).map((name) => {
        const field = object.fields.find((entry) => entry.name === name);
        const [before, after] = fields[name] ?? [null, null];
        const restorable = onRestore && field && isEditable(field) && current && !sameValue(current[name], before);
        return field ? (
          <li key={name}>
            <span className={classes.changeField}>{field.label}</span>
            {!created && (
              <>
                <Value object={object} name={name} value={before} />
                <IconArrowNarrowRight size={14} aria-label={t("timeline.became")} />
              </>
            )}
            <Value object={object} name={name} value={after} />
            {restorable && (
              <button
                type="button"
                className={classes.restore}
                onClick={() => onRestore(name, before ?? null)}
                aria-label={t("timeline.restore_field", { field: field.label })}
              >
                <IconHistory size={13} /> {t("timeline.restore")}
              </button>
            )}
          </li>
        ) : null;
      })}
    </ul>
  );
}
