/** A board: the records of a list in lanes by one of their fields, moved between lanes by mouse, finger, key or menu. */
import { DndContext, DragOverlay } from "@dnd-kit/core";
import { type KeyboardEvent, lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { Field, ObjectMeta, RapportRecord } from "../../api/types";
import { PageError } from "../../app/errors";
import { t } from "../../i18n";
import { silent, Told } from "../drag/Teller";
import { tell } from "../drag/told";
import type { Asked } from "../form/AskFields";
import type { ListQuery } from "../grid/rows";
import { isSelected, nothing, type Selection, toggle } from "../grid/selection";
import classes from "./board.module.css";
import { type CardLook, CarriedCard, cardTitle } from "./Card";
import { CardMenu, type MenuAt } from "./CardMenu";
import { type CardAction, cardAction, type Standing, standingOf } from "./cardKeys";
import { laneUnder, useCarrying, useLaneInSight } from "./carrying";
import { Lane, type Wanted } from "./Lane";
import { LanePicker } from "./LanePicker";
import { type Lane as LaneOf, laneBeside } from "./lanes";
import { useMoves } from "./moves";
import { useBoard } from "./useBoard";

export interface BoardProps {
  object: ObjectMeta;
  query: ListQuery;
  /** The field that makes the lanes. */
  field: Field;
  look: CardLook;
  /** The field that is added up at the head of each lane. */
  sum: Field | undefined;
  /** The same amount, each by how likely it is. */
  weighted: Field | undefined;
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

const AskFields = lazy(() => import("../form/AskFields"));

const focus_ms = 2500;
const no_drop = null;

export function Board(props: BoardProps) {
  const { object, field, look, selection, onSelection, onPeek, onOpen, onTotal } = props;
  const board = useBoard(props.query, field, props.sum, props.weighted);
  const [asked, setAsked] = useState<Asked | null>(null);
  const moves = useMoves(object, field, setAsked);
  const box = useRef<HTMLDivElement>(null);
  const wanted = useRef<Wanted | null>(null);
  const [active, setActive] = useState<string>();
  const [menu, setMenu] = useState<MenuAt | null>(null);
  const lanes = useMemo(() => board.lanes.map((state) => state.lane), [board.lanes]);
  /** Whoever takes hold of a selected card means all that are selected. */
  const withIt = (record: RapportRecord) =>
    object.can.bulk && !selection.all && selection.ids.has(record.id) ? [...selection.ids] : [record.id];
  const move = (record: RapportRecord, lane: LaneOf) => {
    const known = board.lanes.flatMap(({ cards }) => cards);
    moves.move(withIt(record), known, lane);
  };
  const { carried, sensors, events, takesFrom } = useCarrying(board, field, object, moves, move, box);
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
  const act = (action: CardAction, at: Standing, record: RapportRecord, all: RapportRecord[][], name: HTMLElement) => {
    switch (action.do) {
      case "go": {
        const next = all[action.lane]?.[action.card];
        if (next) {
          want(next.id);
        }
        if (next && props.peeked !== undefined) {
          onPeek?.(next);
        }
        return;
      }
      case "shift": {
        const lane = laneBeside(lanes, lanes[at.lane]?.key ?? "", action.step, moves.takes);
        if (lane && moves.liftable(record)) {
          want(record.id);
          move(record, lane);
        } else {
          tell(t("board.no_lane", { title: cardTitle(object, record) }));
        }
        return;
      }
      case "select":
        return actions.onSelect(record, !isSelected(selection, record.id));
      case "peek":
        return actions.onPeek(record);
      case "menu": {
        const button = name.parentElement?.querySelector<HTMLElement>("[aria-haspopup=menu]");
        return button ? setMenu({ record, button }) : undefined;
      }
      case "close":
        return props.peeked === undefined ? onSelection(nothing) : onPeek?.(null);
    }
  };
  const keyDown = (event: KeyboardEvent<HTMLElement>) => {
    const name = event.target instanceof HTMLElement && !carried ? event.target : undefined;
    const all = board.lanes.map(({ cards }) => cards);
    const at = name?.dataset.cardName ? standingOf(all, name.dataset.cardName) : undefined;
    const record = at && all[at.lane]?.[at.card];
    const action = at && cardAction(event, all, at);
    if (name && at && record && action) {
      event.preventDefault();
      event.stopPropagation();
      act(action, at, record, all, name);
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
      weighted={props.weighted}
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
          {board.hidden > 0 && (
            <p className={classes.more}>
              {t(board.more ? "board.hidden_lanes_more" : "board.hidden_lanes", { count: board.hidden })}
            </p>
          )}
        </div>
        {createPortal(
          <DragOverlay dropAnimation={no_drop}>
            {carried && <CarriedCard look={look} record={carried.record} count={withIt(carried.record).length} />}
          </DragOverlay>,
          document.body,
        )}
      </DndContext>
      <Told />
      {asked && (
        <Suspense>
          <AskFields
            object={object}
            asked={asked}
            onClose={() => setAsked(null)}
            onDone={() => {
              setAsked(null);
              want(asked.record.id);
            }}
          />
        </Suspense>
      )}
      {menu && (
        <CardMenu
          at={menu}
          field={field}
          lanes={lanes}
          movable={moves.liftable(menu.record)}
          takes={moves.takes}
          onMove={move}
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
