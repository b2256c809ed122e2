/** What colleagues did, newest first: by team, person, kind and time; what is new meanwhile waits behind a button. */
import { Select } from "@mantine/core";
import { IconActivity, IconArrowUp } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { rememberTitles } from "../../api/titles";
import type { Actors } from "../../api/types";
import { activityObjects, mainObjects } from "../../app/navigation";
import { explain } from "../../app/problems";
import { queryClient, useBoot } from "../../app/query";
import { t } from "../../i18n";
import { formatLongDay, today } from "../../i18n/format";
import { Empty } from "../../ui/empty/Empty";
import { addDays, instantOf } from "../../ui/fields/parse";
import { ActivityLine } from "./ActivityLine";
import classes from "./activity.module.css";
import { fresh, type ActivityPage as Page, rowsOf } from "./feed";
import { useWho } from "./useWho";

const page_size = 30;
const days: { [since: string]: number } = { today: 0, week: 6, month: 29 };

type Filter = { team?: string; user?: string; object?: string; since?: string };

/** What is asked for; a day begins with the reader's midnight. */
function paramsOf(filter: Filter) {
  const back = filter.since ? days[filter.since] : undefined;
  return {
    team: filter.user ? undefined : filter.team,
    user: filter.user,
    object: filter.object,
    since: back === undefined ? undefined : instantOf(addDays(today(), -back), "00:00"),
  };
}

/** Remembers the titles that come along, so that nothing is asked for twice. */
function withTitles(page: Page): Page {
  for (const part of page.entries.flatMap((entry) => entry.parts)) {
    for (const one of [...part.records, ...(part.about ?? [])]) {
      rememberTitles({ [one.object]: { [one.id]: one } });
    }
  }
  return page;
}

function Filters({ filter, onChange }: { filter: Filter; onChange: (part: Filter) => void }) {
  const boot = useBoot();
  const { teams, users } = useWho();
  const objects = [...mainObjects(boot), ...activityObjects(boot)];
  const shared = { size: "xs" as const, comboboxProps: { transitionProps: { duration: 0 } }, searchable: true };
  return (
    <fieldset className={classes.filters} aria-label={t("activity.filters")}>
      <Select
        {...shared}
        aria-label={t("activity.team")}
        placeholder={t("activity.everyone")}
        clearable
        data={[{ value: "mine", label: t("activity.mine") }, ...teams]}
        value={filter.team ?? null}
        onChange={(team) => onChange({ team: team ?? undefined, user: undefined })}
      />
      <Select
        {...shared}
        aria-label={t("activity.person")}
        placeholder={t("activity.anyone")}
        clearable
        data={users}
        value={filter.user ?? null}
        onChange={(user) => onChange({ user: user ?? undefined, team: undefined })}
      />
      <Select
        {...shared}
        aria-label={t("activity.object")}
        placeholder={t("activity.everything")}
        clearable
        data={objects.map((object) => ({ value: object.name, label: object.label_plural }))}
        value={filter.object ?? null}
        onChange={(object) => onChange({ object: object ?? undefined })}
      />
      <Select
        {...shared}
        searchable={false}
        aria-label={t("activity.since")}
        placeholder={t("activity.any_time")}
        clearable
        data={Object.keys(days).map((since) => ({ value: since, label: t(`activity.${since}`) }))}
        value={filter.since ?? null}
        onChange={(since) => onChange({ since: since ?? undefined })}
      />
    </fieldset>
  );
}

function useFeed(filter: Filter) {
  const params = useMemo(() => paramsOf(filter), [filter]);
  const get = async (cursor: string | undefined, signal: AbortSignal) =>
    withTitles(await api.get<Page>("/activity", { ...params, limit: page_size, cursor }, { signal }));
  const key = [...keys.activity, params];
  const feed = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => get(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const latest = useQuery({
    queryKey: [...keys.activityNew, params],
    queryFn: ({ signal }) => get(undefined, signal),
    enabled: feed.data !== undefined,
    initialData: feed.data?.pages[0],
    staleTime: Number.POSITIVE_INFINITY,
  });
  const entries = useMemo(() => feed.data?.pages.flatMap((page) => page.entries) ?? [], [feed.data]);
  const actors = useMemo(
    () => Object.assign({}, ...(feed.data?.pages.map((page) => page.actors) ?? [])) as Actors,
    [feed.data],
  );
  const waiting = latest.data && !feed.isPlaceholderData ? fresh(latest.data.entries, entries) : 0;
  const renew = () => queryClient.resetQueries({ queryKey: key });
  return { ...feed, entries, actors, waiting, renew };
}

function Lines({ children }: { children: ReactNode }) {
  return <ol className={classes.lines}>{children}</ol>;
}

export function ActivityPage() {
  const filter = useSearch({ strict: false }) as Filter;
  const navigate = useNavigate();
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    document.title = t("app.title", { page: t("nav.activity") });
  }, []);
  const { data, error, entries, actors, waiting, renew, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useFeed(filter);
  const rows = useMemo(() => rowsOf(entries), [entries]);
  const change = (part: Filter) =>
    void navigate({ to: "/activity", search: { ...filter, ...part } as { [name: string]: string | undefined } });
  const filtered = Object.values(filter).some(Boolean);
  return (
    <>
      <header className="page-header">
        <h1>{t("nav.activity")}</h1>
      </header>
      <div className="page-body" ref={top}>
        <div className={`page-column ${classes.column}`}>
          <Filters filter={filter} onChange={change} />
          <div role="status" className={classes.status}>
            {waiting > 0 && (
              <button
                type="button"
                className={classes.new}
                onClick={() => void renew().then(() => top.current?.scrollTo({ top: 0 }))}
              >
                <IconArrowUp size={14} aria-hidden /> {t("activity.new", { count: waiting })}
              </button>
            )}
          </div>
          {error && !data && (
            <Empty
              icon={IconActivity}
              title={t("activity.failed")}
              text={explain(error)}
              action={{ label: t("error.retry"), run: () => void refetch() }}
            />
          )}
          {data && rows.length === 0 && !hasNextPage && (
            <Empty
              icon={IconActivity}
              title={t(filtered ? "activity.none_filtered" : "activity.none")}
              text={t("activity.none_text")}
            />
          )}
          <Lines>
            {rows.map((row) =>
              row.type === "day" ? (
                <li key={row.key}>
                  <h2 className={classes.day}>{formatLongDay(row.at)}</h2>
                </li>
              ) : (
                <ActivityLine key={row.key} entry={row.entry} actors={actors} />
              ),
            )}
          </Lines>
          {hasNextPage && (
            <button
              type="button"
              className="tool"
              data-outline
              disabled={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {t("activity.older")}
            </button>
          )}
        </div>
      </div>
    </>
  );
}
