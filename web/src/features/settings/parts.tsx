/** What the pages of the settings share: heading with reason, states of a list. */
import { type ReactNode, useEffect, useState } from "react";
import type { RapportRecord } from "../../api/types";
import { explain } from "../../app/problems";
import { t } from "../../i18n";
import { Empty } from "../../ui/empty/Empty";
import classes from "./settings.module.css";

/** The title of a page of the settings, with the line that says why it is there. */
export function Title({ name, children }: { name: string; children?: ReactNode }) {
  return (
    <div className={classes.title}>
      <div>
        <h2 id={`settings-${name}`}>{t(`settings.${name}`)}</h2>
        <p className="dimmed">{t(`settings.${name}_why`)}</p>
      </div>
      {children}
    </div>
  );
}

interface Choice {
  records: RapportRecord[];
  chosen: RapportRecord | undefined;
  onChoose: (id: string) => void;
}

/** The records of a page by their names, one of them chosen. */
export function RecordTabs({ records, chosen, onChoose }: Choice) {
  return (
    <div className={classes.roleTabs}>
      {records.map((entry) => (
        <button
          key={entry.id}
          type="button"
          className="tool"
          data-on={entry === chosen || undefined}
          aria-pressed={entry === chosen}
          onClick={() => onChoose(entry.id)}
        >
          {String(entry.name ?? "")}
        </button>
      ))}
    </div>
  );
}

interface Loaded<T> {
  data: T[] | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** A list that is on its way, could not be had, or is there. */
export function Listed<T>({ query, children }: { query: Loaded<T>; children: (records: T[]) => ReactNode }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (query.data) {
    return children(query.data);
  }
  if (query.error) {
    return (
      <Empty
        title={t("settings.load_failed")}
        text={explain(query.error)}
        action={{ label: t("error.retry"), run: () => void query.refetch() }}
      />
    );
  }
  return (
    <div role="status" aria-label={t("app.loading")} className={classes.loading}>
      {late && [300, 420, 260].map((width) => <span key={width} className="skeleton" style={{ width }} />)}
    </div>
  );
}
