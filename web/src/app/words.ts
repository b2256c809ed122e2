/** The shipped words of the data model in the reader's language: labels, helps, choices and built-in roles. What an administrator has named otherwise stays as it is. */
import type { Boot, Field, ObjectMeta, RapportRecord } from "../api/types";
import { shipped, shippedWords, unshipped } from "../i18n";

const text = (place: string, english: string | undefined) => english && shipped(place, english);

function fieldWords(object: string, field: Field): Field {
  const place = field.system ? `*.${field.name}` : `${object}.${field.name}`;
  const { inverse } = field;
  return {
    ...field,
    label: shipped(place, field.label),
    help: text(`${place}:help`, field.help),
    group: text(`*:group.${field.group}`, field.group),
    inverse: inverse && { ...inverse, label: shipped(`${place}:inverse`, inverse.label) },
    validation_message: text(`${place}:validation`, field.validation_message),
    default: typeof field.default === "string" ? shipped(`${place}:default`, field.default) : field.default,
    options: field.options?.map((option) => ({ ...option, label: shipped(`${place}.${option.value}`, option.label) })),
  };
}

/** A field with the shipped English where its words are only its translation: what is kept must read right in every language. */
export function asShipped(object: string, field: Field): Field {
  const place = field.system ? `*.${field.name}` : `${object}.${field.name}`;
  const english = (at: string, word: string | undefined) => word && unshipped(at, word);
  const group = shippedWords().find(([at, [, own]]) => at.startsWith("*:group.") && own === field.group)?.[1][0];
  const { inverse } = field;
  return {
    ...field,
    label: unshipped(place, field.label),
    help: english(`${place}:help`, field.help),
    group: group ?? field.group,
    inverse: inverse && { ...inverse, label: unshipped(`${place}:inverse`, inverse.label) },
    validation_message: english(`${place}:validation`, field.validation_message),
    default: typeof field.default === "string" ? unshipped(`${place}:default`, field.default) : field.default,
    options: field.options?.map((option) => ({
      ...option,
      label: unshipped(`${place}.${option.value}`, option.label),
    })),
  };
}

function objectWords(object: ObjectMeta): ObjectMeta {
  const { name } = object;
  return {
    ...object,
    label: shipped(name, object.label),
    label_plural: shipped(`${name}:plural`, object.label_plural),
    description: text(`${name}:description`, object.description),
    fields: object.fields.map((field) => fieldWords(name, field)),
    relations: object.relations.map((relation) => ({
      ...relation,
      label: shipped(`${relation.object}.${relation.field}:inverse`, relation.label),
    })),
  };
}

/** The name of a built-in role. */
export function roleName(name: string): string {
  return shipped(`*:role.${name}`, name);
}

/** A role's record with the words of a built-in role. */
export function roleWords(role: RapportRecord): RapportRecord {
  const { name, description } = role;
  if (typeof name !== "string") {
    return role;
  }
  const why = typeof description === "string" ? shipped(`*:role.${name}:description`, description) : description;
  return { ...role, name: roleName(name), description: why };
}

/** The start data in the language that is spoken. */
export function inOwnWords(boot: Boot): Boot {
  if (shippedWords().length === 0) {
    return boot;
  }
  return {
    ...boot,
    role: { ...boot.role, name: roleName(boot.role.name) },
    objects: boot.objects.map(objectWords),
  };
}
