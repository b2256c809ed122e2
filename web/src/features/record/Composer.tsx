/** Writes a note, a task, a call or a meeting about a record, above its timeline. */
import { Button, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { keys } from "../../api/keys";
import type { FieldValue, ObjectMeta, RapportRecord } from "../../api/types";
import { findObject } from "../../app/query";
import { createRecord } from "../../app/write";
import { hasText, t } from "../../i18n";
import { FormFields } from "../../ui/form/FormFields";
import { FormProblem } from "../../ui/form/FormProblem";
import { formSections } from "../../ui/form/FormSections";
import formClasses from "../../ui/form/form.module.css";
import { firstFields, useRecordForm } from "../../ui/form/recordForm";
import { useOneAtATime, useSave } from "../../ui/form/useSave";
import { iconOf } from "../../ui/icons";
import { arranges, sectionsOf } from "../../ui/layout/layout";
import { useLayout } from "../../ui/layout/useLayout";
import { replyingTo } from "../../ui/timeline/reply";
import { CommentForm } from "./CommentForm";
import { useDraft } from "./draft";
import classes from "./record.module.css";

export type ComposerKind = "note" | "comment" | "call" | "meeting" | "task";
const kinds: ComposerKind[] = ["note", "comment", "task", "call", "meeting"];

interface Props {
  object: ObjectMeta;
  record: RapportRecord;
  kind: ComposerKind | null;
  onKind: (kind: ComposerKind | null) => void;
}

/** The value of the field that ties an entry to the record. */
function subjectValues(
  activity: ObjectMeta,
  object: ObjectMeta,
  record: RapportRecord,
): { [field: string]: FieldValue } {
  for (const name of activity.timeline?.subjects ?? []) {
    const field = activity.fields.find((entry) => entry.name === name);
    if (field?.kind === "about") {
      return { [name]: [{ object: object.name, id: record.id }] };
    }
    if (field?.target === object.name) {
      return { [name]: field.kind === "references" ? [record.id] : record.id };
    }
  }
  return {};
}

function saveName(activity: ObjectMeta): string {
  return hasText(`record.save_${activity.name}`)
    ? t(`record.save_${activity.name}`)
    : t("form.create", { object: activity.label });
}

/** What a record is called when nobody names it, in the writer's language. */
function usualTitle(activity: ObjectMeta): { [field: string]: FieldValue } {
  const title = activity.fields.find((field) => field.name === activity.title);
  return typeof title?.default === "string" ? { [title.name]: title.default } : {};
}

/** A text without ceremony: writes the body and nothing else. */
function NoteForm({
  activity,
  values,
  onDone,
  onCancel,
}: {
  activity: ObjectMeta;
  values: { [field: string]: FieldValue };
  onDone: () => void;
  onCancel: () => void;
}) {
  const body = activity.timeline?.body ?? activity.title;
  const [text, change] = useDraft(activity.name, values);
  const { busy, send } = useOneAtATime();
  // When it is refused, a toast says why, and the text stays.
  const save = async () => {
    if (text.trim() === "") {
      return;
    }
    await send(async () => {
      await createRecord(
        activity,
        { ...usualTitle(activity), ...values, [body]: text.trim() },
        { label: t("record.saved", { object: activity.label }) },
      );
      change("");
      onDone();
    });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
          event.preventDefault();
          void save();
        } else if (event.key === "Escape") {
          onCancel();
        }
      }}
    >
      <Textarea
        autosize
        minRows={3}
        maxRows={18}
        autoFocus
        placeholder={t("record.note_placeholder")}
        aria-label={activity.label}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
      />
      <div className={formClasses.foot} style={{ marginBlockStart: 8 }}>
        <span className="dimmed">{t("record.markdown")}</span>
        <div className={formClasses.end}>
          <Button type="button" variant="default" onClick={onCancel}>
            {t("app.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={text.trim() === ""}>
            {saveName(activity)}
          </Button>
        </div>
      </div>
    </form>
  );
}

function ActivityForm({
  activity,
  values,
  onDone,
  onCancel,
}: {
  activity: ObjectMeta;
  values: { [field: string]: FieldValue };
  onDone: () => void;
  onCancel: () => void;
}) {
  const form = useRecordForm(activity, values);
  const first = useMemo(() => firstFields(activity, {}), [activity]);
  const { layout } = useLayout(activity, form.values);
  const subjects = activity.timeline?.subjects ?? [];
  // Quick to fill in: what a layout has closed stays in the form that the list opens.
  const arranged = arranges(layout)
    ? formSections(form, sectionsOf(activity, layout)).flatMap((section) => (section.collapsed ? [] : section.fields))
    : form.fields.filter((field) => !field.system && first.has(field.name));
  const needed = form.fields.filter((field) => form.problems[field.name] || field.required);
  const wanted = new Set([...arranged, ...needed]);
  const ordered = arranges(layout) ? [...wanted] : form.fields.filter((field) => wanted.has(field));
  const shown = ordered.filter((field) => !subjects.includes(field.name));
  const { box, busy, save } = useSave(form, form.collect, async (sent) => {
    await createRecord(activity, sent, { throwOnly: true, label: t("record.saved", { object: activity.label }) });
    onDone();
  });
  return (
    <form
      ref={box}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
          event.preventDefault();
          void save();
        }
      }}
    >
      <FormFields form={form} fields={shown} focus={shown[0]?.name} />
      <FormProblem apart text={form.problems[""]} />
      <div className={formClasses.foot} style={{ marginBlockStart: 12 }}>
        <div className={formClasses.end}>
          <Button type="button" variant="default" onClick={onCancel}>
            {t("app.cancel")}
          </Button>
          <Button type="submit" loading={busy}>
            {saveName(activity)}
          </Button>
        </div>
      </div>
    </form>
  );
}

export function Composer({ object, record, kind, onKind }: Props) {
  const client = useQueryClient();
  const box = useRef<HTMLDivElement>(null);
  const activities = kinds.flatMap((name) => {
    const activity = findObject(name);
    return activity?.can.create && activity.timeline ? [activity] : [];
  });
  const active = activities.find((activity) => activity.name === kind);
  const reply = replyingTo.use();
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer is begun once, when its entry asks for it
  useEffect(() => {
    if (reply) {
      onKind("comment");
      box.current?.scrollIntoView({ block: "nearest" });
    }
  }, [reply]);
  useEffect(() => () => replyingTo.set(null), []);
  useEffect(() => {
    if (kind) {
      box.current?.querySelector<HTMLElement>("textarea, input")?.focus({ preventScroll: true });
    }
  }, [kind]);
  if (activities.length === 0 || object.timeline) {
    return null;
  }
  const close = () => {
    onKind(null);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true }));
  };
  const done = () => {
    void client.invalidateQueries({ queryKey: keys.timeline(object.name, record.id) });
    close();
  };
  const values = active ? subjectValues(active, object, record) : {};
  return (
    <section
      className={classes.composer}
      ref={box}
      aria-label={t("record.composer")}
      data-open={active ? "" : undefined}
    >
      <div className={classes.composerTabs}>
        {activities.map((activity) => {
          const Icon = iconOf(activity);
          const on = activity === active;
          return (
            <button
              key={activity.name}
              type="button"
              className="tool"
              data-on={on || undefined}
              aria-expanded={on}
              onClick={() => onKind(on ? null : (activity.name as ComposerKind))}
            >
              <Icon size={15} /> {activity.label}
            </button>
          );
        })}
      </div>
      {active &&
        (active.name === "comment" ? (
          <CommentForm key="comment" activity={active} values={values} onDone={done} onCancel={close} />
        ) : active.name === "note" ? (
          <NoteForm key="note" activity={active} values={values} onDone={done} onCancel={close} />
        ) : (
          <ActivityForm key={active.name} activity={active} values={values} onDone={done} onCancel={close} />
        ))}
    </section>
  );
}
