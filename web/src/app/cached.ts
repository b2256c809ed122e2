/** Records inside whatever the cache keeps of an answer: a page, pages one after the other, a plain list, a timeline. */
import type { RapportRecord } from "../api/types";

interface Holder {
  records?: RapportRecord[];
  entries?: { record?: RapportRecord | null }[];
  pages?: unknown[];
}

/** Every record in it. */
export function recordsIn(data: unknown): RapportRecord[] {
  if (Array.isArray(data)) {
    return data as RapportRecord[];
  }
  const { records, pages } = (data ?? {}) as Holder;
  return records ?? pages?.flatMap(recordsIn) ?? [];
}

/** The same with one record changed; the very same object when it is not in there. */
export function withRecord(data: unknown, id: string, change: (known: RapportRecord) => RapportRecord): unknown {
  if (Array.isArray(data)) {
    return mapped(data, (known: RapportRecord) => (known?.id === id ? change(known) : known));
  }
  if (!data || typeof data !== "object") {
    return data;
  }
  const { records, entries, pages } = data as Holder;
  const next: Holder = {
    ...(records && { records: mapped(records, (known) => (known.id === id ? change(known) : known)) }),
    ...(entries && {
      entries: mapped(entries, (entry) =>
        entry.record?.id === id ? { ...entry, record: change(entry.record) } : entry,
      ),
    }),
    ...(pages && { pages: mapped(pages, (page) => withRecord(page, id, change)) }),
  };
  const same = next.records === records && next.entries === entries && next.pages === pages;
  return same ? data : { ...data, ...next };
}

/** Like `map`, but the same list when nothing in it changed. */
function mapped<T>(list: T[], change: (entry: T) => T): T[] {
  const next = list.map(change);
  return next.some((entry, at) => entry !== list[at]) ? next : list;
}
