/** The tabs of a record page beside timeline and details: related records, and what a capability adds. */
import type { ObjectMeta, Relation } from "../../api/types";
import { findObject } from "../../app/query";
import { t } from "../../i18n";

const not_shown = ["comment", "stage_change", "deal_line", "quote_line", "user", "view", "api_key", "role", "team"];

/** Tabs of a page that are no list of related records, by the name of their part. */
export const partTabs = {
  relations: {
    applies: (object: ObjectMeta) => ["person", "company"].includes(object.name),
    label: () => t("relations.tab"),
  },
  lines: {
    applies: (object: ObjectMeta) => findObject(`${object.name}_line`) !== undefined,
    label: () => t("lines.title"),
  },
  stages: {
    applies: (object: ObjectMeta) => object.name === "deal" && findObject("stage_change") !== undefined,
    label: () => t("deals.way"),
  },
  consent: {
    applies: (object: ObjectMeta) => object.name === "person" && findObject("consent") !== undefined,
    label: () => t("consent.tab"),
  },
};

/** The relations that have a tab: lists of other objects, not what the timeline shows. */
export function shownRelations(object: ObjectMeta): Relation[] {
  return object.relations.filter((relation) => {
    const other = findObject(relation.object);
    // The page of a quote says itself which version replaced it.
    if (relation.object === "quote" && relation.field === "replaces") {
      return false;
    }
    // Any record may be named there, but only people and companies are asked about.
    if (other?.name === "relationship" && !partTabs.relations.applies(object)) {
      return false;
    }
    return (
      other !== undefined && !not_shown.includes(other.name) && !other.internal && !(other.timeline && !other.custom)
    );
  });
}

export interface Panel {
  /** The name of the tab in addresses and layouts. */
  name: string;
  label: string;
  relation?: Relation;
}

/** Every tab that a page of the object can have, in the usual order. */
export function panelsOf(object: ObjectMeta): Panel[] {
  const parts = Object.entries(partTabs).filter(([, part]) => part.applies(object));
  return [
    ...shownRelations(object).map((relation) => ({
      name: `${relation.object}.${relation.field}`,
      label: relation.label,
      relation,
    })),
    ...parts.map(([name, part]) => ({ name, label: part.label() })),
    { name: "files", label: t("record.tab_files") },
    { name: "changes", label: t("record.tab_changes") },
  ];
}
