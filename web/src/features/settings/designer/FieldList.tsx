/** The fields of an object under their headings: dragged or moved with the arrow keys, opened, taken out of use. */
import { DndContext, type DragEndEvent, MouseSensor, TouchSensor, useSensor, useSensors } from "@dnd-kit/core";
import { SortableContext, useSortable, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { Menu } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconDots,
  IconGripVertical,
  IconListSearch,
  IconPencil,
  IconPlus,
  IconTrash,
} from "@tabler/icons-react";
import { type KeyboardEvent, memo, useEffect, useRef, useState } from "react";
import type { Field, ObjectMeta } from "../../../api/types";
import { changeField, changeObject } from "../../../app/definitions";
import { showProblem } from "../../../app/problems";
import { findObject } from "../../../app/query";
import { t } from "../../../i18n";
import classes from "./designer.module.css";
import { KindIcon } from "./kinds";
import { type FieldGroup, fieldGroups, groupMoved, inOrder, isMovable, movedTo, neighbour } from "./order";

interface Props {
  object: ObjectMeta;
  /** Whether the reader may change anything. */
  can: boolean;
  query: string;
  onAdd: (group?: string) => void;
  onEdit: (field: Field) => void;
  onUses: (field: Field) => void;
  onRemove: (field: Field) => void;
}

const quiet_ms = 300;

/** The object in the order that was asked for, until the server has said so or refused. Quick moves become one change. */
function useOrder(object: ObjectMeta) {
  const [order, setOrder] = useState<string[] | null>(null);
  const [said, setSaid] = useState("");
  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; send: () => void } | null>(null);
  const wanted = useRef<string[] | null>(null);
  useEffect(() => () => waiting.current?.send(), []);
  const send = (next: string[], label: string) => {
    clearTimeout(waiting.current?.timer);
    waiting.current = null;
    const done = () => {
      if (wanted.current === next) {
        setOrder(null);
      }
    };
    changeObject(object.name, { order: next }, label).catch(showProblem).finally(done);
  };
  const keep = (next: string[] | null, name: string) => {
    if (!next) {
      return;
    }
    const label = t("designer.moved", { name });
    wanted.current = next;
    setOrder(next);
    setSaid(label);
    clearTimeout(waiting.current?.timer);
    const now = () => send(next, label);
    waiting.current = { timer: setTimeout(now, quiet_ms), send: now };
  };
  return { shown: order ? inOrder(object, order) : object, keep, said };
}

export function FieldList(props: Props) {
  const { object, can, query } = props;
  const { shown, keep, said } = useOrder(object);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 200, tolerance: 8 } }),
  );
  const find = (name: unknown) => shown.fields.find((field) => field.name === name);
  const dropped = ({ active, over }: DragEndEvent) => {
    const field = find(active.id);
    if (field && over) {
      keep(movedTo(shown, field.name, String(over.id)), field.label);
    }
  };
  const step = (field: Field, by: 1 | -1) => {
    const place = neighbour(shown, field.name, by);
    if (place) {
      keep(movedTo(shown, field.name, place.name), field.label);
    }
  };
  const match = (field: Field) =>
    `${field.label} ${field.name} ${t(`kind.${field.kind}`)}`.toLowerCase().includes(query.trim().toLowerCase());
  const groups = fieldGroups(shown)
    .map((group) => ({ ...group, fields: group.fields.filter(match) }))
    .filter((group) => group.fields.length > 0);
  return (
    <div>
      {groups.map((group, index) => (
        <DndContext key={group.name} sensors={sensors} onDragEnd={dropped} accessibility={{ restoreFocus: false }}>
          <Group
            {...props}
            object={shown}
            group={group}
            step={step}
            onGroup={
              can && object.custom && query === "" && groups.length > 1
                ? (by) => keep(groupMoved(shown, group.name, by), group.name || t("designer.no_group"))
                : undefined
            }
            first={index === 0}
            last={index === groups.length - 1}
          />
        </DndContext>
      ))}
      {groups.length === 0 && <p className="dimmed">{t("designer.no_fields")}</p>}
      <p role="status" className="visually-hidden">
        {said}
      </p>
      {can && <GoneFields object={object} match={match} />}
      <SystemFields object={object} match={match} />
    </div>
  );
}

interface GroupProps extends Props {
  group: FieldGroup;
  step: (field: Field, by: 1 | -1) => void;
  onGroup?: (by: 1 | -1) => void;
  first: boolean;
  last: boolean;
}

function Group(props: GroupProps) {
  const { object, can, group, onGroup, first, last, onAdd } = props;
  const name = group.name || t("designer.no_group");
  const movable = group.fields.filter((field) => can && isMovable(object, field)).map((field) => field.name);
  return (
    <section className={classes.group} aria-label={name}>
      <div className={classes.groupHead}>
        <h3>{name}</h3>
        {onGroup && (
          <>
            <button
              type="button"
              className="tool"
              data-icon
              disabled={first}
              aria-label={t("designer.group_up", { group: name })}
              onClick={() => onGroup(-1)}
            >
              <IconArrowUp size={14} />
            </button>
            <button
              type="button"
              className="tool"
              data-icon
              disabled={last}
              aria-label={t("designer.group_down", { group: name })}
              onClick={() => onGroup(1)}
            >
              <IconArrowDown size={14} />
            </button>
          </>
        )}
        {can && (
          <button
            type="button"
            className="tool"
            data-icon
            aria-label={t("designer.add_to", { group: name })}
            onClick={() => onAdd(group.name || undefined)}
          >
            <IconPlus size={14} />
          </button>
        )}
      </div>
      <SortableContext items={movable} strategy={verticalListSortingStrategy}>
        <ul className={classes.fields}>
          {group.fields.map((field) => (
            <Row
              key={field.name}
              object={object}
              can={can}
              field={field}
              movable={movable.includes(field.name)}
              step={props.step}
              onEdit={props.onEdit}
              onUses={props.onUses}
              onRemove={props.onRemove}
            />
          ))}
        </ul>
      </SortableContext>
    </section>
  );
}

/** What is special about a field, in a few words. */
export function marksOf(object: ObjectMeta, field: Field): string[] {
  return [
    field.name === object.title ? t("designer.mark_title") : "",
    field.required ? t("settings.mark_required") : "",
    field.unique ? t("settings.mark_unique") : "",
    field.read_only && !field.formula ? t("settings.mark_read_only") : "",
    field.sensitive ? t("settings.mark_sensitive") : "",
    field.visible_if || field.required_if || field.validation ? t("designer.mark_condition") : "",
  ].filter(Boolean);
}

/** The kind with what it is about: target, options, formula. */
function Kind({ field }: { field: Field }) {
  const target = field.target ? (findObject(field.target)?.label ?? field.target) : "";
  const rollup = field.rollup ? (findObject(field.rollup.object)?.label_plural ?? field.rollup.object) : "";
  const more = target || rollup;
  return (
    <span className={`dimmed ${classes.kindText}`}>
      <span>
        {t(`kind.${field.kind}`)}
        {more && ` → ${more}`}
      </span>
      {field.options?.slice(0, 4).map((option) => (
        <span key={option.value} className="chip" data-color={option.color ?? "gray"}>
          <span>{option.label}</span>
        </span>
      ))}
      {(field.options?.length ?? 0) > 4 && <span>+{(field.options?.length ?? 0) - 4}</span>}
      {field.formula && <code className="truncate">{field.formula}</code>}
    </span>
  );
}

interface RowProps {
  object: ObjectMeta;
  can: boolean;
  field: Field;
  movable: boolean;
  step: (field: Field, by: 1 | -1) => void;
  onEdit: (field: Field) => void;
  onUses: (field: Field) => void;
  onRemove: (field: Field) => void;
}

/** Where a row stands while something is dragged. Every row hears of every other one: what it shows is kept apart. */
function Row(props: RowProps) {
  const { field, movable } = props;
  const { setNodeRef, setActivatorNodeRef, listeners, transform, transition, isDragging } = useSortable({
    id: field.name,
    disabled: !movable,
  });
  const move = transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined;
  return (
    <li
      ref={setNodeRef}
      data-field={field.name}
      data-dragging={isDragging || undefined}
      style={{ transform: move, transition }}
    >
      <Content {...props} grip={setActivatorNodeRef} listeners={movable ? listeners : undefined} />
    </li>
  );
}

type Sortable = ReturnType<typeof useSortable>;

interface ContentProps extends RowProps {
  grip: Sortable["setActivatorNodeRef"];
  listeners: Sortable["listeners"];
}

const Content = memo(function Content(props: ContentProps) {
  const { object, can, field, movable, step, onEdit, onUses, onRemove, grip, listeners } = props;
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      step(field, event.key === "ArrowUp" ? -1 : 1);
    }
  };
  const removable = (field.custom === true || object.custom === true) && field.name !== object.title;
  return (
    <>
      {can && (
        <button
          type="button"
          className={classes.grip}
          disabled={!movable}
          ref={grip}
          {...listeners}
          onKeyDown={keyDown}
          aria-label={t("designer.move", { field: field.label })}
          title={movable ? t("designer.move_hint") : undefined}
        >
          <IconGripVertical size={15} aria-hidden />
        </button>
      )}
      <KindIcon kind={field.kind} />
      <span className={classes.fieldMain}>
        {can ? (
          <button type="button" className={classes.fieldName} onClick={() => onEdit(field)}>
            {field.label}
          </button>
        ) : (
          <strong>{field.label}</strong>
        )}
        <Kind field={field} />
      </span>
      <span className={`dimmed ${classes.marksText}`}>{marksOf(object, field).join(", ")}</span>
      <code>{field.name}</code>
      {can && <Actions field={field} onEdit={onEdit} onUses={onUses} onRemove={removable ? onRemove : undefined} />}
    </>
  );
});

interface ActionsProps {
  field: Field;
  onEdit: (field: Field) => void;
  onUses: (field: Field) => void;
  onRemove?: (field: Field) => void;
}

/** The menu of a field; made when it is opened, since there may be hundreds of rows. */
function Actions({ field, onEdit, onUses, onRemove }: ActionsProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (then?: (field: Field) => void) => {
    setOpen(false);
    requestAnimationFrame(() => {
      button.current?.focus();
      then?.(field);
    });
  };
  const target = (
    <button
      ref={button}
      type="button"
      className="tool"
      data-icon
      aria-label={t("designer.actions", { field: field.label })}
      aria-haspopup="menu"
      onClick={() => setOpen(true)}
    >
      <IconDots size={15} />
    </button>
  );
  if (!open) {
    return target;
  }
  return (
    <Menu position="bottom-end" withinPortal opened onClose={() => close()}>
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => close(onEdit)}>
          {t("app.edit")}
        </Menu.Item>
        <Menu.Item leftSection={<IconListSearch size={15} />} onClick={() => close(onUses)}>
          {t("designer.who_uses")}
        </Menu.Item>
        {onRemove && (
          <Menu.Item leftSection={<IconTrash size={15} />} onClick={() => close(onRemove)}>
            {t("designer.remove")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What kind of field it is, what it is called, and its name. */
function FieldLine({ field }: { field: Field }) {
  return (
    <>
      <KindIcon kind={field.kind} />
      <span className={classes.fieldMain}>
        <strong>{field.label}</strong>
        <Kind field={field} />
      </span>
      <code>{field.name}</code>
    </>
  );
}

/** Fields that were taken out of use; their values are still there. */
function GoneFields({ object, match }: { object: ObjectMeta; match: (field: Field) => boolean }) {
  const fields = object.fields.filter((field) => field.hidden && field.custom && match(field));
  const back = (field: Field) => {
    const label = t("designer.field_back", { field: field.label });
    changeField(object.name, field.name, { hidden: null }, label).catch(showProblem);
  };
  return fields.length > 0 ? (
    <details className={classes.more}>
      <summary>{t("designer.gone_fields", { count: fields.length })}</summary>
      <ul className={classes.fields}>
        {fields.map((field) => (
          <li key={field.name}>
            <FieldLine field={field} />
            <button
              type="button"
              className="tool"
              data-outline
              aria-label={t("designer.bring_back_named", { field: field.label })}
              onClick={() => back(field)}
            >
              {t("designer.bring_back")}
            </button>
          </li>
        ))}
      </ul>
    </details>
  ) : null;
}

/** What every record has; nothing about it can be changed. */
function SystemFields({ object, match }: { object: ObjectMeta; match: (field: Field) => boolean }) {
  const fields = object.fields.filter((field) => field.system && !field.hidden && match(field));
  return fields.length > 0 ? (
    <details className={classes.more}>
      <summary>{t("designer.system_fields", { count: fields.length })}</summary>
      <ul className={classes.fields}>
        {fields.map((field) => (
          <li key={field.name}>
            <FieldLine field={field} />
          </li>
        ))}
      </ul>
    </details>
  ) : null;
}
