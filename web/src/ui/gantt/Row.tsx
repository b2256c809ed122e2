/** One record of a timeline: its name and its bar, which is moved by its middle and stretched by its edges. */
import { useDraggable } from "@dnd-kit/core";
import { IconChevronLeft, IconChevronRight, IconRepeat } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { t } from "../../i18n";
import type { Entry } from "../calendar/layout";
import { type CalendarLook, colourOf, entryTitle, spokenWhen } from "../calendar/parts";
import { isEnded } from "../tasks/status";
import type { Place } from "./axis";
import classes from "./gantt.module.css";
import type { Free } from "./useMoving";

export interface BarActions {
  onOpen: (entry: Entry, index: number) => void;
  onPeek: (entry: Entry, index: number) => void;
  onShow: (day: string) => void;
}

interface Props extends BarActions {
  look: CalendarLook;
  /** As it is shown, with what the hand has done to it. */
  entry: Entry;
  /** As it is kept. */
  kept: Entry;
  index: number;
  /** Where the row lies. */
  top: number;
  bar: Place;
  /** On which side out of sight the bar lies. */
  beyond: "before" | "after" | undefined;
  free: Free;
  lifted: boolean;
  tab: boolean;
  repeats: boolean;
}

/** A bar that is wide enough has its name inside. */
const named_px = 70;

function Beyond({ entry, side, onShow }: { entry: Entry; side: "before" | "after"; onShow: (day: string) => void }) {
  const Icon = side === "before" ? IconChevronLeft : IconChevronRight;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes.beyond}
      data-side={side}
      title={t("gantt.show_bar")}
      aria-label={t("gantt.show_bar")}
      onClick={() => onShow(side === "before" ? entry.last : entry.day)}
    >
      <Icon size={14} />
    </button>
  );
}

function Bar(props: Props) {
  const { look, entry, bar, free, index } = props;
  const any = free.move || free.start || free.end;
  const drag = useDraggable({ id: `bar ${entry.key}`, data: { entry: props.kept, free }, disabled: !any });
  const title = entryTitle(look, entry);
  const when = spokenWhen(look, entry);
  return (
    <div
      ref={drag.setNodeRef}
      className={classes.place}
      style={{ left: bar.left, width: bar.width }}
      {...(any ? drag.listeners : undefined)}
    >
      <button
        type="button"
        className={classes.bar}
        data-line={index}
        data-bar={entry.record.id}
        data-color={colourOf(look, entry)}
        data-ended={isEnded(entry.record) ? "" : undefined}
        data-movable={free.move ? "" : undefined}
        data-lifted={props.lifted ? "" : undefined}
        title={`${title}\n${when}`}
        tabIndex={props.tab ? 0 : -1}
        onClick={() => props.onPeek(entry, index)}
      >
        {props.repeats && <IconRepeat size={12} aria-label={t("calendar.repeats")} />}
        <span className={bar.width < named_px ? "visually-hidden" : classes.text}>{title}</span>
        <span className="visually-hidden">{`, ${when}`}</span>
      </button>
      {free.start && <span className={classes.handle} data-edge="start" />}
      {free.end && <span className={classes.handle} data-edge="end" />}
    </div>
  );
}

export const Row = memo(function Row(props: Props) {
  const { look, entry, index } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={classes.row}
      style={{ transform: `translateY(${props.top}px)` }}
      data-lifted={props.lifted ? "" : undefined}
    >
      <div role="rowheader" className={classes.name}>
        <Link
          to={`/${look.object.plural}/${entry.record.id}`}
          className="truncate"
          tabIndex={-1}
          draggable={false}
          onClick={() => props.onOpen(entry, index)}
        >
          {entryTitle(look, entry)}
        </Link>
        {props.beyond && <Beyond entry={entry} side={props.beyond} onShow={props.onShow} />}
      </div>
      <div role="gridcell" className={classes.lane}>
        <Bar {...props} />
      </div>
    </div>
  );
}, same);

function same(a: Props, b: Props): boolean {
  const keys = Object.keys(a) as (keyof Props)[];
  const loose = ["bar", "free"] as const;
  return (
    keys.every((key) => loose.includes(key as (typeof loose)[number]) || a[key] === b[key]) &&
    a.bar.left === b.bar.left &&
    a.bar.width === b.bar.width &&
    a.free.move === b.free.move &&
    a.free.start === b.free.start &&
    a.free.end === b.free.end
  );
}
