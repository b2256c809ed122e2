/** The titles of records referred to elsewhere: kept from every answer, fetched together when one is missing. */
import { useSyncExternalStore } from "react";
import { formatDate, formatDateTime } from "../i18n/format";
import { address } from "./client";
import type { Included, ObjectMeta, RapportRecord, RecordTitle } from "./types";

const titles = new Map<string, RecordTitle | null>();
const listeners = new Set<() => void>();
const wanted = new Map<string, Set<string>>();
let objects: Map<string, ObjectMeta> = new Map();
let _timer: ReturnType<typeof setTimeout> | undefined;

function announce(): void {
  for (const listener of listeners) {
    listener();
  }
}

/** Tells where the titles of each object can be asked for. */
export function setTitleObjects(list: ObjectMeta[]): void {
  objects = new Map(list.map((object) => [object.name, object]));
}

/** Keeps what an answer included. */
export function rememberTitles(included: Included): void {
  for (const [object, entries] of Object.entries(included)) {
    for (const [id, title] of Object.entries(entries)) {
      titles.set(`${object}:${id}`, title);
    }
  }
  announce();
}

/** Keeps the title of a whole record. */
export function rememberRecord(object: ObjectMeta, record: RapportRecord): void {
  const title = titleOf(object, record);
  const known = titles.get(`${object.name}:${record.id}`);
  if (title.title && (known?.title !== title.title || known?.subtitle !== title.subtitle)) {
    titles.set(`${object.name}:${record.id}`, title);
    announce();
  }
}

/** A value as one short line, for titles. */
function line(value: unknown): string | null {
  if (Array.isArray(value)) {
    const first = value[0] as { value?: string } | string | undefined;
    return typeof first === "string" ? first : (first?.value ?? null);
  }
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

/** The second line of a record as the reader writes it: the server gives instants and days as they are stored. */
export function subtitleOf(name: string, subtitle: string | null | undefined): string | null {
  const object = objects.get(name);
  const kind = object?.fields.find((field) => field.name === object.subtitle)?.kind;
  if (!subtitle || !/^\d{4}-\d\d-\d\d/.test(subtitle)) {
    return subtitle ?? null;
  }
  return kind === "date_time" ? formatDateTime(subtitle) : kind === "date" ? formatDate(subtitle) : subtitle;
}

/** The title of a record that is at hand. */
export function titleOf(object: ObjectMeta, record: RapportRecord): RecordTitle {
  const field = object.fields.find((entry) => entry.name === object.subtitle);
  const subtitle = field && field.kind !== "reference" && field.kind !== "user" ? line(record[field.name]) : null;
  return { id: record.id, title: line(record[object.title]) ?? "", subtitle: subtitleOf(object.name, subtitle) };
}

/** The title known by now, without asking. */
export function peekTitle(object: string, id: string): RecordTitle | null | undefined {
  return titles.get(`${object}:${id}`);
}

/** The title of a record: undefined while it is being fetched, null when there is none to see. */
export function useTitle(object: string | undefined, id: string | null | undefined): RecordTitle | null | undefined {
  const title = useSyncExternalStore(subscribe, () => (object && id ? titles.get(`${object}:${id}`) : null));
  if (object && id && title === undefined) {
    want(object, id);
  }
  return title;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function want(object: string, id: string): void {
  const ids = wanted.get(object) ?? new Set<string>();
  wanted.set(object, ids.add(id));
  _timer ??= setTimeout(fetchWanted, 10);
}

async function fetchWanted(): Promise<void> {
  _timer = undefined;
  const batches = [...wanted];
  wanted.clear();
  await Promise.all(batches.map(([object, ids]) => fetchTitles(object, [...ids])));
}

async function fetchTitles(name: string, ids: string[]): Promise<void> {
  const object = objects.get(name);
  const some = ids.slice(0, 100);
  if (object) {
    const fields = [object.title, object.subtitle].filter(Boolean).join(",");
    const filter = `id in [${some.map((id) => `'${id}'`).join(", ")}]`;
    try {
      const response = await fetch(
        address(`/${object.plural}`, { filter, fields, limit: 100, total: false, deleted: "with" }),
      );
      const page = response.ok ? ((await response.json()) as { records: RapportRecord[] }) : { records: [] };
      for (const record of page.records) {
        titles.set(`${name}:${record.id}`, titleOf(object, record));
      }
    } catch {
      return;
    }
  }
  for (const id of some) {
    const key = `${name}:${id}`;
    if (!titles.get(key)) {
      titles.set(key, null);
    }
  }
  announce();
  for (const id of ids.slice(100)) {
    want(name, id);
  }
}
