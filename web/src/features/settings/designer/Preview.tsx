/** How the object looks to those who use it: a row of its list and its form, as the fields are now. */
import { useMemo } from "react";
import type { FieldValue, ObjectMeta } from "../../../api/types";
import { useBoot } from "../../../app/query";
import { t } from "../../../i18n";
import { FieldDisplay } from "../../../ui/fields/Field";
import { FormFields } from "../../../ui/form/FormFields";
import { useRecordForm } from "../../../ui/form/recordForm";
import { gridColumns, standardColumns } from "../../../ui/grid/columns";
import { iconOf } from "../../../ui/icons";
import designer from "./designer.module.css";
import classes from "./preview.module.css";
import { sampleOf } from "./samples";

const fields_max = 24;
const columns_max = 6;

function ListRow({ object }: { object: ObjectMeta }) {
  const { workspace } = useBoot();
  const columns = gridColumns(object, standardColumns(object)).slice(0, columns_max);
  const samples: { [field: string]: FieldValue } = Object.fromEntries(
    columns.map(({ field }) => [field.name, sampleOf(field, object, workspace.base_currency)]),
  );
  const Icon = iconOf(object);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached with the keyboard
    <section className={classes.previewTable} aria-label={t("designer.preview_list")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map(({ field }) => (
              <th key={field.name} scope="col">
                {field.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            {columns.map(({ field }, index) => (
              <td key={field.name}>
                <span>
                  {index === 0 && (
                    <span className={designer.badge} data-color={object.color ?? "gray"}>
                      <Icon size={13} stroke={1.7} aria-hidden />
                    </span>
                  )}
                  <FieldDisplay field={field} value={samples[field.name]} plain />
                </span>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function FormPreview({ object }: { object: ObjectMeta }) {
  const form = useRecordForm(object, {});
  const own = form.fields.filter((field) => !field.system);
  const shown = own.slice(0, fields_max);
  return (
    <section className={classes.previewForm} aria-label={t("form.new", { object: object.label })}>
      <p className={classes.previewTitle}>{t("form.new", { object: object.label })}</p>
      <FormFields form={form} fields={shown} />
      {own.length > shown.length && (
        <p className="dimmed">{t("designer.preview_more", { count: own.length - shown.length })}</p>
      )}
    </section>
  );
}

export function Preview({ object }: { object: ObjectMeta }) {
  // Inputs keep what they were made with: another definition gets another form.
  const version = useMemo(() => JSON.stringify(object.fields), [object]);
  return (
    <aside className={classes.preview} aria-label={t("designer.preview")}>
      <h2>{t("designer.preview")}</h2>
      <p className="dimmed">{t("designer.preview_text")}</p>
      <ListRow object={object} />
      <FormPreview key={version} object={object} />
    </aside>
  );
}
