/** What can be done with the selected records; each is one batch with one undo. */
import { Button, Menu, Modal, SegmentedControl, Select } from "@mantine/core";
import { IconArrowMerge, IconFileExport, IconPencil, IconRestore, IconTrash, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { address } from "../../api/client";
import type { FieldValue, ObjectMeta, Total } from "../../api/types";
import { startBulk } from "../../app/bulkWork";
import { useCommands } from "../../app/commands";
import { go } from "../../app/router";
import { bulk, deleteRecords, restoreRecords } from "../../app/write";
import { t } from "../../i18n";
import { FieldEditor } from "../../ui/fields/Field";
import { isEditable } from "../../ui/fields/registry";
import { nothing, type Selection, selectedCount, selectionFilter } from "../../ui/grid/selection";
import { Panel } from "../../ui/Panel";
import classes from "./list.module.css";
import { exportFormats } from "./Toolbar";

interface Props {
  object: ObjectMeta;
  selection: Selection;
  filter: string;
  total: Total;
  deleted: boolean;
  onSelection: (selection: Selection) => void;
}

const ask_from = 100;
const merge_max = 10;
/** A filter that names more records would be too long. */
const named_max = 300;

/** Fields that hold several values are set as a whole, or some are added or taken out. */
type How = "set" | "add" | "remove";

function fieldLabel(object: ObjectMeta, name: string): string {
  return object.fields.find((entry) => entry.name === name)?.label ?? name;
}

interface EditProps {
  object: ObjectMeta;
  onApply: (field: string, value: FieldValue, how: How) => void;
}

function EditField({ object, onApply }: EditProps) {
  const fields = object.fields.filter(
    (field) =>
      isEditable(field) &&
      !field.hidden &&
      field.name !== object.title &&
      field.name !== "external_ids" &&
      !field.unique,
  );
  const [name, setName] = useState<string | null>(null);
  const [value, setValue] = useState<FieldValue>(null);
  const [how, setHow] = useState<How>("add");
  const field = fields.find((entry) => entry.name === name);
  const several = field?.kind === "multi_select" || field?.kind === "references";
  const empty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
  return (
    <form
      className={classes.edit}
      onSubmit={(event) => {
        event.preventDefault();
        if (field) {
          onApply(field.name, value ?? null, several ? how : "set");
        }
      }}
    >
      <Select
        size="xs"
        searchable
        onClick={(event) => event.currentTarget.select()}
        data-autofocus
        label={t("filter.field")}
        data={fields.map((entry) => ({ value: entry.name, label: entry.label }))}
        value={name}
        onChange={(next) => {
          setName(next);
          setValue(null);
        }}
      />
      {several && (
        <SegmentedControl
          size="xs"
          aria-label={t("list.how")}
          data={(["add", "remove", "set"] as const).map((one) => ({ value: one, label: t(`list.how_${one}`) }))}
          value={how}
          onChange={(next) => setHow(next as How)}
        />
      )}
      {field && (
        <FieldEditor
          key={field.name}
          field={{ ...field, help: undefined, required: false }}
          value={value}
          onChange={setValue}
          onCommit={setValue}
        />
      )}
      <Button type="submit" disabled={!field || (several && how !== "set" && empty)}>
        {empty && !(several && how !== "set") ? t("list.clear_field") : t("list.apply")}
      </Button>
    </form>
  );
}

export function ActionBar({ object, selection, filter, total, deleted, onSelection }: Props) {
  const [editing, setEditing] = useState(false);
  const [asking, setAsking] = useState(false);
  const count = selectedCount(selection, total.count);
  const ids = [...selection.ids];
  const names = { count, object: object.label, objects: object.label_plural };
  const done = () => onSelection(nothing);
  const remove = async () => {
    setAsking(false);
    try {
      if (selection.all) {
        const name = t("write.deleted", { name: t("write.records", names) });
        await startBulk(object, { filter: selectionFilter(selection, filter), delete: true }, name);
      } else {
        await deleteRecords(object, ids);
      }
      done();
    } catch {
      // Said in a toast; the selection stays for another try.
    }
  };
  const apply = async (field: string, value: FieldValue, how: How) => {
    setEditing(false);
    const label = t("list.field_changed", { ...names, field: fieldLabel(object, field) });
    const which = selection.all ? { filter: selectionFilter(selection, filter) } : { ids };
    try {
      if (how !== "set") {
        await startBulk(object, { ...which, [how]: { [field]: Array.isArray(value) ? value.map(String) : [] } }, label);
      } else if (selection.all) {
        await startBulk(object, { ...which, set: { [field]: value } }, label);
      } else {
        await bulk(object, { update: ids.map((id) => ({ id, [field]: value })) }, label);
      }
    } catch {
      // Said in a toast.
    }
  };
  const section = t("section.list");
  useCommands([
    {
      id: "selection.edit",
      title: t("list.edit_field"),
      section,
      icon: IconPencil,
      disabled: deleted || !object.can.update,
      run: () => setEditing(true),
    },
    {
      id: "selection.delete",
      title: t("list.delete_selected", names),
      section,
      icon: IconTrash,
      disabled: deleted || !object.can.delete,
      run: () => (count > ask_from ? setAsking(true) : void remove()),
    },
    { id: "selection.none", title: t("list.select_none"), section, icon: IconX, run: done },
  ]);
  return (
    <div className={classes.actions} data-actions role="toolbar" aria-label={t("list.selection")}>
      <span className={classes.chosen} role="status">
        {t("list.selected", names)}
      </span>
      {!selection.all && count < total.count && (
        <button type="button" className="tool" onClick={() => onSelection({ all: true, ids: new Set() })}>
          {t(total.exact ? "list.select_matching" : "list.select_matching_about", { count: total.count })}
        </button>
      )}
      {deleted ? (
        <button
          type="button"
          className="tool"
          disabled={selection.all}
          onClick={() => void restoreRecords(object, ids).then(done, () => {})}
        >
          <IconRestore size={15} /> {t("list.restore")}
        </button>
      ) : (
        <>
          {object.can.update && object.can.bulk && (
            <Panel
              label={t("list.edit_field")}
              opened={editing}
              onChange={setEditing}
              position="top"
              target={
                <button
                  type="button"
                  className="tool"
                  aria-haspopup="dialog"
                  aria-expanded={editing}
                  onClick={() => setEditing(!editing)}
                >
                  <IconPencil size={15} /> {t("list.edit_field")}
                </button>
              }
            >
              <EditField object={object} onApply={(field, value, how) => void apply(field, value, how)} />
            </Panel>
          )}
          {object.can.merge && !selection.all && count >= 2 && count <= merge_max && (
            <button
              type="button"
              className="tool"
              onClick={() => go(`/duplicates/compare?object=${object.name}&ids=${ids.join(",")}`)}
            >
              <IconArrowMerge size={15} /> {t("list.merge")}
            </button>
          )}
          {object.can.export && selection.ids.size <= named_max && (
            <Menu position="top" width={200}>
              <Menu.Target>
                <button type="button" className="tool">
                  <IconFileExport size={15} /> {t("list.export")}
                </button>
              </Menu.Target>
              <Menu.Dropdown>
                {exportFormats(object).map((format) => (
                  <Menu.Item
                    key={format}
                    component="a"
                    download
                    href={address(`/${object.plural}/export`, { format, filter: selectionFilter(selection, filter) })}
                  >
                    {t(`list.export_${format}`)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
          {object.can.delete && (
            <button type="button" className="tool" onClick={() => (count > ask_from ? setAsking(true) : void remove())}>
              <IconTrash size={15} /> {t("app.delete")}
            </button>
          )}
        </>
      )}
      <button type="button" className="tool" data-icon aria-label={t("list.select_none")} onClick={done}>
        <IconX size={15} />
      </button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("list.delete_selected", names)}
        size="sm"
        closeButtonProps={{ "aria-label": t("app.close") }}
      >
        <p>{t("list.delete_text", names)}</p>
        <div style={{ display: "flex", justifyContent: "flex-end", gap: 8, marginBlockStart: 16 }}>
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            {t("app.cancel")}
          </Button>
          <Button color="red" onClick={() => void remove()}>
            {t("app.delete")}
          </Button>
        </div>
      </Modal>
    </div>
  );
}
