/** One entry of a timeline: a note, call, meeting, task, document … with its text, or what somebody changed. */
import { Menu } from "@mantine/core";
import {
  IconDots,
  IconHistory,
  IconMessageReply,
  IconPencil,
  IconPin,
  IconPinnedOff,
  IconTrash,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useLayoutEffect, useRef, useState } from "react";
import type { Actors, Field, ObjectMeta, RapportRecord, RecordLink } from "../../api/types";
import { findObject } from "../../app/query";
import { deleteRecords, updateRecord } from "../../app/write";
import { hasText, t } from "../../i18n";
import { formatDateTime, formatTime } from "../../i18n/format";
import { Avatar } from "../Avatar";
import { useActorName } from "../fields/actor";
import { FieldDisplay } from "../fields/Field";
import { isEmpty } from "../fields/kind";
import { asLinks, RecordTitleText } from "../fields/reference";
import { iconOf } from "../icons";
import { isDone } from "../tasks/status";
import { Tick } from "../tasks/Tick";
import { ChangeLines, tellingFields } from "./ChangeLines";
import { Markdown } from "./Markdown";
import { Reactions } from "./Reactions";
import { replyingTo } from "./reply";
import { changedRecord, netFields, type TimelineEntry } from "./rows";
import classes from "./timeline.module.css";

const EditRecord = lazy(() => import("../form/EditRecord"));

/** "Mara logged a call": a text per kind, a general one for kinds that have none. */
function didWhat(object: ObjectMeta, name: string): string {
  const key = `timeline.did_${object.name}`;
  return hasText(key) ? t(key, { name }) : t("timeline.did", { name, object: object.label });
}

function ActorText({ actor, actors, children }: { actor: string; actors: Actors; children: (name: string) => string }) {
  const name = useActorName(actor, actors[actor]?.name);
  return (
    <>
      <Avatar name={name} square={!actor.startsWith("user:")} />
      <span>{children(name)}</span>
    </>
  );
}

/** The other records an entry is about. */
function Sources({ object, record, here }: { object: ObjectMeta; record: RapportRecord; here: string }) {
  const links: RecordLink[] = [];
  for (const name of object.timeline?.subjects ?? []) {
    const field = object.fields.find((entry) => entry.name === name);
    const value = record[name];
    if (field?.kind === "about") {
      links.push(...asLinks(value));
    } else if (field?.target && typeof value === "string") {
      links.push({ object: field.target, id: value });
    }
  }
  const others = links.filter((link) => link.id !== here);
  return (
    <>
      {others.slice(0, 4).map((link) => (
        <span key={link.id} className={classes.source}>
          <RecordTitleText object={link.object} id={link.id} icon />
        </span>
      ))}
      {others.length > 4 && <span className="dimmed">+{others.length - 4}</span>}
    </>
  );
}

/** Long texts are folded; the button says so. */
function Folded({ source }: { source: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [long, setLong] = useState(false);
  const [open, setOpen] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height depends on the text
  useLayoutEffect(() => {
    const element = box.current;
    setLong(element !== null && element.scrollHeight > element.clientHeight + 4);
  }, [source]);
  return (
    <>
      <div ref={box} className={classes.folded} data-open={open || undefined}>
        <Markdown source={source} />
      </div>
      {(long || open) && (
        <button type="button" className={classes.more} onClick={() => setOpen(!open)} aria-expanded={open}>
          {t(open ? "timeline.less" : "timeline.more")}
        </button>
      )}
    </>
  );
}

const never_facts = [
  "about",
  "mentions",
  "reply_to",
  "status",
  "pinned",
  "owner",
  "team",
  "external_ids",
  "wording_sha256",
];

/** The fields worth a glance: what the object's own list shows, without title, text and subjects. */
function Facts({ object, record }: { object: ObjectMeta; record: RapportRecord }) {
  const skipped = [...never_facts, object.title, object.timeline?.body ?? "", ...(object.timeline?.subjects ?? [])];
  const own = object.fields.filter(
    (field) => !field.system && !skipped.includes(field.name) && !["long_text", "json", "rank"].includes(field.kind),
  );
  // What every record has says nothing.
  const usual = (field: Field) => record[field.name] === false || record[field.name] === field.default;
  const shown = own.filter(
    (field) => !isEmpty(record[field.name]) && !usual(field) && field.name !== object.timeline?.at,
  );
  const due = object.fields.find((field) => field.name === "due_at");
  return (
    <>
      {due && typeof record.due_at === "string" && (
        <span className={classes.fact}>
          {due.label} {formatDateTime(record.due_at)}
        </span>
      )}
      {shown
        .filter((field) => field.name !== "due_at")
        .slice(0, 5)
        .map((field) => (
          <span key={field.name} className={classes.fact} title={field.label}>
            {["select", "multi_select", "user", "reference", "files"].includes(field.kind) ? null : (
              <span className="dimmed">{field.label} </span>
            )}
            <FieldDisplay field={field} value={record[field.name]} plain />
          </span>
        ))}
    </>
  );
}

function Actions({ object, record, onEdit }: { object: ObjectMeta; record: RapportRecord; onEdit: () => void }) {
  const pin = object.fields.find((field) => field.name === "pinned" && field.kind === "boolean");
  const title = String(record[object.title] ?? object.label);
  const togglePin = () =>
    void updateRecord(
      object,
      record,
      { pinned: record.pinned !== true },
      { label: t(record.pinned === true ? "timeline.unpinned" : "timeline.pinned") },
    ).catch(() => {});
  if (!object.can.update && !object.can.delete) {
    return null;
  }
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <button
          type="button"
          className={`tool ${classes.dots}`}
          data-icon
          aria-label={t("timeline.actions", { title: title.slice(0, 60) })}
        >
          <IconDots size={16} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {object.can.update && (
          <Menu.Item leftSection={<IconPencil size={14} />} onClick={onEdit}>
            {t("app.edit")}
          </Menu.Item>
        )}
        {pin && object.can.update && (
          <Menu.Item
            leftSection={record.pinned === true ? <IconPinnedOff size={14} /> : <IconPin size={14} />}
            onClick={togglePin}
          >
            {t(record.pinned === true ? "timeline.unpin" : "timeline.pin")}
          </Menu.Item>
        )}
        {object.can.delete && (
          <Menu.Item
            leftSection={<IconTrash size={14} />}
            color="red"
            onClick={() => void deleteRecords(object, [record.id], title.slice(0, 60)).catch(() => {})}
          >
            {t("app.delete")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Begins an answer to a comment. */
function Reply({ record, actor, actors }: { record: RapportRecord; actor: string; actors: Actors }) {
  const name = useActorName(actor, actors[actor]?.name);
  return (
    <button
      type="button"
      className="tool"
      data-icon
      aria-label={t("timeline.reply", { name })}
      title={t("timeline.reply", { name })}
      onClick={() => replyingTo.set({ id: record.id, name })}
    >
      <IconMessageReply size={15} />
    </button>
  );
}

export function ActivityEntry({ entry, here, actors }: { entry: TimelineEntry; here: string; actors: Actors }) {
  const object = findObject(entry.object);
  const [editing, setEditing] = useState(false);
  const record = entry.record;
  if (!object || !record) {
    return null;
  }
  const Icon = iconOf(object);
  const body = object.timeline?.body ? record[object.timeline.body] : undefined;
  const title = object.title !== object.timeline?.body ? record[object.title] : undefined;
  const actor = typeof record.created_by === "string" ? record.created_by : "system:";
  const task = object.name === "task";
  return (
    <article className={classes.entry} data-pinned={record.pinned === true || undefined}>
      <span className={classes.icon} data-kind={entry.kind}>
        <Icon size={15} stroke={1.7} aria-hidden />
      </span>
      <div className={classes.content}>
        <header className={classes.head}>
          <ActorText actor={actor} actors={actors}>
            {(name) => didWhat(object, name)}
          </ActorText>
          <Sources object={object} record={record} here={here} />
          {record.pinned === true && <IconPin size={13} aria-label={t("timeline.pinned")} />}
          <span className={classes.end}>
            <time dateTime={entry.at} title={formatDateTime(entry.at)}>
              {formatTime(entry.at)}
            </time>
            {object.name === "comment" && object.can.create && <Reply record={record} actor={actor} actors={actors} />}
            <Actions object={object} record={record} onEdit={() => setEditing(true)} />
          </span>
        </header>
        {typeof title === "string" && title !== "" && object.name !== "comment" && (
          <p className={classes.title} data-done={(task && isDone(record)) || undefined}>
            {task && <Tick object={object} task={record} />}
            {object.timeline && object.name !== "note" ? (
              <Link to="/$plural/$id" params={{ plural: object.plural, id: record.id }}>
                {title}
              </Link>
            ) : (
              title
            )}
          </p>
        )}
        <div className={classes.facts}>
          <Facts object={object} record={record} />
        </div>
        {typeof body === "string" && body !== "" && <Folded source={body} />}
        {["comment", "note"].includes(object.name) && <Reactions entry={entry} actors={actors} />}
      </div>
      {editing && (
        <Suspense>
          <EditRecord object={object} record={record} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </article>
  );
}

/** One change, or several that one person made one after the other. */
export function ChangeEntry({ entries, here, actors }: { entries: TimelineEntry[]; here: string; actors: Actors }) {
  const first = entries[0];
  const object = findObject(first?.change?.object ?? first?.object ?? "");
  const [open, setOpen] = useState(false);
  const change = first?.change;
  if (!object || !change || !first) {
    return null;
  }
  const elsewhere = ![here, ""].includes(changedRecord(first));
  const fields = entries.length > 1 ? netFields(entries) : change.fields;
  const names = tellingFields(object, fields);
  const single = change.op === "update" && names.length <= 2;
  const label = object.fields.find((field) => field.name === names[0])?.label ?? "";
  const text = (name: string) =>
    change.op === "update"
      ? t("timeline.changed", { name, count: names.length, field: label })
      : t(`timeline.op_${change.op}${elsewhere ? "_other" : ""}`, {
          name,
          object: object.label,
        });
  if (change.op === "update" && names.length === 0) {
    return null;
  }
  return (
    <article className={classes.entry} data-quiet>
      <span className={classes.icon} data-kind="change">
        <IconHistory size={14} stroke={1.7} aria-hidden />
      </span>
      <div className={classes.content}>
        <header className={classes.head}>
          <ActorText actor={change.actor} actors={actors}>
            {text}
          </ActorText>
          {elsewhere && (
            <span className={classes.source}>
              <RecordTitleText object={object.name} id={changedRecord(first)} icon />
            </span>
          )}
          {!single && names.length > 0 && (
            <button type="button" className={classes.more} onClick={() => setOpen(!open)} aria-expanded={open}>
              {t(open ? "timeline.hide_fields" : "timeline.show_fields")}
            </button>
          )}
          <time dateTime={first.at} title={formatDateTime(first.at)}>
            {formatTime(first.at)}
          </time>
        </header>
        {(single || open) && <ChangeLines object={object} fields={fields} created={change.op === "create"} />}
      </div>
    </article>
  );
}
