/** The filter builder: conditions in nested groups of "all" and "any", read from CEL and written back to it as they are made. */
import { NumberInput, Select, TextInput } from "@mantine/core";
import { IconBraces, IconPlus, IconTrash } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { Field, FieldValue, ObjectMeta } from "../../api/types";
import { findObject } from "../../app/query";
import { t } from "../../i18n";
import { FieldEditor } from "../fields/Field";
import type { Operator } from "../fields/operators";
import { valueKind } from "../fields/registry";
import classes from "./filters.module.css";
import {
  type Condition,
  type Expression,
  emptyGroup,
  fieldAt,
  type Group,
  isFilterable,
  type Node,
  operatorsOf,
} from "./model";

interface PartProps<T extends Node> {
  object: ObjectMeta;
  node: T;
  onChange: (node: T) => void;
  onRemove: () => void;
}

/** Every field that can be asked about: the object's own, then those of what it refers to. */
function fieldChoices(object: ObjectMeta): { group: string; items: { value: string; label: string }[] }[] {
  const own = object.fields.filter(isFilterable).map((field) => ({ value: field.name, label: field.label }));
  const over = object.fields
    .filter((field) => !field.hidden && (field.kind === "reference" || field.kind === "user"))
    .map((field) => {
      const target = findObject(field.kind === "user" ? "user" : (field.target ?? ""));
      const items = (target?.fields ?? [])
        .filter((entry) => isFilterable(entry) && !entry.system)
        .map((entry) => ({ value: `${field.name}.${entry.name}`, label: `${field.label} › ${entry.label}` }));
      return { group: field.label, items };
    });
  return [{ group: object.label, items: own }, ...over.filter((entry) => entry.items.length > 0)];
}

/** The field whose editor enters an operand: amounts are plain numbers, "any of" takes several. */
function operandField(field: Field, operator: Operator): Field {
  const kind = valueKind(field);
  const plain = { ...field, required: false, help: undefined, kind };
  if (operator.operand === "values") {
    if (kind === "reference" || kind === "user") {
      return { ...plain, kind: "references", target: kind === "user" ? "user" : field.target };
    }
    return { ...plain, kind: "multi_select", open: field.open || !field.options?.length };
  }
  if (kind === "money") {
    return { ...plain, kind: "decimal" };
  }
  if (kind === "multi_select") {
    return { ...plain, kind: field.options?.length ? "select" : "text" };
  }
  return kind === "references" ? { ...plain, kind: "reference" } : plain;
}

function Operand({
  field,
  operator,
  node,
  onChange,
}: {
  field: Field;
  operator: Operator;
  node: Condition;
  onChange: (node: Condition) => void;
}) {
  const set = (value: Condition["value"]) => onChange({ ...node, value });
  const list = Array.isArray(node.value) ? (node.value as FieldValue[]) : [];
  const editor = operandField(field, operator);
  switch (operator.operand) {
    case "none":
      return null;
    case "text":
      return (
        <TextInput
          size="xs"
          aria-label={t("filter.value")}
          value={String(node.value ?? "")}
          onChange={(event) => set(event.currentTarget.value)}
          className={classes.operand}
        />
      );
    case "days":
      return (
        <NumberInput
          size="xs"
          min={0}
          allowDecimal={false}
          suffix={` ${t("filter.days")}`}
          aria-label={t("filter.days")}
          value={typeof node.value === "number" ? node.value : ""}
          onChange={(value) => set(typeof value === "number" ? value : null)}
          className={classes.operand}
        />
      );
    case "range":
      return (
        <div className={classes.range}>
          {[0, 1].map((end) => (
            <FieldEditor
              key={end}
              field={{ ...editor, label: t(end === 0 ? "filter.from" : "filter.to") }}
              variant="inline"
              value={list[end]}
              onChange={(value) => set(end === 0 ? [value, list[1]] : [list[0], value])}
            />
          ))}
        </div>
      );
    default:
      return (
        <div className={classes.operand}>
          <FieldEditor
            field={{ ...editor, label: t("filter.value") }}
            variant="inline"
            value={node.value as FieldValue}
            onChange={set}
            onCommit={set}
          />
        </div>
      );
  }
}

function ConditionRow({ object, node, onChange, onRemove }: PartProps<Condition>) {
  const field = fieldAt(object, node.path, findObject);
  const operators = field ? operatorsOf(field) : [];
  const operator = operators.find((entry) => entry.name === node.operator) ?? operators[0];
  const chooseField = (path: string | null) => {
    const next = path && fieldAt(object, path, findObject);
    if (path && next) {
      onChange({ type: "condition", path, operator: operatorsOf(next)[0]?.name ?? "", value: null });
    }
  };
  const chooseOperator = (name: string | null) => {
    const next = operators.find((entry) => entry.name === name);
    if (next) {
      onChange({ ...node, operator: next.name, value: next.operand === operator?.operand ? node.value : null });
    }
  };
  return (
    <div className={classes.condition}>
      <Select
        size="xs"
        searchable
        onClick={(event) => event.currentTarget.select()}
        aria-label={t("filter.field")}
        className={classes.field}
        data={fieldChoices(object)}
        value={node.path}
        onChange={chooseField}
        allowDeselect={false}
        maxDropdownHeight={320}
      />
      <Select
        size="xs"
        aria-label={t("filter.operator")}
        className={classes.operator}
        data={operators.map((entry) => ({ value: entry.name, label: t(`operator.${entry.name}`) }))}
        value={operator?.name ?? null}
        onChange={chooseOperator}
        allowDeselect={false}
      />
      {field && operator && <Operand field={field} operator={operator} node={node} onChange={onChange} />}
      <RemoveButton onRemove={onRemove} />
    </div>
  );
}

function RemoveButton({ onRemove }: { onRemove: () => void }) {
  return (
    <button type="button" className="tool" data-icon aria-label={t("filter.remove")} onClick={onRemove}>
      <IconTrash size={14} />
    </button>
  );
}

function ExpressionRow({ node, onChange, onRemove }: PartProps<Expression>) {
  return (
    <div className={classes.condition}>
      <TextInput
        size="xs"
        aria-label={t("filter.expression")}
        leftSection={<IconBraces size={14} />}
        className={classes.expression}
        value={node.source}
        onChange={(event) => onChange({ ...node, source: event.currentTarget.value })}
      />
      <RemoveButton onRemove={onRemove} />
    </div>
  );
}

interface GroupProps {
  object: ObjectMeta;
  group: Group;
  onChange: (group: Group) => void;
  onRemove?: () => void;
  depth: number;
}

const depth_max = 4;
let made = 0;
const keysOf = new WeakMap<Node, number>();
/** A stable key for a part that is replaced by a changed copy of itself. */
function keep(before: Node | undefined, after: Node): Node {
  const known = before && keysOf.get(before);
  keysOf.set(after, known ?? ++made);
  return after;
}
function keyOf(node: Node): number {
  if (!keysOf.has(node)) {
    keysOf.set(node, ++made);
  }
  return keysOf.get(node) ?? 0;
}

function GroupBox({ object, group, onChange, onRemove, depth }: GroupProps) {
  const name = useId();
  const put = (index: number, node: Node) =>
    onChange({ ...group, items: group.items.map((item, at) => (at === index ? keep(item, node) : item)) });
  const remove = (index: number) => onChange({ ...group, items: group.items.filter((_, at) => at !== index) });
  const add = (node: Node) => onChange({ ...group, items: [...group.items, node] });
  const first =
    object.fields.find((field) => field.name === object.title && isFilterable(field)) ??
    object.fields.find(isFilterable);
  const blank = (): Condition => ({
    type: "condition",
    path: first?.name ?? "",
    operator: first ? (operatorsOf(first)[0]?.name ?? "") : "",
    value: null,
  });
  const part = (node: Node, index: number) => {
    const common = { object, onRemove: () => remove(index), onChange: (next: Node) => put(index, next) };
    if (node.type === "group") {
      return (
        <GroupBox
          object={object}
          group={node}
          onChange={(next) => put(index, next)}
          onRemove={() => remove(index)}
          depth={depth + 1}
        />
      );
    }
    return node.type === "condition" ? (
      <ConditionRow {...common} node={node} />
    ) : (
      <ExpressionRow {...common} node={node} />
    );
  };
  return (
    <fieldset className={classes.group} data-depth={depth}>
      <legend className="visually-hidden">{t("filter.group")}</legend>
      {(group.items.length > 1 || depth > 0) && (
        <div className={classes.join}>
          {(["all", "any"] as const).map((join) => (
            <label key={join} className={classes.joinChoice}>
              <input
                type="radio"
                name={name}
                checked={group.join === join}
                onChange={() => onChange({ ...group, join })}
              />
              <span>{t(`filter.join_${join}`)}</span>
            </label>
          ))}
          {onRemove && <RemoveButton onRemove={onRemove} />}
        </div>
      )}
      {group.items.map((node, index) => (
        <div key={keyOf(node)}>{part(node, index)}</div>
      ))}
      <div className={classes.adding}>
        <button type="button" className="tool" onClick={() => add(blank())}>
          <IconPlus size={14} /> {t("filter.add_condition")}
        </button>
        {depth < depth_max && (
          <button
            type="button"
            className="tool"
            onClick={() => add({ ...emptyGroup(), join: group.join === "all" ? "any" : "all", items: [blank()] })}
          >
            <IconPlus size={14} /> {t("filter.add_group")}
          </button>
        )}
      </div>
    </fieldset>
  );
}

export function FilterBuilder({
  object,
  group,
  onChange,
}: {
  object: ObjectMeta;
  group: Group;
  onChange: (group: Group) => void;
}) {
  // A condition that is not complete yet stays here while the written filter leaves it out.
  const [shown, setShown] = useState(group);
  const change = (next: Group) => {
    setShown(next);
    onChange(next);
  };
  return <GroupBox object={object} group={shown} onChange={change} depth={0} />;
}
