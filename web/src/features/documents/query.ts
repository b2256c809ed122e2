/** What the page of documents shows, as its address says it, and the condition that finds it. Pure. */
import type { RecordLink } from "../../api/types";
import { quote } from "../../ui/fields/operators";

/** The address: everything in it is plain text. */
export interface Shown {
  /** Words of names, descriptions and of what stands inside. */
  q?: string;
  folder?: string;
  /** An object that documents are about, or a record as `company:<id>`. */
  about?: string;
  kind?: string;
  owner?: string;
  ends?: string;
  sort?: string;
}

/** When documents end, as conditions. */
export const ends = {
  over: "expires_on < today",
  "30": "expires_on >= today && expires_on <= today.addDays(30)",
  "90": "expires_on >= today && expires_on <= today.addDays(90)",
  none: "expires_on == null",
} as const;

/** Orders: the first is what nobody asked for. */
export const sorts = { changed: "-updated_at", name: "name", ends: "expires_on" } as const;

/** The folder of documents that lie in none. */
export const top = "/";

const uuid = /^[0-9a-f-]{36}$/;

/** The object that documents are to be about, and the record when one is chosen. */
export function aboutOf(shown: Shown): { object?: string; record?: RecordLink } {
  const [object, id] = (shown.about ?? "").split(":");
  if (!object) {
    return {};
  }
  return id && uuid.test(id) ? { object, record: { object, id } } : { object };
}

function folderFilter(path: string): string {
  if (path === top) {
    return "folder == null";
  }
  // The beginning alone bounds a range of the index.
  const [whole, below] = [quote(path), quote(`${path}/`)];
  return `folder.startsWith(${whole}) && (folder == ${whole} || folder.startsWith(${below}))`;
}

function aboutFilter(shown: Shown): string | undefined {
  const { object, record } = aboutOf(shown);
  if (record) {
    return `about.exists(x, x.id == ${quote(record.id)})`;
  }
  return object && `about.exists(x, x.object == ${quote(object)})`;
}

export function filterOf(shown: Shown): string {
  const conditions = [
    shown.folder && folderFilter(shown.folder),
    aboutFilter(shown),
    shown.kind && `kind == ${quote(shown.kind)}`,
    shown.owner && (shown.owner === "me" ? "owner == me" : `owner == ${quote(shown.owner)}`),
    Object.hasOwn(ends, shown.ends ?? "") && ends[shown.ends as keyof typeof ends],
  ];
  return conditions
    .filter((condition) => Boolean(condition))
    .map((condition) => `(${condition})`)
    .join(" && ");
}

export function sortOf(shown: Shown): string {
  return Object.hasOwn(sorts, shown.sort ?? "") ? sorts[shown.sort as keyof typeof sorts] : sorts.changed;
}

/** Whether anything is left out. */
export function isNarrowed(shown: Shown): boolean {
  return filterOf(shown) !== "" || Boolean(shown.q?.trim());
}
