/** Every change the UI makes: shown at once, sent, offered for undo; put back when the server refuses. */
import { ApiProblem, api } from "../api/client";
import { keys } from "../api/keys";
import { rememberRecord } from "../api/titles";
import type { BulkResult, Field, ObjectMeta, RapportRecord, Written } from "../api/types";
import { t } from "../i18n";
import { changedByOthers, clashing, decide, type Values } from "./conflict";
import { showProblem } from "./problems";
import { patchRecord, queryClient, refreshObject } from "./query";
import { showToast } from "./toasts";
import { offerUndo } from "./undo";

export type { Values };

export interface WriteOptions {
  /** The undo toast's text; made from the values when it is missing. */
  label?: string;
  /** No toast for success. */
  quiet?: boolean;
  /** Problems are thrown only, not shown: the caller has a form to show them in. */
  throwOnly?: boolean;
  /** Says of a problem that the caller deals with it: it is thrown, not shown. */
  deals?: (error: unknown) => boolean;
}

/** What a refused change leaves behind is the server's matter; this is the reader's. */
function fail(error: unknown, options: WriteOptions, retry: () => void): never {
  if (!options.throwOnly && !options.deals?.(error)) {
    showProblem(error, { retry });
  }
  throw error;
}

function labelOf(object: ObjectMeta, values: Values): string {
  const names = Object.keys(values);
  const field = object.fields.find((entry) => entry.name === names[0]);
  if (names.length === 1 && field) {
    const value = values[field.name];
    const option = field.options?.find((entry) => entry.value === value);
    const text = option?.label ?? (typeof value === "string" || typeof value === "number" ? String(value) : undefined);
    const short = text && field.kind !== "reference" && field.kind !== "user" && text.length <= 40 ? text : undefined;
    if (short) {
      return t("write.field_set", { field: field.label, value: short });
    }
    const cleared = value === null || value === "" || (Array.isArray(value) && value.length === 0);
    return t(cleared ? "write.field_cleared" : "write.field_changed", { field: field.label });
  }
  return t("write.fields_changed", { count: names.length });
}

/** Changes fields of one record. Rejects when the server refuses, after putting the old values back. */
export async function updateRecord(
  object: ObjectMeta,
  record: RapportRecord,
  values: Values,
  options: WriteOptions = {},
): Promise<RapportRecord> {
  const before: Values = {};
  for (const name of Object.keys(values)) {
    before[name] = record[name] ?? null;
  }
  patchRecord(object, { id: record.id, ...values });
  const again = () => void updateRecord(object, record, values, options).catch(() => {});
  try {
    const sent = await sendUpdate(object, record, values, before);
    patchRecord(object, sent.record);
    settle(object, record.id);
    sayUpdated(object, values, sent, options);
    return sent.record;
  } catch (error) {
    const current = staleRecord(error);
    // Values that were put in and taken out again make lists look fresh that are to be asked for anew.
    settle(object, record.id);
    if (current) {
      // Theirs is what is true until the question is answered; what was typed is one press away.
      patchRecord(object, current);
      if (!options.throwOnly && !options.deals?.(error)) {
        showToast(t("conflict.put_off", { label: options.label ?? labelOf(object, values) }), {
          kind: "error",
          actions: [{ label: t("conflict.decide"), run: again }],
        });
      }
      throw error;
    }
    patchRecord(object, { id: record.id, ...before });
    return fail(error, options, again);
  }
}

/** What became of an update. */
interface Sent {
  record: RapportRecord;
  /** None when nothing of it was kept. */
  batch?: string;
  /** What others had changed meanwhile, now beside it. */
  beside: Field[];
}

function sayUpdated(object: ObjectMeta, values: Values, sent: Sent, options: WriteOptions): void {
  const beside = sent.beside.map((field) => field.label).join(", ");
  if (!sent.batch) {
    showToast(t("conflict.theirs_kept"));
  } else if (!options.quiet) {
    const label = options.label ?? labelOf(object, values);
    offerUndo(sent.batch, beside ? t("conflict.merged", { label, fields: beside }) : label);
  } else if (beside) {
    showToast(t("conflict.merged", { label: labelOf(object, values), fields: beside }));
  }
}

/** The record as it is now, when a refusal says that the known one is old. */
function staleRecord(error: unknown): RapportRecord | undefined {
  return error instanceof ApiProblem && error.code === "stale"
    ? (error.problem.current as RapportRecord | undefined)
    : undefined;
}

const silent_max = 4;

/** Sends with the known version; what others changed meanwhile stays beside it, or is asked about where it meets. */
async function sendUpdate(object: ObjectMeta, record: RapportRecord, values: Values, start: Values): Promise<Sent> {
  const path = `/${object.plural}/${record.id}`;
  let version = typeof record.version === "number" ? record.version : undefined;
  let [mine, before, current] = [values, start, record];
  let silent = 0;
  for (;;) {
    try {
      const written = await api.patch<Written>(path, mine, { version });
      return { ...written, beside: changedByOthers(object.fields, record, values, current) };
    } catch (error) {
      const theirs = staleRecord(error);
      const fields = theirs ? clashing(before, mine, theirs) : [];
      if (!theirs || (fields.length === 0 && ++silent > silent_max)) {
        throw error;
      }
      if (fields.length > 0) {
        patchRecord(object, theirs);
        const kept = await decide({ object, theirs, seen: record, before, mine, fields });
        if (!kept) {
          throw error;
        }
        if (Object.keys(kept).length === 0) {
          return { record: theirs, beside: [] };
        }
        mine = kept;
        patchRecord(object, { id: record.id, ...mine });
      }
      before = Object.fromEntries(Object.keys(mine).map((name) => [name, theirs[name] ?? null]));
      current = theirs;
      version = theirs.version as number;
    }
  }
}

let settling: ReturnType<typeof setTimeout> | undefined;
/** Derived values, counts and the order of lists follow a moment later, so that typing is never interrupted. */
function settle(object: ObjectMeta, id?: string): void {
  clearTimeout(settling);
  settling = setTimeout(() => refreshObject(object.name, id), 600);
}

/** Makes a record. */
export async function createRecord(
  object: ObjectMeta,
  values: Values,
  options: WriteOptions = {},
): Promise<RapportRecord> {
  try {
    const written = await api.post<Written>(`/${object.plural}`, values, { idempotencyKey: crypto.randomUUID() });
    rememberRecord(object, written.record);
    refreshObject(object.name);
    refreshRelated();
    if (!options.quiet) {
      const title = String(written.record[object.title] ?? object.label);
      offerUndo(written.batch, options.label ?? t("write.created", { object: object.label, title }));
    }
    return written.record;
  } catch (error) {
    return fail(error, options, () => void createRecord(object, values, options).catch(() => {}));
  }
}

/** A new note or task shows in the timelines of what it is about. */
function refreshRelated(): void {
  void queryClient.invalidateQueries({ queryKey: ["timeline"] });
}

export type BulkBody =
  | { delete: string[] }
  | { restore: string[] }
  | { create: Values[] }
  | { update: ({ id: string } & Values)[] };

/** Changes many records in one batch, with one undo. */
export async function bulk(
  object: ObjectMeta,
  body: BulkBody,
  label: string,
  options: WriteOptions = {},
): Promise<BulkResult> {
  try {
    const result = await api.post<BulkResult>(`/${object.plural}/bulk`, body, { idempotencyKey: crypto.randomUUID() });
    refreshObject(object.name);
    void queryClient.invalidateQueries({ queryKey: ["record", object.name] });
    refreshRelated();
    const failed = result.errors?.length ?? 0;
    if (!options.quiet) {
      offerUndo(result.batch, failed > 0 ? t("write.bulk_partly", { label, count: failed }) : label);
    }
    return result;
  } catch (error) {
    return fail(error, options, () => void bulk(object, body, label, options).catch(() => {}));
  }
}

/** Puts records into the recycle bin. */
export async function deleteRecords(object: ObjectMeta, ids: string[], title?: string): Promise<void> {
  const name = title ?? t("write.records", { count: ids.length, object: object.label, objects: object.label_plural });
  const label = t("write.deleted", { name });
  const only = ids[0];
  if (ids.length === 1 && only) {
    try {
      const { batch } = await api.delete<{ batch: string }>(`/${object.plural}/${only}`);
      queryClient.removeQueries({ queryKey: keys.record(object.name, only) });
      refreshObject(object.name);
      refreshRelated();
      offerUndo(batch, label);
    } catch (error) {
      fail(error, {}, () => void deleteRecords(object, ids, title).catch(() => {}));
    }
    return;
  }
  await bulk(object, { delete: ids }, label);
}

/** Takes records out of the recycle bin. */
export async function restoreRecords(object: ObjectMeta, ids: string[]): Promise<void> {
  const name = t("write.records", { count: ids.length, object: object.label, objects: object.label_plural });
  await bulk(object, { restore: ids }, t("write.restored", { name }));
}
