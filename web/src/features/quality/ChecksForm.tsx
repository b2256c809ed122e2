/** Which fields should have a value, and when a record counts as outdated: for those who configure the workspace. */
import { Button, MultiSelect, NumberInput } from "@mantine/core";
import { useState } from "react";
import { api } from "../../api/client";
import { findObject } from "../../app/query";
import { showToast } from "../../app/toasts";
import { t } from "../../i18n";
import { Dialog } from "../../ui/Dialog";
import { FormProblem } from "../../ui/form/FormProblem";
import { problemsOf } from "../../ui/form/recordForm";
import { useSending } from "../../ui/form/useSave";
import { type Checks, refreshBoard } from "./data";
import classes from "./quality.module.css";

const not_asked = ["json", "formula", "rollup", "actor", "auto_number"];

export function ChecksForm({ checks, onClose }: { checks: Checks; onClose: () => void }) {
  const [draft, setDraft] = useState(checks);
  const objects = ["person", "company"].flatMap((name) => findObject(name) ?? []);
  const { box, busy, problems, send } = useSending((error) => problemsOf(error, [{ name: "months" }, ...objects]));
  const save = async () => {
    await api.put<Checks>("/quality", draft);
    await refreshBoard();
    showToast(t("quality.saved"));
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={t("quality.checks")}>
      <form
        ref={box}
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send(save);
        }}
      >
        <NumberInput
          size="xs"
          label={t("quality.months")}
          min={1}
          max={120}
          allowDecimal={false}
          allowNegative={false}
          value={draft.months}
          error={problems.months}
          onChange={(value) => setDraft((before) => ({ ...before, months: typeof value === "number" ? value : 0 }))}
        />
        {objects.map((object) => (
          <MultiSelect
            key={object.name}
            size="xs"
            searchable
            label={t("quality.wanted", { objects: object.label_plural })}
            data={object.fields
              .filter((field) => !field.hidden && !field.read_only && !not_asked.includes(field.kind))
              .map((field) => ({ value: field.name, label: field.label }))}
            value={draft.missing[object.name] ?? []}
            error={problems[object.name]}
            onChange={(names) =>
              setDraft((before) => ({ ...before, missing: { ...before.missing, [object.name]: names } }))
            }
          />
        ))}
        <FormProblem text={problems[""]} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {t("app.cancel")}
          </Button>
          <Button type="submit" loading={busy}>
            {t("app.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
