/** The stages of a deal's pipeline as a path above its page: where it stands; a press moves it. */
import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, lazy, Suspense, useEffect, useRef, useState } from "react";
import { ApiProblem } from "../../../api/client";
import { keys } from "../../../api/keys";
import { titleOf } from "../../../api/titles";
import type { FieldProblem, ObjectMeta, RapportRecord } from "../../../api/types";
import { useBoot } from "../../../app/query";
import { updateRecord } from "../../../app/write";
import { t } from "../../../i18n";
import { formatLongTime } from "../../../i18n/format";
import { canWriteRecord } from "../../../ui/fields/writable";
import type { Asked } from "../../../ui/form/AskFields";
import type { PartProps } from "../parts";
import { timesInStages, useMoves, useStages } from "./data";
import classes from "./deals.module.css";

const AskFields = lazy(() => import("../../../ui/form/AskFields"));

/** The fields that a refused move lacks, where that is all that is wrong with it. */
function lacking(error: unknown): FieldProblem[] {
  const fields = (error instanceof ApiProblem && error.problem.fields) || [];
  return fields.every((entry) => entry.code === "required" && entry.field !== "stage") ? fields : [];
}

/** Moves the deal; where the stage asks for more, that is asked for. */
function useMove({ object, record }: PartProps, ask: (asked: Asked) => void) {
  const client = useQueryClient();
  return (stage: RapportRecord) => {
    if (stage.id === record.stage) {
      return;
    }
    const label = t("board.moved", { title: titleOf(object, record).title, lane: String(stage.name) });
    const values = { stage: stage.id };
    const deals = (error: unknown) => lacking(error).length > 0;
    updateRecord(object, record, values, { label, deals })
      .then(() => client.invalidateQueries({ queryKey: keys.pages("stage_change") }))
      .catch((error) => {
        const fields = lacking(error);
        if (fields.length > 0) {
          ask({ record, values, fields, label });
        }
      });
  };
}

/** Arrow keys go from step to step. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
  const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step];
  if (step !== 0 && next) {
    event.preventDefault();
    next.focus();
  }
}

function mayMove(boot: ReturnType<typeof useBoot>, object: ObjectMeta, record: RapportRecord): boolean {
  const field = object.fields.find((entry) => entry.name === "stage");
  return !record.deleted_at && !field?.unusable && !field?.read_only && canWriteRecord(boot, object, record);
}

export default function StagePath({ object, record }: PartProps) {
  const boot = useBoot();
  const { data: stages } = useStages(record);
  const { data: moves } = useMoves(record);
  const [asked, setAsked] = useState<Asked | null>(null);
  const path = useRef<HTMLOListElement>(null);
  const move = useMove({ object, record }, setAsked);
  useEffect(() => {
    // On a phone the path is longer than the screen.
    const step = stages && path.current?.querySelector<HTMLElement>("[aria-current]");
    if (step && path.current) {
      path.current.scrollLeft = step.offsetLeft - (path.current.clientWidth - step.offsetWidth) / 2;
    }
  }, [stages]);
  if (!stages || stages.length === 0) {
    return null;
  }
  const here = stages.findIndex((stage) => stage.id === record.stage);
  const since = typeof record.stage_since === "string" && record.status === "open" ? record.stage_since : undefined;
  const times = timesInStages(moves ?? [], since);
  const movable = mayMove(boot, object, record);
  return (
    <nav className={classes.path} aria-label={t("deals.path")}>
      <ol ref={path} onKeyDown={walk}>
        {stages.map((stage, at) => {
          const seconds = times.get(stage.id);
          const open = stage.kind === "open";
          const done = here >= 0 && at < here && open && record.status !== "lost";
          return (
            <li key={stage.id}>
              <button
                type="button"
                className={classes.step}
                data-kind={String(stage.kind)}
                data-state={at === here ? "here" : done ? "done" : undefined}
                aria-current={at === here ? "step" : undefined}
                disabled={!movable && at !== here}
                onClick={() => movable && move(stage)}
              >
                <span className="truncate">{String(stage.name)}</span>
                {open && seconds !== undefined && seconds >= 60 && (
                  <span className={classes.time}>{formatLongTime(seconds)}</span>
                )}
              </button>
            </li>
          );
        })}
      </ol>
      {asked && (
        <Suspense>
          <AskFields object={object} asked={asked} onClose={() => setAsked(null)} onDone={() => setAsked(null)} />
        </Suspense>
      )}
    </nav>
  );
}
