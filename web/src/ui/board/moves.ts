/** What can be moved where on a board, and the one way it is done: a single change of the field that makes the lanes. */
import { useCallback, useMemo } from "react";
import { ApiProblem } from "../../api/client";
import { peekTitle } from "../../api/titles";
import type { Field, FieldProblem, ObjectMeta, RapportRecord } from "../../api/types";
import { patchRecord, useBoot } from "../../app/query";
import { bulk, updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { tell } from "../drag/told";
import { targetOf } from "../fields/reference";
import { canWrite, canWriteRecord, canWriteValue } from "../fields/writable";
import type { Asked } from "../form/AskFields";
import { cardTitle } from "./Card";
import { keyOf, type Lane } from "./lanes";

/** The name of a lane as far as it is known by now. */
export function laneName(lane: Lane, field: Field): string {
  return lane.label ?? peekTitle(targetOf(field) ?? "", String(lane.value))?.title ?? t("list.untitled");
}

export interface Moves {
  /** Whether cards can be moved at all. */
  any: boolean;
  liftable: (record: RapportRecord) => boolean;
  takes: (lane: Lane) => boolean;
  /** Moves cards by their ids; those that are shown are `known`. */
  move: (ids: string[], known: RapportRecord[], lane: Lane) => void;
}

/** What a refused move lacks, where that is all that is wrong with it. */
function lacking(error: unknown, field: Field): FieldProblem[] {
  const fields = (error instanceof ApiProblem && error.problem.fields) || [];
  return fields.every((entry) => entry.code === "required" && entry.field !== field.name) ? fields : [];
}

/** One card: one change, with everything that comes with one. Where more is required, that is asked for. */
function moveOne(object: ObjectMeta, field: Field, record: RapportRecord, lane: Lane, ask: (asked: Asked) => void) {
  if (keyOf(record[field.name]) === lane.key) {
    return;
  }
  const names = { title: cardTitle(object, record), lane: laneName(lane, field) };
  const label = t("board.moved", names);
  tell(label);
  const values = { [field.name]: lane.value };
  const deals = (error: unknown) => lacking(error, field).length > 0;
  updateRecord(object, record, values, { label, deals }).catch((error) => {
    const fields = lacking(error, field);
    if (fields.length > 0) {
      ask({ record, values, fields, label });
    } else {
      tell(t("board.refused", names));
    }
  });
}

/** Many cards: one batch, shown at once and put back when it is refused. */
async function moveMany(object: ObjectMeta, field: Field, ids: string[], known: RapportRecord[], lane: Lane) {
  const shown = known.filter((record) => ids.includes(record.id));
  const before = shown.map((record) => ({ id: record.id, [field.name]: record[field.name] ?? null }));
  const label = t("board.moved_many", { count: ids.length, lane: laneName(lane, field) });
  tell(label);
  for (const { id } of shown) {
    patchRecord(object, { id, [field.name]: lane.value });
  }
  try {
    await bulk(object, { update: ids.map((id) => ({ id, [field.name]: lane.value })) }, label);
  } catch {
    // Said in a toast.
    for (const values of before) {
      patchRecord(object, values);
    }
  }
}

export function useMoves(object: ObjectMeta, field: Field, ask: (asked: Asked) => void): Moves {
  const boot = useBoot();
  const any = canWrite(boot, object, field);
  const liftable = useCallback(
    (record: RapportRecord) => any && canWriteRecord(boot, object, record),
    [any, boot, object],
  );
  return useMemo(
    () => ({
      any,
      liftable,
      takes: (lane) => lane.offered && canWriteValue(boot, object, field, lane.value),
      move: (ids, known, lane) => {
        const only = ids.length === 1 ? known.find((record) => record.id === ids[0]) : undefined;
        if (only) {
          moveOne(object, field, only, lane, ask);
        } else {
          void moveMany(object, field, ids, known, lane);
        }
      },
    }),
    [any, liftable, boot, object, field, ask],
  );
}
