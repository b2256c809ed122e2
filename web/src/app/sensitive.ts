/** Sensitive fields: whether this person's lists may be filtered, sorted and grouped by them. */
import type { Boot } from "../api/types";

/** Whether somebody's role gives the right to use and export sensitive values. */
export function mayUseSensitive(boot: Pick<Boot, "role">): boolean {
  return boot.role.admin || Boolean(boot.role.rights.special?.includes("sensitive"));
}

/** The same start data, its sensitive fields marked where they cannot be used. */
export function withUnusable(boot: Boot): Boot {
  if (mayUseSensitive(boot)) {
    return boot;
  }
  const objects = boot.objects.map((object) => ({
    ...object,
    fields: object.fields.map((field) => (field.sensitive ? { ...field, unusable: true } : field)),
  }));
  return { ...boot, objects };
}
