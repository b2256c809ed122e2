/** A record at the right of its list: looked at and edited without leaving the list. */

import { IconArrowsDiagonal, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Field, ObjectMeta, RapportRecord } from "../../api/types";
import { explain } from "../../app/problems";
import { updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { formatRelative } from "../../i18n/format";
import { EditInPlace, FieldDisplay } from "../../ui/fields/Field";
import { isEmpty } from "../../ui/fields/kind";
import { isEditableInPlace, valueKind } from "../../ui/fields/registry";
import { RecordMark } from "../../ui/RecordMark";
import classes from "./list.module.css";

interface Props {
  object: ObjectMeta;
  id: string;
  onClose: () => void;
  onOpen: (record: RapportRecord) => void;
}

function PeekField({ object, record, field }: { object: ObjectMeta; record: RapportRecord; field: Field }) {
  const [editing, setEditing] = useState(false);
  const editable = object.can.update && isEditableInPlace(field);
  const value = record[field.name];
  return (
    <div className={classes.peekField}>
      <dt>{field.label}</dt>
      <dd>
        {editing ? (
          <EditInPlace
            field={field}
            value={value}
            variant="inline"
            record={record}
            object={object.name}
            onCancel={() => setEditing(false)}
            onCommit={(next, base) => {
              setEditing(false);
              void updateRecord(object, base, { [field.name]: next }).catch(() => {});
            }}
          />
        ) : editable ? (
          <button
            type="button"
            className={classes.peekValue}
            onClick={() => setEditing(true)}
            aria-label={t("list.edit_value", { field: field.label })}
          >
            {isEmpty(value) ? <span className="dimmed">–</span> : <FieldDisplay field={field} value={value} plain />}
          </button>
        ) : (
          <span className={classes.peekValue}>
            <FieldDisplay field={field} value={value} />
          </span>
        )}
      </dd>
    </div>
  );
}

const never = ["version", "external_ids", "deleted_at", "created_by", "updated_by"];

export function Peek({ object, id, onClose, onOpen }: Props) {
  const include = object.fields
    .filter((field) => ["reference", "user"].includes(valueKind(field)))
    .map((field) => field.name);
  const { data: record, error } = useQuery({
    queryKey: keys.record(object.name, id),
    queryFn: ({ signal }) =>
      api.get<RapportRecord>(`/${object.plural}/${id}`, { include: include.join(",") }, { signal }),
  });
  const [all, setAll] = useState(false);
  const title = record ? String(record[object.title] ?? "") || t("list.untitled") : "";
  const fields = object.fields.filter(
    (field) => !field.hidden && !never.includes(field.name) && field.name !== object.title,
  );
  const shown = record ? fields.filter((field) => all || !isEmpty(record[field.name])) : [];
  return (
    <aside className={classes.peek} aria-label={t("list.peek", { title })}>
      <header className={classes.peekHead}>
        {record && <RecordMark object={object} title={title} size="md" />}
        <h2 className="truncate">{title || " "}</h2>
        <button
          type="button"
          className="tool"
          data-icon
          aria-label={t("list.open")}
          title={t("list.open")}
          disabled={!record}
          onClick={() => record && onOpen(record)}
        >
          <IconArrowsDiagonal size={15} />
        </button>
        <button type="button" className="tool" data-icon aria-label={t("app.close")} onClick={onClose}>
          <IconX size={15} />
        </button>
      </header>
      <div className={classes.peekBody}>
        {error && !record && <p role="alert">{explain(error)}</p>}
        {record && (
          <>
            <dl key={record.id}>
              {shown.map((field) => (
                <PeekField key={field.name} object={object} record={record} field={field} />
              ))}
            </dl>
            <button type="button" className="tool" onClick={() => setAll(!all)}>
              {t(all ? "list.hide_empty" : "list.show_empty")}
            </button>
            {typeof record.updated_at === "string" && (
              <p className="dimmed">{t("list.changed", { when: formatRelative(record.updated_at) })}</p>
            )}
          </>
        )}
      </div>
    </aside>
  );
}
