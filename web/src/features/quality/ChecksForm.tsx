/** Which fields should have a value, and when a record counts as outdated: for those who configure the workspace. */
import { Button, MultiSelect, NumberInput } from "@mantine/core";
import { useState } from "react";
import { api } from "../../api/client";
import { findObject } from "../../app/query";
import { showToast } from "../../app/toasts";
import { t } from "../../i18n";
import { Dialog } from "../../ui/Dialog";
import { type Problems, problemsOf } from "../../ui/form/recordForm";
import { type Checks, refreshBoard } from "./data";
import classes from "./quality.module.css";

const not_asked = ["json", "formula", "rollup", "actor", "auto_number"];

export function ChecksForm({ checks, onClose }: { checks: Checks; onClose: () => void }) {
  const [draft, setDraft] = useState(checks);
  const [problems, setProblems] = useState<Problems>({});
  const [busy, setBusy] = useState(false);
  const objects = ["person", "company"].flatMap((name) => findObject(name) ?? []);
  const save = async () => {
    setBusy(true);
    try {
      await api.put<Checks>("/quality", draft);
      await refreshBoard();
      showToast(t("quality.saved"));
      onClose();
    } catch (error) {
      setProblems(problemsOf(error, [{ name: "months" }, ...objects.map(({ name }) => ({ name }))]));
      setBusy(false);
    }
  };
  return (
    <Dialog onClose={onClose} title={t("quality.checks")}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
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
        {problems[""] && (
          <p role="alert" className={classes.problem}>
            {problems[""]}
          </p>
        )}
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
