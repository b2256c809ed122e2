/** Above a timeline: the way along it, how much is shown, and what has no date. */
import { IconCalendarOff, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { Total } from "../../api/types";
import { useCommands } from "../../app/commands";
import { t } from "../../i18n";
import { formatDays, formatNumber } from "../../i18n/format";
import { dayAtPx, type Zoom, zooms } from "./axis";
import classes from "./gantt.module.css";
import type { Axis } from "./useAxis";

interface Props {
  axis: Axis;
  zoom: Zoom;
  now: string;
  undated: Total;
  trayOpen: boolean;
  onTray: (open: boolean) => void;
  onGo: (to: { day?: string; zoom?: Zoom }) => void;
}

export function Head({ axis, zoom, now, undated, trayOpen, onTray, onGo }: Props) {
  const today = () => axis.show(now.slice(0, 10));
  const section = t("view.type_timeline");
  useCommands([
    { id: "gantt.today", title: t("calendar.today"), section, keys: "t", run: today },
    ...zooms.map((name) => ({
      id: `gantt.${name}`,
      title: `${section}: ${t(`gantt.zoom_${name}`)}`,
      section,
      run: () => onGo({ zoom: name }),
    })),
  ]);
  return (
    <div className={classes.head}>
      <button type="button" className="tool" data-outline aria-keyshortcuts="t" onClick={today}>
        {t("calendar.today")}
      </button>
      <button
        type="button"
        className="tool"
        data-icon
        aria-label={t("calendar.previous")}
        onClick={() => axis.turn(-1)}
      >
        <IconChevronLeft size={16} />
      </button>
      <button type="button" className="tool" data-icon aria-label={t("calendar.next")} onClick={() => axis.turn(1)}>
        <IconChevronRight size={16} />
      </button>
      <h2>{formatDays(dayAtPx(axis.left, axis.origin, axis.zoom), dayAtPx(axis.right, axis.origin, axis.zoom))}</h2>
      {(undated.count > 0 || trayOpen) && (
        <button
          type="button"
          className="tool"
          data-on={trayOpen ? "" : undefined}
          aria-pressed={trayOpen}
          aria-label={t("gantt.undated_count", { count: undated.count })}
          title={t("gantt.undated_count", { count: undated.count })}
          onClick={() => onTray(!trayOpen)}
        >
          <IconCalendarOff size={15} /> {formatNumber(undated.count)}
          {undated.exact ? "" : "+"}
        </button>
      )}
      <fieldset className={classes.zooms} aria-label={t("calendar.span")}>
        {zooms.map((name) => (
          <button
            key={name}
            type="button"
            className="tool"
            data-on={name === zoom ? "" : undefined}
            aria-pressed={name === zoom}
            onClick={() => onGo({ zoom: name })}
          >
            {t(`gantt.zoom_${name}`)}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
