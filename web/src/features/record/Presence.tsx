/** The others at this record: faces in its head, a mark at the field that somebody writes. */
import { Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTitle } from "../../api/titles";
import type { Field, ObjectMeta } from "../../api/types";
import { type Other, useOthers } from "../../app/presence";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { Avatar } from "../../ui/Avatar";
import classes from "./presence.module.css";

const shown_max = 4;
/** Who only passes by is not announced. */
const settled_ms = 1500;

function useName(user: string): string {
  const title = useTitle("user", user);
  return title?.title ?? (title === null ? t("actor.unknown") : "");
}

function labelOf(object: ObjectMeta, name: string | null): string | undefined {
  return object.fields.find((field) => field.name === name)?.label;
}

/** "Ann is editing Job title." */
function useSentence(object: ObjectMeta, other: Other): string {
  const name = useName(other.user);
  const field = labelOf(object, other.editing);
  return name && (field ? t("presence.editing", { name, field }) : t("presence.looking", { name }));
}

function Face({ object, other }: { object: ObjectMeta; other: Other }) {
  const name = useName(other.user);
  const sentence = useSentence(object, other);
  return (
    <li>
      <Tooltip label={sentence} events={{ hover: true, focus: true, touch: true }}>
        {/* A button, so that the name can be reached with the keyboard and on a touch screen. */}
        <button type="button" className={classes.face} data-editing={other.editing ?? undefined} aria-label={sentence}>
          <Avatar name={name} size="md" />
        </button>
      </Tooltip>
    </li>
  );
}

function Spoken({ object, other }: { object: ObjectMeta; other: Other }) {
  return <>{useSentence(object, other)} </>;
}

/** Tells those who listen instead of look; only what has lasted a moment. */
function Announcement({ object, others }: { object: ObjectMeta; others: Other[] }) {
  const [settled, setSettled] = useState<Other[]>([]);
  const now = others.map((one) => `${one.user} ${one.editing ?? ""}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: that somebody is still there is no news
  useEffect(() => {
    const timer = setTimeout(() => setSettled(others), settled_ms);
    return () => clearTimeout(timer);
  }, [now]);
  return (
    <span className="visually-hidden" role="status" aria-live="polite">
      {settled.map((other) => (
        <Spoken key={other.user} object={object} other={other} />
      ))}
    </span>
  );
}

export function Faces({ object, id }: { object: ObjectMeta; id: string }) {
  const others = useOthers(id, useBoot().user.id);
  const more = others.length - shown_max;
  return (
    <>
      {others.length > 0 && (
        <ul className={classes.faces} aria-label={t("presence.others")}>
          {others.slice(0, shown_max).map((other) => (
            <Face key={other.user} object={object} other={other} />
          ))}
          {more > 0 && <li className={classes.more}>{t("presence.more", { count: more })}</li>}
        </ul>
      )}
      <Announcement object={object} others={others} />
    </>
  );
}

function Mark({ other }: { other: Other }) {
  const name = useName(other.user);
  return name ? (
    <dd className={classes.mark}>
      <Avatar name={name} /> {t("presence.writes", { name })}
    </dd>
  ) : null;
}

/** Who writes this field right now, below its value. */
export function FieldMark({ id, field }: { id: string; field: Field }) {
  const others = useOthers(id, useBoot().user.id);
  const writing = others.filter((one) => one.editing === field.name);
  return writing.map((other) => <Mark key={other.user} other={other} />);
}
