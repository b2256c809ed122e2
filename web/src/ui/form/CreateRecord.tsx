/** The form for a new record of any object: the important fields first, the rest on request, and a warning when it may exist. */
import { Button, Switch } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import { ApiProblem } from "../../api/client";
import type { FieldValue, ObjectMeta, RapportRecord } from "../../api/types";
import { recordAddress } from "../../app/navigation";
import { go } from "../../app/router";
import { createRecord } from "../../app/write";
import { t } from "../../i18n";
import { Dialog } from "../Dialog";
import { arranges, sectionsOf } from "../layout/layout";
import { useLayout } from "../layout/useLayout";
import { LikeRecords, useLikeRecords } from "./duplicates";
import { FormFields, focusProblem } from "./FormFields";
import { FormProblem } from "./FormProblem";
import { FormSections, firstFocus, formSections } from "./FormSections";
import classes from "./form.module.css";
import { firstFields, type RecordForm, useRecordForm } from "./recordForm";

const MeetingTimes = lazy(() => import("./MeetingTimes"));

interface Props {
  object: ObjectMeta;
  values?: { [field: string]: FieldValue };
  onClose: () => void;
  /** Takes the new record instead of opening its page. */
  onCreated?: (record: RapportRecord) => void;
}

/** Sends the form; `more` empties it for the next record. */
function useSubmit(form: RecordForm, props: Props, again: () => void) {
  const [busy, setBusy] = useState(false);
  const confirmed = useRef(false);
  const submit = async (more: boolean): Promise<boolean> => {
    const values = form.collect();
    if (!values || busy) {
      return false;
    }
    setBusy(true);
    try {
      const sent = confirmed.current ? { ...values, allow_duplicates: true } : values;
      const record = await createRecord(props.object, sent, { throwOnly: true });
      if (more) {
        again();
      } else {
        props.onClose();
        if (props.onCreated) {
          props.onCreated(record);
        } else if (!props.object.timeline && !props.object.internal) {
          go(recordAddress(props.object, record.id));
        }
      }
      return true;
    } catch (error) {
      confirmed.current = error instanceof ApiProblem && error.code === "duplicate";
      form.fail(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { submit, busy };
}

function CreateForm(props: Props & { again: () => void; more: boolean; setMore: (more: boolean) => void }) {
  const { object, values = {} } = props;
  const form = useRecordForm(object, values);
  const box = useRef<HTMLFormElement>(null);
  const first = useMemo(() => firstFields(object, values), [object, values]);
  const [all, setAll] = useState(false);
  const { submit, busy } = useSubmit(form, props, props.again);
  const found = useLikeRecords(object, form.values);
  const { layout } = useLayout(object, form.values);
  const sections = arranges(layout) ? formSections(form, sectionsOf(object, layout)) : undefined;
  const shown = form.fields.filter(
    (field) => all || first.has(field.name) || form.problems[field.name] || form.required(field),
  );
  const hidden = sections ? 0 : form.fields.length - shown.length;
  const focus = sections
    ? firstFocus(form, sections)
    : (shown.find((field) => form.values[field.name] === undefined) ?? shown[0])?.name;
  const [focused] = useState(focus);
  const send = async () => {
    if (!(await submit(props.more))) {
      focusProblem(box.current);
    }
  };
  const keyDown = (event: React.KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      void send();
    }
  };
  return (
    <form
      ref={box}
      noValidate
      onKeyDown={keyDown}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {sections ? (
        <FormSections form={form} sections={sections} focus={focused} />
      ) : (
        <FormFields form={form} fields={shown} focus={focused} />
      )}
      <LikeRecords object={object} found={found} onOpen={props.onClose} />
      {object.name === "meeting" && (
        <Suspense>
          <MeetingTimes form={form} />
        </Suspense>
      )}
      <FormProblem apart text={form.problems[""]} />
      <div className={classes.foot}>
        {hidden > 0 && (
          <button type="button" className="tool" onClick={() => setAll(true)}>
            {t("form.more_fields", { count: hidden })}
          </button>
        )}
        <div className={classes.end}>
          <Switch
            size="xs"
            label={t("form.create_another")}
            checked={props.more}
            onChange={(event) => props.setMore(event.currentTarget.checked)}
          />
          <Button type="submit" size="xs" loading={busy}>
            {t("form.create", { object: object.label })}
          </Button>
        </div>
      </div>
    </form>
  );
}

export default function CreateRecord(props: Props) {
  const [round, setRound] = useState(0);
  const [more, setMore] = useState(false);
  const phone = useMediaQuery("(max-width: 720px)") ?? false;
  return (
    <Dialog onClose={props.onClose} title={t("form.new", { object: props.object.label })} size={600} fullScreen={phone}>
      <CreateForm key={round} {...props} more={more} setMore={setMore} again={() => setRound(round + 1)} />
    </Dialog>
  );
}
