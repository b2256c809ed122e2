/** Which columns a list has, and in which order. */
import { useState } from "react";
import type { ObjectMeta, ViewColumn } from "../../api/types";
import { t } from "../../i18n";
import { columnFields } from "../grid/columns";
import { MoveButtons } from "../MoveButtons";
import classes from "./views.module.css";

interface Props {
  object: ObjectMeta;
  columns: ViewColumn[];
  onChange: (columns: ViewColumn[]) => void;
}

export function ColumnChooser({ object, columns, onChange }: Props) {
  const [words, setWords] = useState("");
  const chosen = columns.filter((column) => column.field !== object.title);
  const fields = columnFields(object).filter((field) => field.name !== object.title);
  const find = (name: string) => fields.find((field) => field.name === name);
  const shown = chosen.flatMap((column) => find(column.field) ?? []);
  const rest = fields.filter((field) => !chosen.some((column) => column.field === field.name));
  const match = (label: string) => label.toLocaleLowerCase().includes(words.toLocaleLowerCase());
  const move = (index: number, to: number) => {
    const list = chosen.slice();
    const [column] = list.splice(index, 1);
    if (column) {
      list.splice(to, 0, column);
      onChange(list);
    }
  };
  return (
    <div className={classes.chooser}>
      <input
        className={classes.find}
        placeholder={t("view.find_column")}
        aria-label={t("view.find_column")}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        data-autofocus
      />
      <ul aria-label={t("view.shown")}>
        {shown.map(
          (field, index) =>
            match(field.label) && (
              <li key={field.name}>
                <label>
                  <input
                    type="checkbox"
                    checked
                    onChange={() => onChange(chosen.filter((column) => column.field !== field.name))}
                  />
                  <span className="truncate">{field.label}</span>
                </label>
                <MoveButtons
                  first={index === 0}
                  last={index === shown.length - 1}
                  up={t("view.up", { column: field.label })}
                  down={t("view.down", { column: field.label })}
                  onMove={(by) => move(index, index + by)}
                />
              </li>
            ),
        )}
      </ul>
      {rest.some((field) => match(field.label)) && (
        <>
          <p className="nav-title">{t("view.hidden")}</p>
          <ul aria-label={t("view.hidden")}>
            {rest.map(
              (field) =>
                match(field.label) && (
                  <li key={field.name}>
                    <label>
                      <input
                        type="checkbox"
                        checked={false}
                        onChange={() => onChange([...chosen, { field: field.name }])}
                      />
                      <span className="truncate">{field.label}</span>
                    </label>
                  </li>
                ),
            )}
          </ul>
        </>
      )}
    </div>
  );
}
