/** The tabs of a record's page, with the number of related records. Arrow keys move between them. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Boot, ObjectMeta, RapportRecord, RecordPage, Relation } from "../../api/types";
import { findObject, queryClient } from "../../app/query";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { quote } from "../../ui/fields/operators";
import { partsOf } from "./parts";
import classes from "./record.module.css";

/** What another tab shows gets a tab of its own from here on: a picture does not hold more. */
const covered_max = 20;
const not_shown = ["comment", "user", "view", "api_key", "role", "team"];

/** The relations that have a tab: lists of other objects, not what the timeline shows. */
export function shownRelations(object: ObjectMeta): Relation[] {
  return object.relations.filter((relation) => {
    const other = findObject(relation.object);
    return (
      other !== undefined && !not_shown.includes(other.name) && !other.internal && !(other.timeline && !other.custom)
    );
  });
}

/** CEL for the records that refer here. */
export function relationFilter(relation: Relation, id: string): string {
  const field = findObject(relation.object)?.fields.find((entry) => entry.name === relation.field);
  const value = quote(id);
  return field?.kind === "references"
    ? `${value} in ${relation.field}`
    : field?.kind === "about"
      ? `${relation.field}.exists(x, x.id == ${value})`
      : `${relation.field} == ${value}`;
}

function useCounts(relations: Relation[], id: string): (number | undefined)[] {
  const results = useQueries({
    queries: relations.map((relation) => {
      const other = findObject(relation.object);
      return {
        queryKey: [...keys.figures(relation.object), "count", relation.field, id],
        queryFn: () =>
          api.get<RecordPage>(`/${other?.plural}`, { filter: relationFilter(relation, id), limit: 1, fields: "id" }),
        enabled: other !== undefined,
      };
    }),
  });
  return results.map((result) => result.data?.total?.count);
}

/** The object that keeps files about records, if the workspace has it. */
export function documentObject(): ObjectMeta | undefined {
  const all = queryClient.getQueryData<Boot>(keys.boot)?.objects ?? [];
  return all.find((object) => object.name === "document");
}

function useFileCount(object: ObjectMeta, id: string): number | undefined {
  const documents = documentObject();
  const { data } = useQuery({
    queryKey: [...keys.pages("document"), "about", id],
    queryFn: () =>
      api.get<RecordPage>(`/${documents?.plural}`, {
        filter: `about.exists(x, x.id == ${quote(id)})`,
        sort: "-updated_at",
        limit: 100,
      }),
    enabled: documents !== undefined && object.name !== "document",
    retry: false,
  });
  return data?.total?.count ?? data?.records.length;
}

interface Props {
  object: ObjectMeta;
  record: RapportRecord;
  tab: string;
  onChange: (tab: string) => void;
}

export function Tabs({ object, record, tab, onChange }: Props) {
  const relations = shownRelations(object);
  const counts = useCounts(relations, record.id);
  const fileCount = useFileCount(object, record.id);
  const parts = partsOf(object);
  const covered = parts.flatMap((part) => part.covers ?? []);
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const chosen = [...(bar.current?.children ?? [])].find((button) => button.id === `tab-${tab}`);
    chosen?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }, [tab]);
  const tabs = [
    { name: "timeline", label: t("record.tab_timeline"), count: undefined as number | undefined, phone: false },
    { name: "details", label: t("record.details"), count: undefined, phone: true },
    ...relations.flatMap((relation, index) => {
      const name = `${relation.object}.${relation.field}`;
      const count = counts[index];
      return covered.includes(relation.object) && tab !== name && (count ?? 0) <= covered_max
        ? []
        : [{ name, label: relation.label, count, phone: false }];
    }),
    ...parts.flatMap(({ name, tab: own }) =>
      own ? [{ name, label: own.label(), count: undefined, phone: false }] : [],
    ),
    { name: "files", label: t("record.tab_files"), count: fileCount, phone: false },
    { name: "changes", label: t("record.tab_changes"), count: undefined, phone: false },
  ];
  const keyDown = (event: React.KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("[role=tab]")].filter(
      (button) => button.offsetParent !== null,
    );
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = buttons[(at + step + buttons.length) % buttons.length];
    if (step !== 0 && next) {
      event.preventDefault();
      next.focus();
      next.click();
    }
  };
  return (
    <div ref={bar} className={classes.tabs} role="tablist" aria-label={t("record.tabs")} onKeyDown={keyDown}>
      {tabs.map((entry) => (
        <button
          key={entry.name}
          id={`tab-${entry.name}`}
          type="button"
          role="tab"
          aria-selected={tab === entry.name}
          aria-controls="record-panel"
          tabIndex={tab === entry.name ? 0 : -1}
          data-phone={entry.phone || undefined}
          onClick={() => onChange(entry.name)}
        >
          {entry.label}
          {entry.count !== undefined && entry.count > 0 && (
            <span className={classes.count}>{formatNumber(entry.count)}</span>
          )}
        </button>
      ))}
    </div>
  );
}
