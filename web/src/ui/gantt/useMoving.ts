/** What may be moved on a timeline, and the one way it is written: presses of a key are gathered into one change of one record, with undo. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { RapportRecord } from "../../api/types";
import { useBoot } from "../../app/query";
import { updateRecord, type Values } from "../../app/write";
import { t } from "../../i18n";
import type { Entry } from "../calendar/layout";
import { type CalendarLook, entryTitle, spokenWhen } from "../calendar/parts";
import { tell } from "../drag/told";
import { canWrite, canWriteRecord } from "../fields/writable";
import { type BarChange, changedEntry, changedValues, laidValues } from "./change";

const gather_ms = 700;

export interface Free {
  move: boolean;
  start: boolean;
  end: boolean;
}

const fixed: Free = { move: false, start: false, end: false };

interface Held {
  record: RapportRecord;
  values: Values;
}

export function useMoving(look: CalendarLook) {
  const boot = useBoot();
  const { object, when } = look;
  const [held, setHeld] = useState<Held | null>(null);
  const now = useRef<Held | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const start = canWrite(boot, object, when.start);
  const end = when.end !== undefined && canWrite(boot, object, when.end);
  const repeats = object.fields.find((field) => field.format === "recurrence")?.name;

  const free = useCallback(
    (record: RapportRecord): Free => {
      // Moving a series means its other times too: that is decided where the series is seen.
      if (!canWriteRecord(boot, object, record) || (repeats && record[repeats])) {
        return fixed;
      }
      const ends = when.end ? Boolean(record[when.end.name]) : false;
      return { move: start && (!ends || end), start: start && (end || ends) && when.end !== undefined, end };
    },
    [boot, object, when, start, end, repeats],
  );

  const send = useCallback(
    (record: RapportRecord, values: Values) => {
      const before = { key: record.id, record, day: "", last: "", from: undefined, to: undefined };
      const names = { title: entryTitle(look, before), when: spokenWhen(look, changedEntry(before, when, values)) };
      const label = t("calendar.moved", names);
      tell(label);
      updateRecord(object, record, values, { label }).catch(() => tell(t("calendar.refused", names)));
    },
    [look, object, when],
  );

  const flush = useCallback(() => {
    clearTimeout(timer.current);
    const last = now.current;
    now.current = null;
    setHeld(null);
    if (last && Object.entries(last.values).some(([name, value]) => (last.record[name] ?? null) !== value)) {
      send(last.record, last.values);
    }
  }, [send]);
  const latest = useRef(flush);
  latest.current = flush;
  useEffect(() => () => latest.current(), []);

  /** One press of a key: shown at once, sent when no other follows. */
  const press = useCallback(
    (entry: Entry, change: BarChange) => {
      if (now.current && now.current.record.id !== entry.record.id) {
        flush();
      }
      const values = changedValues(entry, when, change);
      if (!values) {
        return;
      }
      const record = now.current?.record ?? entry.record;
      now.current = { record, values: { ...now.current?.values, ...values } };
      setHeld(now.current);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => latest.current(), gather_ms);
      tell(spokenWhen(look, changedEntry(entry, when, values)));
    },
    [flush, look, when],
  );

  const drop = useCallback(
    (entry: Entry, change: BarChange) => {
      flush();
      const values = changedValues(entry, when, change);
      if (values) {
        send(entry.record, values);
      }
    },
    [flush, send, when],
  );

  const lay = useCallback(
    (record: RapportRecord, day: string) => send(record, laidValues(when, day, end)),
    [send, when, end],
  );
  const layable = useCallback(
    (record: RapportRecord) => start && canWriteRecord(boot, object, record),
    [start, boot, object],
  );
  return { held, free, press, drop, lay, layable, flush };
}
