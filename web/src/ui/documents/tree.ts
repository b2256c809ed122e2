/** Folders of documents: paths such as `Contracts/2026`, as a tree. A folder is there as long as something lies in it. Pure. */
import type { RapportRecord } from "../../api/types";

export interface Folder {
  path: string;
  /** The last part of the path. */
  name: string;
  depth: number;
  documents: RapportRecord[];
  /** How many documents lie in it and below. */
  count: number;
}

const depth_max = 8;

/** A path without empty parts and blanks around them. */
export function cleanPath(text: string): string {
  const parts = text.split("/").map((part) => part.replace(/\s+/g, " ").trim());
  return parts
    .filter((part) => part !== "")
    .slice(0, depth_max)
    .join("/");
}

export function folderOf(document: RapportRecord): string {
  return typeof document.folder === "string" ? cleanPath(document.folder) : "";
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Left before right, folder by folder: what lies in a folder follows it at once. */
function inOrder(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? left.length - right.length : (left[at] ?? "").localeCompare(right[at] ?? "");
}

/** A folder and how many documents lie in it and below. */
export type CountedFolder = Pick<Folder, "path" | "name" | "depth" | "count">;

/** Paths are compared as the server compares texts: small and capital letters are one. */
const keyOf = (path: string) => path.toLowerCase();

/**
 * The tree of the folders that documents name, with those that only hold others; the top counts all documents. Of names
 * that differ in capitals alone the first is shown.
 */
export function countedFolders(named: { folder: string; count: number }[]): CountedFolder[] {
  const found = new Map([["", { path: "", count: 0 }]]);
  for (const { folder, count } of named) {
    const parts = cleanPath(folder).split("/");
    let place = "";
    const above = new Set([""]);
    for (const part of parts.filter(Boolean)) {
      const path = place ? `${place}/${part}` : part;
      place = found.get(keyOf(path))?.path ?? path;
      above.add(place);
    }
    for (const path of above) {
      const known = found.get(keyOf(path)) ?? { path, count: 0 };
      found.set(keyOf(path), { path: known.path, count: known.count + count });
    }
  }
  const folders = [...found.values()].sort((a, b) => inOrder(a.path, b.path));
  return folders.map(({ path, count }) => {
    const parts = path.split("/");
    return { path, name: parts.at(-1) ?? "", depth: path === "" ? 0 : parts.length, count };
  });
}

/** A folder in sight, and whether others lie in it. */
export type VisibleFolder = CountedFolder & { above: boolean };

/** The folders in sight: those whose parents are all open, and the way to the chosen one. In the order of the tree. */
export function visibleFolders(
  folders: CountedFolder[],
  chosen: string | undefined,
  isOpen: (path: string) => boolean,
): VisibleFolder[] {
  const open = new Set([""]);
  return folders
    .map((folder, at) => ({ ...folder, above: folders[at + 1]?.path.startsWith(`${folder.path}/`) === true }))
    .filter(({ path }) => {
      const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
      const seen = open.has(parent) || (chosen !== undefined && isBelow(chosen, path));
      if (seen && isOpen(path)) {
        open.add(path);
      }
      return seen;
    });
}

/** All folders in the order of the tree, those that only hold other folders too; the top, with its own documents, is first. */
export function foldersOf(documents: RapportRecord[]): Folder[] {
  const paths = new Set([""]);
  for (const document of documents) {
    const parts = folderOf(document).split("/");
    parts.forEach((_, index) => {
      paths.add(parts.slice(0, index + 1).join("/"));
    });
  }
  return [...paths].sort(inOrder).map((path) => {
    const parts = path.split("/");
    return {
      path,
      name: parts.at(-1) ?? "",
      depth: path === "" ? 0 : parts.length,
      documents: documents.filter((document) => folderOf(document) === path),
      count: documents.filter((document) => path === "" || isBelow(folderOf(document), path)).length,
    };
  });
}
