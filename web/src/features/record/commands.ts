/** What the keyboard and the palette can do on a record's page. */
import {
  IconCalendarPlus,
  IconCheckbox,
  IconChevronDown,
  IconChevronUp,
  IconMail,
  IconNote,
  IconPhone,
  IconTrash,
} from "@tabler/icons-react";
import { titleOf } from "../../api/titles";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { type Command, useCommands } from "../../app/commands";
import { recordAddress } from "../../app/navigation";
import { findObject } from "../../app/query";
import { go } from "../../app/router";
import { type Neighbours, useNeighbours } from "../../app/walk";
import { deleteRecords } from "../../app/write";
import { t } from "../../i18n";
import { primaryOf } from "../../ui/fields/labelled";
import type { ComposerKind } from "./Composer";

/** The main address of a kind among a record's fields. */
export function firstAddress(object: ObjectMeta, record: RapportRecord, kind: "emails" | "phones"): string | undefined {
  for (const field of object.fields) {
    const entry = field.kind === kind ? primaryOf(record[field.name]) : undefined;
    if (entry) {
      return entry.value;
    }
  }
  return undefined;
}

/** Deletes the record and goes on to the next of the list, or to the list. */
export async function deleteAndLeave(object: ObjectMeta, record: RapportRecord, neighbours: Neighbours): Promise<void> {
  try {
    await deleteRecords(object, [record.id], titleOf(object, record).title);
    go(neighbours.next ? recordAddress(object, neighbours.next) : (neighbours.list ?? `/${object.plural}`));
  } catch {
    // The toast has said why.
  }
}

interface Page {
  object: ObjectMeta;
  record: RapportRecord;
  compose: (kind: ComposerKind) => void;
}

export function useRecordCommands({ object, record, compose }: Page): Neighbours {
  const neighbours = useNeighbours(object.name, record.id);
  const section = t("section.record");
  const step = (by: 1 | -1) => {
    const id = by === 1 ? neighbours.next : neighbours.previous;
    if (id) {
      neighbours.step(by);
      go(recordAddress(object, id));
    }
  };
  const email = firstAddress(object, record, "emails");
  const writing: Command[] = (
    [
      ["note", "n", IconNote],
      ["call", "l", IconPhone],
      ["task", "t", IconCheckbox],
      ["meeting", "m", IconCalendarPlus],
    ] as const
  )
    .filter(([kind]) => findObject(kind)?.can.create)
    .map(([kind, keys, icon]) => ({
      id: `record.${kind}`,
      title: t(`record.add_${kind}`),
      section,
      icon,
      keys,
      run: () => compose(kind),
    }));
  useCommands([
    {
      id: "record.next",
      title: t("record.next"),
      section,
      icon: IconChevronDown,
      keys: "j",
      disabled: !neighbours.next,
      run: () => step(1),
    },
    {
      id: "record.previous",
      title: t("record.previous"),
      section,
      icon: IconChevronUp,
      keys: "k",
      disabled: !neighbours.previous,
      run: () => step(-1),
    },
    ...writing,
    {
      id: "record.email",
      title: t("record.email"),
      section,
      icon: IconMail,
      keys: "e",
      disabled: !email,
      run: () => window.location.assign(`mailto:${email}`),
    },
    {
      id: "record.delete",
      title: t("record.delete"),
      section,
      icon: IconTrash,
      keys: "shift+d",
      disabled: !object.can.delete,
      run: () => void deleteAndLeave(object, record, neighbours),
    },
  ]);
  return neighbours;
}
