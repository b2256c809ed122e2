/** Sharing one record with people and teams beyond what their roles say: who has it, how far, until when. */
import { SegmentedControl, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { api } from "../../api/client";
import { useTitle } from "../../api/titles";
import type { ObjectMeta, RapportRecord, RecordLink, Written } from "../../api/types";
import { explain } from "../../app/problems";
import { useBoot } from "../../app/query";
import { offerUndo } from "../../app/undo";
import { t } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { Avatar } from "../../ui/Avatar";
import { Dialog } from "../../ui/Dialog";
import { RecordPicker } from "../../ui/fields/RecordPicker";
import look from "./share.module.css";
import { mayShare, refreshShares, type Share, useShares } from "./shares";

type Level = Share["level"];

/** With whom, in words. */
function useGrantee(share: { user?: string | null; team?: string | null }): string {
  const [object, id] = share.user ? (["user", share.user] as const) : (["team", share.team] as const);
  const title = useTitle(object, id);
  return title?.title ?? (title === null ? t("actor.unknown") : "");
}

/** One share, with what may be done about it. */
function Row({ share, shares, change }: { share: Share; shares: boolean; change: (act: Act) => void }) {
  const boot = useBoot();
  const name = useGrantee(share);
  const giver = useTitle("user", share.created_by.startsWith("user:") ? share.created_by.slice(5) : null)?.title;
  const over = share.until !== null && share.until < today();
  const facts = [
    t(`share.level_${share.level}`),
    share.until && t(over ? "share.ended" : "share.until_day", { day: formatDate(share.until) }),
    giver && t("share.by", { name: giver }),
  ];
  const mine = share.user === boot.user.id || share.created_by === `user:${boot.user.id}`;
  return (
    <li className={look.row}>
      <Avatar name={name} square={!share.user} />
      <div className={look.who}>
        <strong>{name}</strong>
        <span className="dimmed">{facts.filter(Boolean).join(" · ")}</span>
        {share.note && <span>{share.note}</span>}
      </div>
      {(shares || mine) && (
        <button
          type="button"
          className="tool"
          data-icon
          aria-label={t("share.revoke_from", { name })}
          onClick={() => change({ path: share.id, words: t("share.revoked", { name }) })}
        >
          <IconTrash size={16} />
        </button>
      )}
    </li>
  );
}

/** What is sent: a new share, another version of one, or, without values, its end. */
interface Act {
  path?: string;
  values?: object;
  words: string;
}

function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

interface Props {
  object: ObjectMeta;
  record: RapportRecord;
  onClose: () => void;
}

function Give({ object, record, given, change }: Omit<Props, "onClose"> & { given: Share[]; change: Change }) {
  const [link, setLink] = useState<RecordLink>();
  const [level, setLevel] = useState<Level>("read");
  const [until, setUntil] = useState("");
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const name = useTitle(link?.object ?? "user", link?.id)?.title ?? "";
  const give = async () => {
    if (!link) {
      return;
    }
    const values = { level, until: until || null, note: note.trim() || null };
    // Who has it already has it anew, not twice.
    const has = given.find((share) => (link.object === "user" ? share.user : share.team) === link.id);
    const about = [{ object: object.name, id: record.id }];
    const whom = link.object === "user" ? { user: link.id } : { team: link.id };
    setBusy(true);
    const words = t("share.done", { name });
    const done = await change(has ? { path: has.id, values, words } : { values: { about, ...whom, ...values }, words });
    setBusy(false);
    if (done) {
      setLink(undefined);
      setNote("");
      setUntil("");
    }
  };
  return (
    <form
      className={look.give}
      onSubmit={(event) => {
        event.preventDefault();
        void give();
      }}
    >
      <RecordPicker
        objects={["user", "team"]}
        label={t("share.with")}
        ariaLabel={t("share.with")}
        placeholder={t("share.find")}
        value={link ? [link] : []}
        onChange={(links) => setLink(links.at(-1))}
      />
      <SegmentedControl
        aria-label={t("share.level")}
        value={level}
        onChange={(value) => setLevel(value as Level)}
        data={[
          { value: "read", label: t("share.level_read") },
          { value: "change", label: t("share.level_change"), disabled: !object.can.update },
        ]}
      />
      <div className={look.pair}>
        <TextInput
          type="date"
          label={t("share.until")}
          min={today()}
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <TextInput label={t("share.note")} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
      </div>
      <button type="submit" className="tool" data-primary disabled={!link || busy}>
        {t("share.give")}
      </button>
    </form>
  );
}

type Change = (act: Act) => Promise<boolean>;

export default function ShareDialog({ object, record, onClose }: Props) {
  const boot = useBoot();
  const { data: given, error } = useShares(record);
  const [refused, setRefused] = useState<unknown>();
  const shares = mayShare(boot, record);
  const change: Change = async ({ path, values, words }) => {
    setRefused(undefined);
    try {
      const send = () => {
        if (!values) {
          return api.delete<Written>(`/shares/${path}`);
        }
        return path ? api.patch<Written>(`/shares/${path}`, values) : api.post<Written>("/shares", values);
      };
      const { batch } = await send();
      refreshShares();
      if (batch) {
        offerUndo(batch, words);
      }
      return true;
    } catch (problem) {
      setRefused(problem);
      return false;
    }
  };
  return (
    <Dialog onClose={onClose} title={t("share.title")}>
      {shares && <Give object={object} record={record} given={given ?? []} change={change} />}
      {Boolean(refused ?? error) && <p role="alert">{explain(refused ?? error)}</p>}
      <h3 className={look.head}>{t("share.present")}</h3>
      {given?.length === 0 && <p className="dimmed">{t("share.nobody")}</p>}
      <ul className={look.list}>
        {given?.map((share) => (
          <Row key={share.id} share={share} shares={shares} change={(act) => void change(act)} />
        ))}
      </ul>
    </Dialog>
  );
}
