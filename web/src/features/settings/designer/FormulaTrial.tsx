/** What a formula gives for a record that is there: found out by the server, with what keeps it fresh later. */
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem, api } from "../../../api/client";
import { rememberTitles } from "../../../api/titles";
import type { Field, FieldValue, ObjectMeta } from "../../../api/types";
import { t } from "../../../i18n";
import { FieldDisplay } from "../../../ui/fields/Field";
import { isEmpty } from "../../../ui/fields/kind";
import { RecordPicker } from "../../../ui/fields/RecordPicker";
import classes from "./designer.module.css";

interface Tried {
  record: { id: string; title: string; subtitle?: string | null };
  value: FieldValue;
}

const wait_ms = 400;

interface Props {
  object: ObjectMeta;
  field: Field;
  /** The name of the field itself, which nothing can be tried with. */
  unknown: string | undefined;
}

export function FormulaTrial({ object, field, unknown }: Props) {
  const [record, setRecord] = useState<string | null>(null);
  const [source] = useDebouncedValue(field.formula?.trim() ?? "", wait_ms);
  const itself = unknown !== undefined && source.split(/\W+/).includes(unknown) && unknown !== "";
  const { data, error } = useQuery({
    queryKey: ["trial", object.name, source, field.result, record],
    queryFn: async () => {
      const body = { object: object.name, source, result: field.result, try: { record } };
      const { tried } = await api.post<{ tried: Tried | null }>("/expressions/check", body);
      if (tried) {
        rememberTitles({ [object.name]: { [tried.record.id]: tried.record } });
      }
      return tried;
    },
    enabled: source !== "" && !itself,
    retry: false,
    gcTime: 0,
  });
  // What is wrong with the text is said at the text.
  const refused = error instanceof ApiProblem && error.status === 403;
  return (
    <section className={classes.trial} aria-label={t("designer.trial")}>
      <p className="nav-title">{t("designer.trial")}</p>
      {source === "" || (error && !refused) ? (
        <p className="dimmed">{t("designer.trial_waits")}</p>
      ) : refused ? (
        <p className="dimmed">{t("designer.trial_refused")}</p>
      ) : data === null ? (
        <p className="dimmed">{t("designer.trial_none", { objects: object.label_plural })}</p>
      ) : (
        data && (
          <>
            <p className={classes.tried} role="status">
              <span className="visually-hidden">{t("designer.trial_gives", { record: data.record.title })}</span>
              {isEmpty(data.value) ? (
                <span className="dimmed">{t("designer.trial_empty")}</span>
              ) : (
                <FieldDisplay field={field} value={data.value} plain />
              )}
            </p>
            <RecordPicker
              objects={[object.name]}
              value={[{ object: object.name, id: data.record.id }]}
              label={t("designer.trial_record")}
              onChange={(chosen) => setRecord(chosen[0]?.id ?? null)}
            />
          </>
        )
      )}
      {(field.result === "percent" || usesPercent(object, source)) && (
        <p className="dimmed">{t("designer.percent_text")}</p>
      )}
    </section>
  );
}

/** Whether the formula reads a field that is a percentage. */
function usesPercent(object: ObjectMeta, source: string): boolean {
  const names = object.fields.filter((field) => (field.result ?? field.kind) === "percent").map((field) => field.name);
  return names.some((name) => new RegExp(`\\b${name}\\b`).test(source));
}
