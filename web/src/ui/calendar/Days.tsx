/** One day or a week of them, hour by hour. */
import { type MouseEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import { formatDay, formatHour, formatTime } from "../../i18n/format";
import classes from "./calendar.module.css";
import { barsOver, blocksOn, day_minutes, instantAt, isBar } from "./layout";
import { Holidays, type PictureProps } from "./Month";
import { EntryLink } from "./parts";

export const hour_px = 48;
const morning = 7;
const slot_minutes = 30;
const bar_px = 24;
const short_minutes = 45;
const hours = Array.from({ length: 24 }, (_, hour) => hour);

/** The minute of the day at a height of a column. */
export function minuteAt(column: Element, y: number, step: number): number {
  const box = column.getBoundingClientRect();
  const minutes = ((y - box.top) / box.height) * day_minutes;
  return Math.max(0, Math.min(day_minutes - step, Math.floor(minutes / step) * step));
}

function NowLine({ now }: { now: string }) {
  const minutes = Number(now.slice(11, 13)) * 60 + Number(now.slice(14, 16));
  return (
    <span className={classes.now} style={{ insetBlockStart: `${(minutes / day_minutes) * 100}%` }} aria-hidden="true" />
  );
}

function Target({ day, from }: { day: string; from: number | undefined }) {
  return from === undefined ? null : (
    <span className={classes.target} style={{ insetBlockStart: `${(from / day_minutes) * 100}%` }} aria-hidden="true">
      {formatTime(instantAt(day, from))}
    </span>
  );
}

export function Days(props: PictureProps & { days: string[] }) {
  const { days, look, entries, day } = props;
  const body = useRef<HTMLDivElement>(null);
  const header = useRef<HTMLDivElement>(null);
  const [covered, setCovered] = useState(0);
  const whole = barsOver(entries.filter(isBar), days);
  const lines = whole.reduce((most, bar) => Math.max(most, bar.row + 1), 0);
  const timed = entries.filter((entry) => !isBar(entry));
  useEffect(() => {
    if (body.current) {
      body.current.scrollTop = morning * hour_px;
    }
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the bars make the head higher
  useLayoutEffect(() => setCovered(header.current?.offsetHeight ?? 0), [lines, days.length]);
  const press = (event: MouseEvent<HTMLElement>, date: string) => {
    if (!(event.target as HTMLElement).closest("a, button")) {
      props.onNew?.(date, minuteAt(event.currentTarget, event.clientY, slot_minutes));
    }
  };
  const today = props.now.slice(0, 10);
  return (
    <div
      ref={body}
      role="grid"
      className={classes.days}
      aria-label={t("calendar.days")}
      style={{ "--days": days.length, scrollPaddingBlockStart: covered } as React.CSSProperties}
    >
      <div ref={header} role="rowgroup" className={classes.daysHead}>
        <div role="row" className={classes.daysRow}>
          <div role="columnheader" className={classes.corner} aria-label={t("calendar.hours")} />
          {days.map((date) => (
            <div key={date} role="columnheader" data-today={date === today ? "" : undefined}>
              <button type="button" className={classes.dayName} onClick={() => props.onDay(date)}>
                {formatDay(date, "short")}
              </button>
              <Holidays names={props.around.holidays(date)} />
            </div>
          ))}
        </div>
        <div role="row" className={classes.daysRow}>
          <div role="rowheader" className={classes.corner}>
            <span className="visually-hidden">{t("calendar.whole_day")}</span>
          </div>
          {days.map((date, column) => (
            <div
              key={date}
              role="gridcell"
              className={classes.wholeDay}
              data-day={date}
              data-target={props.target?.day === date && props.target.from === undefined ? "" : undefined}
              style={{ minHeight: lines * bar_px + 4 }}
            >
              {whole
                .filter((bar) => bar.from === column)
                .map((bar) => (
                  <EntryLink
                    key={bar.entry.key}
                    look={look}
                    entry={bar.entry}
                    place={date}
                    kind="bar"
                    tab={date === day}
                    before={bar.before}
                    after={bar.after}
                    style={{
                      insetBlockStart: 2 + bar.row * bar_px,
                      width: `calc(${(bar.to - bar.from + 1) * 100}% - 7px)`,
                    }}
                    onOpen={props.onOpen}
                    onPeek={props.onPeek}
                    movable={props.movable}
                  />
                ))}
            </div>
          ))}
        </div>
      </div>
      <div role="row" className={classes.daysBody} style={{ height: hour_px * 24 }}>
        <div role="rowheader" className={classes.hours} aria-label={t("calendar.hours")}>
          {hours.slice(1).map((hour) => (
            <span key={hour} style={{ insetBlockStart: hour * hour_px }} aria-hidden="true">
              {formatHour(hour)}
            </span>
          ))}
        </div>
        {days.map((date) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the grid listens for the keys of all its days
          <div
            key={date}
            role="gridcell"
            className={classes.column}
            data-day={date}
            data-hours=""
            data-today={date === today ? "" : undefined}
            tabIndex={date === day ? 0 : -1}
            onClick={(event) => press(event, date)}
          >
            <span className="visually-hidden">{formatDay(date, "long")}</span>
            {props.around.off(date).map(({ from, to }) => (
              <span
                key={from}
                className={classes.off}
                aria-hidden="true"
                style={{
                  insetBlockStart: `${(from / day_minutes) * 100}%`,
                  height: `${((to - from) / day_minutes) * 100}%`,
                }}
              />
            ))}
            {blocksOn(timed, date).map((block) => (
              <EntryLink
                key={block.entry.key}
                look={look}
                entry={block.entry}
                place={date}
                kind="block"
                tab={date === day}
                short={block.to - block.from < short_minutes}
                style={{
                  insetBlockStart: `${(block.from / day_minutes) * 100}%`,
                  height: `calc(${((block.to - block.from) / day_minutes) * 100}% - 1px)`,
                  insetInlineStart: `${(block.column / block.columns) * 100}%`,
                  width: `calc(${100 / block.columns}% - 3px)`,
                }}
                onOpen={props.onOpen}
                onPeek={props.onPeek}
                movable={props.movable}
              />
            ))}
            {props.target?.day === date && <Target day={date} from={props.target.from} />}
            {date === today && <NowLine now={props.now} />}
          </div>
        ))}
      </div>
    </div>
  );
}
