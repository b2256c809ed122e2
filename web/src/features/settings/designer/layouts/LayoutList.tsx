/** The layouts of an object in the order in which they are tried, and the way to make and change one. */
import { IconCopy, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import type { ObjectMeta, RapportRecord } from "../../../../api/types";
import { deleteLayout, orderLayouts } from "../../../../app/layouts";
import { showProblem } from "../../../../app/problems";
import { t } from "../../../../i18n";
import { MoveButtons } from "../../../../ui/MoveButtons";
import { useAll } from "../../data";
import { Listed } from "../../parts";
import designer from "../designer.module.css";
import { draftOf, layoutsOf, type Stored, usualDraft } from "./draft";
import type { Editing } from "./editing";
import { LayoutEditor } from "./LayoutEditor";
import classes from "./layouts.module.css";

interface Props {
  object: ObjectMeta;
  editing: Editing | null;
  onEdit: (editing: Editing | null) => void;
}

export default function Layouts({ object, editing, onEdit }: Props) {
  const layouts = useAll("page_layout", "position,name");
  const roles = useAll("role");
  return (
    <Listed query={layouts}>
      {(records) => {
        const stored = layoutsOf(records, object.name);
        return editing ? (
          <LayoutEditor
            object={object}
            editing={editing}
            roles={roles.data ?? []}
            position={(stored.at(-1)?.position ?? 0) + 1}
            onChange={(draft) => onEdit({ ...editing, draft })}
            onClose={() => onEdit(null)}
          />
        ) : (
          <List object={object} layouts={stored} roles={roles.data ?? []} onEdit={onEdit} />
        );
      }}
    </Listed>
  );
}

/** A name that no layout has yet. */
function freeName(layouts: Stored[], base: string): string {
  const taken = new Set(layouts.map((layout) => layout.name));
  let name = base;
  for (let number = 2; taken.has(name); number++) {
    name = `${base} ${number}`;
  }
  return name;
}

interface ListProps {
  object: ObjectMeta;
  layouts: Stored[];
  roles: RapportRecord[];
  onEdit: (editing: Editing) => void;
}

function List({ object, layouts, roles, onEdit }: ListProps) {
  const add = () => onEdit({ draft: usualDraft(object, freeName(layouts, t("layout.new_name"))) });
  const copy = (stored: Stored) =>
    onEdit({ draft: { ...draftOf(object, stored), name: freeName(layouts, stored.name) } });
  const move = (index: number, by: 1 | -1) => {
    const ids = layouts.map((layout) => layout.id);
    const name = layouts[index]?.name ?? "";
    ids.splice(index + by, 0, ...ids.splice(index, 1));
    orderLayouts(ids, t("designer.moved", { name })).catch(showProblem);
  };
  return (
    <section aria-label={t("designer.tab_layouts")}>
      <div className={classes.head}>
        <p className="dimmed">{t("layout.text")}</p>
        <button type="button" className="tool" data-primary onClick={add}>
          <IconPlus size={15} /> {t("layout.new")}
        </button>
      </div>
      <ol className={designer.fields}>
        {layouts.map((layout, index) => (
          <li key={layout.id} data-layout={layout.name}>
            <span className={designer.fieldMain}>
              <button
                type="button"
                className={designer.fieldName}
                onClick={() => onEdit({ stored: layout, draft: draftOf(object, layout) })}
              >
                {layout.name}
              </button>
              <Whom layout={layout} roles={roles} />
            </span>
            <MoveButtons
              first={index === 0}
              last={index === layouts.length - 1}
              up={t("view.up", { column: layout.name })}
              down={t("view.down", { column: layout.name })}
              onMove={(by) => move(index, by)}
            />
            <Act
              name={t("layout.edit", { name: layout.name })}
              icon={<IconPencil size={15} />}
              onClick={() => onEdit({ stored: layout, draft: draftOf(object, layout) })}
            />
            <Act
              name={t("layout.copy", { name: layout.name })}
              icon={<IconCopy size={15} />}
              onClick={() => copy(layout)}
            />
            <Act
              name={t("layout.delete", { name: layout.name })}
              icon={<IconTrash size={15} />}
              onClick={() => deleteLayout(layout.id, t("layout.gone", { name: layout.name })).catch(showProblem)}
            />
          </li>
        ))}
        <li>
          <span className={designer.fieldMain}>
            <strong>{t("layout.usual")}</strong>
            <span className={`dimmed ${designer.kindText}`}>
              {t(layouts.length > 0 ? "layout.usual_else" : "layout.usual_all")}
            </span>
          </span>
        </li>
      </ol>
    </section>
  );
}

function Act({ name, icon, onClick }: { name: string; icon: React.ReactNode; onClick: () => void }) {
  return (
    <button type="button" className="tool" data-icon aria-label={name} onClick={onClick}>
      {icon}
    </button>
  );
}

/** Whom a layout is for, and for which records. */
function Whom({ layout, roles }: { layout: Stored; roles: RapportRecord[] }) {
  const nameOf = (id: string) => String(roles.find((role) => role.id === id)?.name ?? t("layout.role_gone"));
  return (
    <span className={`dimmed ${designer.kindText}`}>
      <span>{layout.roles.length > 0 ? layout.roles.map(nameOf).join(", ") : t("layout.everyone")}</span>
      <span aria-hidden>·</span>
      {layout.condition ? <code>{layout.condition}</code> : <span>{t("layout.every_record")}</span>}
    </span>
  );
}
