/** One lane: its name with count and sum, and its cards, of which only those in sight are drawn. */
import { useDroppable } from "@dnd-kit/core";
import { IconPlus } from "@tabler/icons-react";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { memo, type RefObject, useEffect, useRef } from "react";
import { useTitle } from "../../api/titles";
import type { Field, RapportRecord } from "../../api/types";
import { explain } from "../../app/problems";
import { t } from "../../i18n";
import { formatCompact, formatMoney, formatNumber } from "../../i18n/format";
import { withUnit } from "../fields/number";
import { targetOf } from "../fields/reference";
import { valueKind } from "../fields/registry";
import { isSelected, type Selection } from "../grid/selection";
import { RecordMark } from "../RecordMark";
import classes from "./board.module.css";
import { Card, type CardActions, type CardLook } from "./Card";
import type { Lane as LaneOf } from "./lanes";
import type { LaneState } from "./useBoard";

/** A card that wants the focus once it is drawn, for a while. */
export interface Wanted {
  id: string;
  until: number;
}

const card_px = 86;
const gap_px = 8;
const overscan = 5;
/** Cards this near to the end of what is there fetch more. */
const near_cards = 8;

/** The name of a lane; of people and records their title. */
export function useLaneName(lane: LaneOf, field: Field): string {
  const title = useTitle(lane.label === undefined ? targetOf(field) : undefined, String(lane.value));
  return lane.label ?? title?.title ?? (title === null ? t("field.unknown_record") : "");
}

export function LaneName({ lane, field }: { lane: LaneOf; field: Field }) {
  const name = useLaneName(lane, field);
  return (
    <>
      {lane.label === undefined ? (
        <RecordMark object={targetOf(field) ?? ""} title={name} />
      ) : (
        <span className="dot" data-color={lane.color ?? "gray"} />
      )}
      <span className="truncate">{name}</span>
    </>
  );
}

export function sumText(field: Field, sum: number, currency: string): string {
  if (valueKind(field) === "money") {
    return formatMoney(Math.abs(sum) >= 100_000 ? Math.round(sum) : sum, currency);
  }
  return `Σ ${withUnit(field, Math.abs(sum) >= 1_000_000 ? formatCompact(sum) : formatNumber(sum))}`;
}

interface Props extends CardActions {
  state: LaneState;
  field: Field;
  look: CardLook;
  sum: Field | undefined;
  weighted: Field | undefined;
  currency: string;
  selection: Selection;
  selectable: boolean;
  /** The card that had the focus last. */
  active: string | undefined;
  wanted: RefObject<Wanted | null>;
  peeked: string | undefined;
  /** Something is carried: whether it may be laid down here, and whether it is over it. */
  takes: boolean;
  carried: boolean;
  over: boolean;
  liftable: (record: RapportRecord) => boolean;
  onNew: ((lane: LaneOf) => void) | undefined;
  onSight: (key: string) => void;
}

/** What the lane is worth, and below that the same by how likely it is. */
function LaneSums({ state, sum, weighted, currency }: Pick<Props, "state" | "sum" | "weighted" | "currency">) {
  const { lane } = state;
  if (!sum || lane.sum === undefined || lane.sum === 0) {
    return null;
  }
  const likely = weighted && lane.weighted !== lane.sum ? lane.weighted : undefined;
  return (
    <span className={classes.sums}>
      <span className={classes.sum} title={`${t("grid.sum")}: ${sum.label}`}>
        {sumText(sum, lane.sum, currency)}
      </span>
      {weighted && likely !== undefined && (
        <span className={classes.sum} title={weighted.label}>
          <span className="visually-hidden">{`${weighted.label}: `}</span>
          {sumText(weighted, likely, currency)}
        </span>
      )}
    </span>
  );
}

function LaneHead(props: Pick<Props, "state" | "field" | "sum" | "weighted" | "currency" | "onNew"> & { id: string }) {
  const { lane, count } = props.state;
  const name = useLaneName(lane, props.field);
  const { onNew } = props;
  return (
    <header className={classes.laneHead}>
      <h2 id={props.id}>
        <LaneName lane={lane} field={props.field} />
        {count !== undefined && (
          <span className={classes.count} data-count={count}>
            {formatNumber(count)}
          </span>
        )}
      </h2>
      <LaneSums {...props} />
      {onNew && (
        <button
          type="button"
          className={classes.add}
          aria-label={t("board.new_in", { lane: name })}
          title={t("board.new_in", { lane: name })}
          onClick={() => onNew(lane)}
        >
          <IconPlus size={15} aria-hidden />
        </button>
      )}
    </header>
  );
}

/** Tells when the lane comes into sight for the first time. */
function useSight(element: RefObject<HTMLElement | null>, key: string, onSight: (key: string) => void): void {
  useEffect(() => {
    const target = element.current;
    if (!target) {
      return;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          onSight(key);
          observer.disconnect();
        }
      },
      { rootMargin: "0px 400px" },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, key, onSight]);
}

export const Lane = memo(function Lane(props: Props) {
  const { state, look, wanted } = props;
  const { lane, cards, more } = state;
  const id = `lane-${lane.key || "none"}`;
  const box = useRef<HTMLElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const drop = useDroppable({ id: `lane:${lane.key}`, disabled: !props.takes });
  useSight(box, lane.key, props.onSight);
  // One card of each lane is in the order of the tab key.
  const tabAt = Math.max(
    0,
    cards.findIndex((card) => card.id === props.active),
  );
  const virtual = useVirtualizer({
    count: cards.length,
    getScrollElement: () => list.current,
    estimateSize: () => card_px,
    getItemKey: (index) => cards[index]?.id ?? index,
    gap: gap_px,
    overscan,
    paddingStart: 2,
    paddingEnd: 12,
    // The card with the focus stays, however far the lane is scrolled.
    rangeExtractor: (range) => {
      const drawn = defaultRangeExtractor(range);
      return tabAt >= range.count || drawn.includes(tabAt) ? drawn : [...drawn, tabAt].sort((a, b) => a - b);
    },
  });
  const items = virtual.getVirtualItems();
  const reached = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && reached >= cards.length - near_cards) {
      more();
    }
  });
  useEffect(() => {
    const want = wanted.current;
    const at = want && want.until > Date.now() ? cards.findIndex((card) => card.id === want.id) : -1;
    const name = () => list.current?.querySelector<HTMLElement>(`[data-card-name="${want?.id}"]`);
    // Only from another card, or when the focus went with a card that is gone: never out of a menu or a form.
    const { activeElement } = document;
    const free = activeElement === document.body || Boolean((activeElement as HTMLElement | null)?.dataset.cardName);
    if (at >= 0 && free && activeElement !== name()) {
      virtual.scrollToIndex(at);
      name()?.focus({ preventScroll: true });
    }
  });
  return (
    <section
      ref={(node) => {
        box.current = node;
        drop.setNodeRef(node);
      }}
      className={classes.lane}
      data-lane={lane.key}
      data-over={props.over ? "" : undefined}
      data-refuses={props.carried && !props.takes ? "" : undefined}
      aria-labelledby={id}
    >
      <LaneHead id={id} {...props} />
      <ul ref={list} className={classes.cards} aria-labelledby={id} aria-busy={state.pending}>
        {state.error ? (
          <li role="alert" className={classes.empty}>
            {explain(state.error)}
          </li>
        ) : null}
        {state.pending && cards.length === 0 && state.count !== 0 && !state.error && <Skeletons />}
        {cards.length > 0 && <li aria-hidden="true" style={{ height: virtual.getTotalSize() }} />}
        {items.map((item) => {
          const record = cards[item.index];
          return (
            record && (
              <li
                key={record.id}
                ref={virtual.measureElement}
                data-index={item.index}
                aria-posinset={item.index + 1}
                aria-setsize={state.count ?? -1}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Card
                  look={look}
                  record={record}
                  selected={isSelected(props.selection, record.id)}
                  selectable={props.selectable}
                  tab={item.index === tabAt}
                  peeked={record.id === props.peeked}
                  liftable={props.liftable(record)}
                  onOpen={props.onOpen}
                  onPeek={props.onPeek}
                  onSelect={props.onSelect}
                  onMenu={props.onMenu}
                />
              </li>
            )
          );
        })}
      </ul>
    </section>
  );
});

function Skeletons() {
  return (
    <li aria-hidden="true" className={classes.waiting}>
      {[70, 45, 60].map((width) => (
        <span key={width} className={classes.card}>
          <span className="skeleton" style={{ width: `${width}%` }} />
        </span>
      ))}
    </li>
  );
}
