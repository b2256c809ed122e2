/** A month: weeks of days, each with the entries that fit. */
import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import { formatDay, formatNumber } from "../../i18n/format";
import classes from "./calendar.module.css";
import { type Bar, barsOver, type Entry } from "./layout";
import { type CalendarLook, colourOf, type EntryActions, EntryLink } from "./parts";
import type { Surroundings } from "./surroundings";

const head_px = 26;
const bar_px = 24;
const rows_min = 1;
const dots_max = 3;

export interface PictureProps extends EntryActions {
  look: CalendarLook;
  entries: Entry[];
  /** The day that the keyboard is at. */
  day: string;
  now: string;
  around: Surroundings;
  phone: boolean;
  /** Where a carried entry would come to lie. */
  target: { day: string; from?: number } | null;
  onDay: (day: string) => void;
  onNew: ((day: string, minutes?: number) => void) | undefined;
}

/** How many bars fit below the number of a day. */
function useRows(box: RefObject<HTMLElement | null>, weeks: number): number {
  const [rows, setRows] = useState(4);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) {
      return;
    }
    const measure = () => {
      const height = element.clientHeight / weeks;
      setRows(Math.max(rows_min, Math.floor((height - head_px) / bar_px)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, weeks]);
  return rows;
}

/** What is drawn in the cell of a day: the bars that begin there, and how many found no room. */
function cellOf(bars: Bar[], column: number, rows: number) {
  const over = bars.filter((bar) => bar.from <= column && bar.to >= column);
  const fits = over.every((bar) => bar.row < rows);
  const shown = fits ? rows : rows - 1;
  return {
    begins: over.filter((bar) => bar.from === column && bar.row < shown),
    hidden: over.filter((bar) => bar.row >= shown).length,
    over,
  };
}

function Dots({ bars, look }: { bars: Bar[]; look: CalendarLook }) {
  return (
    <span className={classes.dots}>
      {bars.length > 0 && <span className="visually-hidden">{t("calendar.entries", { count: bars.length })}</span>}
      {bars.slice(0, dots_max).map(({ entry }) => (
        <span key={entry.key} className="dot" data-color={colourOf(look, entry)} aria-hidden="true" />
      ))}
      {bars.length > dots_max && <span aria-hidden="true">+{formatNumber(bars.length - dots_max)}</span>}
    </span>
  );
}

/** The names of a day's holidays, as far as there is room; read aloud whole. */
export function Holidays({ names }: { names: string[] }) {
  const text = names.join(", ");
  return text ? (
    <span className={classes.holiday} title={text}>
      {text}
    </span>
  ) : null;
}

export function Month(props: PictureProps & { weeks: string[][] }) {
  const { weeks, look, day, phone } = props;
  const box = useRef<HTMLDivElement>(null);
  const rows = useRows(box, weeks.length);
  const month = day.slice(0, 7);
  const press = (event: React.MouseEvent, date: string) => {
    if ((event.target as HTMLElement).closest("a, button")) {
      return;
    }
    if (phone) {
      props.onDay(date);
    } else {
      props.onNew?.(date);
    }
  };
  const cell = (date: string, column: number, bars: Bar[]) => {
    const { begins, hidden, over } = cellOf(bars, column, rows);
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the grid listens for the keys of all its days
      <div
        key={date}
        role="gridcell"
        className={classes.cell}
        data-day={date}
        data-other={date.slice(0, 7) === month ? undefined : ""}
        data-today={date === props.now.slice(0, 10) ? "" : undefined}
        data-off={props.around.isOff(date) ? "" : undefined}
        data-target={props.target?.day === date ? "" : undefined}
        tabIndex={date === day ? 0 : -1}
        aria-current={date === props.now.slice(0, 10) ? "date" : undefined}
        onClick={(event) => press(event, date)}
      >
        <button type="button" className={classes.number} tabIndex={-1} onClick={() => props.onDay(date)}>
          <span className="visually-hidden">{t("calendar.open_day", { day: formatDay(date, "long") })}</span>
          <span aria-hidden="true">{formatDay(date, date.endsWith("-01") ? "number_month" : "number")}</span>
        </button>
        <Holidays names={props.around.holidays(date)} />
        {phone ? (
          <Dots bars={over} look={look} />
        ) : (
          begins.map((bar) => (
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
                insetBlockStart: head_px + bar.row * bar_px,
                width: `calc(${(bar.to - bar.from + 1) * 100}% - 7px)`,
              }}
              onOpen={props.onOpen}
              onPeek={props.onPeek}
              movable={props.movable}
            />
          ))
        )}
        {!phone && hidden > 0 && (
          <button type="button" className={classes.more} tabIndex={-1} onClick={() => props.onDay(date)}>
            {t("calendar.more", { count: hidden })}
          </button>
        )}
      </div>
    );
  };
  return (
    <div role="grid" className={classes.month} aria-label={formatDay(day, "month")}>
      <div role="row" className={classes.weekdays}>
        {weeks[0]?.map((date) => (
          <div key={date} role="columnheader">
            {formatDay(date, "weekday")}
          </div>
        ))}
      </div>
      <div role="rowgroup" ref={box} className={classes.weeks}>
        {weeks.map((dates) => {
          const bars = barsOver(props.entries, dates);
          return (
            <div key={dates[0]} role="row" className={classes.week}>
              {dates.map((date, column) => cell(date, column, bars))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
