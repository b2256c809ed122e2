/** What an object is called and looks like. Each change is kept when its input is left, and can be undone. */
import { Switch, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ObjectMeta } from "../../../api/types";
import { changeObject, type Definition } from "../../../app/definitions";
import { t } from "../../../i18n";
import { ColourChoice, IconChoice } from "./choices";
import classes from "./designer.module.css";
import { input } from "./inputs";
import { giveOwners } from "./owners";
import { objectProblems } from "./problems";

type Member = "label" | "label_plural" | "description";

/** A text that is kept when it is left. */
function OwnText({ object, member, lines }: { object: ObjectMeta; member: Member; lines?: boolean }) {
  const [draft, setDraft] = useState(object[member] ?? "");
  const [problem, setProblem] = useState<string>();
  const save = async () => {
    const value = draft.trim();
    if (value === (object[member] ?? "")) {
      return;
    }
    if (value === "" && member !== "description") {
      setProblem(t("designer.needed"));
      return;
    }
    try {
      await changeObject(
        object.name,
        { [member]: value || null },
        t("designer.object_changed", { objects: object.label_plural }),
      );
      setProblem(undefined);
    } catch (error) {
      const problems = objectProblems(error);
      setProblem(problems[member] ?? Object.values(problems)[0]);
    }
  };
  const common = {
    ...input,
    label: t(`designer.${member}`),
    description: member === "description" ? t("designer.description_text") : undefined,
    value: draft,
    error: problem,
    onBlur: () => void save(),
  };
  return lines ? (
    <Textarea {...common} autosize minRows={2} onChange={(event) => setDraft(event.currentTarget.value)} />
  ) : (
    <TextInput
      {...common}
      autoComplete="off"
      onChange={(event) => setDraft(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}

export function Look({ object, onProblem }: { object: ObjectMeta; onProblem: (error: unknown) => void }) {
  const keep = (changes: Definition) => {
    const label = t("designer.object_changed", { objects: object.label_plural });
    changeObject(object.name, changes, label).catch(onProblem);
  };
  return (
    <div className={classes.stack}>
      <div className={classes.pair}>
        <OwnText key={`label ${object.label}`} object={object} member="label" />
        <OwnText key={`plural ${object.label_plural}`} object={object} member="label_plural" />
      </div>
      <OwnText key={`text ${object.description}`} object={object} member="description" lines />
      <IconChoice label={t("designer.icon")} value={object.icon ?? object.name} onChange={(icon) => keep({ icon })} />
      <ColourChoice label={t("designer.colour")} value={object.color} onChange={(color) => keep({ color })} />
      <Switch
        size="xs"
        label={t("designer.owned")}
        description={t(object.owned === false ? "designer.owned_later" : "designer.owned_stays")}
        checked={object.owned !== false}
        disabled={object.owned !== false || !object.custom}
        onChange={() => void giveOwners(object)}
      />
      <dl className={classes.facts}>
        <div>
          <dt>{t("designer.object_name")}</dt>
          <dd>
            <code>{object.name}</code>
          </dd>
        </div>
        <div>
          <dt>{t("designer.object_plural")}</dt>
          <dd>
            <code>/{object.plural}</code>
          </dd>
        </div>
      </dl>
    </div>
  );
}
