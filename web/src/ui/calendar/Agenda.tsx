/** The entries one after the other, by day. */
import { IconCalendar, IconPlus } from "@tabler/icons-react";
import { t } from "../../i18n";
import { formatDay } from "../../i18n/format";
import { Empty } from "../empty/Empty";
import classes from "./calendar.module.css";
import { inOrder } from "./layout";
import { Holidays, type PictureProps } from "./Month";
import { EntryLink } from "./parts";

export function Agenda(props: PictureProps & { days: string[]; pending: boolean }) {
  const { days, look, entries } = props;
  const today = props.now.slice(0, 10);
  const shown = days
    .map((date) => ({
      date,
      list: entries.filter((entry) => entry.day <= date && entry.last >= date).sort(inOrder),
    }))
    .filter(({ list }) => list.length > 0);
  if (shown.length === 0 && !props.pending) {
    const names = { objects: look.object.label_plural, object: look.object.label };
    const { onNew } = props;
    return (
      <div className={classes.agenda}>
        <Empty
          icon={IconCalendar}
          title={t("calendar.nothing", names)}
          text={t("calendar.nothing_text", names)}
          action={onNew ? { label: t("command.create", names), run: () => onNew(props.day) } : undefined}
        />
      </div>
    );
  }
  return (
    <div className={classes.agenda}>
      {shown.map(({ date, list }) => (
        <section key={date} aria-labelledby={`day-${date}`} data-today={date === today ? "" : undefined}>
          <div className={classes.agendaDay}>
            <h2 id={`day-${date}`}>{formatDay(date, "long")}</h2>
            <Holidays names={props.around.holidays(date)} />
            {props.onNew && (
              <button
                type="button"
                className="tool"
                data-icon
                aria-label={t("calendar.new_on", { day: formatDay(date, "long") })}
                onClick={() => props.onNew?.(date)}
              >
                <IconPlus size={14} />
              </button>
            )}
          </div>
          <ul>
            {list.map((entry) => (
              <li key={entry.key}>
                <EntryLink
                  look={look}
                  entry={entry}
                  place={date}
                  kind="line"
                  tab
                  onOpen={props.onOpen}
                  onPeek={props.onPeek}
                  movable={nothing}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** In a list of days there is nowhere to carry an entry to. */
const nothing = () => false;
