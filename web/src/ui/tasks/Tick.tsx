/** The round box that ticks a task off. */
import { IconCheck } from "@tabler/icons-react";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { t } from "../../i18n";
import { isDone, toggleDone } from "./status";
import classes from "./tasks.module.css";

export function Tick({ object, task, tabIndex }: { object: ObjectMeta; task: RapportRecord; tabIndex?: number }) {
  const done = isDone(task);
  const name = t("task.tick", { title: String(task[object.title] ?? "") });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button that looks like a check box and works at once
    <button
      type="button"
      role="checkbox"
      aria-checked={done}
      aria-label={name}
      tabIndex={tabIndex}
      className={classes.tick}
      disabled={!object.can.update}
      onClick={(event) => {
        event.stopPropagation();
        void toggleDone(object, task);
      }}
    >
      {done && <IconCheck size={12} stroke={3} aria-hidden />}
    </button>
  );
}
