/** The rights of a role, read and changed without touching what is not meant. `*` speaks for objects without an entry of their own. */
import type { Access, ObjectMeta, ObjectRights, Rights } from "../../api/types";

export type Action = "read" | "create" | "update" | "delete";
export const actions: Action[] = ["read", "create", "update", "delete"];
export const scopes = ["all", "team", "own", "none"] as const;
export const specials = [
  "export",
  "import",
  "bulk",
  "merge",
  "configure",
  "manage_users",
  "audit",
  "sensitive",
  "share",
  "view_as",
] as const;

/** The rights of a role that says nothing. */
export const nothing: Required<Pick<ObjectRights, Action>> = {
  read: "none",
  create: false,
  update: "none",
  delete: "none",
};

/** Whether an object has an entry of its own. */
export function hasOwn(rights: Rights, object: string): boolean {
  return rights.objects?.[object] !== undefined;
}

/** What holds for an object: its own entry, else that of all others. */
export function rightsOf(rights: Rights, object: string): ObjectRights {
  return { ...nothing, ...(rights.objects?.[object] ?? rights.objects?.["*"] ?? {}) };
}

/** Changes one right; an object without an entry gets one that begins as that of all others. */
export function withRight(rights: Rights, object: string, action: Action, value: Access | boolean): Rights {
  const entry = { ...rightsOf(rights, object), [action]: value };
  return { ...rights, objects: { ...rights.objects, [object]: entry } };
}

/** Takes an object's own entry away. */
export function withoutOwn(rights: Rights, object: string): Rights {
  const { [object]: _, ...objects } = rights.objects ?? {};
  return { ...rights, objects };
}

/** Narrows one field, or frees it. */
export function withField(rights: Rights, object: string, field: string, right: "none" | "read" | "write"): Rights {
  const entry = rightsOf(rights, object);
  const { [field]: _, ...rest } = entry.fields ?? {};
  const fields = right === "write" ? rest : { ...rest, [field]: right };
  return { ...rights, objects: { ...rights.objects, [object]: { ...entry, fields } } };
}

export function withSpecial(rights: Rights, name: string, on: boolean): Rights {
  const rest = (rights.special ?? []).filter((entry) => entry !== name);
  return { ...rights, special: on ? [...rest, name] : rest };
}

/** Whether an access is a condition in CEL. */
export function isCondition(access: Access | undefined): boolean {
  return access !== undefined && access !== "" && !(scopes as readonly string[]).includes(access);
}

/** How many fields of an object are narrowed. */
export function narrowedFields(rights: Rights, object: ObjectMeta): number {
  return Object.keys(rightsOf(rights, object.name).fields ?? {}).filter((name) =>
    object.fields.some((field) => field.name === name),
  ).length;
}
