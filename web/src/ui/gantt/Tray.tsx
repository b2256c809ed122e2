/** The records without a date, beside the timeline: carried onto a day, or laid there with a button. */
import { useDraggable } from "@dnd-kit/core";
import { IconCalendarPlus, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { RapportRecord } from "../../api/types";
import { t } from "../../i18n";
import type { CalendarLook } from "../calendar/parts";
import { page_rows, type Rows } from "../grid/rows";
import classes from "./gantt.module.css";

interface Props {
  look: CalendarLook;
  rows: Rows;
  layable: (record: RapportRecord) => boolean;
  onLay: (record: RapportRecord) => void;
  onOpen: (record: RapportRecord, index: number) => void;
  onClose: () => void;
}

export function looseTitle(look: CalendarLook, record: RapportRecord): string {
  return String(record[look.object.title] ?? "") || t("list.untitled");
}

function Loose({
  look,
  record,
  index,
  props,
}: {
  look: CalendarLook;
  record: RapportRecord;
  index: number;
  props: Props;
}) {
  const layable = props.layable(record);
  const drag = useDraggable({ id: `tray ${record.id}`, data: { loose: record }, disabled: !layable });
  const title = looseTitle(look, record);
  return (
    <li
      ref={drag.setNodeRef}
      className={classes.loose}
      data-loose={record.id}
      data-movable={layable ? "" : undefined}
      data-lifted={drag.isDragging ? "" : undefined}
      {...drag.listeners}
    >
      <Link
        to={`/${look.object.plural}/${record.id}`}
        className="truncate"
        draggable={false}
        onClick={() => props.onOpen(record, index)}
      >
        {title}
      </Link>
      {layable && (
        <button
          type="button"
          className="tool"
          data-icon
          title={t("gantt.lay")}
          aria-label={t("gantt.lay_title", { title })}
          onClick={() => props.onLay(record)}
        >
          <IconCalendarPlus size={15} />
        </button>
      )}
    </li>
  );
}

export function Tray(props: Props) {
  const { look, rows } = props;
  const shown = Array.from({ length: Math.min(rows.count, page_rows) }, (_, index) => rows.get(index));
  return (
    <aside className={classes.tray} aria-label={t("gantt.undated")}>
      <header>
        <h2>{t("gantt.undated")}</h2>
        <button type="button" className="tool" data-icon aria-label={t("app.close")} onClick={props.onClose}>
          <IconX size={15} />
        </button>
      </header>
      {rows.count === 0 && !rows.pending ? (
        <p className="dimmed">{t("gantt.undated_none")}</p>
      ) : (
        <ul>
          {shown.map(
            (record, index) =>
              record && <Loose key={record.id} look={look} record={record} index={index} props={props} />,
          )}
        </ul>
      )}
      {rows.count > page_rows && <p className="dimmed">{t("gantt.undated_more", { count: rows.count - page_rows })}</p>}
    </aside>
  );
}
