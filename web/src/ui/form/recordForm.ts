/** The state of a form over an object's fields: values, which fields are shown, what is wrong with them. */
import { useCallback, useMemo, useRef, useState } from "react";
import { ApiProblem } from "../../api/client";
import { fieldSentence, namedSentence } from "../../api/sentences";
import type { Boot, Field, FieldValue, ObjectMeta } from "../../api/types";
import { explain } from "../../app/problems";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { today } from "../../i18n/format";
import { finished } from "../fields/Field";
import { isEmpty, sameValue } from "../fields/kind";
import { isEditable } from "../fields/registry";
import { isRequired, isVisible } from "./conditions";

export type Values = { [field: string]: FieldValue };
export type Problems = { [field: string]: string };

const never_shown = ["external_ids", "version"];

/** The fields people can fill in, in the object's order; the record's own before owner, team and tags. */
export function formFields(object: ObjectMeta): Field[] {
  const fields = object.fields.filter(
    (field) => isEditable(field) && !field.hidden && field.kind !== "rank" && !never_shown.includes(field.name),
  );
  return [...fields.filter((field) => !field.system), ...fields.filter((field) => field.system)];
}

/** What a new record starts with. */
export function startValues(object: ObjectMeta, given: Values, boot: Pick<Boot, "user">): Values {
  const values: Values = {};
  for (const field of formFields(object)) {
    const value = field.default as FieldValue;
    if (value === "me" && field.kind === "user") {
      values[field.name] = boot.user.id;
    } else if (value === "now" && field.kind === "date_time") {
      values[field.name] = new Date().toISOString();
    } else if (value === "today" && field.kind === "date") {
      values[field.name] = today();
    } else if (value !== undefined && value !== null) {
      values[field.name] = value;
    }
  }
  return { ...values, ...given };
}

/** The two texts that a calculated title begins with: given and family name. */
function madeOf(object: ObjectMeta, title: Field): string[] {
  const texts = object.fields.filter((field) => field.kind === "text" && !field.system).map((field) => field.name);
  const used = [...new Set(title.formula?.match(/[a-z_]+/g) ?? [])].filter((name) => texts.includes(name));
  return (used.length > 0 ? used : texts).slice(0, 2);
}

/** The fields worth asking for at once: what is required, what names the record, what its list shows, what is given. */
export function firstFields(object: ObjectMeta, given: Values): Set<string> {
  const names = new Set([object.title, ...(object.columns ?? []), ...Object.keys(given)]);
  if (object.timeline) {
    for (const name of [object.timeline.at, object.timeline.body, ...object.timeline.subjects]) {
      if (name) {
        names.add(name);
      }
    }
  }
  const titled = object.fields.find((field) => field.name === object.title);
  if (titled && !isEditable(titled)) {
    for (const name of madeOf(object, titled)) {
      names.add(name);
    }
  }
  for (const field of object.fields) {
    // What is only shown in some state is asked for when that state comes.
    if (field.required || (field.required_if && !field.visible_if)) {
      names.add(field.name);
    }
    if (field.kind === "emails" || field.kind === "phones") {
      names.add(field.name);
    }
  }
  for (const name of ["created_at", "updated_at", "created_by", "updated_by"]) {
    names.delete(name);
  }
  return names;
}

/** `emails[0].value` belongs to `emails`. */
function rootField(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}

/** What the server says about fields, by field; under `""` what belongs to none that is shown. */
export function problemsOf(error: unknown, fields: Pick<Field, "name">[]): Problems {
  if (!(error instanceof ApiProblem)) {
    return { "": error instanceof Error ? error.message : String(error) };
  }
  const shown = new Set(fields.map((field) => field.name));
  const problems: Problems = {};
  for (const entry of error.problem.fields ?? []) {
    const name = rootField(entry.field);
    const at = shown.has(name) ? name : "";
    const text = at ? fieldSentence(entry) : namedSentence(entry);
    problems[at] = problems[at] ? `${problems[at]} ${text}` : text;
  }
  if (Object.keys(problems).length === 0) {
    problems[""] = explain(error);
  }
  return problems;
}

export interface RecordForm {
  object: ObjectMeta;
  values: Values;
  /** What it began with, defaults included. */
  began: Values;
  set: (field: string, value: FieldValue) => void;
  fields: Field[];
  problems: Problems;
  required: (field: Field) => boolean;
  /** What to send; undefined when something required is missing, which is then said. */
  collect: () => Values | undefined;
  /** What differs from the values the form began with, emptied fields as null; undefined when something required is missing. */
  changes: () => Values | undefined;
  fail: (error: unknown) => void;
  changed: boolean;
}

/** A form over an object's fields; `existing` values are edited as they are, new ones get the fields' defaults. */
export function useRecordForm(object: ObjectMeta, given: Values, existing = false): RecordForm {
  const boot = useBoot();
  const [values, setValues] = useState<Values>(() => (existing ? given : startValues(object, given, boot)));
  const [before] = useState(given);
  const [began] = useState(values);
  const [problems, setProblems] = useState<Problems>({});
  const touched = useRef(false);
  const all = useMemo(() => formFields(object), [object]);
  const fields = useMemo(() => all.filter((field) => isVisible(field, object.fields, values)), [all, object, values]);
  const set = useCallback((name: string, value: FieldValue) => {
    touched.current = true;
    setValues((known) => ({ ...known, [name]: value }));
    setProblems(({ [name]: _, ...rest }) => rest);
  }, []);
  const required = (field: Field) => isRequired(field, object.fields, values);
  const collect = () => {
    const sent: Values = {};
    const missing: Problems = {};
    for (const field of fields) {
      const value = finished({ field }, values[field.name]);
      if (!isEmpty(value)) {
        sent[field.name] = value;
      } else if (required(field) && field.kind !== "boolean") {
        missing[field.name] = t("form.required", { field: field.label });
      }
    }
    setProblems(missing);
    return Object.keys(missing).length === 0 ? sent : undefined;
  };
  const changes = () => {
    const sent = collect();
    if (!sent) {
      return undefined;
    }
    const changed = fields.filter((field) => !sameValue(sent[field.name], before[field.name]));
    return Object.fromEntries(changed.map((field) => [field.name, sent[field.name] ?? null]));
  };
  return {
    object,
    values,
    began,
    set,
    fields,
    problems,
    required,
    collect,
    changes,
    fail: (error) => setProblems(problemsOf(error, all)),
    changed: touched.current,
  };
}
