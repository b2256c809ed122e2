/** "Why can Ann see this?": what somebody may do with the record, and which rule says so. */
import { IconCheck, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { useTitle } from "../../api/titles";
import type { AccessReason, ObjectMeta, RapportRecord, RecordAccess } from "../../api/types";
import { explain } from "../../app/problems";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { formatDate, formatDateTime } from "../../i18n/format";
import { Dialog } from "../../ui/Dialog";
import { RecordPicker } from "../../ui/fields/RecordPicker";
import classes from "./record.module.css";
import look from "./sensitive.module.css";

function Reason({ name, reason, who }: { name: "read" | "update" | "delete"; reason: AccessReason; who: string }) {
  const Icon = reason.allowed ? IconCheck : IconX;
  return (
    <li className={classes.reason} data-allowed={reason.allowed || undefined}>
      <Icon size={17} aria-hidden />
      <div>
        <strong>{t(`access.${name}_${reason.allowed ? "yes" : "no"}`, { name: who })}</strong>
        <p className="dimmed">{t(`access.because_${reason.because}${reason.allowed ? "" : "_no"}`)}</p>
        {reason.share && (
          <p className="dimmed">
            {[
              t("share.by", { name: reason.share.by }),
              reason.share.team && t("share.to_team", { name: reason.share.team }),
              reason.share.until && t("share.until_day", { day: formatDate(reason.share.until) }),
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
        )}
        {reason.territories && (
          <p className="dimmed">{t("access.territories", { name: who, territories: reason.territories.join(", ") })}</p>
        )}
        {reason.parts.map(([source, holds]) => (
          <p key={source} className={classes.part}>
            {holds ? <IconCheck size={14} aria-hidden /> : <IconX size={14} aria-hidden />}
            <code>{source}</code>
            <span className="dimmed">{t(holds ? "access.holds" : "access.holds_not")}</span>
          </p>
        ))}
      </div>
    </li>
  );
}

function Answer({ object, record, user }: { object: ObjectMeta; record: RapportRecord; user: string }) {
  const { data, error } = useQuery({
    queryKey: ["access", object.name, record.id, user],
    queryFn: ({ signal }) => api.get<RecordAccess>(`/${object.plural}/${record.id}/access`, { user }, { signal }),
    staleTime: 0,
  });
  const who = useTitle("user", user)?.title ?? "";
  const role = useTitle("role", data?.role)?.title ?? "";
  const label = (name: string) => object.fields.find((field) => field.name === name)?.label ?? name;
  if (error) {
    return <p role="alert">{explain(error)}</p>;
  }
  return data ? (
    <div role="status">
      <p className="dimmed">{t("access.role", { name: who, role })}</p>
      <ul className={classes.reasons}>
        <Reason name="read" reason={data.read} who={who} />
        <Reason name="update" reason={data.update} who={who} />
        <Reason name="delete" reason={data.delete} who={who} />
      </ul>
      {data.hidden.length > 0 && <p>{t("access.hidden", { fields: data.hidden.map(label).join(", ") })}</p>}
      {data.read_only.length > 0 && <p>{t("access.read_only", { fields: data.read_only.map(label).join(", ") })}</p>}
    </div>
  ) : null;
}

interface Look {
  index: number;
  at: string;
  actor: string;
  details: { fields?: string[] };
}
interface Looks {
  entries: Look[];
  next: number | null;
  names: { [label: string]: { name: string | null } };
}

/** Who had sensitive fields of the record shown, newest first. */
function WhoLooked({ object, record }: { object: ObjectMeta; record: RapportRecord }) {
  const params = { kind: "sensitive.read", subject: `${object.name}:${record.id}`, limit: 20 };
  const { data, error } = useQuery({
    queryKey: ["access", "looked", record.id],
    queryFn: ({ signal }) => api.get<Looks>("/audit", params, { signal }),
    staleTime: 0,
  });
  const label = (name: string) => object.fields.find((field) => field.name === name)?.label ?? name;
  return (
    <section>
      <h3 className={look.looked}>{t("access.looked")}</h3>
      {error && <p role="alert">{explain(error)}</p>}
      {data?.entries.length === 0 && <p className="dimmed">{t("access.looked_nobody")}</p>}
      <ul className={classes.reasons}>
        {data?.entries.map((entry) => (
          <li key={entry.index} className={look.look}>
            <strong>{data.names[entry.actor]?.name ?? entry.actor}</strong>
            <span>{(entry.details.fields ?? []).map(label).join(", ")}</span>
            <time className="dimmed" dateTime={entry.at}>
              {formatDateTime(entry.at)}
            </time>
          </li>
        ))}
      </ul>
      {data?.next && <p className="dimmed">{t("access.looked_more")}</p>}
    </section>
  );
}

export default function AccessDialog({
  object,
  record,
  onClose,
}: {
  object: ObjectMeta;
  record: RapportRecord;
  onClose: () => void;
}) {
  const boot = useBoot();
  const manages = boot.role.admin || boot.role.rights.special?.includes("manage_users");
  const audits = boot.role.admin || boot.role.rights.special?.includes("audit");
  const [user, setUser] = useState(boot.user.id);
  return (
    <Dialog onClose={onClose} title={t("access.title")}>
      {manages && (
        <RecordPicker
          objects={["user"]}
          label={t("access.who")}
          value={[{ object: "user", id: user }]}
          onChange={(links) => setUser(links.at(-1)?.id ?? boot.user.id)}
        />
      )}
      <Answer object={object} record={record} user={user} />
      {audits && object.fields.some((field) => field.sensitive) && <WhoLooked object={object} record={record} />}
    </Dialog>
  );
}
