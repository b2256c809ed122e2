/** The matrix of a role: objects down, what may be done across. Conditions in CEL are checked by the server when they are kept. */
import { IconArrowBackUp, IconChevronDown, IconChevronRight, IconEyeOff } from "@tabler/icons-react";
import { useState } from "react";
import { ApiProblem, api } from "../../api/client";
import type { Access, Field, ObjectMeta, Rights } from "../../api/types";
import { showProblem } from "../../app/problems";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { Dialog } from "../../ui/Dialog";
import { isEditable } from "../../ui/fields/registry";
import {
  type Action,
  actions,
  hasOwn,
  isCondition,
  narrowedFields,
  rightsOf,
  scopes,
  withField,
  withoutOwn,
  withRight,
} from "./rights";
import classes from "./settings.module.css";

interface Props {
  rights: Rights;
  onChange: (rights: Rights) => Promise<void>;
  disabled?: boolean;
}

/** Objects that rights are given for: one's own first, what people work with, and what the program keeps for itself. */
function useRightObjects(): { main: ObjectMeta[]; system: ObjectMeta[] } {
  const objects = useBoot().objects.filter((object) => !["view", "api_key"].includes(object.name));
  const main = objects.filter((object) => !object.internal);
  return {
    main: [...main.filter((object) => object.custom), ...main.filter((object) => !object.custom)],
    system: objects.filter((object) => object.internal),
  };
}

export function RightsMatrix({ rights, onChange, disabled }: Props) {
  const { main, system } = useRightObjects();
  // What a role is told about one of them is not hidden.
  const [open, setOpen] = useState(() => system.some((object) => hasOwn(rights, object.name)));
  const [fields, setFields] = useState<ObjectMeta | null>(null);
  const save = (next: Rights) => void onChange(next).catch(() => {});
  const row = (object: ObjectMeta) => {
    const own = hasOwn(rights, object.name);
    const count = narrowedFields(rights, object);
    return (
      <tr key={object.name} data-own={own || undefined}>
        <th scope="row">
          {object.label_plural}
          {own && (
            <button
              type="button"
              className={classes.reset}
              disabled={disabled}
              onClick={() => save(withoutOwn(rights, object.name))}
              aria-label={t("settings.as_others", { objects: object.label_plural })}
              title={t("settings.as_others", { objects: object.label_plural })}
            >
              <IconArrowBackUp size={14} />
            </button>
          )}
        </th>
        {actions.map((action) => (
          <td key={action}>
            <Cell
              rights={rights}
              object={object.name}
              meta={object}
              label={object.label_plural}
              action={action}
              onChange={onChange}
              disabled={disabled}
            />
          </td>
        ))}
        <td>
          <button type="button" className="tool" disabled={disabled} onClick={() => setFields(object)}>
            {count > 0 ? (
              <>
                <IconEyeOff size={14} /> {t("settings.narrowed", { count })}
              </>
            ) : (
              t("settings.all_fields")
            )}
            <span className="visually-hidden">{t("settings.fields_of", { objects: object.label_plural })}</span>
          </button>
        </td>
      </tr>
    );
  };
  return (
    <>
      <div className={classes.tableBox}>
        <table className={classes.matrix}>
          <caption className="visually-hidden">{t("settings.matrix")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("settings.object")}</th>
              {actions.map((action) => (
                <th key={action} scope="col">
                  {t(`settings.action_${action}`)}
                </th>
              ))}
              <th scope="col">{t("settings.fields")}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{t("settings.all_others")}</th>
              {actions.map((action) => (
                <td key={action}>
                  <Cell
                    rights={rights}
                    object="*"
                    label={t("settings.all_others")}
                    action={action}
                    onChange={onChange}
                    disabled={disabled}
                  />
                </td>
              ))}
              <td />
            </tr>
            {main.map(row)}
            {system.length > 0 && (
              <tr>
                <th scope="row" colSpan={actions.length + 2}>
                  <button type="button" className="tool" aria-expanded={open} onClick={() => setOpen(!open)}>
                    {open ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
                    {t("settings.system_objects", { count: system.length })}
                  </button>
                </th>
              </tr>
            )}
            {open && system.map(row)}
          </tbody>
        </table>
      </div>
      {fields && <FieldRights rights={rights} object={fields} onChange={save} onClose={() => setFields(null)} />}
    </>
  );
}

interface CellProps extends Props {
  object: string;
  meta?: ObjectMeta;
  label: string;
  action: Action;
}

function Cell({ rights, object, meta, label, action, onChange, disabled }: CellProps) {
  const value = rightsOf(rights, object)[action];
  const name = `${label}: ${t(`settings.action_${action}`)}`;
  const [writing, setWriting] = useState(false);
  const save = (next: Access | boolean) => void onChange(withRight(rights, object, action, next)).catch(() => {});
  if (typeof value === "boolean" || action === "create") {
    return (
      <select
        className={classes.cellSelect}
        aria-label={name}
        disabled={disabled}
        value={value === true ? "yes" : "no"}
        onChange={(event) => save(event.currentTarget.value === "yes")}
      >
        <option value="yes">{t("field.yes")}</option>
        <option value="no">{t("field.no")}</option>
      </select>
    );
  }
  const condition = isCondition(value);
  const choose = (next: string) => {
    setWriting(next === "condition");
    if (next !== "condition") {
      save(next);
    }
  };
  return (
    <>
      <select
        className={classes.cellSelect}
        aria-label={name}
        disabled={disabled}
        data-value={condition ? "condition" : value}
        value={condition || writing ? "condition" : value}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {scopes.map((scope) => (
          <option key={scope} value={scope}>
            {t(`settings.scope_${scope}`)}
          </option>
        ))}
        {meta && <option value="condition">{t("settings.scope_condition")}</option>}
      </select>
      {meta && (condition || writing) && (
        <Condition
          object={meta}
          name={name}
          value={condition ? String(value) : ""}
          disabled={disabled}
          onSave={(next) => onChange(withRight(rights, object, action, next))}
        />
      )}
    </>
  );
}

/** A condition over the record; checked before it is kept, so that a slip is said at its place. */
function Condition({
  object,
  name,
  value,
  disabled,
  onSave,
}: {
  object: ObjectMeta;
  name: string;
  value: string;
  disabled?: boolean;
  onSave: (source: string) => Promise<void>;
}) {
  const [draft, setDraft] = useState(value);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    const source = draft.trim();
    if (source === value || source === "") {
      return;
    }
    try {
      await api.post("/expressions/check", { object: object.name, source });
      setProblem(null);
      await onSave(source).catch(() => {});
    } catch (error) {
      if (error instanceof ApiProblem && error.status >= 400 && error.status < 500) {
        const hint = typeof error.problem.hint === "string" ? ` ${error.problem.hint}` : "";
        setProblem(`${error.message}${hint}`);
      } else {
        showProblem(error);
      }
    }
  };
  return (
    <div className={classes.condition}>
      <input
        value={draft}
        disabled={disabled}
        aria-label={t("settings.condition_of", { name })}
        aria-invalid={problem !== null}
        placeholder={t("settings.condition_example")}
        spellCheck={false}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={() => void save()}
        onKeyDown={(event) => event.key === "Enter" && void save()}
      />
      {problem && <span role="alert">{problem}</span>}
    </div>
  );
}

/** What a role may do with a field: nobody changes what the program calculates. */
function shownRight(field: Field, said: string | undefined): string {
  return said === "none" || isEditable(field) ? (said ?? "write") : "read";
}

function FieldRights({
  rights,
  object,
  onChange,
  onClose,
}: {
  rights: Rights;
  object: ObjectMeta;
  onChange: (rights: Rights) => void;
  onClose: () => void;
}) {
  const narrowed = rightsOf(rights, object.name).fields ?? {};
  const fields = object.fields.filter((field) => !field.hidden && !["version", "deleted_at"].includes(field.name));
  return (
    <Dialog onClose={onClose} title={t("settings.fields_of", { objects: object.label_plural })}>
      <p className={`dimmed ${classes.text}`}>{t("settings.fields_text")}</p>
      <ul className={classes.fieldRights}>
        {fields.map((field) => (
          <li key={field.name}>
            <span>{field.label}</span>
            <select
              className={classes.cellSelect}
              aria-label={field.label}
              value={shownRight(field, narrowed[field.name])}
              onChange={(event) => {
                const chosen = event.currentTarget.value as "none" | "read" | "write";
                // What nobody writes is read where nothing else is said.
                const kept = chosen === "read" && !isEditable(field) ? "write" : chosen;
                onChange(withField(rights, object.name, field.name, kept));
              }}
            >
              {isEditable(field) && <option value="write">{t("settings.field_write")}</option>}
              <option value="read">{t("settings.field_read")}</option>
              <option value="none">{t("settings.field_none")}</option>
            </select>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
