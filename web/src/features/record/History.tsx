/** Every change of a record, newest first: older values can be put back one by one, or a whole batch undone. */

import { IconArrowBackUp, IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Actors, Change, FieldValue, ObjectMeta, RapportRecord } from "../../api/types";
import { explain } from "../../app/problems";
import { undoBatch } from "../../app/undo";
import { updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { formatDateTime, formatRelative } from "../../i18n/format";
import { Avatar } from "../../ui/Avatar";
import { Empty } from "../../ui/empty/Empty";
import { useActorName } from "../../ui/fields/actor";
import { ChangeLines, tellingFields } from "../../ui/timeline/ChangeLines";
import classes from "./record.module.css";

interface HistoryPage {
  changes: Change[];
  next: string | null;
  actors?: Actors;
}

function Entry({
  object,
  record,
  change,
  actors,
  newest,
}: {
  object: ObjectMeta;
  record: RapportRecord;
  change: Change;
  actors: Actors;
  newest: boolean;
}) {
  const name = useActorName(change.actor, actors[change.actor]?.name);
  const names = tellingFields(object, change.fields);
  const label = object.fields.find((field) => field.name === names[0])?.label ?? "";
  const text =
    change.op === "update"
      ? t("timeline.changed", { name, count: names.length, field: label })
      : t(`timeline.op_${change.op}`, { name });
  const restore = (field: string, value: FieldValue) =>
    void updateRecord(object, record, { [field]: value }).catch(() => {});
  return (
    <li className={classes.change}>
      <div className={classes.changeHead}>
        <Avatar name={name} square={!change.actor.startsWith("user:")} />
        <span>{text}</span>
        <time className="dimmed" dateTime={change.at} title={formatDateTime(change.at)}>
          {formatRelative(change.at)}
        </time>
        {object.can.update && !(change.op === "create" && !newest) && (
          <button type="button" className="tool" onClick={() => void undoBatch(change.batch)}>
            <IconArrowBackUp size={14} /> {t("record.undo_batch")}
          </button>
        )}
      </div>
      <ChangeLines
        object={object}
        fields={change.fields}
        created={change.op === "create"}
        current={record}
        onRestore={object.can.update && change.op === "update" ? restore : undefined}
      />
    </li>
  );
}

export function History({ object, record }: { object: ObjectMeta; record: RapportRecord }) {
  const { data, error, isPending, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: keys.history(object.name, record.id),
    queryFn: ({ pageParam }) => api.get<HistoryPage>(`/${object.plural}/${record.id}/history`, { cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const changes = data?.pages.flatMap((page) => page.changes) ?? [];
  const actors = Object.assign({}, ...(data?.pages.map((page) => page.actors ?? {}) ?? [])) as Actors;
  if (error && !data) {
    return (
      <Empty
        icon={IconHistory}
        title={t("record.related_failed")}
        text={explain(error)}
        action={{ label: t("error.retry"), run: () => void refetch() }}
      />
    );
  }
  if (!isPending && changes.length === 0) {
    return <Empty icon={IconHistory} title={t("record.history_none")} />;
  }
  return (
    <section aria-label={t("record.tab_changes")}>
      <ol className={classes.history}>
        {changes.map((change, index) => (
          <Entry
            key={change.seq}
            object={object}
            record={record}
            change={change}
            actors={actors}
            newest={index === 0}
          />
        ))}
      </ol>
      {hasNextPage && (
        <button type="button" className="tool" onClick={() => void fetchNextPage()}>
          {t("record.more")}
        </button>
      )}
    </section>
  );
}
