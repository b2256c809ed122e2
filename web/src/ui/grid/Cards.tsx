/** The list on a phone: two lines a record, scrolled like the grid. */
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { isEmpty } from "../fields/kind";
import { kindOf } from "../fields/registry";
import { RecordMark } from "../RecordMark";
import type { GridColumn } from "./columns";
import { useFollowed } from "./follow";
import type { GridGroups } from "./Grid";
import { GroupName } from "./GroupHead";
import classes from "./grid.module.css";
import { useScroller, windowAt } from "./scroll";

interface Props {
  object: ObjectMeta;
  label: string;
  columns: GridColumn[];
  count: number;
  get: (index: number) => RapportRecord | undefined;
  groups?: GridGroups;
  busy: boolean;
  onRange: (from: number, to: number) => void;
  onOpen: (record: RapportRecord, index: number) => void;
}

const card_px = 64;
const second_max = 2;

function Second({ columns, record }: { columns: GridColumn[]; record: RapportRecord }) {
  const filled = columns.slice(1).filter(({ field }) => !isEmpty(record[field.name]));
  return (
    <span className={classes.cardSecond}>
      {filled.slice(0, second_max).map(({ field }) => {
        const { Display } = kindOf(field);
        return <Display key={field.name} field={field} value={record[field.name]} plain />;
      })}
    </span>
  );
}

export function Cards(props: Props) {
  const { object, columns, count, groups } = props;
  const element = useRef<HTMLUListElement>(null);
  const { target, scrolled, height, drawn } = useScroller(element, count, card_px, 0);
  // A finger moves the cards before the script hears of it: cards that were held back would tremble.
  const sight = useFollowed({
    target,
    count,
    get: (index) => groups?.at(index) ?? props.get(index),
    onRange: props.onRange,
    hold: 0,
  });
  const shown = windowAt(sight, count, card_px, drawn);
  const cards = [];
  for (let index = shown.from; index <= shown.to && index < count; index++) {
    const record = props.get(index);
    const place = { transform: `translateY(${scrolled + shown.offset + (index - shown.anchor) * card_px}px)` };
    const head = groups?.at(index);
    if (groups && head) {
      cards.push(
        <li key={index} aria-setsize={count} aria-posinset={index + 1}>
          <button
            type="button"
            className={`${classes.card} ${classes.cardGroup}`}
            style={place}
            aria-expanded={!groups.closed(head)}
            onClick={() => groups.toggle(head)}
          >
            <span className={classes.turn} data-closed={groups.closed(head) || undefined} aria-hidden="true" />
            <GroupName field={groups.field} group={head} />
            <span className={classes.groupCount}>{formatNumber(head.count)}</span>
            <span className={classes.cardFigures}>
              {columns
                .filter(({ field }) => head.figures[field.name])
                .slice(0, 1)
                .map(({ field }) => head.figures[field.name])}
            </span>
          </button>
        </li>,
      );
      continue;
    }
    const title = record ? String(record[object.title] ?? "") || t("list.untitled") : "";
    cards.push(
      <li key={index} aria-setsize={count} aria-posinset={index + 1}>
        {record ? (
          <Link
            to={`/${object.plural}/${record.id}`}
            className={classes.card}
            style={place}
            onClick={() => props.onOpen(record, index)}
          >
            <RecordMark object={object} title={title} size="md" />
            <div>
              <strong className="truncate">{title}</strong>
              <Second columns={columns} record={record} />
            </div>
          </Link>
        ) : (
          <span className={classes.card} style={place}>
            <span className="skeleton" style={{ width: "55%" }} />
          </span>
        )}
      </li>,
    );
  }
  return (
    <ul
      ref={element}
      className={classes.cards}
      aria-label={props.label}
      aria-busy={props.busy}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area has to be reachable by keyboard
      tabIndex={0}
      style={{ margin: 0, padding: 0, listStyle: "none" }}
    >
      <li aria-hidden="true" style={{ height }} />
      {cards}
    </ul>
  );
}
