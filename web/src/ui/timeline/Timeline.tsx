/** The timeline of a record: newest first, grouped by day, loaded page by page, only the visible part in the document. */

import { IconTimeline } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type RefObject, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { rememberTitles } from "../../api/titles";
import type { Actors, Included, ObjectMeta } from "../../api/types";
import { activityObjects } from "../../app/navigation";
import { explain } from "../../app/problems";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { formatLongDay, today } from "../../i18n/format";
import { Empty } from "../empty/Empty";
import { addDays } from "../fields/parse";
import { ActivityEntry, ChangeEntry } from "./Entry";
import { type TimelineEntry, type TimelineRow, timelineRows } from "./rows";
import classes from "./timeline.module.css";

interface TimelinePage {
  entries: TimelineEntry[];
  next: string | null;
  actors?: Actors;
  included?: Included;
}

const page_size = 40;

/** Remembers the titles that come along, so that nothing is asked for twice. */
function withTitles(page: TimelinePage): TimelinePage {
  for (const { object, subject } of page.entries) {
    if (subject) {
      rememberTitles({ [object]: { [subject.id]: subject } });
    }
  }
  return page;
}

function useTimeline(object: ObjectMeta, id: string, kinds: string[]) {
  return useInfiniteQuery({
    queryKey: [...keys.timeline(object.name, id), kinds.join(",")],
    queryFn: async ({ pageParam, signal }) =>
      withTitles(
        await api.get<TimelinePage>(
          `/${object.plural}/${id}/timeline`,
          { kinds: kinds.join(",") || undefined, limit: page_size, cursor: pageParam },
          { signal },
        ),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

function dayTitle(row: TimelineRow & { type: "day" }): string {
  const now = today();
  if (row.day === now) {
    return t("timeline.today");
  }
  return row.day === addDays(now, -1)
    ? t("timeline.yesterday")
    : row.day === addDays(now, 1)
      ? t("timeline.tomorrow")
      : formatLongDay(row.at);
}

const Row = memo(function Row({ row, here, actors }: { row: TimelineRow; here: string; actors: Actors }) {
  if (row.type === "day") {
    return <h2 className={classes.day}>{dayTitle(row)}</h2>;
  }
  return row.type === "entry" ? (
    <ActivityEntry entry={row.entry} here={here} actors={actors} />
  ) : (
    <ChangeEntry entries={row.entries} here={here} actors={actors} />
  );
});

/** Which kinds are shown: all, or those that are chosen. */
function Filters({
  kinds,
  chosen,
  onChange,
}: {
  kinds: { name: string; label: string }[];
  chosen: string[];
  onChange: (kinds: string[]) => void;
}) {
  const toggle = (name: string) =>
    onChange(chosen.includes(name) ? chosen.filter((kind) => kind !== name) : [...chosen, name]);
  return (
    <fieldset className={classes.filters} aria-label={t("timeline.filter")}>
      <button
        type="button"
        className="tool"
        data-on={chosen.length === 0 || undefined}
        aria-pressed={chosen.length === 0}
        onClick={() => onChange([])}
      >
        {t("timeline.all")}
      </button>
      {kinds.map((kind) => (
        <button
          key={kind.name}
          type="button"
          className="tool"
          data-on={chosen.includes(kind.name) || undefined}
          aria-pressed={chosen.includes(kind.name)}
          onClick={() => toggle(kind.name)}
        >
          {kind.label}
        </button>
      ))}
    </fieldset>
  );
}

function Loading() {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={t("app.loading")} className={classes.loading}>
      {shown &&
        [340, 460, 280, 400].map((width) => (
          <p key={width}>
            <span className="skeleton" style={{ width: 26, height: 26, borderRadius: "50%" }} />{" "}
            <span className="skeleton" style={{ width }} />
          </p>
        ))}
    </div>
  );
}

interface RowsProps {
  rows: TimelineRow[];
  here: string;
  actors: Actors;
  scroller: RefObject<HTMLElement | null>;
  more: boolean;
  onEnd: () => void;
}

function Rows({ rows, here, actors, scroller, more, onEnd }: RowsProps) {
  const list = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const [box, outer] = [list.current, scroller.current];
    if (box && outer) {
      const top = Math.round(box.getBoundingClientRect().top - outer.getBoundingClientRect().top + outer.scrollTop);
      setMargin((known) => (Math.abs(known - top) > 1 ? top : known));
    }
  });
  const virtual = useVirtualizer({
    count: rows.length + (more ? 1 : 0),
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? "more",
    estimateSize: (index) => (rows[index]?.type === "entry" ? 110 : rows[index]?.type === "day" ? 40 : 56),
    overscan: 4,
    scrollMargin: margin,
    // A guess until the window is measured, so that the first rows are drawn with the rest and not after it.
    initialRect: { width: 0, height: window.innerHeight },
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - 3) {
      onEnd();
    }
  }, [more, last, rows.length, onEnd]);
  return (
    <div ref={list} className={classes.rows} style={{ height: virtual.getTotalSize() }}>
      {items.map((item) => {
        const row = rows[item.index];
        return (
          <div
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            className={classes.slot}
            style={{ transform: `translateY(${item.start - margin}px)` }}
          >
            {row ? <Row row={row} here={here} actors={actors} /> : <Loading />}
          </div>
        );
      })}
    </div>
  );
}

export function Timeline({
  object,
  id,
  scroller,
}: {
  object: ObjectMeta;
  id: string;
  scroller: RefObject<HTMLElement | null>;
}) {
  const boot = useBoot();
  const [chosen, setChosen] = useState<string[]>([]);
  const kinds = useMemo(
    () => [
      ...activityObjects(boot).map((entry) => ({ name: entry.name, label: entry.label_plural })),
      { name: "change", label: t("timeline.changes") },
    ],
    [boot],
  );
  const {
    data: latest,
    error,
    hasNextPage,
    fetchNextPage,
    isFetchingNextPage,
    refetch,
  } = useTimeline(object, id, chosen);
  // Rows are drawn in quiet moments: what somebody types meanwhile comes first.
  const data = useDeferredValue(latest);
  const entries = useMemo(() => data?.pages.flatMap((page) => page.entries) ?? [], [data]);
  const actors = useMemo(
    () => Object.assign({}, ...(data?.pages.map((page) => page.actors ?? {}) ?? [])) as Actors,
    [data],
  );
  const rows = useMemo(() => timelineRows(entries), [entries]);
  const pinned = useMemo(() => entries.filter((entry) => entry.record?.pinned === true), [entries]);
  const end = () => {
    if (!isFetchingNextPage) {
      void fetchNextPage();
    }
  };
  return (
    <section aria-label={t("timeline.title")}>
      <Filters kinds={kinds} chosen={chosen} onChange={setChosen} />
      {!data && !error && <Loading />}
      {error && !data && (
        <Empty
          icon={IconTimeline}
          title={t("timeline.failed")}
          text={explain(error)}
          action={{ label: t("error.retry"), run: () => void refetch() }}
        />
      )}
      {data && rows.length === 0 && (
        <Empty
          icon={IconTimeline}
          title={t(chosen.length > 0 ? "timeline.none_of_kind" : "timeline.none")}
          text={t("timeline.none_text")}
        />
      )}
      {pinned.length > 0 && chosen.length === 0 && (
        <div className={classes.pinned}>
          {pinned.map((entry) => (
            <ActivityEntry key={entry.key} entry={entry} here={id} actors={actors} />
          ))}
        </div>
      )}
      {rows.length > 0 && (
        <Rows rows={rows} here={id} actors={actors} scroller={scroller} more={hasNextPage} onEnd={end} />
      )}
    </section>
  );
}
