/** The figures that matter most, in one line: what is next, when the last contact was, what it is worth. */
import type { Field, Layout, ObjectMeta, RapportRecord } from "../../api/types";
import { formatDateTime, formatRelative } from "../../i18n/format";
import { FieldDisplay } from "../../ui/fields/Field";
import { isEmpty } from "../../ui/fields/kind";
import { stripOf } from "../../ui/layout/layout";
import { partsOf } from "./parts";
import classes from "./record.module.css";

/** What is shown as usual; a layout says how much itself. */
const usual_max = 6;

function Figure({ field, record }: { field: Field; record: RapportRecord }) {
  const value = record[field.name];
  const instant = (field.result ?? field.kind) === "date_time" && typeof value === "string";
  return (
    <div className={classes.figure}>
      <dt>{field.label}</dt>
      <dd title={instant ? formatDateTime(value) : undefined}>
        {instant ? formatRelative(value) : <FieldDisplay field={field} value={value} plain />}
      </dd>
    </div>
  );
}

interface Props {
  object: ObjectMeta;
  record: RapportRecord;
  layout?: Layout;
}

export function Strip({ object, record, layout }: Props) {
  const all = partsOf(object);
  const parts = all.filter((part) => part.Figure);
  const told = all.flatMap((part) => part.tells ?? []);
  const filled = stripOf(object, layout).filter((field) => !isEmpty(record[field.name]) && !told.includes(field.name));
  const fields = layout?.strip ? filled : filled.slice(0, usual_max);
  const figures = (leads: boolean) =>
    parts
      .filter((part) => (part.leads ?? false) === leads)
      .map(({ name, Figure: Own }) => Own && <Own key={name} object={object} record={record} />);
  return fields.length + parts.length > 0 ? (
    <dl className={classes.strip}>
      {figures(true)}
      {fields.map((field) => (
        <Figure key={field.name} field={field} record={record} />
      ))}
      {figures(false)}
    </dl>
  ) : null;
}
