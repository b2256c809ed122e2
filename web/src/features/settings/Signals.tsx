/** After how many days without contact a person or company wants some: what "contact until" is reckoned by. */
import { Button, NumberInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { findObject, refreshObject } from "../../app/query";
import { offerUndo } from "../../app/undo";
import { useUnsaved } from "../../app/unsaved";
import { t } from "../../i18n";
import { FormProblem } from "../../ui/form/FormProblem";
import { problemsOf } from "../../ui/form/recordForm";
import { useSending } from "../../ui/form/useSave";
import { Listed, Title } from "./parts";
import classes from "./settings.module.css";

interface Pace {
  days: { [option: string]: number };
  otherwise?: number | null;
}

interface Signal {
  object: string;
  choice: string;
  /** None when an administrator wrote another formula. */
  pace: Pace | null;
}

const query_key = ["settings", "signals"];

export function Signals() {
  const query = useQuery({
    queryKey: query_key,
    queryFn: async () => (await api.get<{ signals: Signal[] }>("/signals")).signals,
    staleTime: 0,
  });
  return (
    <>
      <Title name="signals" />
      <Listed query={query}>
        {(signals) =>
          signals.map((signal) => (
            <PaceForm
              key={`${signal.object}${JSON.stringify(signal.pace)}`}
              signal={signal}
              saved={() => void query.refetch()}
            />
          ))
        }
      </Listed>
    </>
  );
}

type Draft = { [option: string]: number | "" };

function draftOf(pace: Pace | null): Draft {
  return { ...pace?.days, "": pace?.otherwise ?? "" };
}

/** The days that are given; nothing is never. */
function paceOf(draft: Draft): Pace {
  const days = Object.entries(draft).filter((entry): entry is [string, number] => entry[0] !== "" && entry[1] !== "");
  const otherwise = draft[""];
  return { days: Object.fromEntries(days), otherwise: typeof otherwise === "number" ? otherwise : null };
}

function PaceForm({ signal, saved }: { signal: Signal; saved: () => void }) {
  const object = findObject(signal.object);
  const choice = object?.fields.find((field) => field.name === signal.choice);
  const [draft, setDraft] = useState(() => draftOf(signal.pace));
  const days = (choice?.options ?? []).map(({ value }) => ({ name: value }));
  const { box, busy, problems, setProblems, send } = useSending((error) =>
    problemsOf(error, [...days, { name: "otherwise" }]),
  );
  const changed = JSON.stringify(paceOf(draft)) !== JSON.stringify(paceOf(draftOf(signal.pace)));
  useUnsaved(changed);
  if (!object || !choice) {
    return null;
  }
  const options = [
    ...(choice.options ?? []),
    { value: "", label: t("settings.signals_otherwise", { field: choice.label }) },
  ];
  const save = async () => {
    const { batch } = await api.put<{ batch: string | null }>(`/signals/${signal.object}`, paceOf(draft));
    if (batch) {
      offerUndo(batch, t("settings.signals_saved", { objects: object.label_plural }), [], async () => saved());
    }
    refreshObject(object.name);
    saved();
  };
  return (
    <form
      ref={box}
      className={classes.form}
      aria-labelledby={`signals-${object.name}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send(save);
      }}
    >
      <h3 id={`signals-${object.name}`} className={classes.signalsTitle}>
        {object.label_plural}
      </h3>
      {signal.pace === null && <p className={`dimmed ${classes.hint}`}>{t("settings.signals_own_formula")}</p>}
      <div className={classes.signalsGrid}>
        {options.map((option) => (
          <NumberInput
            key={option.value}
            size="xs"
            label={option.label}
            placeholder={t("settings.signals_never")}
            suffix={` ${t("settings.signals_days")}`}
            min={1}
            max={3650}
            allowDecimal={false}
            allowNegative={false}
            hideControls
            value={draft[option.value] ?? ""}
            error={problems[option.value || "otherwise"]}
            onChange={(value) => {
              setProblems({});
              setDraft((before) => ({ ...before, [option.value]: typeof value === "number" ? value : "" }));
            }}
          />
        ))}
      </div>
      <FormProblem text={problems[""]} />
      <div className={classes.buttons}>
        <Button type="submit" loading={busy} disabled={!changed}>
          {t("app.save")}
        </Button>
      </div>
    </form>
  );
}
