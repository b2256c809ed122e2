/** Says something to colleagues about a record: `@` finds whom to mention. */
import { Button, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { api } from "../../api/client";
import type { FieldValue, ObjectMeta, RecordPage } from "../../api/types";
import { createRecord } from "../../app/write";
import { t } from "../../i18n";
import { Avatar } from "../../ui/Avatar";
import formClasses from "../../ui/form/form.module.css";
import { useOneAtATime } from "../../ui/form/useSave";
import { replyingTo } from "../../ui/timeline/reply";
import { useDraft } from "./draft";
import { type Mention, mentionAt, mentionedIds, withMention } from "./mentions";
import classes from "./record.module.css";

/** Colleagues whose names contain what stands behind the `@`. */
function useColleagues(words: string | null): Mention[] {
  const { data } = useQuery({
    queryKey: ["pages", "user", "mention", words],
    queryFn: async ({ signal }) => {
      const filter = words ? `active && name.contains(${JSON.stringify(words)})` : "active";
      const page = await api.get<RecordPage>(
        "/users",
        { filter, fields: "name", sort: "name", limit: 6, total: false },
        { signal },
      );
      return page.records.map((record) => ({ id: record.id, name: String(record.name) }));
    },
    enabled: words !== null,
    placeholderData: (known) => known,
  });
  return words === null ? [] : (data ?? []);
}

interface Props {
  activity: ObjectMeta;
  values: { [field: string]: FieldValue };
  onDone: () => void;
  onCancel: () => void;
}

export function CommentForm({ activity, values, onDone, onCancel }: Props) {
  const [text, setText] = useDraft(activity.name, values);
  const [mentions, setMentions] = useState<Mention[]>([]);
  const [caret, setCaret] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const { busy, send } = useOneAtATime();
  const input = useRef<HTMLTextAreaElement>(null);
  const place = useRef<number | null>(null);
  const list = useId();
  const reply = replyingTo.use();
  const open = caret === null ? null : mentionAt(text, caret);
  const found = useColleagues(open?.words ?? null);
  const change = (next: string, at: number | null) => {
    setText(next);
    setCaret(at);
    setChosen(0);
  };
  // Before the next key is heard: who types on at once types behind the name.
  useLayoutEffect(() => {
    if (place.current !== null && input.current) {
      input.current.focus();
      input.current.setSelectionRange(place.current, place.current);
      place.current = null;
    }
  });
  const mention = (person: Mention) => {
    if (open && caret !== null) {
      const next = withMention(text, open.start, caret, person.name);
      setMentions([...mentions.filter((one) => one.id !== person.id), person]);
      change(next.text, null);
      place.current = next.caret;
    }
  };
  const cancel = () => {
    replyingTo.set(null);
    onCancel();
  };
  // When it is refused, a toast says why, and the text stays.
  const save = async () => {
    if (text.trim() === "") {
      return;
    }
    await send(async () => {
      await createRecord(
        activity,
        { ...values, body: text.trim(), mentions: mentionedIds(text, mentions), reply_to: reply?.id ?? null },
        { label: t("record.saved", { object: activity.label }) },
      );
      change("", null);
      replyingTo.set(null);
      onDone();
    });
  };
  const choose = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const person = found[chosen];
    if (step !== undefined) {
      setChosen((chosen + step + found.length) % found.length);
    } else if ((event.key === "Enter" || event.key === "Tab") && person) {
      mention(person);
    } else if (event.key === "Escape") {
      setCaret(null);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      void save();
    } else if (found.length > 0) {
      choose(event);
    } else if (event.key === "Escape") {
      cancel();
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {reply && <p className={`dimmed ${classes.replying}`}>{t("record.replying", { name: reply.name })}</p>}
      <div className={classes.mentionBox}>
        <Textarea
          ref={input}
          autosize
          minRows={2}
          maxRows={18}
          autoFocus
          placeholder={t("record.comment_placeholder")}
          aria-label={activity.label}
          aria-autocomplete="list"
          aria-controls={found.length > 0 ? list : undefined}
          aria-activedescendant={found.length > 0 ? `${list}-${chosen}` : undefined}
          value={text}
          onChange={(event) => change(event.currentTarget.value, event.currentTarget.selectionStart)}
          onBlur={() => setCaret(null)}
          onKeyDown={press}
        />
        {found.length > 0 && (
          <div role="listbox" id={list} aria-label={t("record.mention")} className={classes.mentions}>
            {found.map((person, index) => (
              <div
                key={person.id}
                role="option"
                id={`${list}-${index}`}
                aria-selected={index === chosen}
                tabIndex={-1}
                className={classes.mention}
                onPointerDown={(event) => {
                  event.preventDefault();
                  mention(person);
                }}
              >
                <Avatar name={person.name} /> <span className="truncate">{person.name}</span>
              </div>
            ))}
          </div>
        )}
      </div>
      <div className={formClasses.foot} style={{ marginBlockStart: 8 }}>
        <span className="dimmed">{t("record.comment_hint")}</span>
        <div className={formClasses.end}>
          <Button type="button" variant="default" onClick={cancel}>
            {t("app.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={text.trim() === ""}>
            {t("record.save_comment")}
          </Button>
        </div>
      </div>
    </form>
  );
}
