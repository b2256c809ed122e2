/** The top of a record's page: where it stands, who it is, whose it is, and the things done most. */
import { Menu, Tooltip } from "@mantine/core";
import {
  IconCalendarDown,
  IconCalendarPlus,
  IconCheckbox,
  IconChevronDown,
  IconChevronUp,
  IconCopy,
  IconDots,
  IconMail,
  IconNote,
  IconPhone,
  IconShare,
  IconShieldQuestion,
  IconTrash,
  type TablerIcon,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { address } from "../../api/client";
import { titleOf } from "../../api/titles";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { recordAddress } from "../../app/navigation";
import { findObject, useBoot } from "../../app/query";
import { showToast } from "../../app/toasts";
import type { Neighbours } from "../../app/walk";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { hrefOf } from "../../ui/fields/labelled";
import { RecordTitleText } from "../../ui/fields/reference";
import { RecordMark } from "../../ui/RecordMark";
import { useSoon } from "../../ui/useSoon";
import type { ComposerKind } from "./Composer";
import { deleteAndLeave, firstAddress } from "./commands";
import { DuplicateHint } from "./DuplicateHint";
import { FollowItem } from "./FollowItem";
import { OwnerPicker } from "./OwnerPicker";
import { Faces } from "./Presence";
import classes from "./record.module.css";
import { mayShare, useShares } from "./shares";

const AccessDialog = lazy(() => import("./AccessDialog"));
const ShareDialog = lazy(() => import("./ShareDialog"));

function Subtitle({ object, record }: { object: ObjectMeta; record: RapportRecord }) {
  const company = object.fields.find((field) => field.name === object.parent);
  const value = company ? record[company.name] : undefined;
  const subtitle = titleOf(object, record).subtitle;
  return (
    <span className={classes.subtitle}>
      {subtitle && <span className="truncate">{subtitle}</span>}
      {company?.target && typeof value === "string" && <RecordTitleText object={company.target} id={value} />}
    </span>
  );
}

/** Previous and next in the list that the record was opened from. */
function Steps({ object, neighbours }: { object: ObjectMeta; neighbours: Neighbours }) {
  const step = (id: string | undefined, by: 1 | -1, name: string, keys: string, Icon: TablerIcon) =>
    id ? (
      <Tooltip label={`${name} (${keys})`}>
        <Link
          to={recordAddress(object, id)}
          className="tool"
          data-icon
          aria-label={name}
          onClick={() => neighbours.step(by)}
        >
          <Icon size={16} />
        </Link>
      </Tooltip>
    ) : (
      <button type="button" className="tool" data-icon aria-label={name} disabled>
        <Icon size={16} />
      </button>
    );
  return neighbours.place === undefined ? null : (
    <span className={classes.steps}>
      <span className="dimmed num">
        {t("record.place", { place: formatNumber(neighbours.place), total: formatNumber(neighbours.total ?? 0) })}
      </span>
      {step(neighbours.previous, -1, t("record.previous"), "K", IconChevronUp)}
      {step(neighbours.next, 1, t("record.next"), "J", IconChevronDown)}
    </span>
  );
}

const actions: { kind: ComposerKind; keys: string; icon: TablerIcon }[] = [
  { kind: "note", keys: "N", icon: IconNote },
  { kind: "call", keys: "L", icon: IconPhone },
  { kind: "task", keys: "T", icon: IconCheckbox },
  { kind: "meeting", keys: "M", icon: IconCalendarPlus },
];

function QuickActions({
  object,
  record,
  compose,
}: {
  object: ObjectMeta;
  record: RapportRecord;
  compose: (kind: ComposerKind) => void;
}) {
  const email = firstAddress(object, record, "emails");
  const phone = firstAddress(object, record, "phones");
  if (object.timeline) {
    return null;
  }
  return (
    <span className={classes.quick}>
      {email && (
        <Tooltip label={`${email} (E)`}>
          <a className="tool" data-outline href={hrefOf("emails", email)} aria-label={t("record.email")}>
            <IconMail size={15} /> <span>{t("record.email_short")}</span>
          </a>
        </Tooltip>
      )}
      {phone && (
        <Tooltip label={phone}>
          <a
            className="tool"
            data-outline
            href={hrefOf("phones", phone)}
            aria-label={t("record.ring_number", { number: phone })}
          >
            <IconPhone size={15} /> <span>{t("record.ring")}</span>
          </a>
        </Tooltip>
      )}
      {actions
        .filter((action) => findObject(action.kind)?.can.create)
        .map(({ kind, keys, icon: Icon }) => (
          <Tooltip key={kind} label={`${t(`record.add_${kind}`)} (${keys})`}>
            <button
              type="button"
              className="tool"
              data-outline
              aria-label={t(`record.add_${kind}`)}
              onClick={() => compose(kind)}
            >
              <Icon size={15} /> <span>{findObject(kind)?.label}</span>
            </button>
          </Tooltip>
        ))}
    </span>
  );
}

/** A mark when the record is shared; it opens with whom. */
function SharedMark({ record, open }: { record: RapportRecord; open: () => void }) {
  const { data } = useShares(record, useSoon());
  const name = t("share.mark", { count: data?.length ?? 0 });
  return data && data.length > 0 ? (
    <Tooltip label={name}>
      <button type="button" className="tool" data-icon aria-label={name} onClick={open}>
        <IconShare size={16} />
      </button>
    </Tooltip>
  ) : null;
}

interface Props {
  object: ObjectMeta;
  record: RapportRecord;
  compose: (kind: ComposerKind) => void;
  neighbours: Neighbours;
}

export function Header({ object, record, compose, neighbours }: Props) {
  const { title } = titleOf(object, record);
  const boot = useBoot();
  const [asking, setAsking] = useState(false);
  const [sharing, setSharing] = useState(false);
  const copyLink = async () => {
    await navigator.clipboard.writeText(window.location.href);
    showToast(t("record.link_copied"));
  };
  return (
    <header className={classes.header}>
      <div className={classes.crumbs}>
        <Link to={neighbours.list ?? `/${object.plural}`} className="dimmed">
          {object.label_plural}
        </Link>
        <span className="dimmed" aria-hidden>
          /
        </span>
        <span className="truncate">{title}</span>
        <DuplicateHint object={object} record={record} />
        <Steps object={object} neighbours={neighbours} />
      </div>
      <div className={classes.identity}>
        <RecordMark object={object} title={title} size="lg" />
        <div className={classes.names}>
          <h1 className="truncate">{title || object.label}</h1>
          <Subtitle object={object} record={record} />
        </div>
        <SharedMark record={record} open={() => setSharing(true)} />
        <Faces object={object} id={record.id} />
        <QuickActions object={object} record={record} compose={compose} />
        {object.owned !== false && <OwnerPicker object={object} record={record} />}
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <button type="button" className="tool" data-icon aria-label={t("app.more")}>
              <IconDots size={17} />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <FollowItem object={object} record={record} />
            {mayShare(boot, record) && (
              <Menu.Item leftSection={<IconShare size={14} />} onClick={() => setSharing(true)}>
                {t("share.ask")}
              </Menu.Item>
            )}
            <Menu.Item leftSection={<IconShieldQuestion size={14} />} onClick={() => setAsking(true)}>
              {t("access.ask")}
            </Menu.Item>
            <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => void copyLink()}>
              {t("record.copy_link")}
            </Menu.Item>
            {object.name === "meeting" && (
              <Menu.Item
                component="a"
                href={address(`/meetings/${record.id}/ics`, { method: "request" })}
                leftSection={<IconCalendarDown size={14} />}
              >
                {t("ics.download")}
              </Menu.Item>
            )}
            {object.can.delete && !record.deleted_at && (
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={14} />}
                onClick={() => void deleteAndLeave(object, record, neighbours)}
              >
                {t("record.delete")}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </div>
      {sharing && (
        <Suspense>
          <ShareDialog object={object} record={record} onClose={() => setSharing(false)} />
        </Suspense>
      )}
      {asking && (
        <Suspense>
          <AccessDialog object={object} record={record} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </header>
  );
}
