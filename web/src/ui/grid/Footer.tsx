/** The foot of the grid: how many records, and the sums of columns that have them. */
import type { ObjectMeta } from "../../api/types";
import { t } from "../../i18n";
import { kindOf } from "../fields/registry";
import type { GridColumn } from "./columns";
import classes from "./grid.module.css";

interface Props {
  columns: GridColumn[];
  count: number;
  exact: boolean;
  figures: { [field: string]: string };
  noun: ObjectMeta;
}

export function Footer({ columns, count, exact, figures, noun }: Props) {
  const values = { count, object: noun.label, objects: noun.label_plural };
  const total = t(exact ? "grid.total" : "grid.total_about", values);
  return (
    <div className={classes.foot} role="presentation">
      <div className={`${classes.figure} ${classes.pinned} ${classes.check}`} />
      {columns.map(({ field, figure }, index) => (
        <div
          key={field.name}
          className={`${classes.figure} ${index === 0 ? `${classes.pinned} ${classes.title}` : ""}`}
          style={{ width: `var(--w${index})` }}
          data-end={kindOf(field).align === "end" ? "" : undefined}
        >
          {index === 0 ? (
            <span className="truncate">{total}</span>
          ) : (
            figures[field.name] && (
              <>
                <span className={classes.figureName}>{t(`grid.figure_${figure}`)}</span> <b>{figures[field.name]}</b>
              </>
            )
          )}
        </div>
      ))}
      <div className={classes.filler} />
    </div>
  );
}
