/** Lists with label and primary mark: e-mail addresses, telephone numbers, web addresses. */
import { ActionIcon, NativeSelect, TextInput } from "@mantine/core";
import { IconPlus, IconStar, IconStarFilled, IconX } from "@tabler/icons-react";
import { useRef } from "react";
import type { FieldValue, Labelled } from "../../api/types";
import { hasText, t } from "../../i18n";
import classes from "./fields.module.css";
import { InputGroup } from "./InputGroup";
import { type DisplayProps, type EditorProps, type FieldKind, ok, type Parsed, problem } from "./kind";
import { labelledOperators } from "./operators";

const labels: { [kind: string]: string[] } = {
  emails: ["work", "home", "other"],
  phones: ["work", "mobile", "home", "fax", "other"],
  links: ["website", "linkedin", "x", "facebook", "instagram", "github", "other"],
};

export function asLabelled(value: FieldValue): Labelled[] {
  if (!Array.isArray(value)) {
    return [];
  }
  return value
    .map((entry) => (typeof entry === "string" ? { value: entry } : (entry as Labelled)))
    .filter((entry) => typeof entry.value === "string");
}

/** The entry that stands for the list. */
export function primaryOf(value: FieldValue): Labelled | undefined {
  const list = asLabelled(value);
  return list.find((entry) => entry.primary) ?? list[0];
}

/** Exactly one primary entry in a list that is not empty. */
export function withPrimary(list: Labelled[]): Labelled[] {
  const at = Math.max(
    0,
    list.findIndex((entry) => entry.primary),
  );
  return list.map((entry, index) => ({ ...entry, primary: index === at }));
}

export function labelText(label: string): string {
  return hasText(`field.label_${label}`) ? t(`field.label_${label}`) : label;
}

/** Where a click leads; nothing when the address is not a web address. */
export function hrefOf(kind: string, value: string): string | undefined {
  if (kind === "emails") {
    return `mailto:${value}`;
  }
  if (kind === "phones") {
    return `tel:${value.replace(/[^+\d]/g, "")}`;
  }
  const full = /^[a-z][a-z0-9+.-]*:/i.test(value) ? value : `https://${value}`;
  return /^https?:\/\//i.test(full) ? full : undefined;
}

function shown(kind: string, value: string): string {
  return kind === "links" ? value.replace(/^https?:\/\/(www\.)?/i, "").replace(/\/$/, "") : value;
}

function LabelledDisplay({ field, value, plain }: DisplayProps) {
  const list = asLabelled(value);
  const first = primaryOf(value);
  if (!first) {
    return <span />;
  }
  const href = plain ? undefined : hrefOf(field.kind, first.value);
  const outside = field.kind === "links" ? { target: "_blank", rel: "noreferrer noopener" } : {};
  const text = shown(field.kind, first.value);
  return (
    <span className={classes.line} title={list.length > 1 ? list.map((entry) => entry.value).join("\n") : undefined}>
      {href ? (
        <a href={href} {...outside} className="link" onClick={(event) => event.stopPropagation()}>
          {text}
        </a>
      ) : (
        text
      )}
      {list.length > 1 && <span className={classes.quiet}> +{list.length - 1}</span>}
    </span>
  );
}

/** Every entry on a line of its own, with its label. */
export function LabelledList({ field, value, plain }: DisplayProps) {
  return (
    <ul className={classes.list}>
      {asLabelled(value).map((entry) => {
        const href = plain ? undefined : hrefOf(field.kind, entry.value);
        const outside = field.kind === "links" ? { target: "_blank", rel: "noreferrer noopener" } : {};
        return (
          <li key={`${entry.label}:${entry.value}`}>
            {href ? (
              <a href={href} {...outside} className="link" onClick={(event) => event.stopPropagation()}>
                {shown(field.kind, entry.value)}
              </a>
            ) : (
              shown(field.kind, entry.value)
            )}
            {entry.label && <span className={classes.quiet}> {labelText(entry.label)}</span>}
          </li>
        );
      })}
    </ul>
  );
}

const inputTypes: { [kind: string]: "email" | "tel" | "url" } = { emails: "email", phones: "tel", links: "url" };

interface RowProps {
  kind: string;
  entry: Labelled;
  name: string;
  only: boolean;
  autoFocus?: boolean;
  disabled?: boolean;
  onChange: (entry: Labelled) => void;
  onPrimary: () => void;
  onRemove: () => void;
}

function Row({ kind, entry, name, only, autoFocus, disabled, onChange, onPrimary, onRemove }: RowProps) {
  const known = labels[kind] ?? [];
  const data = entry.label && !known.includes(entry.label) ? [...known, entry.label] : known;
  const primary = t(entry.primary ? "field.is_primary" : "field.make_primary", { value: entry.value });
  return (
    <div className={classes.row}>
      <TextInput
        size="xs"
        className={classes.grow}
        inputMode={inputTypes[kind]}
        aria-label={name}
        value={entry.value}
        disabled={disabled}
        autoFocus={autoFocus}
        data-autofocus={autoFocus || undefined}
        autoComplete="off"
        onChange={(event) => onChange({ ...entry, value: event.currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        w={96}
        aria-label={t("field.label_of", { value: entry.value || name })}
        disabled={disabled}
        value={entry.label ?? ""}
        data={[
          { value: "", label: t("field.no_label") },
          ...data.map((label) => ({ value: label, label: labelText(label) })),
        ]}
        onChange={(event) => onChange({ ...entry, label: event.currentTarget.value || null })}
      />
      {!only && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="md"
          aria-label={primary}
          title={primary}
          aria-pressed={entry.primary === true}
          disabled={disabled}
          onClick={onPrimary}
        >
          {entry.primary ? <IconStarFilled size={14} /> : <IconStar size={14} />}
        </ActionIcon>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        size="md"
        aria-label={t("field.remove", { value: entry.value })}
        disabled={disabled}
        onClick={onRemove}
      >
        <IconX size={14} />
      </ActionIcon>
    </div>
  );
}

function LabelledEditor(props: EditorProps) {
  const list = asLabelled(props.value);
  const rows = list.length > 0 ? list : [{ value: "", label: null, primary: true }];
  const box = useRef<HTMLFieldSetElement>(null);
  const tell = (next: Labelled[]) => props.onChange(next.length > 0 ? withPrimary(next) : null);
  const change = (at: number, entry: Labelled) => tell(rows.map((known, index) => (index === at ? entry : known)));
  const add = () => {
    tell([...rows, { value: "", label: rows.at(-1)?.label ?? null, primary: false }]);
    requestAnimationFrame(() => [...(box.current?.querySelectorAll("input") ?? [])].at(-1)?.focus());
  };
  return (
    <InputGroup of={props}>
      <fieldset ref={box} className={classes.group} aria-label={props.field.label}>
        {rows.map((entry, index) => (
          <Row
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
            key={index}
            kind={props.field.kind}
            entry={entry}
            name={props.field.label}
            only={rows.length === 1}
            autoFocus={props.autoFocus && index === 0}
            disabled={props.disabled}
            onChange={(next) => change(index, next)}
            onPrimary={() => tell(rows.map((known, at) => ({ ...known, primary: at === index })))}
            onRemove={() => tell(rows.filter((_, at) => at !== index))}
          />
        ))}
        {list.length > 0 && (
          <button type="button" className={classes.add} onClick={add} disabled={props.disabled}>
            <IconPlus size={13} /> {t("field.add_another")}
          </button>
        )}
      </fieldset>
    </InputGroup>
  );
}

/** Leaves out rows that nothing was written into. */
export function withoutBlank(value: FieldValue): FieldValue {
  const list = asLabelled(value)
    .map((entry) => ({ ...entry, value: entry.value.trim() }))
    .filter((entry) => entry.value !== "");
  return list.length > 0 ? withPrimary(list) : null;
}

/** "a@x.com (work); *b@x.com": the star marks the primary entry when it is not the first. */
function toText(value: FieldValue): string {
  return asLabelled(value)
    .map(
      (entry, index) =>
        `${entry.primary && index > 0 ? "*" : ""}${entry.value}${entry.label ? ` (${entry.label})` : ""}`,
    )
    .join("; ");
}

const checks: { [kind: string]: { pattern: RegExp; problem: string } } = {
  emails: { pattern: /^[^\s@]+@[^\s@]+\.[^\s@.]+$/, problem: "field.not_email" },
  phones: { pattern: /^\+?[\d\s()./-]*\d[\d\s()./-]*(?:(?:x|ext\.?)\s*\d+)?$/i, problem: "field.not_phone" },
  links: { pattern: /^\S+$/, problem: "field.not_link" },
};

function fromText(kind: string, text: string): Parsed {
  const parts = text.split(kind === "phones" || kind === "emails" ? /[;,\n]/ : /[;\n]|\s+(?=https?:)/);
  const list: Labelled[] = [];
  for (const part of parts.map((piece) => piece.trim()).filter(Boolean)) {
    const shape = part.match(/^(\*?)(.*?)(?:\s+\(([^()]*[^()\d\s][^()]*)\))?$/);
    const named = kind === "emails" ? shape?.[2]?.match(/<([^<>]+)>$/)?.[1] : undefined;
    const value = named ?? shape?.[2]?.trim() ?? "";
    const check = checks[kind];
    if (check && !check.pattern.test(value)) {
      return problem(t(check.problem, { value }));
    }
    const clean = kind === "emails" ? value.toLowerCase() : value;
    if (!list.some((entry) => entry.value === clean)) {
      list.push({ value: clean, label: shape?.[3]?.trim() || null, primary: shape?.[1] === "*" });
    }
  }
  return ok(list.length > 0 ? withPrimary(list) : null);
}

function labelled(kind: string, width: number): FieldKind {
  return {
    Display: LabelledDisplay,
    Editor: LabelledEditor,
    operators: labelledOperators,
    toText: (_, value) => toText(value),
    fromText: (_, text) => fromText(kind, text),
    align: "start",
    width,
    sortable: false,
    sum: false,
    multiline: false,
  };
}

export const emails = labelled("emails", 220);
export const phones = labelled("phones", 150);
export const links = labelled("links", 180);
