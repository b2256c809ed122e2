/** Carrying a card over a board, and which lane fills the screen of a phone. */
import { type CollisionDetection, KeyboardCode, type KeyboardCoordinateGetter } from "@dnd-kit/core";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Field, ObjectMeta, RapportRecord } from "../../api/types";
import { t } from "../../i18n";
import { useDragSensors } from "../drag/sensors";
import { tell } from "../drag/told";
import { cardTitle } from "./Card";
import { type Lane as LaneOf, laneBeside } from "./lanes";
import { laneName, type Moves } from "./moves";
import type { BoardState } from "./useBoard";

/** The lane whose breadth the pointer is over, however high or low it is. */
export const laneUnder: CollisionDetection = ({
  droppableContainers,
  droppableRects,
  pointerCoordinates,
  collisionRect,
}) => {
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
export function useCarrying(
  board: BoardState,
  field: Field,
  object: ObjectMeta,
  moves: Moves,
  move: (record: RapportRecord, lane: LaneOf) => void,
  box: RefObject<HTMLElement | null>,
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
        move(last.record, lane);
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
export function useLaneInSight(box: RefObject<HTMLElement | null>, lanes: LaneOf[], phone: boolean) {
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
