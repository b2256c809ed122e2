/** A calendar: the records of a list on their days, as month, week, day or agenda, carried to other days and hours. */
import { DndContext, DragOverlay } from "@dnd-kit/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import { createPortal } from "react-dom";
import { api } from "../../api/client";
import type { Written } from "../../api/types";
import { useCommands } from "../../app/commands";
import { PageError } from "../../app/errors";
import { showProblem } from "../../app/problems";
import { refreshObject, useBoot } from "../../app/query";
import { offerUndo } from "../../app/undo";
import { updateRecord, type Values } from "../../app/write";
import { t } from "../../i18n";
import { currentLocale, formatDay, formatDays } from "../../i18n/format";
import { useDragSensors } from "../drag/sensors";
import { silent, Told } from "../drag/Teller";
import { tell } from "../drag/told";
import { wallClock } from "../fields/parse";
import { canWrite, canWriteRecord } from "../fields/writable";
import type { ListQuery } from "../grid/rows";
import { Agenda } from "./Agenda";
import classes from "./calendar.module.css";
import { calendarAction, type Span, spans } from "./calendarKeys";
import { useCarrying } from "./carrying";
import { Days } from "./Days";
import { addDays, addMonths, daysFrom, firstWeekday, monthWeeks, weekOf } from "./days";
import { type Entry, entryOf, movedValues } from "./layout";
import { Month, type PictureProps } from "./Month";
import { type CalendarLook, CarriedEntry, entryTitle, spokenWhen } from "./parts";
import { type Colleague, useSurroundings } from "./surroundings";
import { entries_max, useEntries } from "./useEntries";
import { useNow } from "./useNow";

export interface CalendarProps {
  query: ListQuery;
  look: CalendarLook;
  span: Span;
  day: string;
  phone: boolean;
  onGo: (to: { day?: string; span?: Span }) => void;
  onTotal: (count: number, all: boolean) => void;
  onOpen: (entry: Entry) => void;
  onPeek: (entry: Entry) => void;
  onNew: ((day: string, minutes?: number) => void) | undefined;
  /** Whose entries stand beside; none where the calendar is not about working time. */
  colleagues?: Colleague[];
  /** Where they are chosen. */
  chooser?: ReactNode;
}

const nobody: Colleague[] = [];
const agenda_days = 31;
const follow_ms = 2500;

function stepped(day: string, span: Span, step: 1 | -1): string {
  const days = { week: 7, day: 1, agenda: agenda_days };
  return span === "month" ? addMonths(day, step) : addDays(day, step * days[span]);
}

/** The days that are in the picture. */
function usePicture(span: Span, day: string) {
  const first = firstWeekday(currentLocale());
  return useMemo(() => {
    const weeks = span === "month" ? monthWeeks(day, first) : [];
    const days =
      span === "month"
        ? weeks.flat()
        : span === "week"
          ? daysFrom(weekOf(day, first), 7)
          : daysFrom(day, span === "day" ? 1 : agenda_days);
    return { weeks, days, first };
  }, [span, day, first]);
}

function titleOf(span: Span, day: string, days: string[]): string {
  if (span === "month") {
    return formatDay(day, "month");
  }
  return span === "day" ? formatDay(day, "long") : formatDays(days[0] ?? day, days.at(-1) ?? day);
}

function Head({ props, title }: { props: CalendarProps; title: string }) {
  const { span, day, onGo } = props;
  const today = wallClock(new Date().toISOString()).slice(0, 10);
  const go = (step: 1 | -1) => onGo({ day: stepped(day, span, step) });
  const section = t("section.calendar");
  useCommands([
    { id: "calendar.today", title: t("calendar.today"), section, keys: "t", run: () => onGo({ day: today }) },
    ...spans.map((name) => ({
      id: `calendar.${name}`,
      title: `${t("view.type_calendar")}: ${t(`calendar.span_${name}`)}`,
      section,
      run: () => onGo({ span: name }),
    })),
  ]);
  return (
    <div className={classes.head}>
      <button type="button" className="tool" data-outline aria-keyshortcuts="t" onClick={() => onGo({ day: today })}>
        {t("calendar.today")}
      </button>
      <button type="button" className="tool" data-icon aria-label={t("calendar.previous")} onClick={() => go(-1)}>
        <IconChevronLeft size={16} />
      </button>
      <button type="button" className="tool" data-icon aria-label={t("calendar.next")} onClick={() => go(1)}>
        <IconChevronRight size={16} />
      </button>
      <h2 aria-live="polite">{title}</h2>
      <fieldset className={classes.spans} aria-label={t("calendar.span")}>
        {spans.map((name) => (
          <button
            key={name}
            type="button"
            className="tool"
            data-on={name === span ? "" : undefined}
            aria-pressed={name === span}
            onClick={() => onGo({ span: name })}
          >
            {t(`calendar.span_${name}`)}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

/** Moves one time of a series: it becomes an entry of its own, the others stay. */
async function moveOne(look: CalendarLook, entry: Entry, values: Values, label: string): Promise<void> {
  const { object, when } = look;
  const body = {
    at: entry.series?.at,
    starts_at: values[when.start.name],
    ends_at: (when.end && values[when.end.name]) ?? null,
  };
  try {
    const written = await api.post<Written>(`/${object.plural}/${entry.record.id}/occurrences`, body);
    tell(label);
    refreshObject(object.name, entry.record.id);
    offerUndo(written.batch, label);
  } catch (error) {
    showProblem(error);
    throw error;
  }
}

/** Moves entries, as far as the person may: one change of one record, with undo. */
function useMoving(look: CalendarLook) {
  const boot = useBoot();
  const any = canWrite(boot, look.object, look.when.start);
  const movable = useCallback(
    (entry: Entry) => any && !entry.beside && canWriteRecord(boot, look.object, entry.record),
    [any, boot, look.object],
  );
  const move = useCallback(
    (entry: Entry, by: { days: number; from?: number }) => {
      if (by.days === 0 && (by.from === undefined || by.from === entry.from)) {
        return;
      }
      const values = movedValues(entry, look.when, by);
      const after = entryOf({ ...entry.record, ...values }, look.when) ?? entry;
      const names = { title: entryTitle(look, entry), when: spokenWhen(look, after) };
      if (entry.series) {
        moveOne(look, entry, values, t("calendar.moved_one", names)).catch(() => tell(t("calendar.refused", names)));
        return;
      }
      tell(t("calendar.moved", names));
      updateRecord(look.object, entry.record, values, { label: t("calendar.moved", names) }).catch(() =>
        tell(t("calendar.refused", names)),
      );
    },
    [look],
  );
  return { movable, move };
}

export function Calendar(props: CalendarProps) {
  const { look, span, day, onGo, onNew, onTotal } = props;
  const { weeks, days, first } = usePicture(span, day);
  const found = useEntries(props.query, look.when, days[0] ?? day, days.at(-1) ?? day);
  const around = useSurroundings(look, props.colleagues ?? nobody, found.entries, days, props.colleagues !== undefined);
  const entries = useMemo(() => [...found.entries, ...around.entries], [found.entries, around.entries]);
  const now = useNow();
  const { movable, move } = useMoving(look);
  const carrying = useCarrying(move);
  const sensors = useDragSensors();
  const box = useRef<HTMLDivElement>(null);
  const focus = useRef(false);
  const follow = useRef<{ id: string; until: number } | null>(null);
  const count = found.entries.length;
  useEffect(() => onTotal(count, found.all), [onTotal, count, found.all]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the keyboard has gone to another day
  useEffect(() => {
    if (focus.current) {
      focus.current = false;
      box.current?.querySelector<HTMLElement>(`[data-day="${day}"][tabindex]`)?.focus();
    }
  }, [day, span]);
  // An entry that a key has moved keeps the focus, wherever it is drawn now.
  useEffect(() => {
    const { id, until } = follow.current ?? {};
    if (until && until > Date.now() && document.activeElement === document.body) {
      box.current?.querySelector<HTMLElement>(`[data-entry="${id}"]`)?.focus();
    }
  });
  const latest = useRef(props);
  latest.current = props;
  const steady = useMemo(
    () => ({
      onOpen: (entry: Entry) => latest.current.onOpen(entry),
      onPeek: (entry: Entry) => latest.current.onPeek(entry),
    }),
    [],
  );
  const keyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    const id = target?.dataset.entry;
    const entry = id ? found.entries.find(({ key }) => key === id) : undefined;
    if (!entry && target?.getAttribute("role") !== "gridcell") {
      return;
    }
    const action = calendarAction(event, { span, day, firstWeekday: first, onEntry: entry !== undefined });
    if (!action) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    switch (action.do) {
      case "day":
      case "step":
        focus.current = true;
        onGo({ day: action.do === "day" ? action.day : stepped(day, span, action.step) });
        break;
      case "open":
        focus.current = span !== "day";
        onGo({ span: "day" });
        break;
      case "new":
        onNew?.(day);
        break;
      case "peek":
        if (entry) {
          props.onPeek(entry);
        }
        break;
      case "move":
        if (entry && movable(entry)) {
          const from = action.minutes && entry.from !== undefined ? entry.from + action.minutes : undefined;
          move(entry, { days: action.days, from: from === undefined ? undefined : Math.max(0, from) });
          follow.current = { id: entry.key, until: Date.now() + follow_ms };
          onGo({ day: addDays(entry.day, action.days) });
        }
    }
  };
  const picture: PictureProps = {
    look,
    entries,
    day,
    now,
    around,
    phone: props.phone,
    target: carrying.target,
    onDay: (to) => onGo({ day: to, span: "day" }),
    onNew,
    movable,
    ...steady,
  };
  if (found.error) {
    return <PageError error={found.error} reset={found.retry} />;
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the days and entries inside have the focus
    <div ref={box} className={classes.frame} onKeyDown={keyDown} aria-busy={found.busy}>
      <Head props={props} title={titleOf(span, day, days)} />
      {props.chooser}
      {!found.all && <p className={classes.notice}>{t("calendar.too_many", { count: entries_max })}</p>}
      <DndContext
        sensors={sensors}
        accessibility={{ announcements: silent, screenReaderInstructions: { draggable: t("calendar.help") } }}
        onDragStart={carrying.events.start}
        onDragMove={carrying.events.move}
        onDragEnd={carrying.events.end}
        onDragCancel={carrying.events.cancel}
      >
        {span === "month" && <Month {...picture} weeks={weeks} />}
        {(span === "week" || span === "day") && <Days {...picture} days={days} key={span} />}
        {span === "agenda" && <Agenda {...picture} days={days} pending={found.pending} />}
        {createPortal(
          <DragOverlay dropAnimation={null}>
            {carrying.carried && <CarriedEntry look={look} entry={carrying.carried} />}
          </DragOverlay>,
          document.body,
        )}
      </DndContext>
      <Told />
    </div>
  );
}
