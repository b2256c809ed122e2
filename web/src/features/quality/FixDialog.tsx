/** A correction of many records: what would change is shown, then it is done in one batch that can be taken back. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { FieldValue, ObjectMeta } from "../../api/types";
import { explain } from "../../app/problems";
import { refreshObject, useBoot } from "../../app/query";
import { showToast } from "../../app/toasts";
import { offerUndo } from "../../app/undo";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { Dialog } from "../../ui/Dialog";
import { countries } from "../../ui/fields/address";
import { LongSelect } from "../../ui/fields/LongSelect";
import { kindOf } from "../../ui/fields/registry";
import { FormProblem } from "../../ui/form/FormProblem";
import { useSending } from "../../ui/form/useSave";
import { applyFix, board_key, type Fix, type FixName, previewFix, refreshBoard } from "./data";
import classes from "./quality.module.css";

interface Props {
  object: ObjectMeta;
  fix: FixName;
  onClose: () => void;
}

function textOf(object: ObjectMeta, name: string, value: unknown): string {
  const field = object.fields.find((entry) => entry.name === name);
  return field ? kindOf(field).toText(field, (value ?? null) as FieldValue) : String(value ?? "");
}

export function FixDialog({ object, fix, onClose }: Props) {
  const { workspace } = useBoot();
  const [country, setCountry] = useState(workspace.default_country);
  const { busy, problems, send } = useSending();
  const choices = useMemo(countries, []);
  const asked: Fix = { object: object.name, fix, ...(fix !== "names" && { country }) };
  const { data, error } = useQuery({
    queryKey: [...board_key, "preview", asked],
    queryFn: () => previewFix(asked),
    staleTime: 0,
  });
  const run = async () => {
    const done = await applyFix(asked);
    refreshObject(object.name);
    await refreshBoard();
    if (done.updated > 0) {
      offerUndo(done.batch, t("quality.fixed", { count: done.updated }), [], refreshBoard);
    }
    if (done.refused > 0) {
      showToast(t("quality.refused", { count: done.refused }));
    }
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={t(`quality.fix_${fix}`)} size="lg">
      <p className="dimmed">{t(`quality.fix_${fix}_why`)}</p>
      {fix !== "names" && (
        <LongSelect
          className={classes.country}
          label={t(fix === "phones" ? "quality.country_of_numbers" : "quality.country_of_addresses")}
          data={choices}
          value={country}
          onChange={(value) => value && setCountry(value)}
        />
      )}
      {data && data.changes.length > 0 && (
        <div className={classes.tableBox}>
          <table className={classes.changes}>
            <caption className="visually-hidden">{t("quality.changes")}</caption>
            <thead>
              <tr>
                <th scope="col">{object.label}</th>
                <th scope="col">{t("quality.before")}</th>
                <th scope="col">{t("quality.after")}</th>
              </tr>
            </thead>
            <tbody>
              {data.changes.flatMap((change) =>
                Object.entries(change.fields).map(([name, [before, after]]) => (
                  <tr key={`${change.id} ${name}`}>
                    <th scope="row">{change.title}</th>
                    <td>{textOf(object, name, before)}</td>
                    <td>{textOf(object, name, after)}</td>
                  </tr>
                )),
              )}
            </tbody>
          </table>
        </div>
      )}
      <p role="status" className={classes.summary}>
        {data ? t(data.limited ? "quality.first_records" : "quality.n_records", { count: data.records }) : ""}
        {data && data.records > data.changes.length
          ? ` ${t("quality.shown", { count: formatNumber(data.changes.length) })}`
          : ""}
      </p>
      <FormProblem text={problems[""] ?? (error ? explain(error) : undefined)} />
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("app.cancel")}
        </Button>
        <Button onClick={() => void send(run)} loading={busy} disabled={!data || data.records === 0}>
          {t("quality.apply", { count: data?.records ?? 0 })}
        </Button>
      </div>
    </Dialog>
  );
}
