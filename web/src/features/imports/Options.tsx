/** How rows become records: what happens with those that are there, with wrong values, and how dates and numbers are read. */
import { Radio, Select, Switch } from "@mantine/core";
import { useState } from "react";
import type { ObjectMeta } from "../../api/types";
import { findObject } from "../../app/query";
import { t } from "../../i18n";
import { formatList } from "../../i18n/format";
import classes from "./imports.module.css";
import { type Import, recognisedBy, relatedObjects } from "./model";

type Values = Import["options"];

const rules = ["match", "fill", "never", "create"];

interface Props {
  object: ObjectMeta;
  options: Values;
  onChange: (options: Values) => void;
}

/** A question with two answers that the file has answered itself as far as it could. */
function Either({
  name,
  value,
  onChange,
}: {
  name: string;
  value: unknown;
  onChange: (value: boolean | null) => void;
}) {
  const data = [
    { value: "", label: t("imports.by_file") },
    { value: "true", label: t(`imports.${name}_yes`) },
    { value: "false", label: t(`imports.${name}_no`) },
  ];
  const now = typeof value === "boolean" ? String(value) : "";
  return (
    <Select
      size="xs"
      label={t(`imports.${name}`)}
      allowDeselect={false}
      data={data}
      value={now}
      onChange={(next) => onChange(next ? next === "true" : null)}
    />
  );
}

export function Options({ object, options, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const set = (part: Values) => onChange({ ...options, ...part });
  const ways = recognisedBy(object);
  const related = relatedObjects(object, findObject).map((entry) => entry.label_plural);
  return (
    <div className={classes.rule}>
      <Radio.Group
        size="xs"
        label={t("imports.rule")}
        description={t(ways.length > 1 ? "imports.rule_text" : "imports.rule_text_ids", {
          objects: object.label_plural,
          ways: formatList(ways),
        })}
        value={String(options.update ?? "match")}
        onChange={(update) => set({ update })}
      >
        <div className={classes.rules}>
          {rules.map((rule) => (
            <Radio key={rule} size="xs" value={rule} label={t(`imports.rule_${rule}`)} />
          ))}
        </div>
      </Radio.Group>
      <button type="button" className="tool" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? "imports.fewer_options" : "imports.more_options")}
      </button>
      {open && (
        <div className={classes.options}>
          <Select
            size="xs"
            label={t("imports.bad_values")}
            allowDeselect={false}
            data={["refuse", "describe"].map((value) => ({ value, label: t(`imports.bad_values_${value}`) }))}
            value={String(options.bad_values ?? "refuse")}
            onChange={(value) => set({ bad_values: value })}
          />
          <Either name="day_first" value={options.day_first} onChange={(value) => set({ day_first: value })} />
          <Either
            name="decimal_comma"
            value={options.decimal_comma}
            onChange={(value) => set({ decimal_comma: value })}
          />
          {related.length > 0 && (
            <Switch
              size="xs"
              label={t("imports.create_related", { objects: related.join(", ") })}
              checked={options.create_related !== false}
              onChange={(event) => set({ create_related: event.currentTarget.checked })}
            />
          )}
        </div>
      )}
    </div>
  );
}
