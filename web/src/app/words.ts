/** The shipped words of the data model in the reader's language: labels, helps, choices and built-in roles. What an administrator has named otherwise stays as it is. */
import type { Boot, Field, LayoutSection, ObjectMeta, RapportRecord } from "../api/types";
import { isShipped, shipped, shippedWords, unshipped } from "../i18n";

const text = (place: string, english: string | undefined) => english && shipped(place, english);

/** Where the words of a field stand: what all lines have in common stands once. */
function placeOf(object: string, field: Field): string {
  if (field.system) {
    return `*.${field.name}`;
  }
  const shared = `line.${field.name}`;
  return object.endsWith("_line") && isShipped(shared) ? shared : `${object}.${field.name}`;
}

function fieldWords(object: string, field: Field): Field {
  const place = placeOf(object, field);
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
  const place = placeOf(object, field);
  const english = (at: string, word: string | undefined) => word && unshipped(at, word);
  const { inverse } = field;
  return {
    ...field,
    label: unshipped(place, field.label),
    help: english(`${place}:help`, field.help),
    group: field.group && asShippedGroup(field.group),
    inverse: inverse && { ...inverse, label: unshipped(`${place}:inverse`, inverse.label) },
    validation_message: english(`${place}:validation`, field.validation_message),
    default: typeof field.default === "string" ? unshipped(`${place}:default`, field.default) : field.default,
    options: field.options?.map((option) => ({
      ...option,
      label: unshipped(`${place}.${option.value}`, option.label),
    })),
  };
}

/** A section that is called as a shipped group is. */
export function sectionWords(section: LayoutSection): LayoutSection {
  return { ...section, title: text(`*:group.${section.title}`, section.title) ?? "" };
}

/** The shipped English of a heading, where it is only its translation. */
export function asShippedGroup(title: string): string {
  return shippedWords().find(([at, [, own]]) => at.startsWith("*:group.") && own === title)?.[1][0] ?? title;
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
    layouts: object.layouts?.map((layout) => ({ ...layout, sections: layout.sections.map(sectionWords) })),
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
