/** The tabs of a record's page, with the number of related records. Arrow keys move between them. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Boot, Layout, ObjectMeta, RapportRecord, RecordPage, Relation } from "../../api/types";
import { findObject, queryClient } from "../../app/query";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { quote } from "../../ui/fields/operators";
import { panelsOf } from "../../ui/layout/panels";
import { useSoon } from "../../ui/useSoon";
import { partsOf } from "./parts";
import classes from "./record.module.css";

/** What another tab shows gets a tab of its own from here on: a picture does not hold more. */
const covered_max = 20;
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

function useCounts(relations: Relation[], id: string, asked: boolean): (number | undefined)[] {
  const results = useQueries({
    queries: relations.map((relation) => {
      const other = findObject(relation.object);
      return {
        queryKey: [...keys.figures(relation.object), "count", relation.field, id],
        queryFn: () =>
          api.get<RecordPage>(`/${other?.plural}`, { filter: relationFilter(relation, id), limit: 1, fields: "id" }),
        enabled: asked && other !== undefined,
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

function useFileCount(object: ObjectMeta, id: string, asked: boolean): number | undefined {
  const documents = documentObject();
  const { data } = useQuery({
    queryKey: [...keys.pages("document"), "about", id],
    queryFn: () =>
      api.get<RecordPage>(`/${documents?.plural}`, {
        filter: `about.exists(x, x.id == ${quote(id)})`,
        fields: "version",
        limit: 1,
      }),
    enabled: asked && documents !== undefined && object.name !== "document",
    retry: false,
  });
  return data?.total?.count;
}

interface Props {
  object: ObjectMeta;
  record: RapportRecord;
  layout?: Layout;
  tab: string;
  onChange: (tab: string) => void;
}

/** The tabs as the layout names them, else every one, those of short lists that another tab shows as well left out. */
function useShownPanels({ object, record, layout, tab }: Props) {
  const all = panelsOf(object);
  const panels = layout?.panels?.flatMap((name) => all.find((panel) => panel.name === name) ?? []) ?? all;
  const relations = panels.flatMap(({ relation }) => relation ?? []);
  // The figures beside the tabs are asked for once the page stands.
  const asked = useSoon();
  const counts = useCounts(relations, record.id, asked);
  const fileCount = useFileCount(object, record.id, asked);
  const covered = layout?.panels ? [] : partsOf(object).flatMap((part) => part.covers ?? []);
  return panels.flatMap(({ name, label, relation }) => {
    const count = relation ? counts[relations.indexOf(relation)] : name === "files" ? fileCount : undefined;
    const short = relation && covered.includes(relation.object) && tab !== name && (count ?? 0) <= covered_max;
    return short ? [] : [{ name, label, count, phone: false }];
  });
}

export function Tabs(props: Props) {
  const { tab, onChange } = props;
  const panels = useShownPanels(props);
  const bar = useRef<HTMLDivElement>(null);
  const drawn = useRef(false);
  useEffect(() => {
    // The first tab is in sight on its own; to look where it stands would only hold up the first drawing.
    if (drawn.current || tab !== "timeline") {
      const chosen = [...(bar.current?.children ?? [])].find((button) => button.id === `tab-${tab}`);
      chosen?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
    }
    drawn.current = true;
  }, [tab]);
  const tabs = [
    { name: "timeline", label: t("record.tab_timeline"), count: undefined as number | undefined, phone: false },
    { name: "details", label: t("record.details"), count: undefined, phone: true },
    ...panels,
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
