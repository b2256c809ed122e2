/** One territory: name, place in the tree, rule and people. Who would move is shown before it is kept. */
import { Button, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { FieldValue, ObjectMeta, RapportRecord } from "../../../api/types";
import { useObject } from "../../../app/query";
import { useUnsaved } from "../../../app/unsaved";
import { t } from "../../../i18n";
import { LongSelect } from "../../../ui/fields/LongSelect";
import { RecordPicker } from "../../../ui/fields/RecordPicker";
import { ConditionInput } from "../../../ui/filters/ConditionInput";
import { FormProblem } from "../../../ui/form/FormProblem";
import type { Problems } from "../../../ui/form/recordForm";
import { below, territoryTree } from "../../../ui/territories/tree";
import type { TreeChange } from "./data";
import classes from "./territories.module.css";

export interface Draft {
  name: string;
  parent: string | null;
  rule: string;
  lead: string | null;
  users: string[];
  teams: string[];
}

interface Props {
  object: ObjectMeta;
  territories: RapportRecord[];
  territory: RapportRecord | undefined;
  start?: Partial<Draft>;
  problems: Problems;
  busy: boolean;
  /** What decides about companies, as far as it was changed. */
  onThink: (changes: TreeChange[]) => void;
  onSave: (values: { [field: string]: FieldValue }, changes: TreeChange[]) => void;
  onDelete: () => void;
  onClose: () => void;
}

const ids = (value: FieldValue): string[] =>
  Array.isArray(value) ? value.filter((id): id is string => typeof id === "string") : [];
const text = (value: FieldValue): string | null => (typeof value === "string" ? value : null);

function draftOf(territory: RapportRecord | undefined, start?: Partial<Draft>): Draft {
  return {
    name: text(territory?.name) ?? "",
    parent: text(territory?.parent),
    rule: text(territory?.rule) ?? "",
    lead: text(territory?.lead),
    users: ids(territory?.users),
    teams: ids(territory?.teams),
    ...start,
  };
}

function valuesOf(draft: Draft): { [field: string]: FieldValue } {
  const list = (all: string[]) => (all.length > 0 ? all : null);
  return {
    name: draft.name.trim(),
    parent: draft.parent,
    rule: draft.rule.trim() || null,
    lead: draft.lead,
    users: list(draft.users),
    teams: list(draft.teams),
  };
}

/** Of the values those that are not kept yet. */
function changed(now: { [field: string]: FieldValue }, before: { [field: string]: FieldValue }) {
  return Object.fromEntries(
    Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])),
  );
}

/** What of the changes decides where companies belong. */
function thoughtOf(values: { [field: string]: FieldValue }, id: string | undefined): TreeChange[] {
  const change: TreeChange = {};
  if ("parent" in values) {
    change.parent = text(values.parent);
  }
  if ("rule" in values) {
    change.rule = text(values.rule);
  }
  if (id && Object.keys(change).length === 0) {
    return [];
  }
  return [{ ...change, ...(id ? { id } : {}), ...("name" in values ? { name: text(values.name) ?? "" } : {}) }];
}

export function TerritoryForm(props: Props) {
  const { object, territories, territory, start, problems, busy, onThink, onSave, onDelete, onClose } = props;
  const [draft, setDraft] = useState(() => draftOf(territory, start));
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const placed = useObject("company");
  const touched = changed(valuesOf(draft), valuesOf(draftOf(territory, start)));
  const values = territory ? touched : valuesOf(draft);
  const thought = JSON.stringify(thoughtOf(values, territory?.id));
  useEffect(() => onThink(JSON.parse(thought) as TreeChange[]), [thought, onThink]);
  useEffect(() => () => onThink([]), [onThink]);
  useUnsaved(Object.keys(touched).length > 0);
  const disabled = !(territory ? object.can.update : object.can.create);
  return (
    <form
      className={classes.form}
      aria-label={draft.name || t("territories.new")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSave(values, JSON.parse(thought) as TreeChange[]);
      }}
    >
      <div className={classes.inputs}>
        <TextInput
          size="xs"
          label={t("territories.name")}
          withAsterisk
          data-autofocus
          value={draft.name}
          error={problems.name}
          disabled={disabled}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <ParentInput
          territories={territories}
          own={territory?.id}
          value={draft.parent}
          error={problems.parent}
          disabled={disabled}
          onChange={(parent) => change({ parent })}
        />
      </div>
      {placed && (
        <ConditionInput
          label={t("territories.rule")}
          hint={t("territories.rule_text")}
          object={placed}
          value={draft.rule}
          startWith="billing_address"
          error={problems.rule}
          onChange={(rule) => change({ rule })}
        />
      )}
      <People draft={draft} disabled={disabled} onChange={change} />
      <FormProblem text={problems[""]} />
      <div className={classes.buttons}>
        <Button
          type="submit"
          loading={busy}
          disabled={disabled || Object.keys(values).length === 0 || draft.name.trim() === ""}
        >
          {t("app.save")}
        </Button>
        <button type="button" className="tool" onClick={onClose}>
          {t("app.cancel")}
        </button>
        {territory && object.can.delete && (
          <button type="button" className="tool" onClick={onDelete}>
            <IconTrash size={15} /> {t("app.delete")}
          </button>
        )}
      </div>
    </form>
  );
}

interface ParentProps {
  territories: RapportRecord[];
  own: string | undefined;
  value: string | null;
  error: string | undefined;
  disabled: boolean;
  onChange: (parent: string | null) => void;
}

function ParentInput({ territories, own, value, error, disabled, onChange }: ParentProps) {
  const inside = own ? below(territories, own) : new Set<string>();
  const choices = territoryTree(territories)
    .filter(({ territory }) => !inside.has(territory.id))
    .map(({ territory, depth }) => ({
      value: territory.id,
      label: `${"\u2003".repeat(depth)}${String(territory.name ?? "")}`,
    }));
  return (
    <LongSelect
      label={t("territories.parent")}
      placeholder={t("territories.parent_none")}
      clearable
      clearButtonProps={{ "aria-label": t("territories.parent_clear") }}
      data={choices}
      value={value}
      error={error}
      disabled={disabled}
      onChange={onChange}
    />
  );
}

interface PeopleProps {
  draft: Draft;
  disabled: boolean;
  onChange: (part: Partial<Draft>) => void;
}

function People({ draft, disabled, onChange }: PeopleProps) {
  const links = (object: string, all: string[]) => all.map((id) => ({ object, id }));
  return (
    <div className={classes.inputs}>
      <RecordPicker
        size="xs"
        objects={["user"]}
        label={t("territories.lead")}
        ariaLabel={t("territories.lead")}
        disabled={disabled}
        value={draft.lead ? links("user", [draft.lead]) : []}
        onChange={(chosen) => onChange({ lead: chosen.at(-1)?.id ?? null })}
      />
      <RecordPicker
        size="xs"
        multiple
        objects={["user"]}
        label={t("territories.users")}
        ariaLabel={t("territories.users")}
        disabled={disabled}
        value={links("user", draft.users)}
        onChange={(chosen) => onChange({ users: chosen.map((link) => link.id) })}
      />
      <RecordPicker
        size="xs"
        multiple
        objects={["team"]}
        label={t("territories.teams")}
        description={t("territories.teams_text")}
        ariaLabel={t("territories.teams")}
        disabled={disabled}
        value={links("team", draft.teams)}
        onChange={(chosen) => onChange({ teams: chosen.map((link) => link.id) })}
      />
    </div>
  );
}
