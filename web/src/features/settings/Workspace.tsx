/** What holds for the whole workspace. Whoever may configure it changes it here; everybody else reads it. */
import { Button, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { WorkspaceSettings } from "../../api/types";
import { useBoot } from "../../app/query";
import { showToast } from "../../app/toasts";
import { useUnsaved } from "../../app/unsaved";
import { t } from "../../i18n";
import { countries, countryName } from "../../ui/fields/address";
import { LongSelect } from "../../ui/fields/LongSelect";
import { FormProblem } from "../../ui/form/FormProblem";
import { type Problems, problemsOf } from "../../ui/form/recordForm";
import { useSending } from "../../ui/form/useSave";
import { company_fields, companyChanges, companyOf, companyProblems, timeZones, withPresent } from "./company";
import { rememberWorkspace, useMay } from "./data";
import { Title } from "./parts";
import classes from "./settings.module.css";

const path = "/workspace";

export function Workspace() {
  const { workspace } = useBoot();
  const may = useMay("configure");
  // Somebody else may have changed it since the page was opened; until the answer is there the known values do.
  const { data } = useQuery({
    queryKey: [...keys.boot, "workspace"],
    queryFn: () => api.get<WorkspaceSettings>(path),
    staleTime: 0,
  });
  const known = useMemo(() => companyOf(data ?? workspace), [data, workspace]);
  return (
    <>
      <Title name="workspace" />
      {may ? <Form key={JSON.stringify(known)} known={known} /> : <Facts known={known} />}
      <p className={`dimmed ${classes.hint}`}>{t("settings.workspace_version", { version: workspace.version })}</p>
    </>
  );
}

function Facts({ known }: { known: WorkspaceSettings }) {
  const facts = [
    ["name", known.name],
    ["default_country", countryName(known.default_country)],
    ["time_zone", known.time_zone.replaceAll("_", " ")],
    ["second_factor_required", t(known.second_factor_required ? "field.yes" : "field.no")],
  ] as const;
  return (
    <>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`settings.workspace_${name}`)}</dt>
            <dd>{value || "–"}</dd>
          </div>
        ))}
      </dl>
      <p className={`dimmed ${classes.hint}`}>{t("settings.workspace_read_only")}</p>
    </>
  );
}

function Form({ known }: { known: WorkspaceSettings }) {
  const [draft, setDraft] = useState(known);
  const { box, busy, problems, setProblems, refuse, send } = useSending((error) =>
    problemsOf(
      error,
      company_fields.map((name) => ({ name })),
    ),
  );
  const changes = companyChanges(known, draft);
  const changed = Object.keys(changes).length > 0;
  useUnsaved(changed);
  const change = (field: keyof WorkspaceSettings, value: string | boolean) => {
    setDraft((before) => ({ ...before, [field]: value }));
    setProblems(({ [field]: _, "": __, ...rest }) => rest);
  };
  const save = () => {
    const found = companyProblems(draft);
    if (Object.keys(found).length > 0 || !changed) {
      return refuse(found);
    }
    void send(async () => {
      rememberWorkspace(companyOf(await api.patch<WorkspaceSettings>(path, changes)));
      showToast(t("settings.workspace_saved"));
    });
  };
  return (
    <form
      ref={box}
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <div data-field="name">
        <TextInput
          size="xs"
          label={t("settings.workspace_name")}
          withAsterisk
          value={draft.name}
          error={problems.name}
          onChange={(event) => change("name", event.currentTarget.value)}
          autoComplete="organization"
        />
      </div>
      <Choices known={known} draft={draft} problems={problems} onChange={change} />
      <Switch
        size="xs"
        label={t("settings.workspace_second_factor_required")}
        description={t("settings.workspace_second_factor_required_why")}
        checked={draft.second_factor_required}
        onChange={(event) => change("second_factor_required", event.currentTarget.checked)}
      />
      <FormProblem text={problems[""]} />
      <div className={classes.buttons}>
        <Button type="submit" loading={busy} disabled={!changed}>
          {t("app.save")}
        </Button>
        {changed && !busy && (
          <Button
            variant="default"
            onClick={() => {
              setDraft(known);
              setProblems({});
            }}
          >
            {t("app.cancel")}
          </Button>
        )}
      </div>
    </form>
  );
}

interface ChoicesProps {
  known: WorkspaceSettings;
  draft: WorkspaceSettings;
  problems: Problems;
  onChange: (field: keyof WorkspaceSettings, value: string) => void;
}

function Choices({ known, draft, problems, onChange }: ChoicesProps) {
  const choices = useMemo(
    () => ({
      default_country: withPresent(countries(), known.default_country),
      time_zone: withPresent(timeZones(), known.time_zone),
    }),
    [known],
  );
  return (["default_country", "time_zone"] as const).map((field) => (
    <div key={field} data-field={field}>
      <LongSelect
        label={t(`settings.workspace_${field}`)}
        description={t(`settings.workspace_${field}_why`)}
        data={choices[field]}
        value={draft[field] || null}
        error={problems[field]}
        onChange={(value) => value && onChange(field, value)}
      />
    </div>
  ));
}
