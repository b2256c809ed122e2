/** What one was told: mentions, answers, assignments, changes of what one follows, reminders. */
import {
  IconAlarm,
  IconAt,
  IconBell,
  IconCalendarX,
  IconChecks,
  IconEye,
  IconMessage,
  IconMoodSmile,
  IconShare,
  IconUserCheck,
  type TablerIcon,
} from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Notification, NotificationPage } from "../../api/types";
import { PageError } from "../../app/errors";
import { recordAddress } from "../../app/navigation";
import { markRead, useUnread } from "../../app/notifications";
import { showProblem } from "../../app/problems";
import { findObject } from "../../app/query";
import { t } from "../../i18n";
import { formatDateTime, formatRelative } from "../../i18n/format";
import { Avatar } from "../../ui/Avatar";
import { Empty } from "../../ui/empty/Empty";
import { useActorName } from "../../ui/fields/actor";
import classes from "./notifications.module.css";

const icons: { [kind: string]: TablerIcon } = {
  mention: IconAt,
  reply: IconMessage,
  comment: IconMessage,
  assigned: IconUserCheck,
  change: IconEye,
  reminder: IconAlarm,
  shared: IconShare,
  expiry: IconCalendarX,
  reaction: IconMoodSmile,
};

const mark = (ids: string[] | null, read: boolean) => void markRead(ids, read).catch((error) => showProblem(error));

function Row({ entry, name }: { entry: Notification; name: string | undefined }) {
  const navigate = useNavigate();
  const actor = useActorName(entry.actor, name);
  const object = findObject(entry.subject.object);
  const Icon = icons[entry.kind] ?? IconBell;
  const many = entry.number > 1 ? "_many" : "";
  const title = entry.subject.title || t("list.untitled");
  const open = () => {
    if (!entry.read) {
      mark([entry.id], true);
    }
    if (object) {
      void navigate({ to: recordAddress(object, entry.subject.id) });
    }
  };
  return (
    <li className={classes.row} data-unread={!entry.read || undefined}>
      <button type="button" className={classes.open} onClick={open}>
        <span className={classes.who} aria-hidden>
          {["reminder", "expiry"].includes(entry.kind) ? <Icon size={18} stroke={1.6} /> : <Avatar name={actor} />}
        </span>
        <span className={classes.what}>
          <span>
            {t(`notification.${entry.kind}${many}`, {
              name: actor,
              title,
              object: object?.label ?? "",
              objects: object?.label_plural ?? "",
              count: entry.kind === "reaction" ? entry.number - 1 : entry.number,
            })}
          </span>
          {entry.text && <span className={`dimmed ${classes.text}`}>{entry.text}</span>}
        </span>
        <Icon size={15} stroke={1.6} className={classes.kind} aria-hidden />
        <time className="dimmed" dateTime={entry.at} title={formatDateTime(entry.at)}>
          {formatRelative(entry.at)}
        </time>
      </button>
      <button
        type="button"
        className="tool"
        data-icon
        aria-label={t(entry.read ? "notification.mark_unread" : "notification.mark_read", { title })}
        title={t(entry.read ? "notification.mark_unread_short" : "notification.mark_read_short")}
        onClick={() => mark([entry.id], !entry.read)}
      >
        <span className={classes.dot} data-on={!entry.read || undefined} />
      </button>
    </li>
  );
}

export function NotificationsPage() {
  const search = useSearch({ strict: false }) as { show?: string };
  const navigate = useNavigate();
  const unread = useUnread();
  const only = search.show !== "all";
  useEffect(() => {
    document.title = t("app.title", { page: t("nav.notifications") });
  }, []);
  const { data, error, hasNextPage, fetchNextPage, isPending } = useInfiniteQuery({
    queryKey: [...keys.notifications, "list", only],
    queryFn: ({ pageParam, signal }) =>
      api.get<NotificationPage>("/notifications", { unread: only || undefined, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
  if (error && !data) {
    return <PageError error={error} />;
  }
  const entries = data?.pages.flatMap((page) => page.notifications.map((entry) => ({ entry, actors: page.actors })));
  const show = (all: boolean) => void navigate({ to: "/notifications", search: { show: all ? "all" : undefined } });
  return (
    <>
      <header className="page-header">
        <h1>{t("nav.notifications")}</h1>
        <div className={classes.switch}>
          {[false, true].map((all) => (
            <button
              key={String(all)}
              type="button"
              className="tool"
              aria-pressed={only !== all}
              data-on={only !== all || undefined}
              onClick={() => show(all)}
            >
              {t(all ? "notification.all" : "notification.unread")}
            </button>
          ))}
        </div>
        <button
          type="button"
          className={`tool ${classes.end}`}
          data-outline
          disabled={unread === 0}
          onClick={() => mark(null, true)}
        >
          <IconChecks size={15} aria-hidden /> <span className={classes.endText}>{t("notification.read_all")}</span>
        </button>
      </header>
      <div className="page-body">
        {!isPending && entries?.length === 0 ? (
          <Empty
            icon={IconBell}
            title={t(only ? "notification.none_unread" : "notification.none")}
            text={t("notification.none_text")}
          />
        ) : (
          <ul className={classes.list}>
            {entries?.map(({ entry, actors }) => (
              <Row key={entry.id} entry={entry} name={actors[entry.actor]?.name} />
            ))}
          </ul>
        )}
        {hasNextPage && (
          <button type="button" className="tool" data-outline onClick={() => void fetchNextPage()}>
            {t("record.more")}
          </button>
        )}
      </div>
    </>
  );
}
