/** Where a reference points to, and what the way back is called. */
import { Checkbox, Select, TextInput } from "@mantine/core";
import type { Field, ObjectMeta } from "../../../api/types";
import { findObject, useBoot } from "../../../app/query";
import { t } from "../../../i18n";
import { freeName, nameFault, nameOf } from "../../../ui/definition/names";
import classes from "./designer.module.css";
import { input } from "./inputs";
import type { Problems } from "./problems";

interface Props {
  object: ObjectMeta;
  field: Field;
  /** The field as it is kept; nothing for a new one. */
  kept: Field | undefined;
  onChange: (values: Partial<Field>) => void;
  problems: Problems;
}

/** Every name on the target that the way back must not have. */
function takenOn(target: ObjectMeta | undefined, kept: Field | undefined): string[] {
  const names = [...(target?.fields ?? []), ...(target?.relations ?? [])].map((entry) => entry.name);
  return names.filter((name) => name !== kept?.inverse?.name);
}

export function wayBack(object: ObjectMeta, target: ObjectMeta | undefined, kept?: Field): Field["inverse"] {
  const name = freeName(object.plural, takenOn(target, kept));
  return { name, label: object.label_plural };
}

export function Relation({ object, field, kept, onChange, problems }: Props) {
  const { objects } = useBoot();
  const targets = objects.filter((entry) => !entry.internal || entry.name === "user" || entry.name === "team");
  const target = field.target ? findObject(field.target) : undefined;
  const { inverse } = field;
  const taken = takenOn(target, kept);
  const choose = (name: string | null) => {
    const next = name ? findObject(name) : undefined;
    if (next) {
      const label = field.label.trim() === "" ? next.label : field.label;
      onChange({ target: next.name, label, inverse: next.internal ? undefined : wayBack(object, next) });
    }
  };
  const fault = inverse ? nameFault(inverse.name, taken) : undefined;
  return (
    <>
      <Select
        {...input}
        label={t("designer.target")}
        description={kept ? t("designer.target_stays") : t("designer.target_text")}
        searchable
        selectFirstOptionOnChange
        withAsterisk
        allowDeselect={false}
        disabled={kept !== undefined}
        data={targets.map((entry) => ({ value: entry.name, label: entry.label_plural }))}
        value={field.target ?? null}
        error={problems.target}
        onChange={choose}
      />
      {target && (
        <Checkbox
          size="xs"
          label={t("designer.inverse", { objects: object.label_plural, target: target.label })}
          description={t("designer.inverse_text", { target: target.label })}
          checked={inverse !== undefined}
          onChange={(event) =>
            onChange({ inverse: event.currentTarget.checked ? wayBack(object, target, kept) : undefined })
          }
        />
      )}
      {target && inverse && (
        <div className={classes.pair}>
          <TextInput
            {...input}
            label={t("designer.inverse_label")}
            value={inverse.label}
            error={inverse.label.trim() === "" ? t("designer.needed") : undefined}
            onChange={(event) => onChange({ inverse: { ...inverse, label: event.currentTarget.value } })}
            onBlur={() =>
              !kept &&
              inverse.label.trim() !== "" &&
              onChange({ inverse: { ...inverse, name: freeName(nameOf(inverse.label, "way"), taken) } })
            }
          />
          <TextInput
            {...input}
            label={t("designer.inverse_name")}
            classNames={{ input: classes.mono }}
            spellCheck={false}
            value={inverse.name}
            error={fault ? t(`designer.name_${fault}`) : problems.inverse}
            onChange={(event) => onChange({ inverse: { ...inverse, name: event.currentTarget.value } })}
          />
        </div>
      )}
    </>
  );
}
