/** By what a list is ordered: several fields, each up or down. */
import { Select } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ObjectMeta } from "../../api/types";
import { t } from "../../i18n";
import { columnFields, isSortable, readSort, type SortKey, writeSort } from "../grid/columns";
import classes from "./views.module.css";

const keys_max = 4;

export function SortPanel({
  object,
  sort,
  onChange,
}: {
  object: ObjectMeta;
  sort: string;
  onChange: (sort: string) => void;
}) {
  const keys = readSort(sort);
  const fields = columnFields(object).filter(isSortable);
  const set = (next: SortKey[]) => onChange(writeSort(next));
  const free = fields.find((field) => !keys.some((key) => key.field === field.name));
  return (
    <div className={classes.sort}>
      {keys.map((key, index) => (
        <div key={key.field} className={classes.sortRow}>
          <Select
            size="xs"
            searchable
            onClick={(event) => event.currentTarget.select()}
            aria-label={t("view.sort_field")}
            data={fields.map((field) => ({ value: field.name, label: field.label }))}
            value={key.field}
            allowDeselect={false}
            onChange={(field) => field && set(keys.map((entry, at) => (at === index ? { ...entry, field } : entry)))}
          />
          <Select
            size="xs"
            aria-label={t("view.sort_direction")}
            data={[
              { value: "up", label: t("view.ascending") },
              { value: "down", label: t("view.descending") },
            ]}
            value={key.descending ? "down" : "up"}
            allowDeselect={false}
            onChange={(way) =>
              set(keys.map((entry, at) => (at === index ? { ...entry, descending: way === "down" } : entry)))
            }
          />
          <button
            type="button"
            className="tool"
            data-icon
            aria-label={t("view.sort_remove")}
            onClick={() => set(keys.filter((_, at) => at !== index))}
          >
            <IconTrash size={14} />
          </button>
        </div>
      ))}
      {keys.length === 0 && <p className="dimmed">{t("view.sort_nothing")}</p>}
      {free && keys.length < keys_max && (
        <button type="button" className="tool" onClick={() => set([...keys, { field: free.name, descending: false }])}>
          <IconPlus size={14} /> {t("view.sort_add")}
        </button>
      )}
    </div>
  );
}
