/** Changes of objects and fields: sent, brought into the start data of this window, offered for undo. */
import { api } from "../api/client";
import { keys } from "../api/keys";
import type { Field, ObjectMeta } from "../api/types";
import { findObject, queryClient } from "./query";
import { offerUndo } from "./undo";

/** What every change of a definition answers with, beside the definition. */
interface Edited {
  batch?: string;
}

/** Something that stands in the way of taking a field or an object out of use, or changes with it. */
export interface Use {
  kind: string;
  object: string;
  name: string;
  label: string;
  id?: string | null;
}

/** Asks for the start data again: objects, fields and the navigation follow. */
export async function refreshDefinitions(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: keys.boot });
  for (const first of ["pages", "record", "figures", "uses"]) {
    void queryClient.invalidateQueries({ queryKey: [first] });
  }
}

/** The definitions are fresh and the change can be taken back once this is over. */
async function settle<T extends Edited>(answer: T, label: string): Promise<T> {
  await refreshDefinitions();
  if (answer?.batch) {
    offerUndo(answer.batch, label, [], refreshDefinitions);
  }
  return answer;
}

export type Definition = { [member: string]: unknown };

export async function createObject(definition: Definition, label: string): Promise<ObjectMeta> {
  return settle(await api.post<ObjectMeta & Edited>("/objects", definition), label);
}

/** The last change of each object that is under way. */
const under_way = new Map<string, Promise<void>>();

/**
 * Changes of one object are sent one after another. Where a change is worked out from the definition, it is so from the
 * one that the change before left, not from the one that its page was drawn with.
 */
export function changeObject(
  name: string,
  changes: Definition | ((object: ObjectMeta) => Definition),
  label: string,
): Promise<void> {
  const send = async () => {
    const object = findObject(name);
    const given = typeof changes !== "function" ? changes : object && changes(object);
    if (given) {
      await settle(await api.patch<Edited>(`/objects/${name}`, given), label);
    }
  };
  // Whoever asked for the change before is told what went wrong with it.
  const sent = (under_way.get(name) ?? Promise.resolve()).catch(() => undefined).then(send);
  under_way.set(name, sent);
  return sent;
}

export async function deleteObject(name: string, label: string): Promise<void> {
  await settle(await api.delete<Edited>(`/objects/${name}`), label);
}

export async function createField(object: string, definition: Definition, label: string): Promise<Field> {
  return settle(await api.post<Field & Edited>(`/objects/${object}/fields`, definition), label);
}

export async function changeField(object: string, field: string, changes: Definition, label: string): Promise<void> {
  await settle(await api.patch<Edited>(`/objects/${object}/fields/${field}`, changes), label);
}

/** Takes a field out of use; its values stay. */
export async function hideField(object: string, field: string, label: string): Promise<void> {
  await settle(await api.delete<Edited>(`/objects/${object}/fields/${field}`), label);
}

/** What uses an object, or one field of it. */
export async function findUses(object: string, field?: string): Promise<Use[]> {
  const place = field ? `/objects/${object}/fields/${field}/uses` : `/objects/${object}/uses`;
  return (await api.get<{ uses: Use[] }>(place)).uses;
}
