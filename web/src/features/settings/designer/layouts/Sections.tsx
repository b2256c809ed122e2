/** The sections of a layout with their fields, and the palette of those that it leaves out: dragged, or moved with keys and menus. */
import {
  type CollisionDetection,
  DndContext,
  type DragEndEvent,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { SortableContext, useSortable, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { Menu, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconDots, IconGripVertical, IconPlus, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, memo, useRef, useState } from "react";
import type { Field, LayoutSection, ObjectMeta } from "../../../../api/types";
import { t } from "../../../../i18n";
import { silent } from "../../../../ui/drag/Teller";
import { MoveButtons } from "../../../../ui/MoveButtons";
import designer from "../designer.module.css";
import { KindIcon } from "../kinds";
import {
  addSection,
  changeSection,
  type Draft,
  leaveOut,
  moveSection,
  put,
  putAt,
  removeSection,
  step,
  unusedFields,
} from "./draft";
import classes from "./layouts.module.css";

interface Props {
  object: ObjectMeta;
  draft: Draft;
  onChange: (draft: Draft) => void;
}

/** Where a field can be dropped beside on another field; the colon tells them from names of fields. */
const section_place = "section:";
const palette_place = "palette:";
/** A field that is dragged out of the palette. */
const from_palette = "new:";

/** A row goes before the section that it stands in. */
const rowFirst: CollisionDetection = (args) => {
  const hits = pointerWithin(args);
  const rows = hits.filter(({ id }) => !String(id).includes(":"));
  return rows.length > 0 ? rows : hits;
};

/** The draft after something was dropped. */
function dropped(draft: Draft, active: string, over: string): Draft {
  const field = active.startsWith(from_palette) ? active.slice(from_palette.length) : active;
  if (over === palette_place) {
    return leaveOut(draft, field);
  }
  return over.startsWith(section_place)
    ? put(draft, field, Number(over.slice(section_place.length)))
    : putAt(draft, field, over);
}

export function Sections({ object, draft, onChange }: Props) {
  const [said, setSaid] = useState("");
  /** The section that the palette adds to: the one that was worked in last. */
  const [into, setInto] = useState(0);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 200, tolerance: 8 } }),
  );
  const labelOf = (name: string) => object.fields.find((field) => field.name === name)?.label ?? name;
  const keep = (next: Draft, field: string) => {
    const at = next.sections.findIndex((section) => section.fields.includes(field));
    const section = next.sections[at];
    const place = section ? section.fields.indexOf(field) + 1 : 0;
    setSaid(
      section
        ? t("layout.moved", { field: labelOf(field), section: section.title, place })
        : t("layout.left_out", { field: labelOf(field) }),
    );
    setInto(at < 0 ? into : at);
    onChange(next);
  };
  const end = ({ active, over }: DragEndEvent) => {
    if (over && over.id !== active.id) {
      keep(dropped(draft, String(active.id), String(over.id)), String(active.id).replace(from_palette, ""));
    }
  };
  const target = Math.min(into, draft.sections.length - 1);
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={rowFirst}
      onDragEnd={end}
      accessibility={{ announcements: silent, restoreFocus: false }}
    >
      <Palette
        fields={unusedFields(object, draft)}
        into={draft.sections[target]?.title}
        onAdd={(field) => {
          const rest = unusedFields(object, draft).filter((entry) => entry !== field);
          keep(put(draft, field.name, target), field.name);
          focusOn(rest[0] ? `add-${rest[0].name}` : `grip-${field.name}`);
        }}
      />
      <section aria-label={t("layout.sections")} className={classes.sections}>
        <h3>{t("layout.sections")}</h3>
        {draft.sections.map((section, index) => (
          <Box
            // biome-ignore lint/suspicious/noArrayIndexKey: sections are told apart by nothing but their place
            key={index}
            object={object}
            draft={draft}
            section={section}
            index={index}
            onChange={onChange}
            onField={keep}
            onFocus={() => setInto(index)}
          />
        ))}
        <button
          type="button"
          className="tool"
          data-outline
          onClick={() => {
            setInto(draft.sections.length);
            onChange(addSection(draft, t("layout.section_new")));
          }}
        >
          <IconPlus size={14} /> {t("layout.add_section")}
        </button>
      </section>
      <p role="status" className="visually-hidden">
        {said}
      </p>
    </DndContext>
  );
}

interface BoxProps extends Props {
  section: LayoutSection;
  index: number;
  onField: (draft: Draft, field: string) => void;
  onFocus: () => void;
}

function Box({ object, draft, section, index, onChange, onField, onFocus }: BoxProps) {
  const { setNodeRef, isOver } = useDroppable({ id: `${section_place}${index}` });
  const fields = section.fields.flatMap((name) => object.fields.find((field) => field.name === name) ?? []);
  const name = section.title || String(index + 1);
  const latest = useRef({ draft, onField });
  latest.current = { draft, onField };
  const [act] = useState(() => (field: string, change: (draft: Draft) => Draft) => {
    latest.current.onField(change(latest.current.draft), field);
  });
  return (
    <fieldset ref={setNodeRef} className={classes.section} data-over={isOver || undefined} onFocus={onFocus}>
      <legend className="visually-hidden">{t("layout.section", { name })}</legend>
      <div className={classes.sectionHead}>
        <TextInput
          size="xs"
          className={classes.grow}
          aria-label={t("layout.title_of", { name })}
          placeholder={t("record.group_main")}
          maxLength={80}
          value={section.title}
          onChange={(event) => onChange(changeSection(draft, index, { title: event.currentTarget.value }))}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("layout.columns_of", { name })}
          data={["1", "2"].map((value) => ({ value, label: t("layout.columns_count", { count: Number(value) }) }))}
          value={String(section.columns)}
          onChange={(value) => onChange(changeSection(draft, index, { columns: value === "1" ? 1 : 2 }))}
        />
        <Switch
          size="xs"
          label={t("layout.collapsed")}
          checked={section.collapsed === true}
          onChange={(event) => onChange(changeSection(draft, index, { collapsed: event.currentTarget.checked }))}
        />
        <span className={classes.sectionTools}>
          <MoveButtons
            first={index === 0}
            last={index === draft.sections.length - 1}
            up={t("designer.group_up", { group: name })}
            down={t("designer.group_down", { group: name })}
            onMove={(by) => onChange(moveSection(draft, index, by))}
          />
          <button
            type="button"
            className="tool"
            data-icon
            disabled={draft.sections.length === 1}
            aria-label={t("layout.remove_section", { name })}
            onClick={() => onChange(removeSection(draft, index))}
          >
            <IconX size={14} />
          </button>
        </span>
      </div>
      <SortableContext items={section.fields} strategy={verticalListSortingStrategy}>
        <ul className={`${designer.fields} ${classes.rows}`}>
          {fields.map((field) => (
            <Row key={field.name} field={field} sections={draft.sections} index={index} act={act} />
          ))}
          {fields.length === 0 && <li className="dimmed">{t("layout.empty_section")}</li>}
        </ul>
      </SortableContext>
    </fieldset>
  );
}

interface RowProps {
  field: Field;
  sections: LayoutSection[];
  index: number;
  act: (field: string, change: (draft: Draft) => Draft) => void;
}

function Row(props: RowProps) {
  const { field } = props;
  const { setNodeRef, setActivatorNodeRef, listeners, transform, transition, isDragging, isOver } = useSortable({
    id: field.name,
  });
  const move = transform ? `translate3d(${Math.round(transform.x)}px, ${Math.round(transform.y)}px, 0)` : undefined;
  return (
    <li
      ref={setNodeRef}
      data-field={field.name}
      data-dragging={isDragging || undefined}
      data-over={(isOver && !isDragging) || undefined}
      style={{ transform: move, transition }}
    >
      <Content {...props} grip={setActivatorNodeRef} listeners={listeners} />
    </li>
  );
}

type Sortable = ReturnType<typeof useSortable>;

/** What a row shows is kept apart: every row hears of everything that is dragged. */
const Content = memo(function Content(
  props: RowProps & { grip: Sortable["setActivatorNodeRef"]; listeners: Sortable["listeners"] },
) {
  const { field, sections, index, act, grip, listeners } = props;
  const keyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : undefined;
    if (by) {
      event.preventDefault();
      act(field.name, (draft) => step(draft, field.name, by));
      focusOn(`grip-${field.name}`);
    }
  };
  return (
    <>
      <button
        type="button"
        id={`grip-${field.name}`}
        className={designer.grip}
        ref={grip}
        {...listeners}
        onKeyDown={keyDown}
        aria-label={t("designer.move", { field: field.label })}
        title={t("designer.move_hint")}
      >
        <IconGripVertical size={15} aria-hidden />
      </button>
      <KindIcon kind={field.kind} />
      <span className={`truncate ${classes.grow}`}>{field.label}</span>
      {field.required && <span className={`dimmed ${designer.marksText}`}>{t("settings.mark_required")}</span>}
      <Places {...props} />
      <button
        type="button"
        id={`out-${field.name}`}
        className="tool"
        data-icon
        aria-label={t("designer.leave_out", { field: field.label })}
        onClick={() => {
          const beside = besideIt(sections[index], field.name);
          act(field.name, (draft) => leaveOut(draft, field.name));
          focusOn(beside ? `out-${beside}` : `add-${field.name}`);
        }}
      >
        <IconX size={14} />
      </button>
    </>
  );
});

/** Rows and buttons go and come: the focus is put where the work goes on. */
function focusOn(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
}

/** The row that has the focus once a field was left out: the one below, else the one above. */
function besideIt(section: LayoutSection | undefined, field: string): string | undefined {
  const fields = section?.fields ?? [];
  const at = fields.indexOf(field);
  return fields[at + 1] ?? fields[at - 1];
}

/** Where a field can go without a mouse; made when it is opened, since there may be hundreds of rows. */
function Places({ field, sections, index, act }: RowProps) {
  const [open, setOpen] = useState(false);
  const target = (
    <button
      type="button"
      className="tool"
      data-icon
      aria-label={t("layout.places_of", { field: field.label })}
      aria-haspopup="menu"
      onClick={() => setOpen(true)}
    >
      <IconDots size={15} />
    </button>
  );
  if (!open) {
    return target;
  }
  const go = (change: (draft: Draft) => Draft) => {
    setOpen(false);
    act(field.name, change);
    focusOn(`grip-${field.name}`);
  };
  return (
    <Menu position="bottom-end" withinPortal opened onClose={() => setOpen(false)}>
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconArrowUp size={15} />} onClick={() => go((draft) => step(draft, field.name, -1))}>
          {t("layout.up")}
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowDown size={15} />} onClick={() => go((draft) => step(draft, field.name, 1))}>
          {t("layout.down")}
        </Menu.Item>
        {sections.map((section, at) =>
          at === index ? null : (
            // biome-ignore lint/suspicious/noArrayIndexKey: sections are told apart by nothing but their place
            <Menu.Item key={at} onClick={() => go((draft) => put(draft, field.name, at))}>
              {t("layout.to_section", { name: section.title || String(at + 1) })}
            </Menu.Item>
          ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** More than these are searched, and stand there when they are asked for: the sections stay near. */
const searched_from = 12;

/** The fields that the layout leaves out; pressing or dragging one puts it into a section. */
function Palette({ fields, into, onAdd }: { fields: Field[]; into?: string; onAdd: (field: Field) => void }) {
  const { setNodeRef, isOver } = useDroppable({ id: palette_place });
  const [query, setQuery] = useState("");
  const [all, setAll] = useState(false);
  const wanted = query.trim().toLowerCase();
  const found = fields.filter((field) => `${field.label} ${field.name}`.toLowerCase().includes(wanted));
  const shown = all ? found : found.slice(0, searched_from);
  return (
    <section
      ref={setNodeRef}
      className={classes.palette}
      data-over={isOver || undefined}
      aria-label={t("layout.palette", { count: fields.length })}
    >
      <h3>{t("layout.palette", { count: fields.length })}</h3>
      <p className="dimmed">{t("layout.palette_text", { section: into || t("record.group_main") })}</p>
      {fields.length >= searched_from && (
        <TextInput
          size="xs"
          placeholder={t("designer.find_field")}
          aria-label={t("designer.find_field")}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      )}
      <div className={classes.unused}>
        {shown.map((field) => (
          <Unused key={field.name} field={field} onAdd={onAdd} />
        ))}
        {shown.length < found.length && (
          <button type="button" className="tool" onClick={() => setAll(true)}>
            {t("form.more_fields", { count: found.length - shown.length })}
          </button>
        )}
      </div>
    </section>
  );
}

function Unused({ field, onAdd }: { field: Field; onAdd: (field: Field) => void }) {
  const { setNodeRef, listeners, transform, isDragging } = useDraggable({ id: `${from_palette}${field.name}` });
  const move = transform ? `translate3d(${Math.round(transform.x)}px, ${Math.round(transform.y)}px, 0)` : undefined;
  return (
    <button
      type="button"
      id={`add-${field.name}`}
      ref={setNodeRef}
      className="tool"
      data-outline
      data-dragging={isDragging || undefined}
      style={{ transform: move }}
      {...listeners}
      aria-label={t("layout.add_field", { field: field.label })}
      onClick={() => onAdd(field)}
    >
      <IconPlus size={13} aria-hidden /> {field.label}
    </button>
  );
}
