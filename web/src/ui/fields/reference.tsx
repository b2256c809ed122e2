/** Records of other objects: one, several, of any object; users. */
import { Link } from "@tanstack/react-router";
import { peekTitle, useTitle } from "../../api/titles";
import type { Field, FieldValue, ObjectMeta, RecordLink } from "../../api/types";
import { findObject } from "../../app/query";
import { roleName } from "../../app/words";
import { createRecord } from "../../app/write";
import { t } from "../../i18n";
import { iconOf } from "../icons";
import { RecordMark } from "../RecordMark";
import classes from "./fields.module.css";
import { type DisplayProps, type EditorProps, type FieldKind, inputProps, ok, type Parsed, problem } from "./kind";
import { choiceOperators, presence, setOperators, userOperators } from "./operators";
import { RecordPicker } from "./RecordPicker";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Organisations have square avatars, people round ones. */
export function squareObject(object: string): boolean {
  return !["person", "user"].includes(object);
}

export function targetOf(field: Field): string | undefined {
  return field.kind === "user" ? "user" : field.target;
}

/** The values of a record that is named like that; nothing when a name alone cannot make one. */
function namedValues(object: ObjectMeta, name: string): { [field: string]: FieldValue } | undefined {
  const writable = (field: string) =>
    object.fields.some((entry) => entry.name === field && !entry.read_only && !entry.formula);
  if (writable(object.title)) {
    return { [object.title]: name };
  }
  const words = name.split(/\s+/);
  const family = words.length > 1 ? words.pop() : undefined;
  return writable("given_name") ? { given_name: words.join(" "), family_name: family ?? null } : undefined;
}

/** Makes a record of what was typed into a picker. */
async function createNamed(object: ObjectMeta, name: string, done: (id: string) => void): Promise<void> {
  const values = namedValues(object, name);
  if (values) {
    const record = await createRecord(object, values).catch(() => undefined);
    if (record) {
      done(record.id);
    }
  }
}

/** The title of a record, as a link to it unless `plain`. */
export function RecordTitleText({
  object,
  id,
  plain,
  icon,
}: {
  object: string;
  id: string;
  plain?: boolean;
  icon?: boolean;
}) {
  const title = useTitle(object, id);
  const meta = findObject(object);
  const name = object === "role" ? roleName(title?.title ?? "") : title?.title;
  const text = name || (title === null ? t("field.unknown_record") : "");
  const Icon = icon && meta ? iconOf(meta) : undefined;
  const inside = (
    <>
      {Icon ? <Icon size={14} stroke={1.6} /> : <RecordMark object={object} title={text} />}
      <span className="truncate">{text}</span>
    </>
  );
  const linked = !plain && meta && title && !meta.internal;
  return linked ? (
    <Link
      to="/$plural/$id"
      params={{ plural: meta.plural, id }}
      className={classes.reference}
      onClick={(event) => event.stopPropagation()}
    >
      {inside}
    </Link>
  ) : (
    <span className={classes.reference}>{inside}</span>
  );
}

function ReferenceDisplay({ field, value, plain }: DisplayProps) {
  const object = targetOf(field);
  return typeof value === "string" && object ? <RecordTitleText object={object} id={value} plain={plain} /> : <span />;
}

function ids(value: FieldValue): string[] {
  return Array.isArray(value) ? value.filter((id): id is string => typeof id === "string") : [];
}

export function asLinks(value: FieldValue): RecordLink[] {
  return Array.isArray(value)
    ? (value as unknown[]).filter((link): link is RecordLink =>
        Boolean(link && typeof link === "object" && "object" in link && "id" in link),
      )
    : [];
}

function ReferencesDisplay({ field, value, plain }: DisplayProps) {
  const object = targetOf(field);
  return (
    <span className={classes.chips}>
      {object && ids(value).map((id) => <RecordTitleText key={id} object={object} id={id} plain={plain} />)}
    </span>
  );
}

function AboutDisplay({ value, plain }: DisplayProps) {
  return (
    <span className={classes.chips}>
      {asLinks(value).map((link) => (
        <RecordTitleText key={link.id} object={link.object} id={link.id} plain={plain} />
      ))}
    </span>
  );
}

function pickerProps(props: EditorProps) {
  const shared = inputProps(props);
  const short = props.variant === "cell" || props.variant === "inline";
  return {
    label: shared.label,
    description: shared.description,
    ariaLabel: props.field.label,
    error: props.error,
    withAsterisk: shared.withAsterisk,
    autoFocus: props.autoFocus,
    disabled: props.disabled,
    open: short && props.autoFocus,
  };
}

function ReferenceEditor(props: EditorProps) {
  const object = targetOf(props.field) ?? "";
  const value = typeof props.value === "string" ? [{ object, id: props.value }] : [];
  const set = (id: string | null) => {
    props.onChange(id);
    props.onCommit?.(id);
  };
  return (
    <RecordPicker
      {...pickerProps(props)}
      objects={[object]}
      value={value}
      onChange={(links) => set(links.at(-1)?.id ?? null)}
      onCreate={object === "user" ? undefined : (meta, text) => void createNamed(meta, text, set)}
    />
  );
}

function ReferencesEditor(props: EditorProps) {
  const object = targetOf(props.field) ?? "";
  const value = ids(props.value).map((id) => ({ object, id }));
  const set = (list: string[]) => props.onChange(list.length > 0 ? list : null);
  return (
    <RecordPicker
      {...pickerProps(props)}
      multiple
      objects={[object]}
      value={value}
      onChange={(links) => set(links.map((link) => link.id))}
      onCreate={(meta, text) => void createNamed(meta, text, (id) => set([...ids(props.value), id]))}
    />
  );
}

function AboutEditor(props: EditorProps) {
  return (
    <RecordPicker
      {...pickerProps(props)}
      multiple
      objects={[]}
      value={asLinks(props.value)}
      onChange={(links) => props.onChange(links.length > 0 ? links : null)}
    />
  );
}

/** A reference as text: the id, which alone is certain. The clipboard for people has the title instead. */
function idOf(field: Field, text: string): Parsed {
  const word = text.trim();
  if (word === "") {
    return ok(null);
  }
  return uuid.test(word)
    ? ok(word.toLowerCase())
    : problem(t("field.not_reference", { value: word, field: field.label }));
}

/** What people read instead of an id; empty while it is not known. */
export function referenceText(field: Field, value: FieldValue): string {
  const object = targetOf(field);
  const list =
    field.kind === "about"
      ? asLinks(value)
      : (Array.isArray(value) ? ids(value) : typeof value === "string" ? [value] : []).map((id) => ({
          object: object ?? "",
          id,
        }));
  return list
    .map((link) => peekTitle(link.object, link.id)?.title ?? "")
    .filter(Boolean)
    .join("; ");
}

export const reference: FieldKind = {
  Display: ReferenceDisplay,
  Editor: ReferenceEditor,
  operators: choiceOperators,
  toText: (_, value) => (typeof value === "string" ? value : ""),
  fromText: idOf,
  align: "start",
  width: 170,
  sortable: true,
  sum: false,
};

export const user: FieldKind = { ...reference, operators: userOperators, width: 150 };

export const references: FieldKind = {
  ...reference,
  Display: ReferencesDisplay,
  Editor: ReferencesEditor,
  operators: setOperators,
  toText: (_, value) => ids(value).join("; "),
  fromText: (field, text) => {
    const words = text.split(/[;,\s]+/).filter(Boolean);
    const wrong = words.find((word) => !uuid.test(word));
    return wrong
      ? problem(t("field.not_reference", { value: wrong, field: field.label }))
      : ok(words.length > 0 ? [...new Set(words.map((word) => word.toLowerCase()))] : null);
  },
  width: 200,
  sortable: false,
};

export const about: FieldKind = {
  ...references,
  Display: AboutDisplay,
  Editor: AboutEditor,
  operators: presence,
  toText: (_, value) =>
    asLinks(value)
      .map((link) => `${link.object}:${link.id}`)
      .join("; "),
  fromText: (field, text) => {
    const words = text.split(/[;,\s]+/).filter(Boolean);
    const links = words.map((word) => {
      const [object, id] = word.split(":");
      return object && id && uuid.test(id) ? { object, id: id.toLowerCase() } : undefined;
    });
    const wrong = links.indexOf(undefined);
    return wrong >= 0
      ? problem(t("field.not_reference", { value: words[wrong], field: field.label }))
      : ok(links.length > 0 ? (links as RecordLink[]) : null);
  },
};
