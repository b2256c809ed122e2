/** Layouts: which one counts, and what it says as fields and tabs of this object. Presentation only; rights are the server's. */
import type { Arrangement, Field, Layout, ObjectMeta } from "../../api/types";
import { t } from "../../i18n";

/** What no page shows. */
const silent = ["version", "deleted_at", "external_ids"];
const shared = ["owner", "team", "tags"];

/** A section with the fields that are there. */
export interface Section {
  /** What tells it from the others of the page. */
  key: string;
  title: string;
  columns: 1 | 2;
  collapsed: boolean;
  fields: Field[];
}

/** The fields that a page can show. */
export function pageFields(object: ObjectMeta): Field[] {
  return object.fields.filter((field) => !field.hidden && !silent.includes(field.name));
}

/** The sections without a layout: the fields under the headings that the object gives them, what every record has behind. */
export function usualSections(object: ObjectMeta): Section[] {
  const sections: Section[] = [];
  const put = (key: string, field: Field) => {
    const known = sections.find((entry) => entry.key === key);
    if (known) {
      known.fields.push(field);
    } else {
      const title = key.startsWith("$") ? "" : key;
      sections.push({ key, title, columns: 1, collapsed: key === "$system", fields: [field] });
    }
  };
  const fields = pageFields(object);
  for (const field of fields.filter((entry) => !entry.system)) {
    put(field.group ?? "", field);
  }
  for (const field of fields.filter((entry) => entry.system)) {
    put(shared.includes(field.name) ? "$sharing" : "$system", field);
  }
  return sections;
}

/** What people read above a section. */
export function titleOfSection({ key, title }: Pick<Section, "key" | "title">): string {
  return (
    title ||
    t(key === "$sharing" ? "record.group_sharing" : key === "$system" ? "record.group_system" : "record.group_main")
  );
}

/** The sections of a layout; fields that are gone or not for this reader are left out. */
export function sectionsOf(object: ObjectMeta, layout: Arrangement & { id?: string }): Section[] {
  const fields = new Map(pageFields(object).map((field) => [field.name, field]));
  return layout.sections.map((section, index) => ({
    key: `${layout.id ?? ""} ${index}`,
    title: section.title,
    columns: section.columns,
    collapsed: section.collapsed === true,
    fields: section.fields.flatMap((name) => fields.get(name) ?? []),
  }));
}

/** Whether a layout says how fields stand; else they stand as usual. */
export function arranges(layout: Layout | undefined): layout is Layout {
  return layout !== undefined && layout.sections.length > 0;
}

/** The first layout whose condition holds, and those before it of which that cannot be told here. */
export function choose(
  layouts: Layout[],
  decide: (condition: string) => boolean | undefined,
): { layout?: Layout; open: Layout[] } {
  const open: Layout[] = [];
  for (const layout of layouts) {
    const holds = layout.condition ? decide(layout.condition) : true;
    if (holds) {
      return { layout, open };
    }
    if (holds === undefined) {
      open.push(layout);
    }
  }
  return { open };
}

function kindName(field: Field): string {
  return field.result ?? field.kind;
}

const strip_kinds = ["select", "money", "integer", "decimal", "percent", "date", "date_time", "rating"];

/** The usual figures of the strip below the header: what the program keeps fresh, then what its list shows. */
export function usualStrip(object: ObjectMeta): Field[] {
  const derived = object.fields.filter(
    (field) =>
      !field.system && !field.hidden && (field.kind === "rollup" || field.kind === "formula" || field.read_only),
  );
  const listed = object.fields.filter(
    (field) => !field.system && object.columns?.includes(field.name) && strip_kinds.includes(field.kind),
  );
  const all = [...listed.filter((field) => field.kind === "select"), ...derived, ...listed];
  return [...new Set(all)].filter(
    (field) => field.name !== object.title && !["long_text", "json"].includes(kindName(field)),
  );
}

/** The fields of the strip. */
export function stripOf(object: ObjectMeta, layout: Arrangement | undefined): Field[] {
  const named = layout?.strip?.flatMap((name) => pageFields(object).find((field) => field.name === name) ?? []);
  return named ?? usualStrip(object);
}
