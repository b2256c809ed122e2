/** What a roll-up is made of: which records, what of them, and which of them count. */
import { Select } from "@mantine/core";
import type { Field, ObjectMeta, Rollup } from "../../../api/types";
import { findObject, useBoot } from "../../../app/query";
import { t } from "../../../i18n";
import { ConditionInput } from "../../../ui/filters/ConditionInput";
import { rollupResult, rollupSources, summable } from "./definition";
import { input } from "./inputs";
import type { Problems } from "./problems";

interface Props {
  object: ObjectMeta;
  field: Field;
  kept: Field | undefined;
  onChange: (values: Partial<Field>) => void;
  problems: Problems;
}

const aggregates = ["count", "sum", "avg", "min", "max"] as const;

export function RollupParts({ object, field, kept, onChange, problems }: Props) {
  const { objects } = useBoot();
  const rollup: Rollup = field.rollup ?? { object: "", via: "", aggregate: "count" };
  const sources = rollupSources(objects, object.name);
  const child = rollup.object ? findObject(rollup.object) : undefined;
  const fields = summable(child, rollup.aggregate);
  // What a kept roll-up gives stays, so only what gives the same can be chosen.
  const fits = (aggregate: Rollup["aggregate"], source: Field | undefined) =>
    !kept || rollupResult(aggregate, source) === kept.result;
  const put = (values: Partial<Rollup>, label = field.label) => {
    const next = { ...rollup, ...values };
    const source = findObject(next.object)?.fields.find((entry) => entry.name === next.field);
    onChange({ rollup: next, label, ...(!kept && { result: rollupResult(next.aggregate, source) }) });
  };
  const choose = (pair: string | null) => {
    const [name = "", via = ""] = (pair ?? "").split("/");
    const next = findObject(name);
    if (next) {
      const same = next.name === rollup.object;
      const rest = same ? {} : { field: undefined, filter: undefined };
      put({ object: name, via, ...rest }, field.label.trim() === "" ? next.label_plural : field.label);
    }
  };
  return (
    <>
      <Select
        {...input}
        label={t("designer.rollup_records")}
        description={sources.length > 0 ? t("designer.rollup_records_text") : t("designer.rollup_no_records")}
        searchable
        withAsterisk
        allowDeselect={false}
        data={sources.map((source) => ({
          value: `${source.object.name}/${source.via.name}`,
          label: `${source.object.label_plural} (${source.via.label})`,
        }))}
        value={rollup.object ? `${rollup.object}/${rollup.via}` : null}
        error={problems.rollup}
        onChange={choose}
      />
      <Select
        {...input}
        label={t("designer.rollup_aggregate")}
        allowDeselect={false}
        data={aggregates
          .filter((aggregate) => !kept || (aggregate === "count") === (kept.rollup?.aggregate === "count"))
          .map((aggregate) => ({ value: aggregate, label: t(`designer.aggregate_${aggregate}`) }))}
        value={rollup.aggregate}
        onChange={(next) => put({ aggregate: (next ?? "count") as Rollup["aggregate"], field: undefined })}
      />
      {rollup.aggregate !== "count" && (
        <Select
          {...input}
          label={t("designer.rollup_field")}
          withAsterisk
          searchable
          allowDeselect={false}
          data={fields
            .filter((entry) => fits(rollup.aggregate, entry))
            .map((entry) => ({ value: entry.name, label: entry.label }))}
          value={rollup.field ?? null}
          error={problems.rollup_field}
          onChange={(next) => put({ field: next ?? undefined })}
        />
      )}
      {child && (
        <ConditionInput
          label={t("designer.rollup_filter")}
          hint={t("designer.rollup_filter_text", { objects: child.label_plural })}
          object={child}
          value={rollup.filter ?? ""}
          onChange={(filter) => put({ filter })}
          error={problems.rollup_filter}
        />
      )}
    </>
  );
}
