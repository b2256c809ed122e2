/** A board: the records of a list in lanes by one of their fields, moved between lanes by mouse, finger, key or menu. */
import {
  type CollisionDetection,
  DndContext,
  DragOverlay,
  KeyboardCode,
  type KeyboardCoordinateGetter,
} from "@dnd-kit/core";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { Field, ObjectMeta, RapportRecord } from "../../api/types";
import { PageError } from "../../app/errors";
import { t } from "../../i18n";
import { useDragSensors } from "../drag/sensors";
import { silent, Told } from "../drag/Teller";
import { tell } from "../drag/told";
import type { ListQuery } from "../grid/rows";
import { isSelected, type Selection, toggle } from "../grid/selection";
import classes from "./board.module.css";
import { type CardLook, CarriedCard, cardTitle } from "./Card";
import { CardMenu, type MenuAt } from "./CardMenu";
import { cardAction, standingOf } from "./cardKeys";
import { Lane, type Wanted } from "./Lane";
import { LanePicker } from "./LanePicker";
import { type Lane as LaneOf, laneBeside } from "./lanes";
import { laneName, type Moves, useMoves } from "./moves";
import { type BoardState, useBoard } from "./useBoard";

export interface BoardProps {
  object: ObjectMeta;
  query: ListQuery;
  /** The field that makes the lanes. */
  field: Field;
  look: CardLook;
  /** The field that is added up at the head of each lane. */
  sum: Field | undefined;
  currency: string;
  selection: Selection;
  phone: boolean;
  peeked: string | undefined;
  onSelection: (selection: Selection) => void;
  onTotal: (count: number) => void;
  onOpen: (record: RapportRecord, list: ListQuery, index: number, count: number) => void;
  onPeek: ((record: RapportRecord | null) => void) | undefined;
  onNew: ((lane: LaneOf) => void) | undefined;
}

const focus_ms = 2500;
const no_drop = null;

/** The lane whose breadth the pointer is over, however high or low it is. */
const laneUnder: CollisionDetection = ({ droppableContainers, droppableRects, pointerCoordinates, collisionRect }) => {
  const x = pointerCoordinates?.x ?? collisionRect.left + collisionRect.width / 2;
  const found = droppableContainers.filter(({ id }) => {
    const rect = droppableRects.get(id);
    return rect && x >= rect.left && x <= rect.right;
  });
  return found.map((container) => ({ id: container.id, data: { droppableContainer: container } }));
};

interface Carried {
  record: RapportRecord;
  from: string;
  /** The lane it is over. */
  over: string | undefined;
}

/** Carrying a card: from lifting it to laying it down. */
function useCarrying(
  board: BoardState,
  field: Field,
  object: ObjectMeta,
  moves: Moves,
  box: React.RefObject<HTMLElement | null>,
) {
  const [carried, setCarried] = useState<Carried | null>(null);
  const now = useRef<Carried | null>(null);
  const put = useCallback((next: Carried | null) => {
    now.current = next;
    setCarried(next);
  }, []);
  const lanes = board.lanes.map((state) => state.lane);
  const takesFrom = (lane: LaneOf) => lane.key === now.current?.from || moves.takes(lane);
  const overLane = (lane: LaneOf | undefined) => {
    const before = now.current;
    if (before && before.over !== lane?.key) {
      put({ ...before, over: lane?.key });
      const names = { title: cardTitle(object, before.record), lane: lane ? laneName(lane, field) : "" };
      tell(t(lane ? "board.over" : "board.over_none", names));
    }
  };
  const coordinates: KeyboardCoordinateGetter = (event, { currentCoordinates }) => {
    const step = event.code === KeyboardCode.Right ? 1 : event.code === KeyboardCode.Left ? -1 : 0;
    if (step === 0) {
      // Up and down mean nothing to a carried card, and must not scroll.
      event.preventDefault();
      return undefined;
    }
    const lane = laneBeside(lanes, now.current?.over ?? now.current?.from ?? "", step, takesFrom);
    const element = lane && box.current?.querySelector(`[data-lane="${CSS.escape(lane.key)}"]`);
    if (!lane || !element) {
      return currentCoordinates;
    }
    element.scrollIntoView({ inline: "nearest", block: "nearest" });
    overLane(lane);
    return { x: element.getBoundingClientRect().left + 8, y: currentCoordinates.y };
  };
  const sensors = useDragSensors(coordinates);
  const byKey = useRef(false);
  const events = {
    onDragStart: ({ active, activatorEvent }: { active: { id: unknown }; activatorEvent: Event }) => {
      for (const { lane, cards } of board.lanes) {
        const record = cards.find((card) => card.id === active.id);
        if (record) {
          byKey.current = "key" in activatorEvent;
          put({ record, from: lane.key, over: lane.key });
          tell(t("board.lifted", { title: cardTitle(object, record), lane: laneName(lane, field) }));
        }
      }
    },
    onDragOver: ({ over }: { over: { id: unknown } | null }) => {
      if (!byKey.current) {
        overLane(over ? lanes.find((lane) => `lane:${lane.key}` === over.id) : undefined);
      }
    },
    onDragEnd: () => {
      const last = now.current;
      put(null);
      const lane = lanes.find((entry) => entry.key === last?.over);
      if (last && lane && lane.key !== last.from && moves.takes(lane)) {
        moves.move(last.record, lane);
        return byKey.current ? last.record.id : undefined;
      }
      if (last) {
        tell(t("board.back", { title: cardTitle(object, last.record) }));
      }
      return undefined;
    },
    onDragCancel: () => {
      const last = now.current;
      put(null);
      if (last) {
        tell(t("board.back", { title: cardTitle(object, last.record) }));
      }
    },
  };
  return { carried, sensors, events, takesFrom };
}

/** On a phone: which lane fills the screen. */
function useLaneInSight(box: React.RefObject<HTMLElement | null>, lanes: LaneOf[], phone: boolean) {
  const [current, setCurrent] = useState<string>();
  const follow = useCallback(() => {
    const board = box.current;
    if (board && phone) {
      const middle = board.getBoundingClientRect().left + board.clientWidth / 2;
      const lane = [...board.querySelectorAll<HTMLElement>("[data-lane]")].find((element) => {
        const rect = element.getBoundingClientRect();
        return rect.left <= middle && rect.right >= middle;
      });
      setCurrent(lane?.dataset.lane);
    }
  }, [box, phone]);
  const count = lanes.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once the lanes are there
  useEffect(follow, [follow, count]);
  const pick = (key: string) => {
    const element = box.current?.querySelector(`[data-lane="${CSS.escape(key)}"]`);
    element?.scrollIntoView({ inline: "center", block: "nearest" });
    setCurrent(key);
  };
  return { current, follow, pick };
}

export function Board(props: BoardProps) {
  const { object, field, look, selection, onSelection, onPeek, onOpen, onTotal } = props;
  const board = useBoard(props.query, field, props.sum);
  const moves = useMoves(object, field);
  const box = useRef<HTMLDivElement>(null);
  const wanted = useRef<Wanted | null>(null);
  const [active, setActive] = useState<string>();
  const [menu, setMenu] = useState<MenuAt | null>(null);
  const lanes = useMemo(() => board.lanes.map((state) => state.lane), [board.lanes]);
  const { carried, sensors, events, takesFrom } = useCarrying(board, field, object, moves, box);
  const sight = useLaneInSight(box, lanes, props.phone);
  const total = board.lanes.reduce((sum, { count, cards }) => sum + (count ?? cards.length), 0);
  useEffect(() => onTotal(total), [onTotal, total]);

  const want = (id: string) => {
    wanted.current = { id, until: Date.now() + focus_ms };
    setActive(id);
  };
  const open = (record: RapportRecord) => {
    const state = board.lanes.find(({ cards }) => cards.includes(record));
    onOpen(record, state?.query ?? props.query, state?.cards.indexOf(record) ?? 0, state?.count ?? 0);
  };
  const actions = {
    onOpen: open,
    onPeek: onPeek ?? open,
    onSelect: (record: RapportRecord, on: boolean) => onSelection(toggle(selection, [record.id], on)),
    onMenu: (record: RapportRecord, button: HTMLElement) => setMenu({ record, button }),
  };
  const latest = useRef(actions);
  latest.current = actions;
  // The same functions all the time, so that no card is drawn again for them.
  const steady = useMemo(
    () => ({
      onOpen: (record: RapportRecord) => latest.current.onOpen(record),
      onPeek: (record: RapportRecord) => latest.current.onPeek(record),
      onSelect: (record: RapportRecord, on: boolean) => latest.current.onSelect(record, on),
      onMenu: (record: RapportRecord, button: HTMLElement) => latest.current.onMenu(record, button),
    }),
    [],
  );
  const keyDown = (event: KeyboardEvent<HTMLElement>) => {
    const id = event.target instanceof HTMLElement ? event.target.dataset.cardName : undefined;
    const all = board.lanes.map(({ cards }) => cards);
    const at = id && !carried ? standingOf(all, id) : undefined;
    const record = at && all[at.lane]?.[at.card];
    const action = at && cardAction(event, all, at);
    if (!record || !action) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (action.do === "go") {
      const next = all[action.lane]?.[action.card];
      if (next) {
        want(next.id);
        if (props.peeked !== undefined && onPeek) {
          onPeek(next);
        }
      }
    } else if (action.do === "shift") {
      const lane = laneBeside(lanes, lanes[at.lane]?.key ?? "", action.step, moves.takes);
      if (lane && moves.liftable(record)) {
        want(record.id);
        moves.move(record, lane);
      } else {
        tell(t("board.no_lane", { title: cardTitle(object, record) }));
      }
    } else if (action.do === "select") {
      actions.onSelect(record, !isSelected(selection, record.id));
    } else if (action.do === "peek") {
      actions.onPeek(record);
    } else {
      const button = (event.target as HTMLElement).parentElement?.querySelector<HTMLElement>("[aria-haspopup=menu]");
      if (button) {
        setMenu({ record, button });
      }
    }
  };

  if (board.error) {
    return <PageError error={board.error} reset={board.retry} />;
  }
  const lanesShown = board.lanes.map((state) => (
    <Lane
      key={state.lane.key}
      state={state}
      field={field}
      look={look}
      sum={props.sum}
      currency={props.currency}
      selection={selection}
      selectable={object.can.bulk || object.can.delete || object.can.update}
      active={active}
      wanted={wanted}
      peeked={props.peeked}
      takes={takesFrom(state.lane)}
      carried={carried !== null}
      over={carried?.over === state.lane.key && carried.from !== state.lane.key}
      liftable={moves.liftable}
      onNew={props.onNew && moves.takes(state.lane) ? props.onNew : undefined}
      onSight={board.open}
      {...steady}
    />
  ));
  return (
    <div className={classes.frame}>
      {props.phone && <LanePicker lanes={board.lanes} field={field} current={sight.current} onPick={sight.pick} />}
      <DndContext
        sensors={sensors}
        collisionDetection={laneUnder}
        accessibility={{ announcements: silent, screenReaderInstructions: { draggable: t("board.help") } }}
        onDragStart={events.onDragStart}
        onDragOver={events.onDragOver}
        onDragEnd={() => {
          const id = events.onDragEnd();
          if (id) {
            want(id);
          }
        }}
        onDragCancel={events.onDragCancel}
      >
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the cards inside have the focus */}
        <div
          ref={box}
          className={classes.board}
          data-phone={props.phone ? "" : undefined}
          data-carrying={carried ? "" : undefined}
          onKeyDown={keyDown}
          onFocus={(event) => {
            const id = event.target.dataset.cardName;
            if (id) {
              setActive(id);
              if (wanted.current && wanted.current.id !== id) {
                wanted.current = null;
              }
            }
          }}
          onScroll={props.phone ? sight.follow : undefined}
        >
          {board.pending ? <PendingLanes /> : lanesShown}
          {board.hidden > 0 && <p className={classes.more}>{t("board.hidden_lanes", { count: board.hidden })}</p>}
        </div>
        {createPortal(
          <DragOverlay dropAnimation={no_drop}>
            {carried && <CarriedCard look={look} record={carried.record} />}
          </DragOverlay>,
          document.body,
        )}
      </DndContext>
      <Told />
      {menu && (
        <CardMenu
          at={menu}
          field={field}
          lanes={lanes}
          movable={moves.liftable(menu.record)}
          takes={moves.takes}
          onMove={moves.move}
          onOpen={open}
          onPeek={onPeek}
          onClose={(moved) => {
            setMenu(null);
            if (moved) {
              want(menu.record.id);
            } else {
              menu.button.focus();
            }
          }}
        />
      )}
    </div>
  );
}

function PendingLanes() {
  return (
    <>
      {[0, 1, 2, 3].map((at) => (
        <div key={at} className={classes.lane} aria-hidden="true">
          <div className={classes.laneHead}>
            <span className="skeleton" style={{ width: 90 }} />
          </div>
        </div>
      ))}
    </>
  );
}
