/** A timeline: the records of a list as bars over days, weeks, months or quarters, moved and stretched by mouse, finger and key. */
import {
  type Active,
  AutoScrollActivator,
  DndContext,
  type DragEndEvent,
  type DragMoveEvent,
  DragOverlay,
  type DragStartEvent,
} from "@dnd-kit/core";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { RapportRecord } from "../../api/types";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { type Entry, entryOf } from "../calendar/layout";
import type { CalendarLook } from "../calendar/parts";
import { useNow } from "../calendar/useNow";
import { pointOf, useHand } from "../drag/hand";
import { useDragSensors } from "../drag/sensors";
import { silent, Told } from "../drag/Teller";
import { useFollowed } from "../grid/follow";
import type { GridGroups } from "../grid/Grid";
import { GroupName } from "../grid/GroupHead";
import type { Rows } from "../grid/rows";
import { useScroller, windowAt } from "../grid/scroll";
import { dayAtPx, daysOfPx, placeOf, type Zoom } from "./axis";
import { type BarChange, changedEntry, changedValues, type Edge, keyChange } from "./change";
import classes from "./gantt.module.css";
import { ganttAction } from "./ganttKeys";
import { Head } from "./Head";
import { type BarActions, Row } from "./Row";
import { Backdrop, Marks } from "./Scale";
import { looseTitle, Tray } from "./Tray";
import { useAxis } from "./useAxis";
import { type Free, useMoving } from "./useMoving";

export interface GanttProps {
  look: CalendarLook;
  label: string;
  count: number;
  get: (index: number) => RapportRecord | undefined;
  groups?: GridGroups;
  busy: boolean;
  onRange: (from: number, to: number) => void;
  zoom: Zoom;
  day: string;
  phone: boolean;
  /** Records without a date. */
  undated: Rows;
  trayOpen: boolean;
  onTray: (open: boolean) => void;
  onGo: (to: { day?: string; zoom?: Zoom }) => void;
  onOpen: (record: RapportRecord, index: number) => void;
  onPeek: (record: RapportRecord, index: number) => void;
  onOpenUndated: (record: RapportRecord, index: number) => void;
}

const row_px = 36;
const row_phone_px = 50;
const names_px = 220;
const axis_px = 46;
const follow_ms = 2500;
/** Scrolled is where the hand is, not where a long bar ends; and the bar follows the hand by itself. */
const scrolling = {
  activator: AutoScrollActivator.Pointer,
  layoutShiftCompensation: false,
  threshold: { x: 0.06, y: 0.1 },
};

interface Carried {
  id: string;
  change: BarChange;
}

/** Following the hand: which bar it holds, and by how many days it has carried it over what scrolls below it. */
function useCarrying(
  box: React.RefObject<HTMLElement | null>,
  zoom: Zoom,
  onDrop: (entry: Entry, change: BarChange) => void,
) {
  const [carried, setCarried] = useState<Carried | null>(null);
  const hand = useHand();
  const from = useRef(0);
  const edge = useRef<Edge | undefined>(undefined);
  const place = () => (hand.current?.x ?? 0) + (box.current?.scrollLeft ?? 0);
  const changeOf = (active: Active): { entry: Entry; change: BarChange } | undefined => {
    const { entry, free } = active.data.current ?? {};
    const may = entry && (edge.current ? free[edge.current] : free.move);
    return may && { entry, change: { days: daysOfPx(place() - from.current, zoom), edge: edge.current } };
  };
  return {
    carried,
    hand,
    start: (event: DragStartEvent) => {
      const held = event.activatorEvent.target;
      const name = held instanceof HTMLElement ? held.dataset.edge : undefined;
      edge.current = name === "start" || name === "end" ? name : undefined;
      hand.current = pointOf(event.activatorEvent);
      from.current = place();
    },
    move: ({ active }: DragMoveEvent) => {
      const now = changeOf(active);
      if (now) {
        setCarried((before) =>
          before?.change.days === now.change.days ? before : { id: now.entry.record.id, change: now.change },
        );
      }
    },
    end: ({ active }: DragEndEvent) => {
      setCarried(null);
      const last = changeOf(active);
      if (last) {
        onDrop(last.entry, last.change);
      }
    },
    cancel: () => setCarried(null),
  };
}

/** Where the focus is to go once it is drawn: to a line, or after its record to wherever that is now. */
function useFocus(box: React.RefObject<HTMLElement | null>) {
  const line = useRef<number | null>(null);
  const follow = useRef<{ id: string; until: number } | null>(null);
  useEffect(() => {
    if (line.current !== null) {
      const found = box.current?.querySelector<HTMLElement>(`[data-line="${line.current}"]`);
      if (found) {
        line.current = null;
        found.focus({ preventScroll: true });
      }
    } else if (follow.current && follow.current.until > Date.now() && document.activeElement === document.body) {
      box.current?.querySelector<HTMLElement>(`[data-bar="${follow.current.id}"]`)?.focus({ preventScroll: true });
    }
  });
  return { line, follow };
}

export function Gantt(props: GanttProps) {
  const { look, count, groups, phone, onGo } = props;
  const { when } = look;
  const element = useRef<HTMLDivElement>(null);
  const rowHeight = phone ? row_phone_px : row_px;
  const names = phone ? 0 : names_px;
  const { target, scrolled, height, showRow, drawn } = useScroller(element, count, rowHeight, axis_px);
  const sight = useFollowed({
    target,
    count,
    get: (index) => groups?.at(index) ?? props.get(index),
    onRange: props.onRange,
    hold: 0,
  });
  const shown = windowAt(sight, count, rowHeight, drawn);
  const axis = useAxis(element, props.zoom, props.day, names);
  const { zoom } = axis;
  const now = useNow();
  const moving = useMoving(look);
  const carrying = useCarrying(element, zoom, moving.drop);
  const sensors = useDragSensors();
  const focus = useFocus(element);
  const [active, setActive] = useState(0);
  const [loose, setLoose] = useState<RapportRecord | null>(null);

  const latest = useRef(props);
  latest.current = props;
  const { show } = axis;
  const steady: BarActions = useMemo(
    () => ({
      onOpen: (entry, index) => latest.current.onOpen(entry.record, index),
      onPeek: (entry, index) => latest.current.onPeek(entry.record, index),
      onShow: show,
    }),
    [show],
  );
  // One object for each record as long as the record is the same: rows that nothing happened to are not drawn again.
  const known = useRef(new WeakMap<RapportRecord, { entry: Entry | undefined; free: Free }>());
  // biome-ignore lint/correctness/useExhaustiveDependencies: other fields or rights make other entries
  useMemo(() => {
    known.current = new WeakMap();
  }, [when, moving.free]);
  const entryAt = (index: number): { entry: Entry | undefined; free: Free } | undefined => {
    const record = props.get(index);
    if (!record) {
      return undefined;
    }
    const before = known.current.get(record);
    const made = before ?? { entry: entryOf(record, when), free: moving.free(record) };
    known.current.set(record, made);
    return made;
  };
  /** The entry as it is shown: with what the keys and the hand have done to it. */
  const shownEntry = (entry: Entry): Entry => {
    const { id } = entry.record;
    const held = moving.held?.record.id === id ? changedEntry(entry, when, moving.held.values) : entry;
    const change = carrying.carried?.id === id ? carrying.carried.change : undefined;
    const values = change && changedValues(held, when, change);
    return values ? changedEntry(held, when, values) : held;
  };

  const goTo = (index: number) => {
    const next = Math.max(0, Math.min(count - 1, index));
    setActive(next);
    showRow(next);
    focus.line.current = next;
    const there = entryAt(next)?.entry;
    if (there) {
      const place = placeOf(there, axis.origin, zoom);
      if (place.left + place.width < axis.left || place.left > axis.right) {
        show(there.day);
      }
    }
  };
  const pressMove = (index: number, step: 1 | -1, edge: BarChange["edge"]) => {
    const found = entryAt(index);
    if (!found?.entry || !(edge ? found.free[edge] : found.free.move)) {
      return;
    }
    const entry = shownEntry(found.entry);
    const change = keyChange(entry, zoom, step, edge);
    moving.press(entry, change);
    focus.follow.current = { id: entry.record.id, until: Date.now() + follow_ms };
    const values = changedValues(entry, when, change);
    const place = values && placeOf(changedEntry(entry, when, values), axis.origin, zoom);
    if (values && place && (place.left < axis.left || place.left + Math.min(place.width, 200) > axis.right)) {
      show(changedEntry(entry, when, values).day);
    }
  };
  const keyDown = (event: KeyboardEvent<HTMLElement>) => {
    const line = event.target instanceof HTMLElement ? event.target.dataset.line : undefined;
    const action = line === undefined ? null : ganttAction(event);
    if (line === undefined || !action) {
      return;
    }
    const index = Number(line);
    const head = groups?.at(index);
    if (head && action.do !== "row" && action.do !== "turn") {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const record = props.get(index);
    switch (action.do) {
      case "row":
        return goTo(index + action.step);
      case "turn":
        return axis.turn(action.step);
      case "move":
        return pressMove(index, action.step, action.edge);
      case "open":
        return record && props.onOpen(record, index);
      case "peek":
        return record && props.onPeek(record, index);
    }
  };
  const dropped = (event: DragEndEvent) => {
    axis.hold.current = false;
    setLoose(null);
    const record = event.active.data.current?.loose as RapportRecord | undefined;
    const area = element.current?.getBoundingClientRect();
    const point = carrying.hand.current;
    if (!record || !area || !point) {
      return carrying.end(event);
    }
    const x = point.x - area.left - names;
    if (x >= 0 && x < area.width - names) {
      moving.lay(record, dayAtPx(x + (element.current?.scrollLeft ?? 0), axis.origin, zoom));
    }
  };

  const rows = [];
  let tabAt = active;
  if (tabAt < shown.from || tabAt > shown.to) {
    tabAt = sight.from;
  }
  for (let index = shown.from; index <= shown.to && index < count; index++) {
    const top = scrolled + shown.offset + (index - shown.anchor) * rowHeight;
    const head = groups?.at(index);
    const found = head ? undefined : entryAt(index);
    if (groups && head) {
      rows.push(
        <div
          key={`group ${head.key}`}
          role="row"
          aria-rowindex={index + 2}
          className={`${classes.row} ${classes.group}`}
          style={{ transform: `translateY(${top}px)` }}
        >
          <div role="rowheader" className={classes.groupName}>
            <button
              type="button"
              data-line={index}
              data-group={head.key}
              tabIndex={index === tabAt ? 0 : -1}
              aria-expanded={!groups.closed(head)}
              onClick={() => groups.toggle(head)}
            >
              <span className={classes.turn} data-closed={groups.closed(head) || undefined} aria-hidden="true" />
              <GroupName field={groups.field} group={head} />
              <span className={classes.groupCount}>{formatNumber(head.count)}</span>
            </button>
          </div>
        </div>,
      );
    } else if (found?.entry) {
      const entry = shownEntry(found.entry);
      const bar = placeOf(entry, axis.origin, zoom);
      rows.push(
        <Row
          key={entry.record.id}
          look={look}
          entry={entry}
          kept={found.entry}
          index={index}
          top={top}
          bar={bar}
          beyond={bar.left + bar.width < axis.left ? "before" : bar.left > axis.right ? "after" : undefined}
          free={found.free}
          lifted={carrying.carried?.id === entry.record.id}
          tab={index === tabAt}
          repeats={found.free.move === false && Boolean(entry.record.recurrence)}
          {...steady}
        />,
      );
    } else {
      rows.push(
        <div key={index} role="row" className={classes.row} style={{ transform: `translateY(${top}px)` }}>
          <div role="rowheader" className={classes.name}>
            <span className="skeleton" style={{ width: "60%" }} />
          </div>
        </div>,
      );
    }
  }
  const scale = { zoom, origin: axis.origin, area: axis.area, left: axis.left, right: axis.right, now };
  const lay = useCallback((record: RapportRecord) => moving.lay(record, axis.middle()), [moving.lay, axis.middle]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the bars inside have the focus
    <div className={classes.frame} data-phone={phone ? "" : undefined} onKeyDown={keyDown}>
      <Head
        axis={axis}
        zoom={props.zoom}
        now={now}
        undated={props.undated.total}
        trayOpen={props.trayOpen}
        onTray={props.onTray}
        onGo={onGo}
      />
      <DndContext
        sensors={sensors}
        autoScroll={scrolling}
        accessibility={{ announcements: silent, screenReaderInstructions: { draggable: t("gantt.help") } }}
        onDragStart={(event) => {
          axis.hold.current = true;
          carrying.start(event);
          setLoose(event.active.data.current?.loose ?? null);
        }}
        onDragMove={carrying.move}
        onDragEnd={dropped}
        onDragCancel={() => {
          axis.hold.current = false;
          setLoose(null);
          carrying.cancel();
        }}
      >
        <div className={classes.body}>
          <div
            ref={element}
            role="grid"
            aria-label={props.label}
            aria-rowcount={count + 1}
            aria-busy={props.busy}
            className={classes.scroll}
            style={{ "--row": `${rowHeight}px`, "--names": `${names}px` } as React.CSSProperties}
            onFocus={(event) => {
              const line = event.target.dataset.line;
              if (line !== undefined) {
                setActive(Number(line));
              }
            }}
            onBlur={() => moving.flush()}
          >
            <div role="row" className={classes.axis} style={{ width: axis.area + names }}>
              <div role="columnheader" className={classes.corner}>
                {look.object.label}
              </div>
              <Marks {...scale} />
            </div>
            <div role="rowgroup" className={classes.area} style={{ width: axis.area + names, height }}>
              <Backdrop {...scale} />
              {rows}
            </div>
          </div>
          {props.trayOpen && (
            <Tray
              look={look}
              rows={props.undated}
              layable={moving.layable}
              onLay={lay}
              onOpen={props.onOpenUndated}
              onClose={() => props.onTray(false)}
            />
          )}
        </div>
        {createPortal(
          <DragOverlay dropAnimation={null}>
            {loose && <span className={classes.carried}>{looseTitle(look, loose)}</span>}
          </DragOverlay>,
          document.body,
        )}
      </DndContext>
      <Told />
    </div>
  );
}
