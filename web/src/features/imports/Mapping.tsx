/** Which column fills which field: proposed by the server, changed here, with samples to see what is in the file. */
import { Select } from "@mantine/core";
import { IconArrowNarrowRight, IconCheck, IconPlus } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { ObjectMeta } from "../../api/types";
import { showProblem } from "../../app/problems";
import { findObject, queryClient, useBoot } from "../../app/query";
import { t } from "../../i18n";
import { formatList } from "../../i18n/format";
import { act, importKey, saveMapping } from "./data";
import classes from "./imports.module.css";
import {
  type Import,
  type ImportColumn,
  mappedCount,
  mappingProblem,
  targetChoices,
  targetLabel,
  withTarget,
} from "./model";
import { NewField } from "./NewField";
import { Options } from "./Options";

interface Props {
  data: Import;
  object: ObjectMeta;
  onDone: () => void;
}

export function Mapping({ data, object, onDone }: Props) {
  const boot = useBoot();
  const [columns, setColumns] = useState(data.columns);
  const [options, setOptions] = useState(data.options);
  const [making, setMaking] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const [onlyOpen, setOnlyOpen] = useState(false);
  const problem = mappingProblem(columns, object);
  const mapped = mappedCount(columns);
  const mayMake = boot.role.admin || boot.role.rights.special?.includes("configure") === true;
  const set = (at: number, target: string | null) => setColumns((known) => withTarget(known, at, target, findObject));
  const check = async () => {
    setBusy(true);
    try {
      const saved = await saveMapping(data.id, columns, options);
      queryClient.setQueryData<Import>(importKey(data.id), (known) => ({ ...(known as Import), ...saved }));
      await act(data.id, "check");
      onDone();
    } catch (error) {
      showProblem(error, { retry: () => void check() });
    } finally {
      setBusy(false);
    }
  };
  const filled = new Set(columns.map((entry) => entry.mapping.target?.match(/^\w+\.\w+/)?.[0]));
  // What identifies a record that is there needs nothing more; a new one does.
  const needed = object.fields.filter(
    (field) =>
      field.required &&
      !field.read_only &&
      (field.default ?? null) === null &&
      !filled.has(`${object.name}.${field.name}`),
  );
  const column = making === null ? undefined : columns[making];
  const numbered = columns.map((entry, at) => ({ column: entry, at }));
  const shown = onlyOpen ? numbered.filter((entry) => entry.column.mapping.target === null) : numbered;
  return (
    <>
      <div className={classes.stepHead}>
        <div>
          <h2>{t("imports.columns_title")}</h2>
          <p className="dimmed">{problem ?? t("imports.columns_text", { mapped, all: columns.length })}</p>
          {needed.length > 0 && (
            <p role="status">
              {t("imports.needed", { count: needed.length, fields: formatList(needed.map((field) => field.label)) })}
            </p>
          )}
        </div>
        <div className={classes.buttons}>
          {mapped < columns.length && (
            <button
              type="button"
              className="tool"
              data-on={onlyOpen || undefined}
              aria-pressed={onlyOpen}
              onClick={() => setOnlyOpen(!onlyOpen)}
            >
              {t("imports.only_open", { count: columns.length - mapped })}
            </button>
          )}
          <button
            type="button"
            className="tool"
            data-primary
            disabled={busy || problem !== undefined}
            onClick={() => void check()}
          >
            {t("imports.check")}
          </button>
        </div>
      </div>
      <Options object={object} options={options} onChange={setOptions} />
      <table className={classes.mapping}>
        <thead>
          <tr>
            <th scope="col">{t("imports.column")}</th>
            <th scope="col">{t("imports.samples")}</th>
            <th scope="col">{t("imports.target")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ column: entry, at }) => (
            <ColumnRow
              key={at}
              column={entry}
              object={object}
              onTarget={(target) => set(at, target)}
              onMake={mayMake ? () => setMaking(at) : undefined}
            />
          ))}
        </tbody>
      </table>
      {column && making !== null && (
        <NewField
          object={object}
          column={column}
          onClose={() => setMaking(null)}
          onMade={(name) => {
            set(making, `${object.name}.${name}`);
            setMaking(null);
          }}
        />
      )}
    </>
  );
}

interface RowProps {
  column: ImportColumn;
  object: ObjectMeta;
  onTarget: (target: string | null) => void;
  onMake?: () => void;
}

function ColumnRow({ column, object, onTarget, onMake }: RowProps) {
  const { target, reason } = column.mapping;
  const samples = column.samples.filter((sample) => sample !== "").slice(0, 3);
  return (
    <tr data-open={target === null || undefined}>
      <th scope="row">
        <span className={classes.columnName}>{column.name || t("imports.unnamed")}</span>
      </th>
      <td>
        <span className={classes.samples}>{samples.length > 0 ? samples.join("  ·  ") : t("imports.no_samples")}</span>
      </td>
      <td>
        <div className={classes.target}>
          <IconArrowNarrowRight size={16} aria-hidden />
          <TargetPicker column={column} object={object} onTarget={onTarget} />
          {target !== null && reason && reason !== "chosen" && (
            <span className={classes.auto} title={t(`imports.reason_${reason}`)}>
              <IconCheck size={13} aria-label={t(`imports.reason_${reason}`)} />
            </span>
          )}
          {target === null && onMake && reason !== "label" && (
            <button
              type="button"
              className="tool"
              onClick={onMake}
              aria-label={t("imports.make_field_for", { column: column.name })}
            >
              <IconPlus size={14} /> {t("imports.make_field")}
            </button>
          )}
        </div>
      </td>
    </tr>
  );
}

/** Looks like a field; becomes a searchable list when it is used, so that hundreds of columns stay light. */
function TargetPicker({ column, object, onTarget }: Omit<RowProps, "onMake">) {
  const [open, setOpen] = useState(false);
  const { target, reason } = column.mapping;
  const choices = useMemo(() => (open ? targetChoices(object, findObject) : []), [open, object]);
  const shown = target
    ? targetLabel(target, object, findObject)
    : reason === "label"
      ? t("imports.is_label")
      : t("imports.left_out");
  const name = t("imports.target_of", { column: column.name });
  if (!open) {
    return (
      <button
        type="button"
        className={classes.picker}
        data-empty={target === null || undefined}
        aria-label={`${name}: ${shown}`}
        aria-haspopup="listbox"
        onClick={() => setOpen(true)}
      >
        <span className="truncate">{shown}</span>
      </button>
    );
  }
  const known = target === null || choices.some((group) => group.items.some((item) => item.value === target));
  const data = [
    { group: t("imports.nowhere"), items: [{ value: "", label: t("imports.left_out") }] },
    ...choices,
    ...(known ? [] : [{ group: t("imports.now"), items: [{ value: target ?? "", label: shown }] }]),
  ];
  return (
    <Select
      className={classes.pickerOpen}
      size="xs"
      aria-label={name}
      data={data}
      searchable
      autoFocus
      defaultDropdownOpened
      maxDropdownHeight={320}
      value={target ?? ""}
      allowDeselect={false}
      nothingFoundMessage={t("field.nothing_found")}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(next) => {
        onTarget(next || null);
        setOpen(false);
      }}
      onBlur={() => setOpen(false)}
      onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}
