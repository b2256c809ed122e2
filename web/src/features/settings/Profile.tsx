/** One's own name, language, time zone and what else a user record says. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Field, FieldValue, ObjectMeta, RapportRecord } from "../../api/types";
import { queryClient, useBoot, useObject } from "../../app/query";
import { updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { Avatar } from "../../ui/Avatar";
import { FieldEditor, finished } from "../../ui/fields/Field";
import { sameValue } from "../../ui/fields/kind";
import { problemsOf } from "../../ui/form/recordForm";
import { timeZones } from "./company";
import { Devices } from "./Devices";
import { localeChoices } from "./locales";
import { Title } from "./parts";
import classes from "./settings.module.css";

const own_fields = [
  ...["name", "job_title", "phones", "locale", "time_zone"],
  ...["muted", "digest", "digest_hour", "unmailed", "unpushed"],
];

export function Profile() {
  const boot = useBoot();
  const object = useObject("user");
  const { data } = useQuery({
    queryKey: keys.record("user", boot.user.id),
    queryFn: () => api.get<RapportRecord>(`/${object?.plural ?? "users"}/${boot.user.id}`),
    enabled: object !== undefined,
  });
  return (
    <>
      <Title name="profile" />
      <div className={classes.me}>
        <Avatar name={boot.user.name} size="lg" />
        <div>
          <strong>{boot.user.name}</strong>
          <p className="dimmed">
            {boot.user.email} · {boot.role.name}
          </p>
        </div>
      </div>
      {data && object && <Form object={object} record={data} />}
      {!boot.viewing && <Devices />}
    </>
  );
}

/** Fields of the model that are texts, and choices here. */
function choicesOf(field: Field, value: FieldValue): { value: string; label: string }[] | undefined {
  if (field.name === "locale") {
    return localeChoices(typeof value === "string" ? value : null);
  }
  return field.name === "time_zone" ? timeZones() : undefined;
}

/** Each value is kept when its field is left, and can be taken back. */
function Form({ object, record }: { object: ObjectMeta; record: RapportRecord }) {
  const fields = own_fields.flatMap((name) => object.fields.find((field) => field.name === name) ?? []);
  return (
    <div className={classes.form}>
      {fields.map((field) => (
        <OwnField key={`${field.name}:${record.version}`} object={object} record={record} field={field} />
      ))}
    </div>
  );
}

function OwnField({ object, record, field }: { object: ObjectMeta; record: RapportRecord; field: Field }) {
  const [draft, setDraft] = useState<FieldValue>(record[field.name]);
  const [problem, setProblem] = useState<string>();
  const options = choicesOf(field, record[field.name]);
  const save = async (final: FieldValue = draft) => {
    const value = finished({ field }, final) ?? null;
    if (sameValue(value, record[field.name])) {
      return;
    }
    try {
      const choice = options?.find((option) => option.value === value);
      const label = choice && t("write.field_set", { field: field.label, value: choice.label });
      await updateRecord(object, record, { [field.name]: value }, { throwOnly: true, label });
      void queryClient.invalidateQueries({ queryKey: keys.boot });
    } catch (error) {
      const problems = problemsOf(error, [field]);
      setProblem(problems[field.name] ?? problems[""]);
    }
  };
  const shown: Field = options ? { ...field, kind: "select", options } : field;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens for the focus leaving its inputs
    <div
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && void save()}
      onKeyDown={(event) => event.key === "Enter" && event.target instanceof HTMLInputElement && void save()}
    >
      <FieldEditor
        field={shown}
        value={draft}
        error={problem}
        onChange={(value) => {
          setProblem(undefined);
          setDraft(value);
        }}
        onCommit={(value) => void save(value ?? null)}
      />
      {field.name === "locale" && <p className={`dimmed ${classes.hint}`}>{t("settings.locale_hint")}</p>}
    </div>
  );
}
