/** The health of a customer as a small gauge with a word; a press shows what it is made of and what helps. */
import { IconChevronDown } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useActiveCommands } from "../../../app/commands";
import { recordAddress } from "../../../app/navigation";
import { findObject } from "../../../app/query";
import { t } from "../../../i18n";
import { Panel } from "../../../ui/Panel";
import type { PartProps } from "../parts";
import recordClasses from "../record.module.css";
import { type Health, helping, type Reason, reasonText, useHealth } from "./data";
import classes from "./health.module.css";

const radius = 6;
const round = 2 * Math.PI * radius;

/** A ring that is filled as far as the figure goes. */
function Gauge({ health }: { health: number }) {
  return (
    <svg width={18} height={18} viewBox="0 0 18 18" aria-hidden className={classes.gauge}>
      <circle cx={9} cy={9} r={radius} className={classes.track} />
      <circle
        cx={9}
        cy={9}
        r={radius}
        className={classes.fill}
        strokeDasharray={`${(round * health) / 100} ${round}`}
        transform="rotate(-90 9 9)"
      />
    </svg>
  );
}

export function HealthFigure({ record }: PartProps) {
  const [opened, setOpened] = useState(false);
  const { data } = useHealth(record);
  // What is stored stands there at once; the answer with the reasons is as of now.
  const health = data ? data.health : record.health;
  const level = data ? data.level : record.health_level;
  if (typeof health !== "number" || typeof level !== "string") {
    return null;
  }
  const word = t(`health.${level}`);
  return (
    <div className={recordClasses.figure}>
      <dt>{t("health.label")}</dt>
      <dd>
        <Panel
          label={t("health.why")}
          opened={opened}
          onChange={setOpened}
          target={
            <button
              type="button"
              className={classes.button}
              data-level={level}
              aria-haspopup="dialog"
              aria-expanded={opened}
              aria-label={t("health.open", { health, word })}
              onClick={() => setOpened(!opened)}
            >
              <Gauge health={health} />
              <span>
                {health} <span className={classes.word}>{word}</span>
              </span>
              <IconChevronDown size={12} aria-hidden />
            </button>
          }
        >
          {data && <Reasons health={data} close={() => setOpened(false)} />}
        </Panel>
      </dd>
    </div>
  );
}

function Reasons({ health, close }: { health: Health; close: () => void }) {
  return (
    <div className={classes.reasons}>
      <p className={classes.sum}>{t("health.sum", { health: health.health ?? 0 })}</p>
      {health.reasons.length > 0 && (
        <ul className={classes.list}>
          {health.reasons.map((reason) => (
            <ReasonLine key={reason.part} reason={reason} close={close} />
          ))}
        </ul>
      )}
      {health.unseen > 0 && (
        <p className={classes.line}>
          <b className={classes.points}>−{health.unseen}</b>
          <span>{t("health.unseen")}</span>
        </p>
      )}
      {health.fine.length > 0 && (
        <p className="dimmed">
          {t("health.fine", { parts: health.fine.map((part) => t(`health.part_${part}`)).join(", ") })}
        </p>
      )}
    </div>
  );
}

function ReasonLine({ reason, close }: { reason: Reason; close: () => void }) {
  const help = useActiveCommands().find((command) => command.id === helping[reason.part]);
  return (
    <li className={classes.line}>
      <b className={classes.points}>−{reason.points}</b>
      <span>
        {reasonText(reason)}
        {reason.records.map((named) => {
          const object = findObject(named.object);
          return (
            object && (
              <Link key={named.id} to={recordAddress(object, named.id)} className={classes.link} onClick={close}>
                {named.title || object.label}
              </Link>
            )
          );
        })}
        {help && (
          <button
            type="button"
            className={`tool ${classes.help}`}
            onClick={() => {
              close();
              help.run();
            }}
          >
            {help.title}
          </button>
        )}
      </span>
    </li>
  );
}
