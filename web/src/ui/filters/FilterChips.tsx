/** The filter in words: one chip for each condition, with a way to take it out. */
import { IconX } from "@tabler/icons-react";
import { useTitle } from "../../api/titles";
import type { FieldValue, ObjectMeta } from "../../api/types";
import { findObject } from "../../app/query";
import { t } from "../../i18n";
import { kindOf, valueKind } from "../fields/registry";
import classes from "./chips.module.css";
import { type Condition, fieldAt, type Node, operatorsOf, tryReadFilter, writeFilter } from "./model";
import { asksForShared } from "./shared";

function ReferenceText({ object, id }: { object: string; id: string }) {
  return <>{useTitle(object, id)?.title ?? "…"}</>;
}

function ValueText({ object, node }: { object: ObjectMeta; node: Condition }) {
  const field = fieldAt(object, node.path, findObject);
  const operator = field && operatorsOf(field).find((entry) => entry.name === node.operator);
  if (!field || !operator || operator.operand === "none") {
    return null;
  }
  const kind = valueKind(field);
  const values = (Array.isArray(node.value) ? node.value : [node.value]) as FieldValue[];
  if (countsDays(node)) {
    return <b>{t(`filter.${node.operator}`, { count: Number(node.value) })}</b>;
  }
  const join = operator.operand === "range" ? " – " : ", ";
  return (
    <b>
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: values of one condition never move
        <span key={index}>
          {index > 0 && join}
          {kind === "reference" || kind === "user" || kind === "references" ? (
            <ReferenceText object={kind === "user" ? "user" : (field.target ?? "")} id={String(value)} />
          ) : field.options?.some((option) => option.value === value) ? (
            field.options.find((option) => option.value === value)?.label
          ) : typeof value === "object" || operator.operand === "text" || kind === "money" ? (
            String(value)
          ) : (
            kindOf(field).toText(
              kind === "multi_select" ? { ...field, kind: "select" } : field,
              kind === "multi_select" && value ? [value as string] : value,
            )
          )}
        </span>
      ))}
    </b>
  );
}

/** "in the last 7 days": operator and value are one phrase. */
function countsDays(node: Condition): boolean {
  return node.operator === "last_days" || node.operator === "next_days";
}

function NodeText({ object, node }: { object: ObjectMeta; node: Node }) {
  if (node.type === "expression") {
    return asksForShared(node) ? t("filter.shared") : <code>{node.source}</code>;
  }
  if (node.type === "group") {
    return <>{t(node.join === "all" ? "filter.all_of" : "filter.any_of", { count: node.items.length })}</>;
  }
  const label = node.path
    .split(".")
    .map((_, index, steps) => fieldAt(object, steps.slice(0, index + 1).join("."), findObject)?.label)
    .join(" › ");
  return (
    <>
      {label} {!countsDays(node) && <span className="dimmed">{t(`operator.${node.operator}`)}</span>}{" "}
      <ValueText object={object} node={node} />
    </>
  );
}

export function FilterChips({
  object,
  filter,
  onChange,
  onOpen,
}: {
  object: ObjectMeta;
  filter: string;
  onChange: (filter: string) => void;
  onOpen: () => void;
}) {
  const group = tryReadFilter(filter, object, findObject);
  const nodes: Node[] = group
    ? group.join === "all"
      ? group.items
      : [group]
    : [{ type: "expression", source: filter }];
  const remove = (index: number) => {
    const items = nodes.filter((_, at) => at !== index);
    onChange(writeFilter({ type: "group", join: "all", items }, object, findObject));
  };
  return (
    <>
      {nodes.map((node, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: chips are drawn anew from the filter text
        <span key={index} className={classes.chip}>
          <button type="button" className={classes.text} onClick={onOpen}>
            <NodeText object={object} node={node} />
          </button>
          <button
            type="button"
            className={classes.remove}
            aria-label={t("filter.remove")}
            onClick={() => remove(index)}
          >
            <IconX size={12} />
          </button>
        </span>
      ))}
    </>
  );
}
