/** A layout while it is being arranged: fields and sections move, and what no section has waits in the palette. */
import type { Arrangement, Field, Layout, LayoutSection, ObjectMeta, RapportRecord } from "../../../../api/types";
import type { LayoutValues } from "../../../../app/layouts";
import { asShippedGroup, sectionWords } from "../../../../app/words";
import { pageFields, titleOfSection, usualSections } from "../../../../ui/layout/layout";

export interface Draft extends Arrangement {
  name: string;
  /** Ids; none for everyone. */
  roles: string[];
  condition: string;
}

/** A stored layout. */
export interface Stored extends Draft {
  id: string;
  version?: number;
  position: number;
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];

function sectionOf(value: unknown): LayoutSection {
  const { title, columns, collapsed, fields } = (value ?? {}) as Partial<LayoutSection>;
  return {
    title: title ?? "",
    columns: columns === 1 ? 1 : 2,
    collapsed: collapsed === true,
    fields: texts(fields),
  };
}

/** A layout's record. */
export function storedOf(record: RapportRecord): Stored {
  const content = (record.content ?? {}) as Partial<Arrangement>;
  return {
    id: record.id,
    version: typeof record.version === "number" ? record.version : undefined,
    position: typeof record.position === "number" ? record.position : Number.MAX_SAFE_INTEGER,
    name: String(record.name ?? ""),
    roles: texts(record.roles),
    condition: typeof record.condition === "string" ? record.condition : "",
    sections: (content.sections ?? []).map((section) => sectionWords(sectionOf(section))),
    strip: content.strip && texts(content.strip),
    panels: content.panels && texts(content.panels),
    columns: content.columns && texts(content.columns),
  };
}

/** The layouts of an object, in the order in which they are tried. */
export function layoutsOf(records: RapportRecord[], object: string): Stored[] {
  const own = records.filter((record) => record.object === object).map(storedOf);
  return own.sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));
}

/** What stands on pages without a layout, as something to begin with. */
export function usualDraft(object: ObjectMeta, name: string): Draft {
  const sections = usualSections(object).map((section) => ({
    title: titleOfSection(section),
    columns: section.columns,
    collapsed: section.collapsed,
    fields: section.fields.map((field) => field.name),
  }));
  return { name, roles: [], condition: "", sections };
}

/** A stored layout to change; one without sections begins with the usual ones. */
export function draftOf(object: ObjectMeta, stored: Stored): Draft {
  const { id: _, version: __, position: ___, ...draft } = stored;
  return draft.sections.length > 0 ? draft : { ...draft, sections: usualDraft(object, "").sections };
}

/** What is sent. Columns are for lists, which show many records: a condition leaves them without meaning. */
export function valuesOf(object: ObjectMeta, draft: Draft, position?: number): LayoutValues {
  const { name, roles, condition, sections, strip, panels, columns } = draft;
  const content = {
    sections: sections.map(({ title, collapsed, ...section }) => ({
      ...section,
      title: asShippedGroup(title.trim()),
      ...(collapsed && { collapsed }),
    })),
    ...(strip && { strip }),
    ...(panels && { panels }),
    ...(columns && condition.trim() === "" && { columns }),
  };
  return {
    name: name.trim(),
    object: object.name,
    ...(position !== undefined && { position }),
    roles,
    condition: condition.trim() || null,
    content,
  };
}

/** A draft as pages take it. */
export function asLayout(draft: Draft, id: string): Layout {
  const { name, condition, sections, strip, panels, columns } = draft;
  return { id, name, sections, strip, panels, columns, ...(condition.trim() && { condition: condition.trim() }) };
}

/** The fields that no section has. */
export function unusedFields(object: ObjectMeta, draft: Draft): Field[] {
  const used = new Set(draft.sections.flatMap((section) => section.fields));
  return pageFields(object).filter((field) => !used.has(field.name));
}

/** Names that a draft has and the object no longer shows. */
export function goneNames(object: ObjectMeta, draft: Draft, panels: string[]): string[] {
  const known = new Set(pageFields(object).map((field) => field.name));
  const fields = [
    ...draft.sections.flatMap((section) => section.fields),
    ...(draft.strip ?? []),
    ...(draft.columns ?? []),
  ];
  const gone = fields.filter((name) => !known.has(name));
  return [...new Set([...gone, ...(draft.panels ?? []).filter((name) => !panels.includes(name))])];
}

/** The draft without names, wherever it has them. */
export function without(draft: Draft, names: string[]): Draft {
  const kept = (list: string[]) => list.filter((name) => !names.includes(name));
  return {
    ...draft,
    sections: draft.sections.map((section) => ({ ...section, fields: kept(section.fields) })),
    strip: draft.strip && kept(draft.strip),
    panels: draft.panels && kept(draft.panels),
    columns: draft.columns && kept(draft.columns),
  };
}

function withSections(draft: Draft, change: (sections: LayoutSection[]) => LayoutSection[]): Draft {
  return {
    ...draft,
    sections: change(draft.sections.map((section) => ({ ...section, fields: section.fields.slice() }))),
  };
}

/** Puts a field into a section, before the place that is counted without it; at its end when there is none. */
export function put(draft: Draft, field: string, to: number, at?: number): Draft {
  return withSections(draft, (sections) => {
    for (const section of sections) {
      section.fields = section.fields.filter((name) => name !== field);
    }
    const fields = sections[to]?.fields;
    fields?.splice(at ?? fields.length, 0, field);
    return sections;
  });
}

/** Puts a field where another one stands, as a row that is dragged onto another takes its place. */
export function putAt(draft: Draft, field: string, place: string): Draft {
  const to = draft.sections.findIndex((section) => section.fields.includes(place));
  const at = draft.sections[to]?.fields.indexOf(place);
  return to < 0 || field === place ? draft : put(draft, field, to, at);
}

/** Moves a field one up or down; at the end of its section into the next one. */
export function step(draft: Draft, field: string, by: 1 | -1): Draft {
  const from = draft.sections.findIndex((section) => section.fields.includes(field));
  const fields = draft.sections[from]?.fields ?? [];
  const at = fields.indexOf(field) + by;
  if (from < 0) {
    return draft;
  }
  if (at >= 0 && at < fields.length) {
    return put(draft, field, from, at);
  }
  const next = draft.sections[from + by];
  return next ? put(draft, field, from + by, by > 0 ? 0 : next.fields.length) : draft;
}

/** Takes a field out of its section. */
export function leaveOut(draft: Draft, field: string): Draft {
  return withSections(draft, (sections) =>
    sections.map((section) => ({ ...section, fields: section.fields.filter((name) => name !== field) })),
  );
}

export function addSection(draft: Draft, title: string): Draft {
  return { ...draft, sections: [...draft.sections, { title, columns: 1, collapsed: false, fields: [] }] };
}

export function changeSection(draft: Draft, index: number, change: Partial<LayoutSection>): Draft {
  return withSections(draft, (sections) =>
    sections.map((section, at) => (at === index ? { ...section, ...change } : section)),
  );
}

/** Takes a section away; its fields wait in the palette. */
export function removeSection(draft: Draft, index: number): Draft {
  return { ...draft, sections: draft.sections.filter((_, at) => at !== index) };
}

export function moveSection(draft: Draft, index: number, by: 1 | -1): Draft {
  return withSections(draft, (sections) => {
    const [section] = sections.splice(index, 1);
    if (section) {
      sections.splice(index + by, 0, section);
    }
    return sections;
  });
}
