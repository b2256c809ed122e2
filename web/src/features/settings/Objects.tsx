/** What the workspace knows: its objects and their fields. */
import { TextInput } from "@mantine/core";
import { IconChevronRight, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { Field, ObjectMeta } from "../../api/types";
import { findObject, useBoot } from "../../app/query";
import { t } from "../../i18n";
import { iconOf } from "../../ui/icons";
import { Title } from "./parts";
import classes from "./settings.module.css";

export function Objects() {
  const { objects } = useBoot();
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<string | null>(null);
  const query = search.trim().toLowerCase();
  const found = objects.filter(
    (object) =>
      !object.internal && `${object.label} ${object.label_plural} ${object.name}`.toLowerCase().includes(query),
  );
  return (
    <>
      <Title name="objects" />
      <TextInput
        size="xs"
        className={classes.text}
        leftSection={<IconSearch size={13} />}
        placeholder={t("settings.find_object")}
        aria-label={t("settings.find_object")}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <ul className={classes.rows}>
        {found.map((object) => (
          <ObjectRow
            key={object.name}
            object={object}
            open={open === object.name}
            onToggle={() => setOpen(open === object.name ? null : object.name)}
          />
        ))}
      </ul>
    </>
  );
}

function ObjectRow({ object, open, onToggle }: { object: ObjectMeta; open: boolean; onToggle: () => void }) {
  const Icon = iconOf(object);
  const fields = object.fields.filter((field) => !field.hidden);
  return (
    <li className={classes.objectRow}>
      <button type="button" className={classes.objectHead} aria-expanded={open} onClick={onToggle}>
        <IconChevronRight size={15} data-open={open || undefined} aria-hidden />
        <Icon size={18} stroke={1.5} aria-hidden />
        <span className={classes.rowMain}>
          <strong>{object.label_plural}</strong>
          <span className="dimmed truncate">{object.description}</span>
        </span>
        {object.custom && (
          <span className="chip" data-color="violet">
            <span>{t("settings.custom")}</span>
          </span>
        )}
        <span className="dimmed num">{t("settings.n_fields", { count: fields.length })}</span>
        <code>{object.name}</code>
      </button>
      {open && (
        <div className={classes.tableBox}>
          <table className={classes.fieldTable}>
            <thead>
              <tr>
                <th scope="col">{t("settings.field")}</th>
                <th scope="col">{t("settings.field_name")}</th>
                <th scope="col">{t("settings.field_kind")}</th>
                <th scope="col">{t("settings.field_marks")}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map((field) => (
                <FieldRow key={field.name} field={field} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </li>
  );
}

function FieldRow({ field }: { field: Field }) {
  const target = field.target ? (findObject(field.target)?.label ?? field.target) : "";
  const marks = [
    field.required ? t("settings.mark_required") : "",
    field.unique ? t("settings.mark_unique") : "",
    field.read_only && !field.formula ? t("settings.mark_read_only") : "",
    field.sensitive ? t("settings.mark_sensitive") : "",
    field.custom ? t("settings.custom") : "",
    field.system ? t("settings.mark_system") : "",
    field.formula ?? "",
  ].filter(Boolean);
  return (
    <tr>
      <th scope="row">{field.label}</th>
      <td>
        <code>{field.name}</code>
      </td>
      <td>
        {t(`kind.${field.kind}`)}
        {target && ` → ${target}`}
        {field.options && field.options.length > 0 && (
          <span className="dimmed"> {field.options.map((option) => option.label).join(", ")}</span>
        )}
      </td>
      <td className="dimmed">{marks.join(", ")}</td>
    </tr>
  );
}
