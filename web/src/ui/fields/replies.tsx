/** What those who are asked to come have replied: shown as counts, set beside each name. */
import { Input, NativeSelect } from "@mantine/core";
import { useTitle } from "../../api/titles";
import type { FieldValue } from "../../api/types";
import { t } from "../../i18n";
import classes from "./formats.module.css";
import { json } from "./json";
import { type DisplayProps, type EditorProps, type FieldKind, inputProps } from "./kind";

const choices = ["accepted", "tentative", "declined"] as const;

type Replies = { [id: string]: string };

function asReplies(value: FieldValue): Replies {
  const map = value && typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [];
  return Object.fromEntries(map.filter(([, reply]) => typeof reply === "string")) as Replies;
}

function RepliesDisplay({ value }: DisplayProps) {
  const replies = Object.values(asReplies(value));
  const counts = choices
    .map((choice) => ({ choice, count: replies.filter((reply) => reply === choice).length }))
    .filter(({ count }) => count > 0);
  return <span>{counts.map(({ choice, count }) => t(`reply.count_${choice}`, { count })).join(", ")}</span>;
}

interface Asked {
  object: string;
  id: string;
}

/** Everybody the record names as taking part. */
function asked(record: EditorProps["record"]): Asked[] {
  const ids = (field: string, object: string) => {
    const value = record?.[field];
    return Array.isArray(value) ? value.filter((id) => typeof id === "string").map((id) => ({ object, id })) : [];
  };
  return [...ids("attendees", "person"), ...ids("colleagues", "user")];
}

function Reply({
  who,
  value,
  set,
  disabled,
}: {
  who: Asked;
  value: string;
  set: (reply: string) => void;
  disabled?: boolean;
}) {
  const name = useTitle(who.object, who.id)?.title ?? "";
  return (
    <li className={classes.reply}>
      <span className="truncate">{name}</span>
      <NativeSelect
        size="xs"
        aria-label={t("reply.of", { name })}
        disabled={disabled}
        value={value}
        data={["none", ...choices].map((choice) => ({ value: choice, label: t(`reply.${choice}`) }))}
        onChange={(event) => set(event.currentTarget.value)}
      />
    </li>
  );
}

function RepliesEditor(props: EditorProps) {
  const replies = asReplies(props.value);
  const everybody = asked(props.record);
  const { label, description, error } = inputProps(props);
  const set = (id: string, reply: string) => {
    const { [id]: _, ...rest } = replies;
    const next = reply === "none" ? rest : { ...rest, [id]: reply };
    props.onChange(Object.keys(next).length > 0 ? (next as unknown as FieldValue) : null);
  };
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div" size="xs">
      {everybody.length === 0 ? (
        <p className={classes.help}>{t("reply.nobody")}</p>
      ) : (
        <ul className={classes.replies}>
          {everybody.map((who) => (
            <Reply
              key={who.id}
              who={who}
              value={replies[who.id] ?? "none"}
              disabled={props.disabled}
              set={(reply) => set(who.id, reply)}
            />
          ))}
        </ul>
      )}
    </Input.Wrapper>
  );
}

export const replies: FieldKind = { ...json, Display: RepliesDisplay, Editor: RepliesEditor, width: 160 };
