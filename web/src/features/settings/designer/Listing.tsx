/** What names a record, which columns its lists begin with, and where search looks. */
import { Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Field, Kind, ObjectMeta } from "../../../api/types";
import { changeObject, type Definition } from "../../../app/definitions";
import { t } from "../../../i18n";
import { canBeSearched } from "../../../ui/definition/search";
import { columnFields } from "../../../ui/grid/columns";
import { MoveButtons } from "../../../ui/MoveButtons";
import classes from "./designer.module.css";
import { input } from "./inputs";

const title_kinds: Kind[] = ["text", "auto_number"];
const kindOf = (field: Field): Kind => field.result ?? field.kind;

interface ChosenProps {
  label: string;
  hint: string;
  add: string;
  chosen: string[];
  fields: Field[];
  /** What is to be done with the list as it is by then. */
  onChange: (change: (chosen: string[]) => string[]) => void;
}

/** Fields in an order, with one more to choose. */
export function Chosen({ label, hint, add, chosen, fields, onChange }: ChosenProps) {
  const isKnown = (name: string) => fields.some((field) => field.name === name);
  const known = chosen.filter(isKnown);
  const change = (next: (known: string[]) => string[]) => onChange((list) => next(list.filter(isKnown)));
  const rest = fields.filter((field) => !chosen.includes(field.name));
  const move = (name: string, by: number) =>
    change((list) => {
      const index = list.indexOf(name);
      const moved = list.slice();
      moved.splice(index + by, 0, ...moved.splice(index, 1));
      return index < 0 ? list : moved;
    });
  const labelOf = (name: string) => fields.find((field) => field.name === name)?.label ?? name;
  return (
    <fieldset className={classes.choice}>
      <legend>{label}</legend>
      <p className="dimmed">{hint}</p>
      <ol className={classes.chosen}>
        {known.map((name, index) => (
          <li key={name}>
            <span className="truncate">{labelOf(name)}</span>
            <MoveButtons
              first={index === 0}
              last={index === known.length - 1}
              up={t("view.up", { column: labelOf(name) })}
              down={t("view.down", { column: labelOf(name) })}
              onMove={(by) => move(name, by)}
            />
            <button
              type="button"
              className="tool"
              data-icon
              aria-label={t("designer.leave_out", { field: labelOf(name) })}
              onClick={() => change((list) => list.filter((entry) => entry !== name))}
            >
              <IconX size={14} />
            </button>
          </li>
        ))}
      </ol>
      {rest.length > 0 && (
        <Select
          key={known.join()}
          {...input}
          searchable
          placeholder={add}
          aria-label={add}
          data={rest.map((field) => ({ value: field.name, label: field.label }))}
          value={null}
          onChange={(name) => name && change((list) => [...list.filter((entry) => entry !== name), name])}
        />
      )}
    </fieldset>
  );
}

export function Listing({ object, onProblem }: { object: ObjectMeta; onProblem: (error: unknown) => void }) {
  const fields = object.fields.filter((field) => !field.hidden);
  const titles = fields.filter((field) => title_kinds.includes(kindOf(field)) && !field.system);
  const seconds = fields.filter((field) => !field.system && field.name !== object.title && field.kind !== "json");
  const keep = (changes: Definition | ((now: ObjectMeta) => Definition)) => {
    const label = t("designer.object_changed", { objects: object.label_plural });
    changeObject(object.name, changes, label).catch(onProblem);
  };
  const choices = (list: Field[]) => list.map((field) => ({ value: field.name, label: field.label }));
  return (
    <div className={classes.stack}>
      <div className={classes.pair}>
        <Select
          {...input}
          label={t("designer.title_field")}
          description={t("designer.title_text")}
          allowDeselect={false}
          disabled={!object.custom}
          data={choices(titles)}
          value={object.title}
          onChange={(title) => title && title !== object.title && keep({ title })}
        />
        <Select
          {...input}
          label={t("designer.subtitle_field")}
          description={t("designer.subtitle_text")}
          clearable
          searchable
          clearButtonProps={{ "aria-label": t("designer.no_subtitle") }}
          data={choices(seconds)}
          value={object.subtitle ?? null}
          onChange={(subtitle) => subtitle !== (object.subtitle ?? null) && keep({ subtitle })}
        />
      </div>
      <Chosen
        label={t("designer.columns")}
        hint={t("designer.columns_text")}
        add={t("designer.add_column")}
        chosen={object.columns ?? []}
        fields={columnFields(object)}
        onChange={(change) => keep((now) => ({ columns: change(now.columns ?? []) }))}
      />
      <Chosen
        label={t("designer.search")}
        hint={t("designer.search_text")}
        add={t("designer.add_search")}
        chosen={object.search ?? []}
        fields={fields.filter(canBeSearched)}
        onChange={(change) => keep((now) => ({ search: change(now.search ?? []) }))}
      />
    </div>
  );
}
