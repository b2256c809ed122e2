/** One calendar of working hours: its name, its week, its holidays, and whom it is for. */
import { Button, Switch, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { api } from "../../../api/client";
import type { FieldValue, ObjectMeta, RapportRecord } from "../../../api/types";
import { showProblem } from "../../../app/problems";
import { refreshObject } from "../../../app/query";
import { offerUndo } from "../../../app/undo";
import { useUnsaved } from "../../../app/unsaved";
import { createRecord, deleteRecords, updateRecord } from "../../../app/write";
import { t } from "../../../i18n";
import { LongSelect } from "../../../ui/fields/LongSelect";
import { FormProblem } from "../../../ui/form/FormProblem";
import { type Problems, problemsOf } from "../../../ui/form/recordForm";
import { useSending } from "../../../ui/form/useSave";
import { TakeCalendarFile } from "../../../ui/TakeCalendarFile";
import { timeZones } from "../company";
import settings from "../settings.module.css";
import { Assigned } from "./Assigned";
import { HolidayList } from "./HolidayList";
import classes from "./hours.module.css";
import { WeekGrid } from "./WeekGrid";
import { faultyDays, type Holiday, holidaysOf, isSoundHoliday, type Week, weekOf, weekValue } from "./week";

interface Props {
  object: ObjectMeta;
  calendar: RapportRecord | undefined;
  /** There is none yet: this one is for everyone. */
  first: boolean;
  onSaved: (id: string | null) => void;
}

interface Draft {
  name: string;
  time_zone: string | null;
  for_everyone: boolean;
  week: Week;
  holidays: Holiday[];
}

const usual = {
  mon: ["09:00-17:00"],
  tue: ["09:00-17:00"],
  wed: ["09:00-17:00"],
  thu: ["09:00-17:00"],
  fri: ["09:00-17:00"],
};

function draftOf({ calendar, first }: Props): Draft {
  return {
    name: calendar ? String(calendar.name ?? "") : first ? t("hours.first_name") : "",
    time_zone: typeof calendar?.time_zone === "string" ? calendar.time_zone : null,
    for_everyone: calendar ? calendar.for_everyone === true : first,
    week: weekOf(calendar ? calendar.week : usual),
    holidays: holidaysOf(calendar?.holidays),
  };
}

function valuesOf(draft: Draft) {
  const { name, time_zone, for_everyone } = draft;
  return {
    name: name.trim(),
    time_zone,
    for_everyone,
    week: weekValue(draft.week),
    holidays: draft.holidays as unknown as FieldValue,
  };
}

export function CalendarForm(props: Props) {
  const { object, calendar, onSaved } = props;
  const [draft, setDraft] = useState(() => draftOf(props));
  const { box, busy, problems, setProblems, send } = useSending((error) => problemsOf(error, object.fields));
  const [tried, setTried] = useState(false);
  const disabled = !(calendar ? object.can.update : object.can.create);
  const change = (part: Partial<Draft>) => {
    setProblems({});
    setDraft((before) => ({ ...before, ...part }));
  };
  const touched = JSON.stringify(valuesOf(draft)) !== JSON.stringify(valuesOf(draftOf(props)));
  const changed = !calendar || touched;
  useUnsaved(touched);
  const save = () => {
    setTried(true);
    if (faultyDays(draft.week).length > 0 || !draft.holidays.every(isSoundHoliday)) {
      return;
    }
    void send(async () => {
      const values = valuesOf(draft);
      const label = t("hours.saved", { name: values.name });
      const saved = calendar
        ? await updateRecord(object, calendar, values, { throwOnly: true, label })
        : await createRecord(object, values, { throwOnly: true, label });
      // Another one may have been for everyone until now.
      refreshObject(object.name);
      onSaved(saved.id);
    });
  };
  return (
    <form
      ref={box}
      className={classes.form}
      aria-label={draft.name || t("hours.new")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Basics draft={draft} problems={problems} disabled={disabled} onChange={change} />
      <h3>{t("hours.week")}</h3>
      <WeekGrid week={draft.week} disabled={disabled} onChange={(week) => change({ week })} />
      <div className={classes.heading}>
        <h3>{t("hours.holidays")}</h3>
        {calendar && !disabled && <ImportHolidays object={object} calendar={calendar.id} disabled={changed} />}
      </div>
      <HolidayList
        holidays={draft.holidays}
        disabled={disabled}
        tried={tried}
        onChange={(holidays) => change({ holidays })}
      />
      {tried && !draft.holidays.every(isSoundHoliday) && (
        <p role="alert" className={classes.fault}>
          {t("hours.bad_holiday")}
        </p>
      )}
      <FormProblem text={problems.week} />
      <FormProblem text={problems.holidays} />
      <FormProblem text={problems[""]} />
      {calendar && (
        <>
          <h3>{t("hours.whom")}</h3>
          <div className={settings.form}>
            <Assigned calendar={calendar.id} />
          </div>
        </>
      )}
      <div className={classes.buttons}>
        <Button type="submit" loading={busy} disabled={disabled || !changed || draft.name.trim() === ""}>
          {t("app.save")}
        </Button>
        {calendar && object.can.delete && (
          <button
            type="button"
            className="tool"
            onClick={() =>
              void deleteRecords(object, [calendar.id], draft.name).then(
                () => onSaved(null),
                () => {},
              )
            }
          >
            <IconTrash size={15} /> {t("app.delete")}
          </button>
        )}
      </div>
    </form>
  );
}

interface BasicsProps {
  draft: Draft;
  problems: Problems;
  disabled: boolean;
  onChange: (part: Partial<Draft>) => void;
}

function Basics({ draft, problems, disabled, onChange }: BasicsProps) {
  return (
    <div className={settings.form}>
      <TextInput
        size="xs"
        label={t("hours.name")}
        withAsterisk
        value={draft.name}
        error={problems.name}
        disabled={disabled}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <LongSelect
        label={t("hours.time_zone")}
        placeholder={t("hours.time_zone_own")}
        clearable
        data={timeZones()}
        value={draft.time_zone}
        error={problems.time_zone}
        disabled={disabled}
        onChange={(time_zone) => onChange({ time_zone })}
      />
      <Switch
        size="xs"
        label={t("hours.for_everyone")}
        description={t("hours.for_everyone_text")}
        checked={draft.for_everyone}
        disabled={disabled}
        onChange={(event) => onChange({ for_everyone: event.currentTarget.checked })}
      />
    </div>
  );
}

interface TakenIn {
  added: number;
  known: number;
  left_out: number;
  batch: string;
}

/** Takes the whole days of a calendar file in as holidays. */
function ImportHolidays({ object, calendar, disabled }: { object: ObjectMeta; calendar: string; disabled: boolean }) {
  const take = async (events: Blob) => {
    try {
      const taken = await api.upload<TakenIn>(`/${object.plural}/${calendar}/holidays`, {}, events);
      const { added, known, left_out } = taken;
      offerUndo(taken.batch, t("hours.imported", { added, known, left_out }));
      refreshObject(object.name, calendar);
    } catch (error) {
      showProblem(error);
    }
  };
  const why = disabled ? t("hours.save_first") : undefined;
  return <TakeCalendarFile label={t("hours.import")} written disabled={disabled} why={why} onFile={take} />;
}
