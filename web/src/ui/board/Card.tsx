/** One card: what the record is, a few of its fields, who has it. Plain elements, for there may be hundreds. */
import { useDraggable } from "@dnd-kit/core";
import {
  IconAlertCircle,
  IconCircleCheck,
  IconCircleChevronRight,
  IconCircleDashed,
  IconDots,
  type TablerIcon,
} from "@tabler/icons-react";
import { type MouseEvent, memo } from "react";
import { useTitle } from "../../api/titles";
import type { Field, ObjectMeta, RapportRecord } from "../../api/types";
import { t } from "../../i18n";
import { formatNumber, formatRelative } from "../../i18n/format";
import { Avatar } from "../Avatar";
import { isEmpty } from "../fields/kind";
import { kindOf } from "../fields/registry";
import { isRotting, type Planned, plannedOf } from "../signals";
import classes from "./board.module.css";

export interface CardLook {
  object: ObjectMeta;
  subtitle: Field | undefined;
  /** What stands on the card below its name, as far as it is filled. */
  fields: Field[];
  /** How many of them at most. */
  most: number;
  /** Who has it: a field with a user. */
  owner: Field | undefined;
}

export interface CardActions {
  onOpen: (record: RapportRecord) => void;
  onPeek: (record: RapportRecord) => void;
  onSelect: (record: RapportRecord, on: boolean) => void;
  onMenu: (record: RapportRecord, at: HTMLElement) => void;
}

export function cardTitle(object: ObjectMeta, record: RapportRecord): string {
  return String(record[object.title] ?? "") || t("list.untitled");
}

function Owner({ field, value }: { field: Field; value: string }) {
  const name = useTitle("user", value)?.title ?? "";
  return (
    <span className={classes.owner} title={`${field.label}: ${name}`}>
      <Avatar name={name} />
      <span className="visually-hidden">{`${field.label}: ${name}`}</span>
    </span>
  );
}

/** What is inside a card, also while it is carried. */
export function CardBody({ look, record }: { look: CardLook; record: RapportRecord }) {
  const { subtitle, owner } = look;
  const filled = look.fields.filter((field) => !isEmpty(record[field.name])).slice(0, look.most);
  const Subtitle = subtitle && !isEmpty(record[subtitle.name]) ? kindOf(subtitle).Display : undefined;
  const has = owner && typeof record[owner.name] === "string" ? String(record[owner.name]) : "";
  const facts = filled.map((field) => {
    const { Display } = kindOf(field);
    return (
      <span key={field.name} className={classes.fact} title={field.label}>
        <span className="visually-hidden">{`${field.label}: `}</span>
        <Display field={field} value={record[field.name]} plain />
      </span>
    );
  });
  const who = owner && has && <Owner field={owner} value={has} />;
  return (
    <>
      {Subtitle && subtitle && (
        <div className={classes.second}>
          <span className={classes.subtitle}>
            <Subtitle field={subtitle} value={record[subtitle.name]} plain />
          </span>
          {who}
        </div>
      )}
      {(facts.length > 0 || (who && !Subtitle)) && (
        <div className={classes.facts}>
          {facts}
          {!Subtitle && who}
        </div>
      )}
    </>
  );
}

const planned_icons: { [planned in Planned]: TablerIcon } = {
  overdue: IconAlertCircle,
  today: IconCircleCheck,
  later: IconCircleChevronRight,
  none: IconCircleDashed,
};

/** What is planned with it, told by shape, colour and words. */
function PlannedMark({ record }: { record: RapportRecord }) {
  const planned = plannedOf(record);
  if (!planned) {
    return null;
  }
  const Icon = planned_icons[planned];
  const text = t(`board.planned_${planned}`, { when: formatRelative(String(record.next_activity_at ?? "")) });
  return (
    <span className={classes.planned} data-planned={planned} title={text}>
      <Icon size={15} aria-hidden />
      <span className="visually-hidden">{text}</span>
    </span>
  );
}

interface Props extends CardActions {
  look: CardLook;
  record: RapportRecord;
  selected: boolean;
  selectable: boolean;
  /** Takes part in the order of the tab key. */
  tab: boolean;
  liftable: boolean;
  peeked: boolean;
}

export const Card = memo(function Card(props: Props) {
  const { look, record, selected, tab } = props;
  const title = cardTitle(look.object, record);
  const drag = useDraggable({ id: record.id, disabled: !props.liftable });
  const click = (event: MouseEvent) => {
    if (!event.defaultPrevented && !(event.target as HTMLElement).closest("a, button, input")) {
      props.onPeek(record);
    }
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard has the link inside and the key P
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse only
    <div
      ref={drag.setNodeRef}
      className={classes.card}
      data-card={record.id}
      data-rotting={isRotting(record) ? "" : undefined}
      data-selected={selected ? "" : undefined}
      data-peeked={props.peeked ? "" : undefined}
      data-lifted={drag.isDragging ? "" : undefined}
      data-liftable={props.liftable ? "" : undefined}
      {...drag.listeners}
      onClick={click}
    >
      <div className={classes.cardHead}>
        <a
          ref={drag.setActivatorNodeRef}
          href={`/${look.object.plural}/${record.id}`}
          className={classes.name}
          data-card-name={record.id}
          draggable={false}
          tabIndex={tab ? 0 : -1}
          aria-describedby={props.liftable ? drag.attributes["aria-describedby"] : undefined}
          onClick={(event) => {
            if (!event.metaKey && !event.ctrlKey && !event.shiftKey) {
              event.preventDefault();
              props.onOpen(record);
            }
          }}
        >
          {title}
        </a>
        <PlannedMark record={record} />
        {props.selectable && (
          <input
            type="checkbox"
            className={classes.tick}
            tabIndex={tab ? 0 : -1}
            checked={selected}
            aria-label={t("list.select_row", { title })}
            onChange={(event) => props.onSelect(record, event.currentTarget.checked)}
          />
        )}
        <button
          type="button"
          className={classes.dots}
          tabIndex={tab ? 0 : -1}
          aria-label={t("board.card_menu", { title })}
          aria-haspopup="menu"
          onClick={(event) => props.onMenu(record, event.currentTarget)}
        >
          <IconDots size={15} aria-hidden />
        </button>
      </div>
      <CardBody look={look} record={record} />
    </div>
  );
});

/** The card in the hand. */
export function CarriedCard({ look, record, count }: { look: CardLook; record: RapportRecord; count: number }) {
  return (
    <div className={classes.card} data-carried="">
      <div className={classes.cardHead}>
        <span className={classes.name}>{cardTitle(look.object, record)}</span>
        {count > 1 && <span className={classes.many}>{formatNumber(count)}</span>}
      </div>
      <CardBody look={look} record={record} />
    </div>
  );
}
