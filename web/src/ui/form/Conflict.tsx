/** Before, mine and theirs beside each other, field by field: the later of two people says which value stays. */
import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import type { Field, FieldValue } from "../../api/types";
import { type Conflict as Asked, changedByOthers } from "../../app/conflict";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { Dialog } from "../Dialog";
import { useActorName } from "../fields/actor";
import { FieldDisplay } from "../fields/Field";
import { isEmpty, sameValue } from "../fields/kind";
import classes from "./conflict.module.css";

type Side = "mine" | "theirs";

function Shown({ field, value }: { field: Field; value: FieldValue }) {
  if (isEmpty(value)) {
    return <span className="dimmed">{t("conflict.empty")}</span>;
  }
  if (typeof value === "string" && ["text", "long_text"].includes(field.kind)) {
    // Texts are shown whole: the difference may be at their end.
    return value;
  }
  return <FieldDisplay field={field} value={value} plain />;
}

interface ChoiceProps {
  asked: Asked;
  field: Field;
  side: Side;
  focus: boolean;
  onChange: (side: Side) => void;
}

function Choice({ asked, field, side, focus, onChange }: ChoiceProps) {
  const values = { mine: asked.mine[field.name], theirs: asked.theirs[field.name] };
  return (
    <fieldset className={classes.field}>
      <legend>
        {field.label}
        <span className="visually-hidden">{t("conflict.choice", { field: field.label })}</span>
      </legend>
      <div className={classes.before}>
        <span className={classes.name}>{t("conflict.before")}</span>
        <div className={classes.value}>
          <Shown field={field} value={asked.before[field.name]} />
        </div>
      </div>
      {(["mine", "theirs"] as const).map((name) => (
        <label key={name} className={classes.side} data-chosen={side === name || undefined}>
          <span className={classes.name}>
            <input
              type="radio"
              name={`conflict-${field.name}`}
              checked={side === name}
              data-autofocus={(focus && side === name) || undefined}
              onChange={() => onChange(name)}
            />
            {t(`conflict.${name}`)}
          </span>
          <div className={classes.value}>
            <Shown field={field} value={values[name]} />
          </div>
        </label>
      ))}
    </fieldset>
  );
}

/** Who was faster: by name, unless it was the reader in another window. */
function useOther(asked: Asked): string {
  const boot = useBoot();
  const actor = typeof asked.theirs.updated_by === "string" ? asked.theirs.updated_by : "";
  const name = useActorName(actor);
  return actor === `user:${boot.user.id}` ? t("conflict.yourself") : (actor && name) || t("conflict.somebody");
}

/** What met without a question: labels of the fields that one of both changed. */
function besides(asked: Asked): string {
  const { fields } = asked.object;
  const mine = fields.filter((field) => field.name in asked.mine && !asked.fields.includes(field.name));
  const others = changedByOthers(fields, asked.seen, asked.mine, asked.theirs);
  const changed = mine.filter((field) => !sameValue(asked.mine[field.name], asked.before[field.name]));
  return [...changed, ...others].map((field) => field.label).join(", ");
}

export default function Conflict({ asked }: { asked: Asked }) {
  const phone = useMediaQuery("(max-width: 720px)") ?? false;
  const other = useOther(asked);
  const fields = asked.object.fields.filter((field) => asked.fields.includes(field.name));
  // Mine is chosen at first: it is what the reader was about to save, and now sees beside the other.
  const [sides, setSides] = useState<{ [field: string]: Side }>({});
  const sideOf = (name: string): Side => sides[name] ?? "mine";
  const all = (side: Side) => setSides(Object.fromEntries(asked.fields.map((name) => [name, side])));
  const also = besides(asked);
  const save = () =>
    asked.answer(
      Object.fromEntries(
        Object.entries(asked.mine).filter(([name]) => !asked.fields.includes(name) || sideOf(name) === "mine"),
      ),
    );
  return (
    <Dialog
      onClose={() => asked.answer(undefined)}
      closeOnClickOutside={false}
      title={t("conflict.title")}
      size={720}
      fullScreen={phone}
      zIndex={300}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p>{t("conflict.intro", { name: other, count: fields.length })}</p>
        {fields.map((field, index) => (
          <Choice
            key={field.name}
            asked={asked}
            field={field}
            side={sideOf(field.name)}
            focus={index === 0}
            onChange={(side) => setSides((known) => ({ ...known, [field.name]: side }))}
          />
        ))}
        {also && <p className={`dimmed ${classes.beside}`}>{t("conflict.beside", { fields: also })}</p>}
        <div className={classes.foot}>
          {fields.length > 1 && (
            <>
              <button type="button" className="tool" data-outline onClick={() => all("mine")}>
                {t("conflict.all_mine")}
              </button>
              <button type="button" className="tool" data-outline onClick={() => all("theirs")}>
                {t("conflict.all_theirs")}
              </button>
            </>
          )}
          <div className={classes.end}>
            <Button type="button" size="xs" variant="default" onClick={() => asked.answer(undefined)}>
              {t("conflict.later")}
            </Button>
            <Button type="submit" size="xs">
              {t("conflict.save")}
            </Button>
          </div>
        </div>
      </form>
    </Dialog>
  );
}
