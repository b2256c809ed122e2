/** One task in a list: box, title, what it is about, when it is due. */
import { IconRepeat } from "@tabler/icons-react";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { t } from "../../i18n";
import { dayOf, formatDate, formatDateTime, formatTime, today } from "../../i18n/format";
import { FieldDisplay } from "../../ui/fields/Field";
import { isEmpty } from "../../ui/fields/kind";
import { asLinks, RecordTitleText } from "../../ui/fields/reference";
import { ruleInWords } from "../../ui/fields/rule";
import { OptionChip } from "../../ui/fields/select";
import { isDone, isEnded } from "../../ui/tasks/status";
import { Tick } from "../../ui/tasks/Tick";
import classes from "./tasks.module.css";

/** "Today 15:00", "Yesterday", "28 Nov": as short as it is clear. */
function DueText({ instant, ended }: { instant: string; ended: boolean }) {
  const day = dayOf(instant);
  const now = today();
  const text = day === now ? t("tasks.due_today", { time: formatTime(instant) }) : formatDate(day);
  return (
    <time
      className={classes.due}
      dateTime={instant}
      title={formatDateTime(instant)}
      data-late={(!ended && day < now) || undefined}
      data-now={(!ended && day === now) || undefined}
    >
      {text}
    </time>
  );
}

export function TaskRow({ object, task, onOpen }: { object: ObjectMeta; task: RapportRecord; onOpen: () => void }) {
  const priority = object.fields.find((field) => field.name === "priority");
  const shownPriority =
    priority && typeof task.priority === "string" && !["normal", "medium"].includes(task.priority)
      ? task.priority
      : undefined;
  const checklist = object.fields.find((field) => field.format === "checklist");
  const recurrence = object.fields.find((field) => field.format === "recurrence");
  const repeats = recurrence && ruleInWords(String(task[recurrence.name] ?? ""));
  const about = asLinks(task.about);
  const title = String(task[object.title] ?? "");
  return (
    <li className={classes.row} data-done={isDone(task) || undefined}>
      <Tick object={object} task={task} tabIndex={-1} />
      <button type="button" className={classes.title} data-task={task.id} onClick={onOpen}>
        {title}
      </button>
      <span className={classes.about}>
        {checklist && !isEmpty(task[checklist.name]) && (
          <FieldDisplay field={checklist} value={task[checklist.name]} plain />
        )}
        {repeats && (
          <span className={classes.repeats} role="img" aria-label={repeats} title={repeats}>
            <IconRepeat size={14} aria-hidden />
          </span>
        )}
        {about.slice(0, 2).map((link) => (
          <RecordTitleText key={link.id} object={link.object} id={link.id} />
        ))}
      </span>
      {priority && shownPriority && <OptionChip field={priority} value={shownPriority} />}
      {typeof task.due_at === "string" && <DueText instant={task.due_at} ended={isEnded(task)} />}
    </li>
  );
}
