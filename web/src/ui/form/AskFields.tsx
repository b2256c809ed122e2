/** Asks for exactly the fields that a change lacks: a card dropped where more is required. */
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { FieldProblem, ObjectMeta, RapportRecord } from "../../api/types";
import { conflicts } from "../../app/conflict";
import { recordQuery } from "../../app/query";
import { updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { useReturnFocus } from "../returnFocus";
import { FormFields } from "./FormFields";
import { FormProblem } from "./FormProblem";
import classes from "./form.module.css";
import { useRecordForm, type Values } from "./recordForm";
import { useSave } from "./useSave";

export interface Asked {
  record: RapportRecord;
  /** The change that was refused. */
  values: Values;
  /** What it lacks. */
  fields: FieldProblem[];
  /** What the change is called, in the title and in the toast. */
  label: string;
}

interface Props {
  object: ObjectMeta;
  asked: Asked;
  onClose: () => void;
  onDone: () => void;
}

/** The record without what is calculated: that may be something else after the change, and with it what is shown. */
function written(object: ObjectMeta, record: RapportRecord): Values {
  const calculated = object.fields.filter((field) => field.kind === "formula" || field.kind === "rollup");
  return Object.fromEntries(
    Object.entries(record).filter(([name]) => !calculated.some((field) => field.name === name)),
  );
}

function Form({ object, asked, record: now, onClose, onDone }: Props & { record: RapportRecord }) {
  const [record] = useState(now);
  const form = useRecordForm(object, { ...written(object, record), ...asked.values }, true);
  const names = asked.fields.map((entry) => entry.field);
  const shown = form.fields.filter((field) => names.includes(field.name) || form.problems[field.name]);
  const { box, busy, save } = useSave(form, form.changes, async (values) => {
    await updateRecord(object, record, { ...asked.values, ...values }, { label: asked.label, throwOnly: true });
    onDone();
  });
  return (
    <form
      ref={box}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p className="dimmed">{t("form.ask_text")}</p>
      <FormFields form={form} fields={shown} focus={shown[0]?.name} />
      <FormProblem apart text={form.problems[""]} />
      <div className={classes.foot}>
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

export default function AskFields(props: Props) {
  const { object, asked, onClose } = props;
  useReturnFocus();
  // The card has only some of the fields.
  const { data } = useQuery(recordQuery(object, asked.record.id));
  const conflict = conflicts.use().length > 0;
  return (
    <Modal
      closeOnEscape={!conflict}
      opened={data !== undefined}
      onClose={onClose}
      title={asked.label}
      size={420}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      {data && <Form {...props} record={data} />}
    </Modal>
  );
}
