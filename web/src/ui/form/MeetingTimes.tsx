/** In the form of a meeting: who cannot come at the chosen time, and the next times at which all colleagues are free. */
import { IconAlertTriangle, IconCalendarSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTitle } from "../../api/titles";
import { t } from "../../i18n";
import { formatDay, formatTime, today } from "../../i18n/format";
import { addDays } from "../calendar/days";
import { freeSlots, type Hindrance, hindrances, type Times, useFreeBusy } from "../calendar/freeBusy";
import { wallClock } from "../fields/parse";
import classes from "./form.module.css";
import type { RecordForm } from "./recordForm";

const search_days = 28;
const slots_max = 6;
const usual_minutes = 60;

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The users who take part. */
function usersOf({ values }: RecordForm): string[] {
  const colleagues = Array.isArray(values.colleagues) ? (values.colleagues as unknown[]) : [];
  const organizer = text(values.organizer) ?? text(values.owner);
  return [...new Set([...colleagues, organizer].filter((id): id is string => typeof id === "string"))];
}

function lengthOf(starts: string | undefined, ends: string | undefined): number {
  const minutes = starts && ends ? (Date.parse(ends) - Date.parse(starts)) / 60_000 : 0;
  return minutes > 0 && minutes < 24 * 60 ? minutes : usual_minutes;
}

export default function MeetingTimes({ form, id }: { form: RecordForm; id?: string }) {
  const [asked, setAsked] = useState(false);
  const users = usersOf(form);
  if (users.length === 0) {
    return null;
  }
  return (
    <div className={classes.times}>
      <Conflicts form={form} users={users} id={id} />
      <button type="button" className="tool" data-outline aria-expanded={asked} onClick={() => setAsked(!asked)}>
        <IconCalendarSearch size={15} /> {t("meeting.find")}
      </button>
      {asked && <Slots form={form} users={users} id={id} onTaken={() => setAsked(false)} />}
    </div>
  );
}

interface Props {
  form: RecordForm;
  users: string[];
  id?: string;
}

function Conflicts({ form, users, id }: Props) {
  const starts = text(form.values.starts_at);
  const ends = text(form.values.ends_at);
  const day = starts ? wallClock(starts).slice(0, 10) : "";
  const until = starts && lengthOf(starts, ends) * 60_000 + Date.parse(starts);
  const last = until ? wallClock(new Date(until).toISOString()).slice(0, 10) : day;
  const timed = day !== "" && form.values.all_day !== true;
  const { data } = useFreeBusy(users, day || today(), last || today(), timed);
  const known = data?.every(({ user }) => users.includes(user)) ? data : [];
  const time = starts && until ? { starts_at: starts, ends_at: new Date(until).toISOString() } : undefined;
  const found = timed && time ? hindrances(known, time, id) : [];
  return (
    <div role="status">
      {found.length > 0 && (
        <ul className={classes.conflicts}>
          {found.map((one) => (
            <li key={one.user}>
              <IconAlertTriangle size={14} aria-hidden />
              <Hint hindrance={one} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Hint({ hindrance: { user, busy, holiday } }: { hindrance: Hindrance }) {
  const name = useTitle("user", user)?.title ?? "";
  if (busy) {
    const times = { from: formatTime(busy.starts_at), to: formatTime(busy.ends_at) };
    const title = busy.meeting?.title;
    return (
      <span>{title ? t("meeting.busy_with", { name, title, ...times }) : t("meeting.busy", { name, ...times })}</span>
    );
  }
  return <span>{holiday ? t("meeting.holiday", { name, holiday }) : t("meeting.not_working", { name })}</span>;
}

function slotText({ starts_at, ends_at }: Times): string {
  return `${formatDay(wallClock(starts_at).slice(0, 10), "short")}, ${formatTime(starts_at)} – ${formatTime(ends_at)}`;
}

function Slots({ form, users, id, onTaken }: Props & { onTaken: () => void }) {
  const starts = text(form.values.starts_at);
  const [now] = useState(() => Date.now());
  // From the chosen day on, but never in the past.
  const chosen = starts ? wallClock(starts).slice(0, 10) : today();
  const first = chosen.localeCompare(today()) > 0 ? chosen : today();
  const { data, error, isPlaceholderData } = useFreeBusy(users, first, addDays(first, search_days));
  if (error) {
    return <p className={classes.hint}>{t("meeting.not_known")}</p>;
  }
  if (!data || isPlaceholderData) {
    return <p className={classes.hint}>{t("app.loading")}</p>;
  }
  const minutes = lengthOf(starts, text(form.values.ends_at));
  const slots = freeSlots(data, { from: now, minutes, most: slots_max, except: id });
  const take = (slot: Times) => {
    form.set("starts_at", slot.starts_at);
    form.set("ends_at", slot.ends_at);
    onTaken();
  };
  return slots.length === 0 ? (
    <p className={classes.hint} role="status">
      {t("meeting.none", { count: search_days })}
    </p>
  ) : (
    <ul className={classes.slots} aria-label={t("meeting.slots")}>
      {slots.map((slot) => (
        <li key={slot.starts_at}>
          <button type="button" className="tool" data-outline onClick={() => take(slot)}>
            {slotText(slot)}
          </button>
        </li>
      ))}
    </ul>
  );
}
