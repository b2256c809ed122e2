/** One form: its name, who may send it, what it asks for, and whom its leads belong to. */
import { Button, Checkbox, NumberInput, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { ObjectMeta, RapportRecord } from "../../../api/types";
import { useUnsaved } from "../../../app/unsaved";
import { createRecord, deleteRecords, updateRecord } from "../../../app/write";
import { t } from "../../../i18n";
import { LongSelect } from "../../../ui/fields/LongSelect";
import { RecordPicker } from "../../../ui/fields/RecordPicker";
import { FormProblem } from "../../../ui/form/FormProblem";
import { type Problems, problemsOf } from "../../../ui/form/recordForm";
import { useSending } from "../../../ui/form/useSave";
import settings from "../settings.module.css";
import { asked, type Draft, draftOf, valuesOf } from "./draft";
import classes from "./forms.module.css";

interface Props {
  object: ObjectMeta;
  form: RapportRecord | undefined;
  onSaved: (id: string | null) => void;
}

interface PartProps {
  object: ObjectMeta;
  draft: Draft;
  problems: Problems;
  disabled: boolean;
  onChange: (part: Partial<Draft>) => void;
}

export function CaptureForm({ object, form, onSaved }: Props) {
  const [draft, setDraft] = useState(() => draftOf(form));
  const { box, busy, problems, setProblems, send } = useSending((error) => problemsOf(error, object.fields));
  const disabled = !(form ? object.can.update : object.can.create);
  const change = (part: Partial<Draft>) => {
    setProblems({});
    setDraft((before) => ({ ...before, ...part }));
  };
  const touched = JSON.stringify(valuesOf(draft)) !== JSON.stringify(valuesOf(draftOf(form)));
  useUnsaved(touched);
  const save = async () => {
    const values = valuesOf(draft);
    const options = { throwOnly: true, label: t("forms.saved", { name: values.name }) };
    const saved = form
      ? await updateRecord(object, form, values, options)
      : await createRecord(object, values, options);
    onSaved(saved.id);
  };
  const parts = { object, draft, problems, disabled, onChange: change };
  return (
    <form
      ref={box}
      className={classes.form}
      aria-label={draft.name || t("forms.new")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send(save);
      }}
    >
      <Basics {...parts} />
      <Origin {...parts} />
      <Agreement {...parts} />
      <Guard {...parts} />
      <FormProblem text={problems[""]} />
      <div className={classes.buttons}>
        <Button type="submit" loading={busy} disabled={disabled || !touched || draft.name.trim() === ""}>
          {t("app.save")}
        </Button>
        {form && object.can.delete && (
          <button
            type="button"
            className="tool"
            onClick={() =>
              void deleteRecords(object, [form.id], draft.name).then(
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

function Basics({ draft, problems, disabled, onChange }: PartProps) {
  return (
    <div className={settings.form}>
      <TextInput
        size="xs"
        label={t("forms.name")}
        withAsterisk
        value={draft.name}
        error={problems.name}
        disabled={disabled}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Switch
        size="xs"
        label={t("forms.active")}
        checked={draft.active}
        disabled={disabled}
        onChange={(event) => onChange({ active: event.currentTarget.checked })}
      />
      <Checkbox.Group
        size="xs"
        label={t("forms.takes")}
        value={draft.takes}
        onChange={(takes) => onChange({ takes })}
        error={problems.takes}
      >
        <div className={classes.checks}>
          {asked.map((field) => (
            <Checkbox key={field} size="xs" value={field} label={t(`forms.field_${field}`)} disabled={disabled} />
          ))}
        </div>
      </Checkbox.Group>
    </div>
  );
}

function Origin({ object, draft, problems, disabled, onChange }: PartProps) {
  const options = object.fields.find((field) => field.name === "source")?.options ?? [];
  return (
    <div className={settings.form}>
      <LongSelect
        label={t("forms.source")}
        clearable
        data={options.map(({ value, label }) => ({ value, label }))}
        value={draft.source}
        error={problems.source}
        disabled={disabled}
        onChange={(source) => onChange({ source })}
      />
      <TextInput
        size="xs"
        label={t("forms.campaign")}
        description={t("forms.campaign_text")}
        value={draft.campaign}
        error={problems.campaign}
        disabled={disabled}
        onChange={(event) => onChange({ campaign: event.currentTarget.value })}
      />
      <RecordPicker
        size="xs"
        objects={["user"]}
        label={t("forms.assignee")}
        ariaLabel={t("forms.assignee")}
        disabled={disabled}
        value={draft.assignee ? [{ object: "user", id: draft.assignee }] : []}
        onChange={(chosen) => onChange({ assignee: chosen.at(-1)?.id ?? null })}
      />
      <p className={`dimmed ${settings.hint}`}>{t("forms.assignee_text")}</p>
    </div>
  );
}

function Agreement({ draft, problems, disabled, onChange }: PartProps) {
  return (
    <div className={settings.form}>
      <Textarea
        size="xs"
        autosize
        minRows={2}
        label={t("forms.consent")}
        description={t("forms.consent_text")}
        value={draft.consent_wording}
        error={problems.consent_wording}
        disabled={disabled}
        onChange={(event) => onChange({ consent_wording: event.currentTarget.value })}
      />
      {draft.consent_wording.trim() !== "" && (
        <TextInput
          size="xs"
          label={t("forms.topic")}
          value={draft.consent_topic}
          error={problems.consent_topic}
          disabled={disabled}
          onChange={(event) => onChange({ consent_topic: event.currentTarget.value })}
        />
      )}
    </div>
  );
}

function Guard({ draft, problems, disabled, onChange }: PartProps) {
  return (
    <div className={settings.form}>
      <TagsInput
        size="xs"
        label={t("forms.origins")}
        description={t("forms.origins_text")}
        placeholder={t("forms.origins_like")}
        value={draft.origins}
        error={problems.origins}
        disabled={disabled}
        onChange={(origins) => onChange({ origins })}
      />
      <NumberInput
        size="xs"
        label={t("forms.seconds")}
        description={t("forms.seconds_text")}
        min={0}
        max={600}
        allowDecimal={false}
        hideControls
        value={draft.least_seconds}
        error={problems.least_seconds}
        disabled={disabled}
        onChange={(value) => onChange({ least_seconds: typeof value === "number" ? value : "" })}
      />
      <TextInput
        size="xs"
        label={t("forms.thanks")}
        description={t("forms.thanks_text")}
        placeholder={t("forms.thanks_like")}
        value={draft.thanks}
        error={problems.thanks}
        disabled={disabled}
        onChange={(event) => onChange({ thanks: event.currentTarget.value })}
      />
    </div>
  );
}
