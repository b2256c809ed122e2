/** What can be moved where on a board, and the one way it is done: a single change of the field that makes the lanes. */
import { useCallback, useMemo } from "react";
import { peekTitle } from "../../api/titles";
import type { Field, ObjectMeta, RapportRecord } from "../../api/types";
import { useBoot } from "../../app/query";
import { updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { tell } from "../drag/told";
import { targetOf } from "../fields/reference";
import { canWrite, canWriteRecord, canWriteValue } from "../fields/writable";
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
  move: (record: RapportRecord, lane: Lane) => void;
}

export function useMoves(object: ObjectMeta, field: Field): Moves {
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
      move: (record, lane) => {
        if (keyOf(record[field.name]) === lane.key) {
          return;
        }
        const names = { title: cardTitle(object, record), lane: laneName(lane, field) };
        tell(t("board.moved", names));
        updateRecord(
          object,
          record,
          { [field.name]: lane.value as RapportRecord[string] },
          { label: t("board.moved", names) },
        ).catch(() => tell(t("board.refused", names)));
      },
    }),
    [any, liftable, boot, object, field],
  );
}
