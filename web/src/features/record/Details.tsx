/** Everything known about a record, in groups, each value changed where it stands. */
import { Switch, TextInput } from "@mantine/core";
import { IconChevronDown, IconSearch } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { ApiProblem, api } from "../../api/client";
import type { Field, FieldValue, Layout, ObjectMeta, RapportRecord } from "../../api/types";
import { useEditing } from "../../app/presence";
import { showProblem } from "../../app/problems";
import { createSavedStore } from "../../app/store";
import { updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { asAddress, countryName } from "../../ui/fields/address";
import { EditInPlace, FieldDisplay } from "../../ui/fields/Field";
import { isEmpty } from "../../ui/fields/kind";
import { LabelledList } from "../../ui/fields/labelled";
import { isEditable } from "../../ui/fields/registry";
import { ruleInWords } from "../../ui/fields/rule";
import { isVisible } from "../../ui/form/conditions";
import { isWide } from "../../ui/form/FormFields";
import { arranges, type Section, sectionsOf, titleOfSection, usualSections } from "../../ui/layout/layout";
import { Markdown } from "../../ui/timeline/Markdown";
import { FieldMark } from "./Presence";
import classes from "./record.module.css";
import look from "./sensitive.module.css";

const showEmpty = createSavedStore("rapport.record.show_empty", true);
const folded = createSavedStore<{ [group: string]: boolean }>("rapport.record.folded", {});

function Value({ field, value }: { field: Field; value: FieldValue }) {
  if (["emails", "phones", "links"].includes(field.kind)) {
    return <LabelledList field={field} value={value} />;
  }
  if (field.kind === "long_text" && typeof value === "string") {
    return <Markdown source={value} />;
  }
  if (field.kind === "address") {
    return <AddressBlock value={value} />;
  }
  if (field.format === "recurrence") {
    return <>{ruleInWords(String(value))}</>;
  }
  if ((field.result ?? field.kind) === "text") {
    return <>{String(value)}</>;
  }
  return <FieldDisplay field={field} value={value} />;
}

/** An address as it stands on an envelope. */
function AddressBlock({ value }: { value: FieldValue }) {
  const address = asAddress(value);
  const town = [address.postal_code, address.city].filter(Boolean).join(" ");
  const lines = [...(address.street ?? "").split("\n"), town, address.region, countryName(address.country)].filter(
    Boolean,
  );
  return lines.map((line) => <div key={line}>{line}</div>);
}

interface LineProps {
  object: ObjectMeta;
  record: RapportRecord;
  field: Field;
  /** What hides the value again, behind it. */
  after?: React.ReactNode;
}

function Line({ object, record, field, after }: LineProps) {
  const [editing, setEditing] = useState(false);
  const [failed, setFailed] = useState<{ value: FieldValue; problem: string; base: RapportRecord } | null>(null);
  useEditing(record.id, field.name, editing);
  const value = record[field.name];
  const editable = object.can.update && isEditable(field) && !record.deleted_at;
  const commit = async (next: FieldValue, base: RapportRecord) => {
    setEditing(false);
    setFailed(null);
    try {
      await updateRecord(object, base, { [field.name]: next ?? null }, { throwOnly: true });
    } catch (error) {
      const known = error instanceof ApiProblem ? error : undefined;
      // A question about two changes that was put off: what was typed stays where it was typed.
      const problem = known?.code === "stale" ? t("conflict.not_saved") : known?.field(field.name);
      if (problem) {
        setFailed({ value: next, problem, base });
        setEditing(true);
      } else {
        showProblem(error, { retry: () => void commit(next, base) });
      }
    }
  };
  const cancel = () => {
    setEditing(false);
    setFailed(null);
    requestAnimationFrame(() => document.getElementById(`edit-${field.name}`)?.focus());
  };
  return (
    <div className={classes.line} data-editing={editing || undefined} data-wide={isWide(field) || undefined}>
      <dt>{field.label}</dt>
      <dd>
        {editing ? (
          <EditInPlace
            field={field}
            value={failed ? failed.base[field.name] : value}
            initial={failed?.value}
            error={failed?.problem}
            variant="inline"
            object={object.name}
            record={failed?.base ?? record}
            onCommit={(next, base) => void commit(next, base)}
            onCancel={cancel}
          />
        ) : (
          <>
            {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: a short way for the mouse; the keyboard has the button behind it */}
            <span
              className={classes.value}
              data-editable={editable || undefined}
              onClick={() => editable && !window.getSelection()?.toString() && setEditing(true)}
            >
              {isEmpty(value) ? (
                <span className={classes.blank}>{editable ? t("record.add_value") : "–"}</span>
              ) : (
                <Value field={field} value={value} />
              )}
            </span>
            {editable && (
              <button
                type="button"
                id={`edit-${field.name}`}
                className={classes.edit}
                onClick={() => setEditing(true)}
                aria-label={t("record.edit_field", { field: field.label })}
              >
                {t("app.edit")}
              </button>
            )}
            {after}
          </>
        )}
      </dd>
      <FieldMark id={record.id} field={field} />
    </div>
  );
}

/** A sensitive value: dots until somebody asks for it, and again when they leave the page. Who asked is logged. */
function SensitiveLine({ object, record, field }: LineProps) {
  const [shown, setShown] = useState<{ value: FieldValue } | null>(null);
  // The button that was pressed goes, and the other one takes the focus once it stands there.
  const pressed = useRef(false);
  useEffect(() => {
    if (pressed.current) {
      pressed.current = false;
      document.getElementById(`${shown ? "hide" : "show"}-${field.name}`)?.focus();
    }
  }, [shown, field.name]);
  const hide = () => {
    pressed.current = true;
    setShown(null);
  };
  const { version } = record;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was shown is of another version
  useEffect(() => setShown(null), [version]);
  useEffect(() => {
    const leave = () => document.hidden && setShown(null);
    document.addEventListener("visibilitychange", leave);
    return () => document.removeEventListener("visibilitychange", leave);
  }, []);
  const show = async () => {
    try {
      const path = `/${object.plural}/${record.id}/reveal`;
      const answer = await api.post<{ values: { [name: string]: FieldValue } }>(path, { fields: [field.name] });
      pressed.current = true;
      setShown({ value: answer.values[field.name] ?? null });
    } catch (error) {
      showProblem(error, { retry: () => void show() });
    }
  };
  const told = (
    <span role="status" className="visually-hidden">
      {shown ? t("record.sensitive_shown", { field: field.label }) : ""}
    </span>
  );
  if (shown) {
    const after = (
      <>
        <button type="button" id={`hide-${field.name}`} className={look.reveal} onClick={hide}>
          {t("record.sensitive_hide")}
        </button>
        {told}
      </>
    );
    const clear = { ...field, sensitive: false };
    return <Line object={object} record={{ ...record, [field.name]: shown.value }} field={clear} after={after} />;
  }
  return (
    <div className={classes.line}>
      <dt>{field.label}</dt>
      <dd>
        <span className={classes.value}>
          <FieldDisplay field={field} value={null} />
        </span>
        <button
          type="button"
          id={`show-${field.name}`}
          className={look.reveal}
          title={t("record.sensitive_logged")}
          aria-label={t("record.sensitive_show_field", { field: field.label })}
          onClick={() => void show()}
        >
          {t("record.sensitive_show")}
        </button>
        {told}
      </dd>
    </div>
  );
}

function Group({ section, children }: { section: Section; children: React.ReactNode }) {
  const { key } = section;
  const closed = folded.use()[key] ?? section.collapsed;
  return (
    <section className={classes.group}>
      <h2>
        <button type="button" aria-expanded={!closed} onClick={() => folded.set((all) => ({ ...all, [key]: !closed }))}>
          <IconChevronDown size={14} data-closed={closed || undefined} aria-hidden /> {titleOfSection(section)}
        </button>
      </h2>
      {!closed && <dl data-columns={section.columns}>{children}</dl>}
    </section>
  );
}

interface Props {
  object: ObjectMeta;
  record: RapportRecord;
  layout?: Layout;
}

export function Details({ object, record, layout }: Props) {
  const empty = showEmpty.use();
  const [search, setSearch] = useState("");
  const query = search.trim().toLowerCase();
  // Who looks for a field finds those that the layout leaves out as well.
  const arranged = arranges(layout) && query === "" ? layout : undefined;
  const sections = useMemo(() => (arranged ? sectionsOf(object, arranged) : usualSections(object)), [object, arranged]);
  const wanted = (field: Field) => {
    if (!isVisible(field, object.fields, record)) {
      return false;
    }
    const filled = field.sensitive || !isEmpty(record[field.name]);
    return query ? `${field.label} ${field.name}`.toLowerCase().includes(query) : empty || filled;
  };
  return (
    <div className={classes.details}>
      <div className={classes.detailsTools}>
        <TextInput
          size="xs"
          className={classes.grow}
          leftSection={<IconSearch size={13} />}
          placeholder={t("record.find_field")}
          aria-label={t("record.find_field")}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Switch
          size="xs"
          label={t("record.show_empty")}
          checked={empty}
          onChange={(event) => showEmpty.set(event.currentTarget.checked)}
        />
      </div>
      {sections.map((section) => {
        const fields = section.fields.filter(wanted);
        return fields.length === 0 ? null : (
          <Group key={section.key} section={section}>
            {fields.map((field) => {
              const Shown = field.sensitive ? SensitiveLine : Line;
              return <Shown key={`${record.id}.${field.name}`} object={object} record={record} field={field} />;
            })}
          </Group>
        );
      })}
    </div>
  );
}
