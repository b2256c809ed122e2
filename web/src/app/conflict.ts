/** Two people changed one record at the same time: what meets, and the question that is put to the later of them. */
import type { Field, FieldValue, ObjectMeta, RapportRecord } from "../api/types";
import { sameValue } from "../ui/fields/kind";
import { createStore } from "./store";

export type Values = { [field: string]: FieldValue };

/** A question that waits for its answer. */
export interface Conflict {
  object: ObjectMeta;
  /** The record as the other person left it. */
  theirs: RapportRecord;
  /** The record as the reader knew it. */
  seen: RapportRecord;
  before: Values;
  mine: Values;
  /** The fields that both changed, each in its own way. */
  fields: string[];
  /** What to send on, or nothing to go on with; none when it was put off. */
  answer: (kept: Values | undefined) => void;
}

/** The open questions, the first one being asked. */
export const conflicts = createStore<Conflict[]>([]);

/** Fields that both changed, and differently. */
export function clashing(before: Values, mine: Values, theirs: Values): string[] {
  return Object.keys(mine).filter(
    (name) => !sameValue(theirs[name], before[name]) && !sameValue(theirs[name], mine[name]),
  );
}

/** What only the other person changed, as far as people write it. */
export function changedByOthers(fields: Field[], before: Values, mine: Values, theirs: Values): Field[] {
  return fields.filter(
    ({ name, kind, read_only, hidden }) =>
      !(hidden || read_only || ["formula", "rollup", "actor", "rank"].includes(kind)) &&
      name in before &&
      name in theirs &&
      !(name in mine) &&
      !sameValue(before[name], theirs[name]),
  );
}

/** Asks which values are to stay; what is mine of them is to be sent. None when the question was put off. */
export function decide(question: Omit<Conflict, "answer">): Promise<Values | undefined> {
  return new Promise((resolve) => {
    const conflict: Conflict = {
      ...question,
      answer: (kept) => {
        conflicts.set((list) => list.filter((entry) => entry !== conflict));
        resolve(kept);
      },
    };
    conflicts.set((list) => [...list, conflict]);
  });
}
