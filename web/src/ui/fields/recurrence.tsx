/** How often something repeats: a choice of usual rules, parts of one's own, and the end. */
import { Input, NativeSelect, TextInput } from "@mantine/core";
import { IconRepeat } from "@tabler/icons-react";
import type { FieldValue } from "../../api/types";
import { t } from "../../i18n";
import { dayOf, today } from "../../i18n/format";
import classes from "./formats.module.css";
import { type DisplayProps, type EditorProps, type FieldKind, inputProps } from "./kind";
import {
  type Frequency,
  placeOf,
  type Rule,
  readRule,
  ruleInWords,
  usualRules,
  type Weekday,
  weekdayName,
  weekdays,
  writeRule,
} from "./rule";
import { text } from "./text";

function asText(value: FieldValue): string {
  return typeof value === "string" ? value : "";
}

function RecurrenceDisplay({ value }: DisplayProps) {
  const rule = asText(value);
  return rule ? (
    <span className={classes.repeat} title={ruleInWords(rule)}>
      <IconRepeat size={13} aria-hidden /> {ruleInWords(rule)}
    </span>
  ) : null;
}

/** The day the record begins with: what "monthly on this day" means. */
function firstDay(record: EditorProps["record"]): string {
  const at = record?.due_at ?? record?.starts_at;
  return typeof at === "string" ? dayOf(at) : today();
}

type Part = { rule: Rule; change: (rule: Rule) => void; disabled?: boolean };

function Often({ rule, change, disabled }: Part) {
  const units: Frequency[] = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
  return (
    <div className={classes.line}>
      <TextInput
        size="xs"
        type="number"
        min={1}
        max={999}
        className={classes.number}
        label={t("repeat.every")}
        disabled={disabled}
        value={rule.interval}
        onChange={(event) =>
          change({ ...rule, interval: Math.min(999, Math.max(1, Number(event.currentTarget.value) || 1)) })
        }
      />
      <NativeSelect
        size="xs"
        label={t("repeat.unit")}
        disabled={disabled}
        data={units.map((unit) => ({
          value: unit,
          label: t(`repeat.unit_${unit.toLowerCase()}`, { count: rule.interval }),
        }))}
        value={rule.frequency}
        onChange={(event) =>
          change({
            ...rule,
            frequency: event.currentTarget.value as Frequency,
            days: [],
            nth: undefined,
            monthDay: undefined,
          })
        }
      />
    </div>
  );
}

function Weekdays({ rule, change, disabled }: Part) {
  const toggle = (day: Weekday) =>
    change({ ...rule, days: rule.days.includes(day) ? rule.days.filter((one) => one !== day) : [...rule.days, day] });
  return (
    <fieldset className={classes.days}>
      <legend className="visually-hidden">{t("repeat.on_days")}</legend>
      {weekdays.map((day) => (
        <button
          key={day}
          type="button"
          className={classes.day}
          aria-pressed={rule.days.includes(day)}
          aria-label={weekdayName(day)}
          disabled={disabled}
          onClick={() => toggle(day)}
        >
          {weekdayName(day, "short")}
        </button>
      ))}
    </fieldset>
  );
}

function DayOfMonth({ rule, change, disabled, day }: Part & { day: string }) {
  const { weekday, monthDay } = placeOf(day);
  const by = rule.nth !== undefined ? String(rule.nth) : rule.monthDay === -1 ? "end" : "day";
  const choose = (choice: string) => {
    const base = { ...rule, days: [], nth: undefined, monthDay: undefined };
    if (choice === "day" || choice === "end") {
      change({ ...base, monthDay: choice === "end" ? -1 : monthDay });
    } else {
      change({ ...base, nth: Number(choice), days: [rule.days[0] ?? weekday] });
    }
  };
  const nths = [1, 2, 3, 4, -1].map((one) => ({
    value: String(one),
    label: t(`repeat.nth_${one < 0 ? "last" : one}`),
  }));
  return (
    <div className={classes.line}>
      <NativeSelect
        size="xs"
        label={t("repeat.on")}
        disabled={disabled}
        value={by}
        data={[
          {
            value: "day",
            label: t("repeat.on_day", { day: rule.monthDay && rule.monthDay > 0 ? rule.monthDay : monthDay }),
          },
          { value: "end", label: t("repeat.on_last_day") },
          ...nths,
        ]}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {rule.nth !== undefined && (
        <NativeSelect
          size="xs"
          label={t("repeat.weekday")}
          disabled={disabled}
          value={rule.days[0]}
          data={weekdays.map((one) => ({ value: one, label: weekdayName(one) }))}
          onChange={(event) => change({ ...rule, days: [event.currentTarget.value as Weekday] })}
        />
      )}
    </div>
  );
}

function End({ rule, change, disabled }: Part) {
  const ends = rule.count !== undefined ? "count" : rule.until !== undefined ? "until" : "never";
  const choose = (choice: string) =>
    change({
      ...rule,
      count: choice === "count" ? 10 : undefined,
      until: choice === "until" ? `${Number(today().slice(0, 4)) + 1}${today().slice(4)}` : undefined,
    });
  return (
    <div className={classes.line}>
      <NativeSelect
        size="xs"
        label={t("repeat.ends")}
        disabled={disabled}
        value={ends}
        data={["never", "count", "until"].map((one) => ({ value: one, label: t(`repeat.ends_${one}`) }))}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {rule.count !== undefined && (
        <TextInput
          size="xs"
          type="number"
          min={1}
          max={9999}
          className={classes.number}
          label={t("repeat.times")}
          disabled={disabled}
          value={rule.count}
          onChange={(event) =>
            change({ ...rule, count: Math.min(9999, Math.max(1, Number(event.currentTarget.value) || 1)) })
          }
        />
      )}
      {rule.until !== undefined && (
        <TextInput
          size="xs"
          type="date"
          label={t("repeat.last_day")}
          disabled={disabled}
          max="9999-12-31"
          value={rule.until}
          onChange={(event) => event.currentTarget.value && change({ ...rule, until: event.currentTarget.value })}
        />
      )}
    </div>
  );
}

function RecurrenceEditor(props: EditorProps) {
  const value = asText(props.value);
  const day = firstDay(props.record);
  const rule = value ? readRule(value) : undefined;
  const bare = rule && writeRule({ ...rule, count: undefined, until: undefined });
  const usual = usualRules(day).map(writeRule);
  const shown = value === "" ? "" : bare !== undefined && usual.includes(bare) ? bare : rule ? "custom" : value;
  const set = (next: Rule) => props.onChange(writeRule(next));
  const choose = (choice: string) => {
    if (choice === "") {
      props.onChange(null);
    } else if (choice === "custom") {
      set({ frequency: "WEEKLY", interval: 2, days: [placeOf(day).weekday], count: rule?.count, until: rule?.until });
    } else {
      const chosen = readRule(choice);
      chosen ? set({ ...chosen, count: rule?.count, until: rule?.until }) : props.onChange(choice);
    }
  };
  const options = [
    { value: "", label: t("repeat.never") },
    ...usual.map((one) => ({ value: one, label: ruleInWords(one) })),
    ...(value && !rule ? [{ value, label: value }] : []),
    { value: "custom", label: t("repeat.custom") },
  ];
  const { required: _, ...input } = inputProps(props);
  const part = { change: set, disabled: props.disabled };
  return (
    <div className={classes.editor}>
      <NativeSelect {...input} value={shown} data={options} onChange={(event) => choose(event.currentTarget.value)} />
      {rule && props.variant !== "cell" && (
        <Input.Wrapper className={classes.parts}>
          {shown === "custom" && <Often rule={rule} {...part} />}
          {shown === "custom" && rule.frequency === "WEEKLY" && <Weekdays rule={rule} {...part} />}
          {shown === "custom" && rule.frequency === "MONTHLY" && <DayOfMonth rule={rule} day={day} {...part} />}
          <End rule={rule} {...part} />
        </Input.Wrapper>
      )}
    </div>
  );
}

export const recurrence: FieldKind = {
  ...text,
  Display: RecurrenceDisplay,
  Editor: RecurrenceEditor,
  width: 200,
  sortable: false,
};
