/** The form that edits a record in a dialog: for entries of timelines and small records that have no page of their own. */
import { Button, Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { conflicts } from "../../app/conflict";
import { updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { FormFields } from "./FormFields";
import classes from "./form.module.css";
import { firstFields, useRecordForm } from "./recordForm";
import { useSave } from "./useSave";

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
  const shown = form.fields.filter(
    (field) => all || (first.has(field.name) && !field.system) || form.problems[field.name],
  );
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
      <FormFields form={form} fields={shown} focus={shown[0]?.name} />
      {form.problems[""] && (
        <p className={classes.problem} role="alert">
          {form.problems[""]}
        </p>
      )}
      <div className={classes.foot}>
        {form.fields.length > shown.length && (
          <button type="button" className="tool" onClick={() => setAll(true)}>
            {t("form.more_fields", { count: form.fields.length - shown.length })}
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
    <Modal
      opened
      closeOnEscape={!asked}
      onClose={props.onClose}
      title={t("form.edit", { object: props.object.label })}
      size={600}
      fullScreen={phone}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <EditForm {...props} />
    </Modal>
  );
}
