/** The settings of a field: what it is called, what its kind needs, what is asked of its values. */
import { Autocomplete, Checkbox, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Field, Kind, ObjectMeta } from "../../../api/types";
import { t } from "../../../i18n";
import { freeName, nameOf } from "../../../ui/definition/names";
import { ConditionInput } from "../../../ui/filters/ConditionInput";
import { ExpressionEditor } from "../../../ui/filters/ExpressionEditor";
import { DefaultValue } from "./DefaultValue";
import { type Part, partsOf, results, withField } from "./definition";
import classes from "./designer.module.css";
import { FormulaTrial } from "./FormulaTrial";
import { input } from "./inputs";
import { Options } from "./Options";
import { giveOwners } from "./owners";
import type { Problems } from "./problems";
import { Relation } from "./Relation";
import { RollupParts } from "./RollupParts";

export interface FieldFormProps {
  object: ObjectMeta;
  field: Field;
  /** The field as it is kept; nothing for a new one. */
  kept: Field | undefined;
  onChange: (values: Partial<Field>) => void;
  problems: Problems;
  /** Whether search looks into it; nothing where it cannot, or always does. */
  searched: boolean | undefined;
  onSearched: (searched: boolean) => void;
}

/** Names on the object that a new field must not have. */
export function takenNames(object: ObjectMeta): string[] {
  return ["id", ...object.fields.map((field) => field.name), ...object.relations.map((relation) => relation.name)];
}

/** The label, and for a new field the name made of it, which programs and expressions use. */
function Naming({ object, field, kept, onChange, problems }: FieldFormProps) {
  const [own, setOwn] = useState(false);
  const made = (text: string) => ({ name: freeName(nameOf(text), takenNames(object)) });
  const label = (text: string) => onChange({ label: text, ...(!kept && !own && made(text)) });
  return (
    <>
      <TextInput
        {...input}
        label={t("designer.field_label")}
        data-autofocus
        withAsterisk
        autoComplete="off"
        value={field.label}
        error={problems.label}
        onChange={(event) => label(event.currentTarget.value)}
      />
      {!kept && (
        <TextInput
          {...input}
          label={t("designer.field_name")}
          description={t("designer.field_name_text")}
          classNames={{ input: classes.mono }}
          spellCheck={false}
          autoComplete="off"
          value={field.name}
          error={problems.name}
          onChange={(event) => {
            setOwn(event.currentTarget.value !== "");
            onChange({ name: event.currentTarget.value });
          }}
          onBlur={() => field.name === "" && field.label.trim() !== "" && onChange(made(field.label))}
        />
      )}
    </>
  );
}

/** What only fields of this kind have. */
function OwnParts(props: FieldFormProps & { parts: Set<Part>; whole: ObjectMeta }) {
  const { object, field, kept, onChange, problems, parts, whole } = props;
  const saved = useMemo(() => kept?.options?.map((option) => option.value) ?? [], [kept]);
  return (
    <>
      {parts.has("options") && (
        <Options
          options={field.options ?? []}
          saved={saved}
          onChange={(options) => onChange({ options })}
          error={problems.options}
        />
      )}
      {parts.has("open") && (
        <Checkbox
          size="xs"
          label={t("designer.open")}
          description={t("designer.open_text")}
          checked={field.open === true}
          onChange={(event) => onChange({ open: event.currentTarget.checked })}
        />
      )}
      {parts.has("target") && (
        <Relation object={object} field={field} kept={kept} onChange={onChange} problems={problems} />
      )}
      {parts.has("rollup") && (
        <RollupParts object={object} field={field} kept={kept} onChange={onChange} problems={problems} />
      )}
      {parts.has("pattern") && (
        <TextInput
          {...input}
          label={t("designer.pattern")}
          description={t("designer.pattern_text")}
          classNames={{ input: classes.mono }}
          spellCheck={false}
          withAsterisk
          value={field.pattern ?? ""}
          error={problems.pattern}
          onChange={(event) => onChange({ pattern: event.currentTarget.value })}
        />
      )}
      {parts.has("formula") && (
        <>
          <Select
            {...input}
            label={t("designer.result")}
            description={kept ? t("designer.result_stays") : undefined}
            allowDeselect={false}
            disabled={kept !== undefined}
            data={results.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
            value={field.result ?? null}
            error={problems.result}
            onChange={(next) => onChange({ result: (next ?? "decimal") as Kind })}
          />
          <ExpressionEditor
            label={t("designer.formula")}
            example={t("designer.formula_example")}
            object={whole}
            result={field.result}
            source={field.formula ?? ""}
            onChange={(formula) => onChange({ formula })}
            unknown={kept ? undefined : field.name}
            error={problems.formula}
            eager
          />
          <FormulaTrial object={object} field={field} unknown={kept ? undefined : field.name} />
          <FieldNames object={object} except={field.name} />
        </>
      )}
      {parts.has("unit") && (
        <TextInput
          {...input}
          label={t("designer.unit")}
          description={t("designer.unit_text")}
          placeholder="m²"
          maxLength={12}
          value={field.unit ?? ""}
          error={problems.unit}
          onChange={(event) => onChange({ unit: event.currentTarget.value })}
        />
      )}
    </>
  );
}

/** What administrators call whoever has a record. */
const owner_words =
  /^(owner|record owner|assigned( to)?|responsible|besitzer(in)?|inhaber(in)?|verantwortlich(e|er)?|zuständig(e|er)?|betreuer(in)?)$/i;

/** A field of one's own for who has a record, where the object can have owners: what follows from them follows from no other field. */
function OwnerHint({ object, field }: { object: ObjectMeta; field: Field }) {
  if (object.owned !== false || !object.custom || !owner_words.test(field.label.trim())) {
    return null;
  }
  return (
    <div className={classes.ownerHint} role="status">
      <p>{t("designer.owner_switch")}</p>
      <button type="button" className="tool" data-outline onClick={() => void giveOwners(object)}>
        {t("designer.owner_turn_on")}
      </button>
    </div>
  );
}

/** The names that an expression can use, to be looked up. */
function FieldNames({ object, except }: { object: ObjectMeta; except: string }) {
  const all = object.fields.filter((field) => !field.hidden && field.name !== except && field.kind !== "json");
  // Those of the object itself first: what every record has is seldom meant.
  const fields = [...all.filter((field) => !field.system), ...all.filter((field) => field.system)];
  return (
    <details className={classes.names}>
      <summary>{t("designer.names")}</summary>
      <dl>
        {fields.map((field) => (
          <div key={field.name}>
            <dt>
              <code>{field.name}</code>
            </dt>
            <dd>
              {field.label}
              {(field.result ?? field.kind) === "percent" && ` (${t("designer.percent_counts")})`}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

const marks = ["required", "unique", "read_only", "sensitive"] as const;

function Marks({ field, onChange, problems, parts, searched, onSearched }: FieldFormProps & { parts: Set<Part> }) {
  return (
    <fieldset className={classes.choice}>
      <legend>{t("designer.rules")}</legend>
      <div className={classes.marks}>
        {marks
          .filter((mark) => mark === "sensitive" || parts.has(mark))
          .map((mark) => (
            <Switch
              key={mark}
              size="xs"
              label={t(`designer.${mark}`)}
              description={t(`designer.${mark}_text`)}
              error={problems[mark]}
              checked={field[mark] === true}
              onChange={(event) => onChange({ [mark]: event.currentTarget.checked })}
            />
          ))}
        {searched !== undefined && (
          <Switch
            size="xs"
            label={t("designer.searched")}
            description={t("designer.searched_text")}
            checked={searched}
            onChange={(event) => onSearched(event.currentTarget.checked)}
          />
        )}
      </div>
    </fieldset>
  );
}

/** When the value is shown, needed and right. */
function Conditions({
  field,
  kept,
  onChange,
  problems,
  parts,
  whole,
}: FieldFormProps & { parts: Set<Part>; whole: ObjectMeta }) {
  const unknown = kept ? undefined : field.name;
  const used = Boolean(field.validation || field.visible_if || field.required_if);
  const wrong = problems.validation ?? problems.visible_if ?? problems.required_if ?? problems.validation_message;
  const other = whole.fields.find((entry) => entry.kind === "select" && entry.name !== field.name)?.name ?? whole.title;
  return (
    <details className={classes.more} open={used || wrong !== undefined}>
      <summary>{t("designer.conditions")}</summary>
      <div className={classes.stack}>
        <ConditionInput
          label={t("designer.visible_if")}
          hint={t("designer.visible_if_text")}
          object={whole}
          value={field.visible_if ?? ""}
          onChange={(visible_if) => onChange({ visible_if })}
          startWith={other}
          unknown={unknown}
          error={problems.visible_if}
        />
        {parts.has("required") && (
          <ConditionInput
            label={t("designer.required_if")}
            hint={t("designer.required_if_text")}
            object={whole}
            value={field.required_if ?? ""}
            onChange={(required_if) => onChange({ required_if })}
            startWith={other}
            unknown={unknown}
            error={problems.required_if}
          />
        )}
        <ConditionInput
          label={t("designer.validation")}
          hint={t("designer.validation_text")}
          object={whole}
          value={field.validation ?? ""}
          onChange={(validation) => onChange({ validation })}
          startWith={field.name}
          unknown={unknown}
          error={problems.validation}
        />
        {field.validation && (
          <TextInput
            {...input}
            label={t("designer.validation_message")}
            placeholder={t("designer.validation_example")}
            value={field.validation_message ?? ""}
            error={problems.validation_message}
            onChange={(event) => onChange({ validation_message: event.currentTarget.value })}
          />
        )}
      </div>
    </details>
  );
}

export function FieldForm(props: FieldFormProps) {
  const { object, field, kept, onChange, problems } = props;
  const parts = partsOf(field);
  // Conditions may speak of the field itself as it is being written.
  const whole = useMemo(() => withField(object, field, kept?.name), [object, field, kept]);
  const groups = [...new Set(object.fields.flatMap((entry) => (entry.group && !entry.system ? [entry.group] : [])))];
  return (
    <div className={classes.stack}>
      <Naming {...props} />
      {!kept && <OwnerHint object={object} field={field} />}
      <OwnParts {...props} parts={parts} whole={whole} />
      <Textarea
        {...input}
        autosize
        minRows={1}
        label={t("designer.help")}
        description={t("designer.help_text")}
        value={field.help ?? ""}
        onChange={(event) => onChange({ help: event.currentTarget.value })}
      />
      <Autocomplete
        {...input}
        label={t("designer.group")}
        description={t("designer.group_text")}
        data={groups}
        value={field.group ?? ""}
        onChange={(group) => onChange({ group })}
        comboboxProps={{ transitionProps: { duration: 0 } }}
      />
      {parts.has("default") && (
        <DefaultValue
          key={field.kind}
          field={field}
          object={object.name}
          onChange={(value) => onChange({ default: value })}
          error={problems.default}
        />
      )}
      <Marks {...props} parts={parts} />
      <Conditions {...props} parts={parts} whole={whole} />
    </div>
  );
}
