/** What the health of customers is made of: which kinds have it, which parts count, how much, and from when on. */
import { Button, MultiSelect, NumberInput, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { findObject, refreshObject } from "../../app/query";
import { showToast } from "../../app/toasts";
import { useUnsaved } from "../../app/unsaved";
import { t } from "../../i18n";
import { FormProblem } from "../../ui/form/FormProblem";
import { problemsOf } from "../../ui/form/recordForm";
import { useSending } from "../../ui/form/useSave";
import { Listed, Title } from "./parts";
import classes from "./settings.module.css";

interface PartSetting {
  on: boolean;
  weight: number;
  threshold: number;
}

interface Setting {
  kinds: string[];
  good: number;
  fair: number;
  parts: { [name: string]: PartSetting };
}

interface Answer {
  setting: Setting;
  order: string[];
}

export function Health() {
  const query = useQuery({
    queryKey: ["settings", "health"],
    queryFn: async () => [await api.get<Answer>("/health")],
    staleTime: 0,
  });
  return (
    <>
      <Title name="health" />
      <Listed query={query}>
        {([answer]) =>
          answer && (
            <HealthForm key={JSON.stringify(answer.setting)} answer={answer} saved={() => void query.refetch()} />
          )
        }
      </Listed>
    </>
  );
}

interface FigureProps {
  label: string;
  /** Whose figure it is, for those who do not see where it stands. */
  of?: string;
  value: number;
  max: number;
  error?: string;
  disabled?: boolean;
  onChange: (value: number) => void;
}

function Figure({ onChange, of, ...props }: FigureProps) {
  return (
    <NumberInput
      {...props}
      aria-label={of ? `${of}: ${props.label}` : undefined}
      size="xs"
      w={130}
      min={0}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      onChange={(value) => onChange(typeof value === "number" ? value : 0)}
    />
  );
}

function HealthForm({ answer, saved }: { answer: Answer; saved: () => void }) {
  const [draft, setDraft] = useState(answer.setting);
  const names = ["kinds", "good", ...answer.order].map((name) => ({ name }));
  const { box, busy, problems, setProblems, send } = useSending((error) => problemsOf(error, names));
  const changed = JSON.stringify(draft) !== JSON.stringify(answer.setting);
  useUnsaved(changed);
  const company = findObject("company");
  const kind = company?.fields.find((field) => field.name === "kind");
  const change = (values: Partial<Setting>) => {
    setProblems({});
    setDraft((before) => ({ ...before, ...values }));
  };
  const save = async () => {
    await api.put("/health", draft);
    showToast(t("settings.health_saved"));
    refreshObject("company");
    saved();
  };
  return (
    <form
      ref={box}
      className={classes.form}
      style={{ maxWidth: 560 }}
      aria-labelledby="settings-health"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send(save);
      }}
    >
      <MultiSelect
        size="xs"
        label={t("settings.health_kinds")}
        data={(kind?.options ?? []).map((option) => ({ value: option.value, label: option.label }))}
        value={draft.kinds}
        error={problems.kinds}
        onChange={(kinds) => change({ kinds })}
      />
      <div className={classes.feedButtons}>
        <Figure
          label={t("settings.health_good")}
          value={draft.good}
          max={100}
          error={problems.good}
          onChange={(good) => change({ good })}
        />
        <Figure label={t("settings.health_fair")} value={draft.fair} max={100} onChange={(fair) => change({ fair })} />
      </div>
      <ul className={classes.rows}>
        {answer.order.map((name) => {
          const part = draft.parts[name];
          const set = (values: Partial<PartSetting>) =>
            part && change({ parts: { ...draft.parts, [name]: { ...part, ...values } } });
          return (
            part && (
              <li key={name} className={classes.wrapping} data-off={!part.on || undefined}>
                <span className={classes.rowMain}>
                  <Switch
                    size="xs"
                    label={t(`health.part_${name}`)}
                    description={t(`health.about_${name}`)}
                    checked={part.on}
                    error={problems[name]}
                    onChange={(event) => set({ on: event.currentTarget.checked })}
                  />
                </span>
                <span className={classes.feedButtons}>
                  {(answer.setting.parts[name]?.threshold ?? 0) > 0 && (
                    <Figure
                      label={t(`health.threshold_${name}`)}
                      of={t(`health.part_${name}`)}
                      value={part.threshold}
                      max={3650}
                      disabled={!part.on}
                      onChange={(threshold) => set({ threshold })}
                    />
                  )}
                  <Figure
                    label={t("settings.health_weight")}
                    of={t(`health.part_${name}`)}
                    value={part.weight}
                    max={100}
                    disabled={!part.on}
                    onChange={(weight) => set({ weight })}
                  />
                </span>
              </li>
            )
          );
        })}
      </ul>
      <FormProblem text={problems[""]} />
      <div className={classes.buttons}>
        <Button type="submit" loading={busy} disabled={!changed}>
          {t("app.save")}
        </Button>
      </div>
    </form>
  );
}
