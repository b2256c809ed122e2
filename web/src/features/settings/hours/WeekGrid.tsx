/** The working hours of a week: a line for each day with its intervals, typed as times of the clock. */
import { IconCopy, IconPlus, IconX } from "@tabler/icons-react";
import { useRef } from "react";
import { t } from "../../../i18n";
import { currentLocale, formatDay, formatNumber } from "../../../i18n/format";
import { addDays, firstWeekday } from "../../../ui/calendar/days";
import classes from "./hours.module.css";
import { type Day, days, faultyDays, minutesOf, nextSpan, type Span, type Week } from "./week";

/** Any Monday. */
const monday = "2024-01-01";
const working: Day[] = ["mon", "tue", "wed", "thu", "fri"];

export function dayName(day: Day): string {
  return formatDay(addDays(monday, days.indexOf(day)), "weekday_long");
}

interface Props {
  week: Week;
  disabled: boolean;
  onChange: (week: Week) => void;
}

export function WeekGrid({ week, disabled, onChange }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const faulty = faultyDays(week);
  const ordered = firstWeekday(currentLocale()) === 0 ? (["sun", ...days.slice(0, 6)] as Day[]) : days;
  const set = (day: Day, spans: Span[]) => onChange({ ...week, [day]: spans });
  const focus = (selector: string) =>
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(selector)?.focus());
  const add = (day: Day) => {
    const next = nextSpan(week[day]);
    if (next) {
      set(day, [...week[day], next]);
      focus(`[data-span="${day} ${week[day].length}"]`);
    }
  };
  const remove = (day: Day, index: number) => {
    set(
      day,
      week[day].filter((_, at) => at !== index),
    );
    focus(`[data-add="${day}"]`);
  };
  const copy = () => onChange({ ...week, ...Object.fromEntries(working.map((day) => [day, week.mon])) });
  const time = (day: Day, index: number, end: keyof Span) => (
    <input
      type="time"
      className={classes.time}
      value={week[day][index]?.[end] ?? ""}
      disabled={disabled}
      data-span={end === "from" ? `${day} ${index}` : undefined}
      aria-label={t(`hours.${end}_of`, { day: dayName(day), number: index + 1 })}
      aria-invalid={faulty.includes(day) || undefined}
      aria-describedby={faulty.includes(day) ? `fault-${day}` : undefined}
      onChange={(event) =>
        set(
          day,
          week[day].map((span, at) => (at === index ? { ...span, [end]: event.currentTarget.value } : span)),
        )
      }
    />
  );
  const total = minutesOf(week) / 60;
  return (
    <div ref={box}>
      {ordered.map((day) => (
        <fieldset key={day} className={classes.day} aria-label={dayName(day)}>
          <span className={classes.dayName} aria-hidden="true">
            {dayName(day)}
          </span>
          <div className={classes.spans}>
            {week[day].length === 0 && <span className="dimmed">{t("hours.free")}</span>}
            {week[day].map((_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: intervals have nothing else that stays
              <span key={index} className={classes.span}>
                {time(day, index, "from")}
                <span aria-hidden="true">–</span>
                {time(day, index, "to")}
                {!disabled && (
                  <button
                    type="button"
                    className="tool"
                    data-icon
                    aria-label={t("hours.remove_span", { day: dayName(day), number: index + 1 })}
                    onClick={() => remove(day, index)}
                  >
                    <IconX size={14} />
                  </button>
                )}
              </span>
            ))}
            {faulty.includes(day) && (
              <span id={`fault-${day}`} role="alert" className={classes.fault}>
                {t("hours.bad_span")}
              </span>
            )}
          </div>
          {!disabled && (
            <span className={classes.dayTools}>
              <button
                type="button"
                className="tool"
                data-icon
                data-add={day}
                disabled={!nextSpan(week[day])}
                aria-label={t("hours.add_span", { day: dayName(day) })}
                title={t("hours.add_span", { day: dayName(day) })}
                onClick={() => add(day)}
              >
                <IconPlus size={15} />
              </button>
              {day === "mon" && (
                <button
                  type="button"
                  className="tool"
                  data-icon
                  aria-label={t("hours.copy_monday")}
                  title={t("hours.copy_monday")}
                  onClick={copy}
                >
                  <IconCopy size={15} />
                </button>
              )}
            </span>
          )}
        </fieldset>
      ))}
      <p className={`dimmed ${classes.total}`} role="status">
        {t("hours.total", { hours: formatNumber(Math.round(total * 100) / 100) })}
      </p>
    </div>
  );
}
