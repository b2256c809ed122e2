/** Whether the signed-in person may write a field, as far as can be known before the server is asked. */
import type { Boot, Field, ObjectMeta, RapportRecord } from "../../api/types";
import { isEditable } from "./registry";

type Asking = Pick<Boot, "role" | "user">;

function rightsOn(boot: Asking, object: ObjectMeta) {
  const { rights } = boot.role;
  return boot.role.admin ? undefined : (rights.objects?.[object.name] ?? rights.objects?.["*"]);
}

/** Whether the field can be written at all: on the server a right may still depend on the record. */
export function canWrite(boot: Asking, object: ObjectMeta, field: Field): boolean {
  return object.can.update && isEditable(field) && rightsOn(boot, object)?.fields?.[field.name] === undefined;
}

/** Whether this record can be written: some roles write only what they own. Its owner has to be among what was asked for. */
export function canWriteRecord(boot: Asking, object: ObjectMeta, record: RapportRecord): boolean {
  const own = rightsOn(boot, object)?.update === "own";
  return object.can.update && (!own || record.owner === boot.user.id);
}

/** Whether the field may get that value: who writes only own records cannot give them away. */
export function canWriteValue(boot: Asking, object: ObjectMeta, field: Field, value: unknown): boolean {
  const own = rightsOn(boot, object)?.update === "own" && field.name === "owner";
  return canWrite(boot, object, field) && (!own || value === boot.user.id) && !(field.required && value === null);
}
