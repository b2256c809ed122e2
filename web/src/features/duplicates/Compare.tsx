/** Records side by side: which one stays, which value of each field is taken, and the merge, which can be undone. */
import { Switch } from "@mantine/core";
import { IconArrowMerge, IconArrowsJoin2 } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { titleOf } from "../../api/titles";
import type { Field, ObjectMeta, RapportRecord } from "../../api/types";
import { useCommands } from "../../app/commands";
import { explain, showProblem } from "../../app/problems";
import { refreshAfterBatch } from "../../app/query";
import { offerUndo } from "../../app/undo";
import { t } from "../../i18n";
import { formatDate, formatRelative } from "../../i18n/format";
import { Empty } from "../../ui/empty/Empty";
import { FieldDisplay } from "../../ui/fields/Field";
import { isEmpty } from "../../ui/fields/kind";
import { LabelledList } from "../../ui/fields/labelled";
import { canJoin, mergeFields } from "../../ui/merge/fields";
import { RecordMark } from "../../ui/RecordMark";
import classes from "./duplicates.module.css";
import { bestKeep, type Choice, type Choices, chosenValue, differs, mergeValues, proposeChoices } from "./merge";

interface Props {
  object: ObjectMeta;
  ids: string[];
  onMerged: () => void;
  /** Says that they are different; not offered when it is missing. */
  onDismiss?: () => void;
}

export function Compare(props: Props) {
  const results = useQueries({
    queries: props.ids.map((id) => ({
      queryKey: [...keys.record(props.object.name, id), "compare"],
      queryFn: () => api.get<RapportRecord>(`/${props.object.plural}/${id}`),
      staleTime: 0,
    })),
  });
  const failed = results.find((result) => result.error);
  const records = results.flatMap((result) => result.data ?? []);
  if (failed) {
    return (
      <Empty
        icon={IconArrowsJoin2}
        title={t("duplicates.load_failed")}
        text={explain(failed.error)}
        action={{ label: t("error.retry"), run: () => void failed.refetch() }}
      />
    );
  }
  if (records.length < props.ids.length) {
    return <div className={classes.compare} role="status" aria-label={t("app.loading")} />;
  }
  if (records.some((record) => record.deleted_at)) {
    return <Empty icon={IconArrowsJoin2} title={t("duplicates.gone")} text={t("duplicates.gone_text")} />;
  }
  return <Sheet key={props.ids.join()} {...props} records={records} />;
}

function useMerge({ object, records, onMerged }: Props & { records: RapportRecord[] }, keep: number, choices: Choices) {
  const [busy, setBusy] = useState(false);
  const merge = async () => {
    const stays = records[keep];
    if (!stays || busy) {
      return;
    }
    setBusy(true);
    try {
      const others = records.filter((_, index) => index !== keep).map((record) => record.id);
      const answer = await api.post<{ record: RapportRecord; batch: string }>(`/${object.plural}/merge`, {
        keep: stays.id,
        merge: others,
        values: mergeValues(object, records, keep, choices),
      });
      offerUndo(answer.batch, t("duplicates.merged", { title: titleOf(object, answer.record).title }));
      await refreshAfterBatch();
      onMerged();
    } catch (error) {
      showProblem(error, { retry: () => void merge() });
    } finally {
      setBusy(false);
    }
  };
  return { merge, busy };
}

function Sheet(props: Props & { records: RapportRecord[] }) {
  const { object, records, onDismiss } = props;
  const [keep, setKeep] = useState(() => bestKeep(object, records));
  const [choices, setChoices] = useState<Choices>(() => proposeChoices(object, records, keep));
  const [all, setAll] = useState(false);
  const { merge, busy } = useMerge(props, keep, choices);
  const fields = mergeFields(object).filter(
    (field) => records.some((record) => !isEmpty(record[field.name])) && (all || differs(field, records)),
  );
  const section = t("nav.duplicates");
  useCommands([
    {
      id: "duplicates.merge",
      title: t("duplicates.merge"),
      section,
      icon: IconArrowMerge,
      keys: "m",
      disabled: busy,
      run: () => void merge(),
    },
    {
      id: "duplicates.dismiss",
      title: t("duplicates.dismiss"),
      section,
      keys: "n",
      disabled: !onDismiss,
      run: () => onDismiss?.(),
    },
  ]);
  const keepOther = (index: number) => {
    setKeep(index);
    setChoices(proposeChoices(object, records, index));
  };
  return (
    <div className={classes.compare}>
      <div className={classes.tableBox}>
        <table className={classes.sheet} style={{ "--records": records.length } as React.CSSProperties}>
          <caption className="visually-hidden">{t("duplicates.compare")}</caption>
          <thead>
            <tr>
              <th scope="col">
                <Switch
                  size="xs"
                  label={t("duplicates.show_same")}
                  checked={all}
                  onChange={(event) => setAll(event.currentTarget.checked)}
                />
              </th>
              {records.map((record, index) => (
                <RecordHead
                  key={record.id}
                  object={object}
                  record={record}
                  kept={index === keep}
                  onKeep={() => keepOther(index)}
                />
              ))}
              <th scope="col">{t("duplicates.result")}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <FieldRow
                key={field.name}
                field={field}
                records={records}
                keep={keep}
                choice={choices[field.name] ?? keep}
                onChoose={(choice) => setChoices((known) => ({ ...known, [field.name]: choice }))}
              />
            ))}
          </tbody>
        </table>
      </div>
      {fields.length === 0 && <p className="dimmed">{t("duplicates.all_same")}</p>}
      <footer className={classes.foot}>
        <span className="dimmed">{t("duplicates.relinked")}</span>
        {onDismiss && (
          <button type="button" className="tool" data-outline onClick={onDismiss}>
            {t("duplicates.dismiss")} <kbd>N</kbd>
          </button>
        )}
        <button type="button" className="tool" data-primary disabled={busy} onClick={() => void merge()}>
          <IconArrowMerge size={15} /> {t("duplicates.merge_n", { count: records.length })}
        </button>
      </footer>
    </div>
  );
}

function RecordHead({
  object,
  record,
  kept,
  onKeep,
}: {
  object: ObjectMeta;
  record: RapportRecord;
  kept: boolean;
  onKeep: () => void;
}) {
  const { title, subtitle } = titleOf(object, record);
  return (
    <th scope="col" data-kept={kept || undefined}>
      <div className={classes.head}>
        <RecordMark object={object} title={title} size="md" />
        <span className={classes.headName}>
          <Link to="/$plural/$id" params={{ plural: object.plural, id: record.id }} className="truncate">
            {title}
          </Link>
          <span className="dimmed truncate">
            {subtitle ||
              (typeof record.created_at === "string"
                ? t("duplicates.created", { date: formatDate(record.created_at) })
                : "")}
          </span>
        </span>
      </div>
      <label className={classes.keep}>
        <input type="radio" name="keep" checked={kept} onChange={onKeep} />
        {t("duplicates.keep")}
        {typeof record.updated_at === "string" && (
          <span className="dimmed"> · {t("duplicates.changed", { time: formatRelative(record.updated_at) })}</span>
        )}
      </label>
    </th>
  );
}

function Value({ field, value }: { field: Field; value: RapportRecord[string] }) {
  if (isEmpty(value)) {
    return <span className="dimmed">–</span>;
  }
  return ["emails", "phones", "links"].includes(field.kind) ? (
    <LabelledList field={field} value={value} plain />
  ) : (
    <FieldDisplay field={field} value={value} plain />
  );
}

function FieldRow({
  field,
  records,
  keep,
  choice,
  onChoose,
}: {
  field: Field;
  records: RapportRecord[];
  keep: number;
  choice: Choice;
  onChoose: (choice: Choice) => void;
}) {
  return (
    <tr>
      <th scope="row">{field.label}</th>
      {records.map((record, index) => {
        const chosen = choice === index || (choice === "all" && !isEmpty(record[field.name]));
        return (
          <td key={record.id}>
            <label className={classes.cell} data-chosen={chosen || undefined}>
              <input
                type="radio"
                className="visually-hidden"
                name={`merge-${field.name}`}
                aria-label={t("duplicates.take", { field: field.label, number: index + 1 })}
                checked={choice === index}
                onChange={() => onChoose(index)}
              />
              <Value field={field} value={record[field.name]} />
            </label>
          </td>
        );
      })}
      <td className={classes.result}>
        <Value field={field} value={chosenValue(field, records, keep, choice)} />
        {canJoin(field) && records.filter((record) => !isEmpty(record[field.name])).length > 1 && (
          <label className={classes.join}>
            <input
              type="radio"
              name={`merge-${field.name}`}
              checked={choice === "all"}
              onChange={() => onChoose("all")}
            />
            {t("duplicates.all")}
          </label>
        )}
      </td>
    </tr>
  );
}
