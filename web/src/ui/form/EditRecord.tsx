/** The form that edits a record in a dialog: for entries of timelines and small records that have no page of their own. */
import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { lazy, Suspense, useState } from "react";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { conflicts } from "../../app/conflict";
import { updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { Dialog } from "../Dialog";
import { arranges, sectionsOf } from "../layout/layout";
import { useLayout } from "../layout/useLayout";
import { FormFields } from "./FormFields";
import { FormProblem } from "./FormProblem";
import { FormSections, formSections } from "./FormSections";
import classes from "./form.module.css";
import { firstFields, useRecordForm } from "./recordForm";
import { useSave } from "./useSave";

const MeetingTimes = lazy(() => import("./MeetingTimes"));

interface Props {
  object: ObjectMeta;
  record: RapportRecord;
  onClose: () => void;
}

function EditForm({ object, record: now, onClose }: Props) {
  // What others change while the form is open must not pass for what it began with.
  const [record] = useState(now);
  const form = useRecordForm(object, record, true);
  const [all, setAll] = useState(false);
  const first = firstFields(object, record);
  const { layout } = useLayout(object, form.values, record);
  const sections = arranges(layout) ? formSections(form, sectionsOf(object, layout)) : undefined;
  const [focused] = useState(() => sections?.find((section) => !section.collapsed)?.fields[0]?.name);
  const shown = form.fields.filter(
    (field) => all || (first.has(field.name) && !field.system) || form.problems[field.name],
  );
  const hidden = sections ? 0 : form.fields.length - shown.length;
  const { box, busy, save } = useSave(form, form.changes, async (values) => {
    if (Object.keys(values).length > 0) {
      await updateRecord(object, record, values, { throwOnly: true });
    }
    onClose();
  });
  return (
    <form
      ref={box}
      noValidate
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
          event.preventDefault();
          void save();
        }
      }}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {sections ? (
        <FormSections form={form} sections={sections} focus={focused} />
      ) : (
        <FormFields form={form} fields={shown} focus={shown[0]?.name} />
      )}
      {object.name === "meeting" && (
        <Suspense>
          <MeetingTimes form={form} id={record.id} />
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
          <Button type="button" size="xs" variant="default" onClick={onClose}>
            {t("app.cancel")}
          </Button>
          <Button type="submit" size="xs" loading={busy}>
            {t("app.save")}
          </Button>
        </div>
      </div>
    </form>
  );
}

export default function EditRecord(props: Props) {
  const phone = useMediaQuery("(max-width: 720px)") ?? false;
  const asked = conflicts.use().length > 0;
  return (
    <Dialog
      closeOnEscape={!asked}
      onClose={props.onClose}
      title={t("form.edit", { object: props.object.label })}
      size={600}
      fullScreen={phone}
    >
      <EditForm {...props} />
    </Dialog>
  );
}
