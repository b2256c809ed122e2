/** Last contact with channel and person, next step, and whether it is high time: the beginning of the strip. */
import { IconAlertTriangle, IconCalendarEvent, IconCheckbox, IconPhone } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { recordAddress } from "../../../app/navigation";
import { findObject } from "../../../app/query";
import { t } from "../../../i18n";
import { formatDateTime, formatRelative } from "../../../i18n/format";
import { FieldDisplay } from "../../../ui/fields/Field";
import { isRotting } from "../../../ui/signals";
import type { PartProps } from "../parts";
import classes from "../record.module.css";
import { instant, useLastContact, useNextStep, whoField } from "./data";

function LastContact({ object, record }: PartProps) {
  const at = instant(record.last_contact_at);
  const entry = useLastContact(object, record);
  const channel = typeof record.last_contact_channel === "string" ? record.last_contact_channel : "";
  const word = object.fields
    .find((field) => field.name === "last_contact_channel")
    ?.options?.find((option) => option.value === channel)?.label;
  const Icon = channel === "meeting" ? IconCalendarEvent : IconPhone;
  const other = entry && findObject(entry.object);
  const who = entry && whoField(entry.object);
  const value = who && entry.record?.[who.name];
  return (
    <div className={classes.figure} data-waits={at && true}>
      <dt>{t("signals.last")}</dt>
      {at ? (
        <dd className={classes.signal} title={formatDateTime(at)}>
          <Icon size={14} aria-hidden />
          {entry?.record && other ? (
            <Link
              to={recordAddress(other, entry.record.id)}
              aria-label={`${formatRelative(at)}, ${word ?? other.label}: ${entry.title ?? ""}`}
            >
              {formatRelative(at)}
            </Link>
          ) : (
            <span>{formatRelative(at)}</span>
          )}
          {word && <span className={classes.signalNote}>{word}</span>}
          {who && value ? (
            <span className={classes.signalNote}>
              <FieldDisplay field={who} value={value} plain />
            </span>
          ) : null}
        </dd>
      ) : (
        <dd className={classes.signalNote}>{t("signals.never")}</dd>
      )}
    </div>
  );
}

function Next({ object, record }: PartProps) {
  const at = instant(record.next_activity_at);
  const next = useNextStep(object, record);
  const late = at !== undefined && Date.parse(at) < Date.now();
  const Icon = next?.object.name === "task" ? IconCheckbox : IconCalendarEvent;
  return (
    <div className={classes.figure} data-waits={at && true}>
      <dt>{t("signals.next")}</dt>
      {at ? (
        <dd className={classes.signal} title={formatDateTime(at)}>
          <Icon size={14} aria-hidden />
          {next ? (
            <Link to={recordAddress(next.object, next.record.id)} className="truncate">
              {String(next.record[next.object.title] ?? next.object.label)}
            </Link>
          ) : null}
          <span className={classes.signalNote} data-late={late || undefined}>
            {late ? t("signals.overdue", { when: formatRelative(at) }) : formatRelative(at)}
          </span>
        </dd>
      ) : (
        <dd className={classes.signalNote}>{t("signals.none")}</dd>
      )}
    </div>
  );
}

function Rot({ record }: PartProps) {
  const until = instant(record.rots_at);
  return until ? (
    <div className={classes.figure}>
      <dt>{t("signals.until")}</dt>
      <dd title={formatDateTime(until)}>
        {isRotting(record) ? (
          <span className="chip" data-color="red">
            <IconAlertTriangle size={12} aria-hidden />
            <span>{t("signals.rotting", { when: formatRelative(until) })}</span>
          </span>
        ) : (
          formatRelative(until)
        )}
      </dd>
    </div>
  ) : null;
}

export function SignalFigures(props: PartProps) {
  return (
    <>
      <LastContact {...props} />
      <Next {...props} />
      <Rot {...props} />
    </>
  );
}
