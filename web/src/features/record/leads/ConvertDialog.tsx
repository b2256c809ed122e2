/** A lead becomes a deal: its name, worth and pipeline are asked for, the rest comes from the lead. */
import { Button } from "@mantine/core";
import { api } from "../../../api/client";
import { rememberRecord } from "../../../api/titles";
import type { ObjectMeta, RapportRecord } from "../../../api/types";
import { recordAddress } from "../../../app/navigation";
import { findObject, patchRecord, refreshObject } from "../../../app/query";
import { go } from "../../../app/router";
import { offerUndo } from "../../../app/undo";
import { t } from "../../../i18n";
import { Dialog } from "../../../ui/Dialog";
import { FormFields } from "../../../ui/form/FormFields";
import { FormProblem } from "../../../ui/form/FormProblem";
import formClasses from "../../../ui/form/form.module.css";
import { useRecordForm } from "../../../ui/form/recordForm";
import { useSave } from "../../../ui/form/useSave";
import type { PartProps } from "../parts";
import classes from "./leads.module.css";

const asked = ["name", "amount", "expected_close", "pipeline", "stage"];

interface Converted {
  lead: RapportRecord;
  deal: RapportRecord;
  batch: string;
}

interface Props extends PartProps {
  onClose: () => void;
}

function Form({ object, record, deal, onClose }: Props & { deal: ObjectMeta }) {
  const form = useRecordForm(deal, { name: typeof record.title === "string" ? record.title : "" }, true);
  const fields = asked.flatMap((name) => form.fields.filter((field) => field.name === name));
  const { box, busy, save } = useSave(form, form.collect, async (values) => {
    const made = await api.post<Converted>(`/${object.plural}/${record.id}/convert`, { values });
    rememberRecord(deal, made.deal);
    patchRecord(object, made.lead);
    refreshObject(object.name);
    refreshObject(deal.name);
    offerUndo(made.batch, t("leads.converted", { title: String(made.deal.name ?? "") }));
    onClose();
    go(recordAddress(deal, made.deal.id));
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
      <p className={`dimmed ${classes.lead_in}`}>{t("leads.convert_text")}</p>
      <FormFields form={form} fields={fields} focus="name" />
      <FormProblem apart text={form.problems[""]} />
      <div className={formClasses.foot}>
        <div className={formClasses.end}>
          <Button type="button" size="xs" variant="default" onClick={onClose}>
            {t("app.cancel")}
          </Button>
          <Button type="submit" size="xs" loading={busy}>
            {t("leads.convert")}
          </Button>
        </div>
      </div>
    </form>
  );
}

export default function ConvertDialog(props: Props) {
  const deal = findObject("deal");
  return (
    <Dialog onClose={props.onClose} title={t("leads.convert")} size={480}>
      {deal && <Form {...props} deal={deal} />}
    </Dialog>
  );
}
