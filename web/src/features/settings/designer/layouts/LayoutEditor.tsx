/** One layout: whom it is for, which records, and what stands where. Nothing counts before it is saved. */
import { MultiSelect, Switch, TextInput } from "@mantine/core";
import type { Field, ObjectMeta, RapportRecord } from "../../../../api/types";
import { keepLayout } from "../../../../app/layouts";
import { t } from "../../../../i18n";
import { ConditionInput } from "../../../../ui/filters/ConditionInput";
import { FormProblem } from "../../../../ui/form/FormProblem";
import { problemsOf } from "../../../../ui/form/recordForm";
import { useSending } from "../../../../ui/form/useSave";
import { columnFields, standardColumns } from "../../../../ui/grid/columns";
import { pageFields, usualStrip } from "../../../../ui/layout/layout";
import { panelsOf } from "../../../../ui/layout/panels";
import designer from "../designer.module.css";
import { input } from "../inputs";
import { Chosen } from "../Listing";
import { type Draft, goneNames, valuesOf, without } from "./draft";
import { type Editing, form_id } from "./editing";
import classes from "./layouts.module.css";
import { Sections } from "./Sections";

const strip_max = 8;
const strip_usual = 6;
const inputs = ["name", "roles", "condition", "content"].map((name) => ({ name }));

interface Props {
  object: ObjectMeta;
  editing: Editing;
  roles: RapportRecord[];
  /** Where a new layout stands. */
  position: number;
  onChange: (draft: Draft) => void;
  onClose: () => void;
}

export function LayoutEditor({ object, editing, roles, position, onChange, onClose }: Props) {
  const { draft, stored } = editing;
  const { box, problems, setProblems, refuse, send } = useSending((error) => problemsOf(error, inputs));
  const change = (part: Partial<Draft>) => {
    setProblems({});
    onChange({ ...draft, ...part });
  };
  const save = () => {
    if (draft.name.trim() === "") {
      refuse({ name: t("designer.needed") });
      return;
    }
    void send(async () => {
      const label = t(stored ? "layout.saved" : "layout.made", { name: draft.name.trim() });
      await keepLayout(valuesOf(object, draft, stored ? undefined : position), label, stored);
      onClose();
    });
  };
  return (
    <form
      ref={box}
      id={form_id}
      className={designer.stack}
      aria-label={stored ? t("layout.edit", { name: stored.name }) : t("layout.new")}
      noValidate
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
          event.preventDefault();
          save();
        }
      }}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <div className={designer.pair}>
        <TextInput
          {...input}
          label={t("layout.name")}
          required
          maxLength={80}
          value={draft.name}
          error={problems.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <MultiSelect
          {...input}
          label={t("layout.roles")}
          description={t("layout.roles_text")}
          placeholder={draft.roles.length === 0 ? t("layout.everyone") : undefined}
          data={roles.map((role) => ({ value: role.id, label: String(role.name ?? "") }))}
          value={draft.roles.filter((id) => roles.some((role) => role.id === id))}
          error={problems.roles}
          onChange={(chosen) => change({ roles: chosen })}
        />
      </div>
      <ConditionInput
        label={t("layout.condition")}
        hint={t("layout.condition_text")}
        object={object}
        value={draft.condition}
        onChange={(condition) => condition !== draft.condition && change({ condition })}
        error={problems.condition}
      />
      <Gone object={object} draft={draft} onChange={change} />
      <Sections object={object} draft={draft} onChange={change} />
      <Lists object={object} draft={draft} onChange={change} />
      <FormProblem text={problems.content} />
      <FormProblem text={problems[""]} />
    </form>
  );
}

interface PartProps {
  object: ObjectMeta;
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}

/** What the layout names and the object no longer shows. */
function Gone({ object, draft, onChange }: PartProps) {
  const panels = panelsOf(object).map((panel) => panel.name);
  const gone = goneNames(object, draft, panels);
  return gone.length > 0 ? (
    <p className={classes.gone} role="status">
      <span>{t("layout.gone_fields", { count: gone.length, names: gone.join(", ") })}</span>
      <button type="button" className="tool" data-outline onClick={() => onChange(without(draft, gone))}>
        {t("layout.take_out")}
      </button>
    </p>
  ) : null;
}

/** Strip, tabs and columns of lists: as usual until the layout says otherwise. */
function Lists({ object, draft, onChange }: PartProps) {
  const panels = panelsOf(object).map(({ name, label }): Field => ({ name, label, kind: "text" }));
  const strip = draft.strip?.length ?? 0;
  const stripChoice = pageFields(object).filter((field) => strip < strip_max || draft.strip?.includes(field.name));
  const names = (fields: Field[]) => fields.map((field) => field.name);
  return (
    <>
      <Own
        name="strip"
        value={draft.strip}
        usual={names(usualStrip(object)).slice(0, strip_usual)}
        fields={stripChoice}
        onChange={(chosen) => onChange({ strip: chosen })}
      />
      <Own
        name="panels"
        value={draft.panels}
        usual={names(panels)}
        fields={panels}
        onChange={(chosen) => onChange({ panels: chosen })}
      />
      {draft.condition.trim() === "" && (
        <Own
          name="columns"
          value={draft.columns}
          usual={standardColumns({ ...object, layouts: [] }).map((column) => column.field)}
          fields={columnFields(object)}
          onChange={(chosen) => onChange({ columns: chosen })}
        />
      )}
    </>
  );
}

interface OwnProps {
  name: "strip" | "panels" | "columns";
  value: string[] | undefined;
  usual: string[];
  fields: Field[];
  onChange: (chosen: string[] | undefined) => void;
}

function Own({ name, value, usual, fields, onChange }: OwnProps) {
  return (
    <div className={classes.own}>
      <Switch
        size="xs"
        label={t(`layout.own_${name}`)}
        description={t(`layout.${name}_text`)}
        checked={value !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked ? usual : undefined)}
      />
      {value && (
        <Chosen
          label={t(`layout.${name}`)}
          hint=""
          add={t(`layout.add_${name}`)}
          chosen={value}
          fields={fields}
          onChange={(change) => onChange(change(value))}
        />
      )}
    </div>
  );
}
