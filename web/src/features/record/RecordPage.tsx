/** The page of one record, for every object: who it is, what is next, everything that happened, everything known. */
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Suspense, useDeferredValue, useEffect, useRef, useState } from "react";
import { ApiProblem } from "../../api/client";
import { titleOf } from "../../api/titles";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { PageError, PageMissing, PagePending } from "../../app/errors";
import { usePresence } from "../../app/presence";
import { findObject, recordQuery, useObjectByPlural } from "../../app/query";
import { noteRecent } from "../../app/recent";
import { restoreRecords } from "../../app/write";
import { t } from "../../i18n";
import { formatDateTime } from "../../i18n/format";
import { shownRelations } from "../../ui/layout/panels";
import { useLayout } from "../../ui/layout/useLayout";
import { Timeline } from "../../ui/timeline/Timeline";
import { Composer, type ComposerKind } from "./Composer";
import { useRecordCommands } from "./commands";
import { Details } from "./Details";
import { Files } from "./Files";
import { Header } from "./Header";
import { History } from "./History";
import { firstTab, partsOf } from "./parts";
import { Related } from "./Related";
import classes from "./record.module.css";
import { Strip } from "./Strip";
import { Tabs } from "./Tabs";

export function RecordPage() {
  const { plural, id } = useParams({ strict: false }) as { plural: string; id: string };
  const object = useObjectByPlural(plural);
  return object ? <Loaded key={id} object={object} id={id} /> : <PageMissing />;
}

function Loaded({ object, id }: { object: ObjectMeta; id: string }) {
  const { data: record, error } = useQuery(recordQuery(object, id));
  // Drawing the whole page is left to quiet moments, so that it never keeps the reader waiting.
  const there = useDeferredValue(record !== undefined, false);
  useEffect(() => {
    if (record) {
      const title = titleOf(object, record);
      document.title = t("app.title", { page: title.title });
      noteRecent({ object: object.name, ...title });
    }
  }, [object, record]);
  if (record && there) {
    return <Page object={object} record={record} />;
  }
  if (error instanceof ApiProblem && error.status === 404) {
    return <PageMissing />;
  }
  return error ? <PageError error={error} /> : <PagePending />;
}

/** A deleted record says so and offers to come back. */
function DeletedBar({ object, record }: { object: ObjectMeta; record: RapportRecord }) {
  return typeof record.deleted_at === "string" ? (
    <div className={classes.deleted} role="status">
      <span>{t("record.deleted", { time: formatDateTime(record.deleted_at) })}</span>
      {object.can.delete && (
        <button
          type="button"
          className="tool"
          data-outline
          onClick={() => void restoreRecords(object, [record.id]).catch(() => {})}
        >
          {t("record.restore")}
        </button>
      )}
    </div>
  ) : null;
}

function Page({ object, record }: { object: ObjectMeta; record: RapportRecord }) {
  const search = useSearch({ strict: false }) as { tab?: string };
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const [composing, setComposing] = useState<ComposerKind | null>(null);
  const first = firstTab(object);
  const tab = search.tab ?? first;
  // On a phone the details are a tab; drawn beside it unseen they would only cost time.
  const narrow = useMediaQuery("(max-width: 860px)", undefined, { getInitialValueInEffect: false }) ?? false;
  // Who it is comes first; what happened and everything known are drawn in the moment after.
  const rest = useDeferredValue(true, false);
  const setTab = (next: string) =>
    void navigate({ to: ".", search: { ...search, tab: next === first ? undefined : next }, replace: true });
  const compose = (kind: ComposerKind) => {
    if (tab !== "timeline") {
      setTab("timeline");
    }
    setComposing(kind);
    scroller.current?.scrollTo({ top: 0 });
  };
  usePresence(object, record.id);
  const { layout, pending } = useLayout(object, record, record);
  const neighbours = useRecordCommands({ object, record, compose });
  return (
    <>
      <Header object={object} record={record} compose={compose} neighbours={neighbours} />
      <div className={classes.body} ref={scroller}>
        <div className={classes.main}>
          <DeletedBar object={object} record={record} />
          {partsOf(object).map(
            ({ name, Bar }) =>
              Bar && (
                <Suspense key={name}>
                  <Bar object={object} record={record} />
                </Suspense>
              ),
          )}
          {!pending && <Strip object={object} record={record} layout={layout} />}
          <Tabs object={object} record={record} layout={layout} tab={tab} onChange={setTab} />
          <div className={classes.panel} role="tabpanel" id="record-panel" aria-labelledby={`tab-${tab}`}>
            {rest && (
              <Panel
                object={object}
                record={record}
                tab={tab}
                scroller={scroller}
                composing={composing}
                setComposing={setComposing}
              />
            )}
          </div>
        </div>
        {(!narrow || tab === "details") && (
          <aside className={classes.aside} aria-label={t("record.details")}>
            {rest && !pending && <Details object={object} record={record} layout={layout} />}
          </aside>
        )}
      </div>
    </>
  );
}

interface PanelProps {
  object: ObjectMeta;
  record: RapportRecord;
  tab: string;
  scroller: React.RefObject<HTMLDivElement | null>;
  composing: ComposerKind | null;
  setComposing: (kind: ComposerKind | null) => void;
}

function Panel({ object, record, tab, scroller, composing, setComposing }: PanelProps) {
  const relation = shownRelations(object).find((entry) => `${entry.object}.${entry.field}` === tab);
  const other = relation && findObject(relation.object);
  if (relation && other) {
    return <Related object={object} record={record} relation={relation} other={other} />;
  }
  const own = partsOf(object).find((entry) => entry.name === tab)?.tab;
  if (own) {
    return (
      <Suspense>
        <own.Content object={object} record={record} />
      </Suspense>
    );
  }
  if (tab === "files") {
    return <Files object={object} record={record} />;
  }
  if (tab === "changes") {
    return <History object={object} record={record} />;
  }
  if (tab === "details") {
    return <div className={classes.phoneDetails} />;
  }
  return (
    <>
      <Composer object={object} record={record} kind={composing} onKind={setComposing} />
      <Timeline object={object} id={record.id} scroller={scroller} />
    </>
  );
}
