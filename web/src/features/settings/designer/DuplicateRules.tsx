/** How duplicates of an object are told, and whose value a merged record keeps. */
import { NumberInput, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { Field, ObjectMeta, DuplicateRules as Rules } from "../../../api/types";
import { changeObject } from "../../../app/definitions";
import { t } from "../../../i18n";
import { ConditionInput } from "../../../ui/filters/ConditionInput";
import { canJoin, mergeFields } from "../../../ui/merge/fields";
import classes from "./designer.module.css";
import { input } from "./inputs";
import { Chosen } from "./Listing";

const shown_from = 50;
const weights = ["0", "50", "100", "200"];
const survivors = ["newest", "oldest", "longest", "greatest", "least"] as const;
const ordered = ["integer", "decimal", "money", "percent", "date", "date_time", "duration", "rating", "boolean"];

/** The traits that records of an object have, in the order they are weighed. */
function traitsOf(object: ObjectMeta): string[] {
  const has = (...names: string[]) => object.fields.some((field) => names.includes(field.name) && !field.hidden);
  const kind = (name: string) => object.fields.some((field) => field.kind === name && !field.hidden);
  const person = has("given_name", "family_name");
  const told: [string, boolean][] = [
    ["name", true],
    ["birthday", person && has("birthday", "date_of_birth")],
    ["company", person && has("company")],
    ["domain", !person && (has("domains") || kind("links"))],
    ["email", kind("emails")],
    ["phone", kind("phones")],
    ["number", true],
    ["address", kind("address")],
  ];
  return told.filter(([, known]) => known).map(([name]) => name);
}

/** Whether records of an object can be duplicates of one another. */
export function canHaveDuplicates(object: ObjectMeta): boolean {
  const title = object.fields.find((field) => field.name === object.title);
  return !object.timeline && (title?.result ?? title?.kind) === "text";
}

/** The rules that make sense for a field. */
function survivorsOf(field: Field): (typeof survivors)[number][] {
  const kind = field.result ?? field.kind;
  return survivors.filter((rule) =>
    rule === "longest"
      ? kind === "text" || kind === "long_text"
      : rule === "greatest" || rule === "least"
        ? ordered.includes(kind)
        : true,
  );
}

export function DuplicateRules({ object, onProblem }: { object: ObjectMeta; onProblem: (error: unknown) => void }) {
  const rules = object.duplicates ?? {};
  const keep = (changes: (rules: Rules) => Partial<Rules>) => {
    const label = t("designer.duplicates_changed", { objects: object.label_plural });
    const change = ({ duplicates: now = {} }: ObjectMeta) => {
      const given = Object.entries({ ...now, ...changes(now) }).filter(
        ([, value]) => value !== undefined && value !== "",
      );
      return { duplicates: Object.fromEntries(given) };
    };
    changeObject(object.name, change, label).catch(onProblem);
  };
  const fields = object.fields.filter((field) => !field.hidden && !field.system);
  const telling = fields.filter((field) => ["text", "auto_number", "integer"].includes(field.kind) && !field.sensitive);
  return (
    <div className={classes.stack}>
      <p className="dimmed">{t("designer.duplicates_text")}</p>
      <From value={rules.shown_from} onChange={(from) => keep(() => ({ shown_from: from }))} />
      <Chosen
        label={t("designer.identifying")}
        hint={t("designer.identifying_text")}
        add={t("designer.add_identifying")}
        chosen={rules.identifying ?? []}
        fields={telling}
        onChange={(change) => keep((now) => ({ identifying: change(now.identifying ?? []) }))}
      />
      <fieldset className={classes.choice}>
        <legend>{t("designer.weights")}</legend>
        <p className="dimmed">{t("designer.weights_text")}</p>
        <div className={classes.weights}>
          {traitsOf(object).map((trait) => (
            <Weight
              key={trait}
              trait={trait}
              value={rules.weights?.[trait] ?? 100}
              onChange={(weight) =>
                keep((now) => {
                  const { [trait]: _, ...others } = now.weights ?? {};
                  return { weights: weight === 100 ? others : { ...others, [trait]: weight } };
                })
              }
            />
          ))}
        </div>
      </fieldset>
      <Among object={object} value={rules.among ?? ""} onChange={(among) => keep(() => ({ among }))} />
      <Survivors
        object={object}
        value={rules.keep ?? {}}
        onChange={(field, rule) =>
          keep((now) => {
            const { [field]: _, ...others } = now.keep ?? {};
            return { keep: rule ? { ...others, [field]: rule } : others };
          })
        }
      />
    </div>
  );
}

function From({ value, onChange }: { value?: number; onChange: (value?: number) => void }) {
  const [typed, setTyped] = useState<number | string>(value ?? shown_from);
  return (
    <NumberInput
      {...input}
      label={t("designer.shown_from")}
      description={t("designer.shown_from_text")}
      suffix=" %"
      min={shown_from}
      max={99}
      clampBehavior="blur"
      allowDecimal={false}
      maw={260}
      value={typed}
      onChange={setTyped}
      onBlur={(event) => {
        const number = Number.parseInt(event.currentTarget.value, 10);
        const next = Math.min(99, Math.max(shown_from, Number.isNaN(number) ? shown_from : number));
        setTyped(next);
        if (next !== (value ?? shown_from)) {
          onChange(next === shown_from ? undefined : next);
        }
      }}
    />
  );
}

function Weight({ trait, value, onChange }: { trait: string; value: number; onChange: (value: number) => void }) {
  const known = weights.includes(String(value)) ? weights : [...weights, String(value)];
  return (
    <Select
      {...input}
      label={t(`designer.trait_${trait}`)}
      allowDeselect={false}
      data={known.map((weight) => ({
        value: weight,
        label: weights.includes(weight) ? t(`designer.weight_${weight}`) : `${weight} %`,
      }))}
      value={String(value)}
      onChange={(weight) => weight && onChange(Number(weight))}
    />
  );
}

/** The condition is kept when it is whole: half of one would be refused. */
function Among({ object, value, onChange }: { object: ObjectMeta; value: string; onChange: (value: string) => void }) {
  const [draft, setDraft] = useState(value);
  return (
    <div>
      <ConditionInput
        label={t("designer.among")}
        hint={t("designer.among_text")}
        object={object}
        value={draft}
        onChange={setDraft}
      />
      {draft !== value && (
        <div className={classes.bar}>
          <button type="button" className="tool" data-primary onClick={() => onChange(draft)}>
            {t("designer.keep_condition")}
          </button>
        </div>
      )}
    </div>
  );
}

interface SurvivorsProps {
  object: ObjectMeta;
  value: { [field: string]: string };
  /** The rule of a field; none when it has none any more. */
  onChange: (field: string, rule?: string) => void;
}

function Survivors({ object, value, onChange }: SurvivorsProps) {
  const fields = mergeFields(object).filter((field) => !canJoin(field) && !field.system);
  const [added, setAdded] = useState<string[]>([]);
  const shown = fields.filter((field) => value[field.name] || added.includes(field.name));
  const rest = fields.filter((field) => !shown.includes(field));
  return (
    <fieldset className={classes.choice}>
      <legend>{t("designer.survivors")}</legend>
      <p className="dimmed">{t("designer.survivors_text")}</p>
      <ul className={classes.survivors}>
        {shown.map((field) => (
          <li key={field.name}>
            <span className="truncate">{field.label}</span>
            <Select
              {...input}
              aria-label={t("designer.survivor_of", { field: field.label })}
              placeholder={t("designer.survivor_choose")}
              data={survivorsOf(field).map((rule) => ({ value: rule, label: t(`designer.survivor_${rule}`) }))}
              value={value[field.name] ?? null}
              allowDeselect={false}
              onChange={(rule) => rule && onChange(field.name, rule)}
            />
            <button
              type="button"
              className="tool"
              data-icon
              aria-label={t("designer.leave_out", { field: field.label })}
              onClick={() => {
                setAdded(added.filter((name) => name !== field.name));
                if (value[field.name]) {
                  onChange(field.name);
                }
              }}
            >
              <IconX size={14} />
            </button>
          </li>
        ))}
      </ul>
      {rest.length > 0 && (
        <Select
          key={shown.map((field) => field.name).join()}
          {...input}
          searchable
          placeholder={t("designer.add_survivor")}
          aria-label={t("designer.add_survivor")}
          data={rest.map((field) => ({ value: field.name, label: field.label }))}
          value={null}
          onChange={(name) => name && setAdded([...added, name])}
        />
      )}
    </fieldset>
  );
}
