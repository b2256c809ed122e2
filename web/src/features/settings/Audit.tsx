/** The audit log: who did what and from where, and the proof that nothing in it was changed. */
import { Button, Select, TextInput } from "@mantine/core";
import { IconDownload, IconShieldCheck, IconShieldX } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { address, api } from "../../api/client";
import { explain } from "../../app/problems";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { formatDateTime } from "../../i18n/format";
import { Empty } from "../../ui/empty/Empty";
import { useActorName } from "../../ui/fields/actor";
import { LongSelect } from "../../ui/fields/LongSelect";
import { instantOf } from "../../ui/fields/parse";
import {
  type AuditEntry,
  type AuditPage,
  type AuditReport,
  audit_groups,
  factsOf,
  kindWords,
  subjectWords,
} from "./audit";
import classes from "./audit.module.css";
import { useAll } from "./data";
import { Listed, Title } from "./parts";
import shared from "./settings.module.css";

interface Filter {
  kind: string | null;
  actor: string | null;
  from: string;
  to: string;
}

const nothing: Filter = { kind: null, actor: null, from: "", to: "" };
const day_ms = 24 * 3600 * 1000;

/** The parameters of a filter; both days count in full. */
function paramsOf(filter: Filter) {
  const end = filter.to ? new Date(Date.parse(instantOf(filter.to, "00:00")) + day_ms).toISOString() : null;
  return {
    kind: filter.kind,
    actor: filter.actor,
    from: filter.from ? instantOf(filter.from, "00:00") : null,
    to: end,
  };
}

export function Audit() {
  const [filter, setFilter] = useState(nothing);
  const params = useMemo(() => paramsOf(filter), [filter]);
  const query = useInfiniteQuery({
    queryKey: ["audit", params],
    queryFn: ({ pageParam }) => api.get<AuditPage>("/audit", { ...params, cursor: pageParam, limit: 50 }),
    initialPageParam: null as number | null,
    getNextPageParam: (page: AuditPage) => page.next,
    staleTime: 0,
  });
  return (
    <>
      <Title name="audit">
        <a className="tool" data-outline href={address("/audit/export", params)} download="audit.csv">
          <IconDownload size={15} /> {t("audit.export")}
        </a>
      </Title>
      <Proof />
      <Filters filter={filter} onChange={(part) => setFilter((known) => ({ ...known, ...part }))} />
      <Listed query={{ data: query.data?.pages, error: query.error, refetch: query.refetch }}>
        {(pages) =>
          pages[0]?.entries.length === 0 ? (
            <Empty icon={IconShieldCheck} title={t("audit.none")} text={t("audit.none_text")} />
          ) : (
            <ul className={`${shared.rows} ${classes.entries}`} aria-label={t("settings.audit")}>
              {pages.map((page) =>
                page.entries.map((entry) => <Entry key={entry.index} entry={entry} names={page.names} />),
              )}
            </ul>
          )
        }
      </Listed>
      {query.hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t("audit.more")}
          </Button>
        </div>
      )}
    </>
  );
}

function Entry({ entry, names }: { entry: AuditEntry; names: AuditPage["names"] }) {
  const { objects } = useBoot();
  const known = entry.actor.startsWith("system:") ? undefined : (names[entry.actor]?.name ?? undefined);
  const actor = useActorName(entry.actor, known);
  const subject = subjectWords(entry.subject, names, objects);
  return (
    <li>
      <span className={shared.rowMain}>
        <strong>{[kindWords(entry.kind), subject].filter(Boolean).join(": ")}</strong>
        <span className={`dimmed ${classes.facts}`}>
          {[actor, entry.address, ...factsOf(entry, objects)].filter(Boolean).join(" · ")}
        </span>
      </span>
      <span className={`dimmed ${classes.when}`}>
        <time dateTime={entry.at}>{formatDateTime(entry.at)}</time>
        <span>{t("audit.index", { index: String(entry.index) })}</span>
      </span>
    </li>
  );
}

function Filters({ filter, onChange }: { filter: Filter; onChange: (part: Partial<Filter>) => void }) {
  const users = useAll("user");
  const people = (users.data ?? []).map((user) => ({ value: `user:${user.id}`, label: String(user.name ?? "") }));
  return (
    <div className={classes.filters}>
      <Select
        size="xs"
        clearable
        label={t("audit.what")}
        placeholder={t("audit.everything")}
        data={audit_groups.map((group) => ({ value: group, label: t(`audit.group_${group}`) }))}
        value={filter.kind}
        onChange={(kind) => onChange({ kind })}
      />
      <LongSelect
        clearable
        label={t("audit.who")}
        placeholder={t("audit.everybody")}
        data={people}
        value={filter.actor}
        onChange={(actor) => onChange({ actor })}
      />
      {(["from", "to"] as const).map((end) => (
        <TextInput
          key={end}
          size="xs"
          type="date"
          label={t(`audit.${end}`)}
          value={filter[end]}
          onChange={(event) => onChange({ [end]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
}

/** The button that proves it, and its answer. */
function Proof() {
  const [report, setReport] = useState<AuditReport | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const verify = async () => {
    setBusy(true);
    setProblem(null);
    try {
      setReport(await api.get<AuditReport>("/audit/verify"));
    } catch (error) {
      setReport(null);
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const Icon = report && !report.ok ? IconShieldX : IconShieldCheck;
  return (
    <section className={classes.proof} aria-labelledby="audit-proof" data-bad={(report && !report.ok) || undefined}>
      <Icon size={22} stroke={1.5} aria-hidden />
      <div>
        <h3 id="audit-proof">{t("audit.proof")}</h3>
        <div role="status">
          {problem !== null && <p>{explain(problem)}</p>}
          {report === null && problem === null && <p className="dimmed">{t("audit.proof_text")}</p>}
          {report?.ok && (
            <p>
              {t("audit.proved", { count: report.entries })}{" "}
              {t("audit.signed", { count: report.heads, index: String(report.signed_to) })}
            </p>
          )}
          {report && !report.ok && (
            <>
              <p>{t("audit.broken", { index: String(report.first_fault) })}</p>
              <ul>
                {report.faults.slice(0, 10).map((fault) => (
                  <li key={`${fault.index} ${fault.why}`}>{`${fault.index}: ${fault.why}`}</li>
                ))}
              </ul>
            </>
          )}
          {report?.notes.map((note) => (
            <p key={note} className="dimmed">
              {note}
            </p>
          ))}
        </div>
      </div>
      <Button variant="default" size="xs" loading={busy} onClick={() => void verify()}>
        {t("audit.verify")}
      </Button>
    </section>
  );
}
