/** One line of the activity: who did what to which record, with what was said or changed. */
import { useState } from "react";
import type { Actors, RecordTitle } from "../../api/types";
import { findObject } from "../../app/query";
import { t } from "../../i18n";
import { formatDateTime, formatTime } from "../../i18n/format";
import { Avatar } from "../../ui/Avatar";
import { useActorName } from "../../ui/fields/actor";
import { RecordTitleText } from "../../ui/fields/reference";
import { ChangeLines, tellingFields } from "../../ui/timeline/ChangeLines";
import classes from "./activity.module.css";
import { also, type Entry, type Part, partsOf, sentence } from "./feed";

const fields_max = 2;

function Named({ records }: { records: (RecordTitle & { object: string })[] }) {
  return records.map((record) => (
    <span key={record.id} className={classes.record}>
      <RecordTitleText object={record.object} id={record.id} icon />
    </span>
  ));
}

/** What changed; much of it behind a button. */
function Fields({ part }: { part: Part }) {
  const object = findObject(part.object);
  const [open, setOpen] = useState(false);
  if (!object || !part.fields) {
    return null;
  }
  const names = tellingFields(object, part.fields);
  const short = names.length <= fields_max;
  return (
    <>
      {!short && (
        <button type="button" className={classes.more} onClick={() => setOpen(!open)} aria-expanded={open}>
          {t(open ? "timeline.hide_fields" : "timeline.show_fields")}
        </button>
      )}
      {(short || open) && <ChangeLines object={object} fields={part.fields} />}
    </>
  );
}

export function ActivityLine({ entry, actors }: { entry: Entry; actors: Actors }) {
  const name = useActorName(entry.actor, actors[entry.actor]?.name);
  const [first, ...rest] = partsOf(entry);
  if (!first) {
    return null;
  }
  // Comments have no title of their own: what they are about says more.
  const shown = first.object === "comment" ? (first.about ?? []) : first.records;
  const many = first.count > 1 && entry.verb !== "merged";
  return (
    <li className={classes.line} data-undone={entry.undone || undefined}>
      <Avatar name={name} square={!entry.actor.startsWith("user:")} />
      <div className={classes.what}>
        <p className={classes.said}>
          <span>{sentence(entry, first, name)}</span>
          {!many && <Named records={shown} />}
          {!many && first.object !== "comment" && first.op === "create" && <Named records={first.about ?? []} />}
          {entry.undone && <span className={classes.undone}>{t("activity.undone")}</span>}
        </p>
        {many && (
          <p className={classes.some}>
            <Named records={first.records} />
            {first.count > first.records.length && <span className="dimmed">{t("activity.more")}</span>}
          </p>
        )}
        {first.text && <p className={`dimmed ${classes.text}`}>{first.text}</p>}
        {!entry.undone && first.count === 1 && <Fields part={first} />}
        {rest.length > 0 && <p className={`dimmed ${classes.also}`}>{rest.map(also).join(" · ")}</p>}
      </div>
      <time className="dimmed" dateTime={entry.at} title={formatDateTime(entry.at)}>
        {formatTime(entry.at)}
      </time>
    </li>
  );
}
