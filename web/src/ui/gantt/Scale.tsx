/** What stands above and behind the bars: days, weeks, months, quarters, the days off, and today. */
import { memo } from "react";
import { t } from "../../i18n";
import { currentLocale, formatDay } from "../../i18n/format";
import { addDays, daysBetween, firstWeekday } from "../calendar/days";
import { aboveOf, day_px, dayAtPx, daysOff, type Mark, marksOf, pxOf, weekends, type Zoom } from "./axis";
import classes from "./gantt.module.css";

interface Props {
  zoom: Zoom;
  origin: string;
  area: number;
  left: number;
  right: number;
  /** What the person's clock shows. */
  now: string;
}

/** Drawn beyond both sides, so that a little scrolling finds something there. */
const beside_px = 400;

function range({ zoom, origin, area, left, right }: Props): [string, string] {
  const from = Math.max(0, left - beside_px);
  const to = Math.min(area - 1, right + beside_px);
  return [dayAtPx(from, origin, zoom), dayAtPx(to, origin, zoom)];
}

function span(mark: Mark, { origin, zoom }: Props) {
  return { left: daysBetween(origin, mark.day) * day_px[zoom], width: mark.days * day_px[zoom] };
}

function nameBelow(mark: Mark, zoom: Zoom): string {
  switch (zoom) {
    case "day":
      return formatDay(mark.day, "weekday_number");
    case "week":
      return formatDay(mark.day, "number_month");
    case "month":
      return formatDay(mark.day, "month_short");
    case "quarter":
      return t("gantt.quarter", { n: Math.floor((Number(mark.day.slice(5, 7)) - 1) / 3) + 1 });
  }
}

export const Marks = memo(function Marks(props: Props) {
  const { zoom } = props;
  const first = firstWeekday(currentLocale());
  const [from, to] = range(props);
  const above = aboveOf(zoom);
  const today = props.now.slice(0, 10);
  return (
    <div role="columnheader" className={classes.marks} style={{ width: props.area }}>
      {marksOf(from, to, above, first).map((mark) => (
        <div key={mark.day} className={classes.above} style={span(mark, props)}>
          <span>{above === "year" ? mark.day.slice(0, 4) : formatDay(mark.day, "month")}</span>
        </div>
      ))}
      {marksOf(from, to, zoom, first).map((mark) => (
        <div
          key={mark.day}
          className={classes.below}
          data-now={mark.day <= today && today < addDays(mark.day, mark.days) ? "" : undefined}
          style={span(mark, props)}
        >
          {nameBelow(mark, zoom)}
        </div>
      ))}
    </div>
  );
});

export const Backdrop = memo(function Backdrop(props: Props) {
  const { zoom, now, origin } = props;
  const [from, to] = range(props);
  const lines = marksOf(from, to, zoom, firstWeekday(currentLocale()));
  const off = zoom === "day" || zoom === "week" ? weekends(from, to, daysOff(currentLocale())) : [];
  const x = pxOf(now, origin, zoom);
  return (
    <div className={classes.backdrop} style={{ width: props.area }} aria-hidden="true">
      {off.map((mark) => (
        <div key={mark.day} className={classes.off} data-weekend={mark.day} style={span(mark, props)} />
      ))}
      {lines.map((mark) => (
        <div key={mark.day} className={classes.line} style={{ left: span(mark, props).left }} />
      ))}
      {x >= 0 && x < props.area && <div className={classes.now} data-today="" style={{ left: x }} />}
    </div>
  );
});
