/** The queue of possible duplicates: found by a scan, looked at one after the other, merged or set aside by keyboard. */

import { IconCopyCheck, IconRadar2 } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { api } from "../../api/client";
import { sentence } from "../../api/sentences";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { useCommands } from "../../app/commands";
import { onJob } from "../../app/live";
import { explain, showProblem } from "../../app/problems";
import { queryClient, useBoot } from "../../app/query";
import { showToast } from "../../app/toasts";
import { undoLast } from "../../app/undo";
import { t } from "../../i18n";
import { formatNumber, formatPercent, formatRelative } from "../../i18n/format";
import { Empty } from "../../ui/empty/Empty";
import { reasonText } from "../../ui/form/duplicates";
import { Compare } from "./Compare";
import classes from "./duplicates.module.css";
import { type Weight, Weights } from "./Weights";

interface Pair {
  id: string;
  a: RapportRecord & { title?: string; subtitle?: string | null };
  b: RapportRecord & { title?: string; subtitle?: string | null };
  confidence: number;
  reasons: string[];
  weights: Weight[];
}
/** What is known of the searches through an object's records. */
interface Search {
  job: string | null;
  progress: number | null;
  next_at: string | null;
  last: { at: string; records: number; pairs: number; seconds: number } | null;
}
interface PairPage {
  pairs: Pair[];
  next: string | null;
  total?: number | { count: number };
  search?: Search;
}

const pairsKey = (object: string) => ["duplicates", object] as const;

/** Objects whose records can be found twice. */
function comparable(objects: ObjectMeta[]): ObjectMeta[] {
  return objects.filter(
    (object) =>
      object.can.merge &&
      !object.internal &&
      !object.timeline &&
      (object.custom || ["person", "company"].includes(object.name)),
  );
}

export function DuplicatesPage() {
  const boot = useBoot();
  const search = useSearch({ strict: false }) as { object?: string };
  const navigate = useNavigate();
  const objects = comparable(boot.objects);
  const object = objects.find((entry) => entry.name === search.object) ?? objects[0];
  useEffect(() => {
    document.title = `${t("nav.duplicates")} – Rapport`;
  }, []);
  return (
    <>
      <header className="page-header">
        <h1>{t("nav.duplicates")}</h1>
        <div className={classes.objects}>
          {objects.map((entry) => (
            <button
              key={entry.name}
              type="button"
              className="tool"
              data-on={entry === object || undefined}
              aria-pressed={entry === object}
              onClick={() => void navigate({ to: ".", search: { object: entry.name } })}
            >
              {entry.label_plural}
            </button>
          ))}
        </div>
        <div className="end">{object && <Scan key={object.name} object={object} />}</div>
      </header>
      {object ? (
        <Queue key={object.name} object={object} />
      ) : (
        <Empty icon={IconCopyCheck} title={t("duplicates.forbidden")} />
      )}
    </>
  );
}

/** Starts a search through all records and shows how far it is. */
function Scan({ object }: { object: ObjectMeta }) {
  const [job, setJob] = useState<string | null>(null);
  const [progress, setProgress] = useState(0);
  const { data } = useQuery({
    queryKey: [...pairsKey(object.name), "search"],
    queryFn: () => api.get<PairPage>("/duplicates", { object: object.name, status: "open", limit: 1 }),
    staleTime: 0,
  });
  const running = data?.search?.job ?? null;
  // One that was started elsewhere, at night or before the page was opened again is followed too.
  useEffect(() => setJob(running), [running]);
  const known = data?.search?.progress ?? 0;
  useEffect(() => setProgress(known), [known]);
  useEffect(() => {
    if (!job) {
      return;
    }
    const finish = () => {
      setJob(null);
      void queryClient.invalidateQueries({ queryKey: pairsKey(object.name) });
      showToast(t("duplicates.scanned", { objects: object.label_plural }));
    };
    const note = (state: { status: string; progress?: number | null; error?: string | null }) => {
      setProgress(state.progress ?? 0);
      if (state.status === "failed") {
        setJob(null);
        showProblem(new Error(state.error ? sentence(state.error) : t("duplicates.scan_failed")));
      } else if (state.status === "cancelled") {
        setJob(null);
        void queryClient.invalidateQueries({ queryKey: pairsKey(object.name) });
      } else if (["done", "completed", "finished"].includes(state.status)) {
        finish();
      }
    };
    const stop = onJob((event) => event.id === job && note(event));
    const timer = setInterval(() => {
      api.get<{ status: string; progress: number; error?: string | null }>(`/jobs/${job}`).then(
        note,
        // Somebody else's search: how far it is stands with the queue.
        () => void queryClient.invalidateQueries({ queryKey: [...pairsKey(object.name), "search"] }),
      );
    }, 1500);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [job, object]);
  const scan = async () => {
    try {
      const answer = await api.post<{ job: string }>("/duplicates/scan", { object: object.name });
      setProgress(0);
      setJob(answer.job);
    } catch (error) {
      showProblem(error, { retry: () => void scan() });
    }
  };
  const cancel = async () => {
    try {
      await api.post("/duplicates/scan/cancel", { object: object.name });
      setJob(null);
      void queryClient.invalidateQueries({ queryKey: pairsKey(object.name) });
    } catch (error) {
      showProblem(error);
    }
  };
  const last = data?.search?.last;
  const told = last && t("duplicates.last", { time: formatRelative(last.at), count: last.records });
  return (
    <span className={classes.scan}>
      {told && !job && <span className={`dimmed ${classes.scanText}`}>{told}</span>}
      <button
        type="button"
        className="tool"
        data-outline
        disabled={job !== null}
        aria-label={job ? undefined : t("duplicates.scan")}
        onClick={() => void scan()}
      >
        <IconRadar2 size={15} />
        <span className={job ? undefined : classes.scanText}>
          {job
            ? t("duplicates.scanning", { progress: formatPercent(Math.round(progress * 100)) })
            : t("duplicates.scan")}
        </span>
      </button>
      {job && (
        <button type="button" className="tool" onClick={() => void cancel()}>
          {t("app.cancel")}
        </button>
      )}
    </span>
  );
}

function Queue({ object }: { object: ObjectMeta }) {
  const query = useInfiniteQuery({
    queryKey: pairsKey(object.name),
    queryFn: ({ pageParam }) =>
      api.get<PairPage>("/duplicates", { object: object.name, status: "open", limit: 50, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string | null>(null);
  const pairs = useMemo(
    () => (query.data?.pages.flatMap((page) => page.pairs) ?? []).filter((pair) => !gone.has(pair.id)),
    [query.data, gone],
  );
  const at = Math.max(
    0,
    pairs.findIndex((pair) => pair.id === chosen),
  );
  const pair = pairs[at];
  const list = useRef<HTMLUListElement>(null);
  const move = (by: number) => {
    const next = pairs[at + by];
    if (next) {
      setChosen(next.id);
      requestAnimationFrame(() => list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }));
    }
  };
  const section = t("nav.duplicates");
  /** Takes the last decision back. */
  const takeBack = useRef<(() => void) | null>(null);
  useCommands([
    { id: "duplicates.next", title: t("duplicates.next"), section, keys: "j", run: () => move(1) },
    { id: "duplicates.previous", title: t("duplicates.previous"), section, keys: "k", run: () => move(-1) },
    { id: "duplicates.undo", title: t("duplicates.undo"), section, keys: "u", run: () => takeBack.current?.() },
  ]);
  /** Goes on to the pair after this one. */
  const leave = (id: string) => {
    setChosen((pairs[at + 1] ?? pairs[at - 1])?.id ?? null);
    setGone((known) => new Set([...known, id]));
  };
  const dismiss = async (entry: Pair) => {
    leave(entry.id);
    const back = () => setGone((known) => new Set([...known].filter((id) => id !== entry.id)));
    try {
      await api.post(`/duplicates/${encodeURIComponent(entry.id)}/dismiss`);
      const undo = () => {
        takeBack.current = null;
        void api.post(`/duplicates/${encodeURIComponent(entry.id)}/reopen`).then(back, showProblem);
      };
      takeBack.current = undo;
      showToast(t("duplicates.dismissed", { a: entry.a.title ?? "", b: entry.b.title ?? "" }), {
        actions: [{ label: t("undo.action"), run: undo }],
      });
    } catch (error) {
      back();
      showProblem(error, { retry: () => void dismiss(entry) });
    }
  };
  const merged = (entry: Pair) => {
    leave(entry.id);
    setGone((known) => new Set([...known].filter((id) => id !== entry.id)));
    takeBack.current = () => {
      takeBack.current = null;
      // The pair waits in the queue again once there are two records again.
      const reopen = () => api.post(`/duplicates/${encodeURIComponent(entry.id)}/reopen`);
      const refresh = () => queryClient.invalidateQueries({ queryKey: pairsKey(object.name) });
      void undoLast().then(reopen).then(refresh).catch(showProblem);
    };
    void queryClient.invalidateQueries({ queryKey: pairsKey(object.name) });
  };
  if (query.error && !query.data) {
    return (
      <Empty
        icon={IconCopyCheck}
        title={t("duplicates.load_failed")}
        text={explain(query.error)}
        action={{ label: t("error.retry"), run: () => void query.refetch() }}
      />
    );
  }
  if (query.data && !pair) {
    return (
      <Empty
        icon={IconCopyCheck}
        title={t("duplicates.none")}
        text={t("duplicates.none_text", { objects: object.label_plural })}
      />
    );
  }
  return (
    <div className={classes.queue}>
      <nav className={classes.pairs} aria-label={t("duplicates.queue")}>
        <p className="dimmed">{t("duplicates.count", { count: totalOf(query.data?.pages[0], pairs.length) })}</p>
        <ul ref={list}>
          {pairs.map((entry) => (
            <li key={entry.id}>
              <button type="button" aria-current={entry === pair || undefined} onClick={() => setChosen(entry.id)}>
                <span className={classes.pairNames}>
                  <span className="truncate">{entry.a.title}</span>
                  <span className="truncate">{entry.b.title}</span>
                </span>
                <span className={classes.pairWhy}>
                  <strong className="num">{formatPercent(Math.round(entry.confidence * 100))}</strong>
                  <span className="dimmed">{entry.reasons.slice(0, 2).map(reasonText).join(", ")}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
        {query.hasNextPage && (
          <button type="button" className="tool" onClick={() => void query.fetchNextPage()}>
            {t("record.more")}
          </button>
        )}
      </nav>
      <section className={classes.detail} aria-label={t("duplicates.compare")}>
        {pair && (
          <>
            <p className={classes.why}>
              <strong>{t("duplicates.sure", { percent: formatPercent(Math.round(pair.confidence * 100)) })}</strong>
              {pair.reasons.map((reason) => (
                <span key={reason} className="chip">
                  <span>{reasonText(reason)}</span>
                </span>
              ))}
              <span className="dimmed num">
                {t("record.place", { place: formatNumber(at + 1), total: formatNumber(pairs.length) })}
              </span>
            </p>
            <Weights weights={pair.weights} />
            <Compare
              key={pair.id}
              object={object}
              ids={[pair.a.id, pair.b.id]}
              onMerged={() => merged(pair)}
              onDismiss={() => void dismiss(pair)}
            />
          </>
        )}
      </section>
    </div>
  );
}

function totalOf(page: PairPage | undefined, shown: number): number {
  const total = typeof page?.total === "object" ? page.total.count : page?.total;
  return Math.max(total ?? 0, shown);
}
