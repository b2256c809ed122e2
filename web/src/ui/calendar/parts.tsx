/** One entry of a calendar, wherever it stands, and what can be done with it. */
import { useDraggable } from "@dnd-kit/core";
import { IconRepeat } from "@tabler/icons-react";
import { type CSSProperties, type MouseEvent, memo } from "react";
import type { Field, ObjectMeta } from "../../api/types";
import { t } from "../../i18n";
import { formatDay, formatTime } from "../../i18n/format";
import { isEnded } from "../tasks/status";
import classes from "./calendar.module.css";
import type { Entry, When } from "./layout";

export interface CalendarLook {
  object: ObjectMeta;
  when: When;
  /** The choice that colours an entry. */
  colour: Field | undefined;
}

export interface EntryActions {
  onOpen: (entry: Entry) => void;
  onPeek: (entry: Entry) => void;
  movable: (entry: Entry) => boolean;
}

export function entryTitle(look: CalendarLook, entry: Entry): string {
  return String(entry.record[look.object.title] ?? "") || t("list.untitled");
}

/** When it begins, as a time of the clock; nothing for whole days. */
export function timeOf(look: CalendarLook, entry: Entry): string {
  return entry.from === undefined ? "" : formatTime(String(entry.record[look.when.start.name]));
}

/** "Monday, 23 November 2026, 10:00 – 11:00": for reading aloud. */
export function spokenWhen(look: CalendarLook, entry: Entry): string {
  const end = look.when.end && entry.record[look.when.end.name];
  const until = entry.from !== undefined && end && entry.last === entry.day ? ` – ${formatTime(String(end))}` : "";
  const last = entry.last > entry.day ? ` – ${formatDay(entry.last, "long")}` : "";
  return [formatDay(entry.day, "long") + last, timeOf(look, entry) + until].filter(Boolean).join(", ");
}

/** The colour of its choice, or of the colleague whose it is. */
export function colourOf(look: CalendarLook, entry: Entry): string {
  if (entry.beside) {
    return entry.beside.color;
  }
  const value = look.colour && entry.record[look.colour.name];
  return look.colour?.options?.find((option) => option.value === value)?.color ?? "blue";
}

interface Props extends EntryActions {
  look: CalendarLook;
  entry: Entry;
  /** Where it is drawn a second time, it is not taken hold of by the same name. */
  place: string;
  kind: "bar" | "block" | "line";
  style?: CSSProperties;
  before?: boolean;
  after?: boolean;
  short?: boolean;
  /** Takes part in the order of the tab key. */
  tab: boolean;
}

function sameEntry(a: Props, b: Props): boolean {
  const keys = [
    "look",
    "entry",
    "place",
    "kind",
    "before",
    "after",
    "short",
    "tab",
    "onOpen",
    "onPeek",
    "movable",
  ] as const;
  return keys.every((key) => a[key] === b[key]) && JSON.stringify(a.style) === JSON.stringify(b.style);
}

export const EntryLink = memo(function EntryLink(props: Props) {
  const { look, entry } = props;
  const movable = props.movable(entry);
  const drag = useDraggable({ id: `${props.place} ${entry.key}`, data: { entry }, disabled: !movable });
  const title = entryTitle(look, entry);
  const time = timeOf(look, entry);
  const click = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    // Enter on a link comes as a click without a button press.
    if (event.detail === 0) {
      props.onOpen(entry);
    } else {
      props.onPeek(entry);
    }
  };
  const shape = {
    className: classes[props.kind],
    "data-entry": entry.key,
    "data-color": colourOf(look, entry),
    "data-timed": props.kind === "bar" && entry.from !== undefined && entry.last === entry.day ? "" : undefined,
    "data-before": props.before ? "" : undefined,
    "data-after": props.after ? "" : undefined,
    "data-short": props.short ? "" : undefined,
  };
  if (entry.beside?.hidden) {
    return (
      <span {...shape} data-hidden="" style={props.style} title={`${time} ${title}`.trim()}>
        {time && <span className={classes.time}>{time}</span>}
        <span className={classes.text}>{title}</span>
        <span className="visually-hidden">{`, ${spokenWhen(look, entry)}`}</span>
      </span>
    );
  }
  return (
    <a
      ref={drag.setNodeRef}
      href={`/${look.object.plural}/${entry.record.id}`}
      {...shape}
      data-ended={isEnded(entry.record) ? "" : undefined}
      data-movable={movable ? "" : undefined}
      data-lifted={drag.isDragging ? "" : undefined}
      style={props.style}
      title={[time, title, entry.beside?.name].filter(Boolean).join(" · ")}
      draggable={false}
      tabIndex={props.tab ? 0 : -1}
      {...drag.listeners}
      onClick={click}
    >
      {time && <span className={classes.time}>{time}</span>}
      <span className={classes.text}>{title}</span>
      {entry.series && <IconRepeat size={11} className={classes.repeats} aria-label={t("calendar.repeats")} />}
      <span className="visually-hidden">
        {entry.beside ? `, ${entry.beside.name}` : ""}
        {`, ${spokenWhen(look, entry)}`}
      </span>
    </a>
  );
}, sameEntry);

/** The entry in the hand. */
export function CarriedEntry({ look, entry }: { look: CalendarLook; entry: Entry }) {
  return (
    <span className={classes.carried} data-color={colourOf(look, entry)}>
      <span className={classes.text}>{entryTitle(look, entry)}</span>
    </span>
  );
}
