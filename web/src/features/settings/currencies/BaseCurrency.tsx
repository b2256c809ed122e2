/** The currency that totals are counted in. Another one counts all amounts anew, and can be taken back. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { api } from "../../../api/client";
import type { WorkspaceSettings } from "../../../api/types";
import { explain } from "../../../app/problems";
import { refreshObject, useBoot } from "../../../app/query";
import { showToast } from "../../../app/toasts";
import { t } from "../../../i18n";
import { LongSelect } from "../../../ui/fields/LongSelect";
import { FormProblem } from "../../../ui/form/FormProblem";
import { useSending } from "../../../ui/form/useSave";
import { companyOf, currencies, withPresent } from "../company";
import { rememberWorkspace, useMay } from "../data";
import classes from "../settings.module.css";

async function change(currency: string): Promise<void> {
  rememberWorkspace(companyOf(await api.patch<WorkspaceSettings>("/workspace", { base_currency: currency })));
  refreshObject("exchange_rate");
}

async function changeUndoably(from: string, to: string): Promise<void> {
  await change(to);
  const undo = () => void changeUndoably(to, from).catch((error) => showToast(explain(error), { kind: "error" }));
  showToast(t("settings.base_changed", { currency: to }), { actions: [{ label: t("undo.action"), run: undo }] });
}

export function BaseCurrency() {
  const known = useBoot().workspace.base_currency;
  const may = useMay("configure");
  const [chosen, setChosen] = useState<string | null>(null);
  const { busy, problems, send } = useSending();
  if (!may) {
    return <p className={classes.text}>{t("settings.base_is", { currency: known })}</p>;
  }
  const changed = chosen !== null && chosen !== known;
  const save = async () => {
    await changeUndoably(known, chosen ?? known);
    setChosen(null);
  };
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send(save);
      }}
    >
      <LongSelect
        label={t("settings.workspace_base_currency")}
        description={t("settings.workspace_base_currency_why")}
        data={withPresent(currencies(), known)}
        value={chosen ?? known}
        onChange={setChosen}
      />
      {changed && (
        <>
          <p role="status" className={`dimmed ${classes.hint}`}>
            {t("settings.base_counts_anew")}
          </p>
          <div className={classes.buttons}>
            <Button type="submit" loading={busy}>
              {t("app.save")}
            </Button>
            <Button variant="default" disabled={busy} onClick={() => setChosen(null)}>
              {t("app.cancel")}
            </Button>
          </div>
        </>
      )}
      <FormProblem text={problems[""]} />
    </form>
  );
}
