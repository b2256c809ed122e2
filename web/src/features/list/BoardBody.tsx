/** A list as a board. */
import { useCallback, useMemo } from "react";
import type { Field, ObjectMeta } from "../../api/types";
import { useBoot } from "../../app/query";
import { startCreate } from "../../app/shell/state";
import { Board } from "../../ui/board/Board";
import { valueKind } from "../../ui/fields/registry";
import { type GridColumn, isSummed, readSort, standardColumns, writeColumns } from "../../ui/grid/columns";
import { signal_fields } from "../../ui/signals";
import { laneField } from "../../ui/views/types";
import { type BodyProps, ownerField, withFields } from "./body";

/** Fields on a card: as usual, and where somebody chose them. */
const usual_max = 3;
const chosen_max = 8;

/** What is added up at the head of each lane: an amount of money, else a number that the list shows. */
function sumField(object: ObjectMeta, columns: GridColumn[]): Field | undefined {
  const shown = columns.map((column) => column.field).filter(isSummed);
  const money = (field: Field) => valueKind(field) === "money" && !field.hidden;
  return shown.find(money) ?? object.fields.find(money) ?? shown[0];
}

/** The amount of each record by how likely it is, where the object has one beside the amount that is added up. */
function weightedField(object: ObjectMeta, sum: Field): Field | undefined {
  return object.fields.find((field) => field.name === `weighted_${sum.name}` && !field.hidden);
}

/** How far a record is: on a card whatever the columns are. */
function steps(object: ObjectMeta): Field[] {
  return object.fields.filter((entry) => entry.format === "checklist" && !entry.hidden);
}

export default function BoardBody(props: BodyProps) {
  const { object, state, columns, onTotal } = props;
  const boot = useBoot();
  const field = laneField(object, state.group);
  const owner = ownerField(object);
  const chosen = writeColumns(state.columns) !== writeColumns(standardColumns(object));
  const query = useMemo(
    () =>
      withFields(props.query, [
        field?.name,
        object.subtitle,
        owner?.name,
        "owner",
        ...signal_fields,
        ...steps(object).map((entry) => entry.name),
        ...readSort(props.query.sort).map((key) => key.field),
      ]),
    [props.query, object, field, owner],
  );
  const look = useMemo(() => {
    const subtitle = object.fields.find((entry) => entry.name === object.subtitle);
    const taken = [object.title, object.subtitle, field?.name, owner?.name];
    const fields = columns.map((column) => column.field).filter((entry) => !taken.includes(entry.name));
    // What somebody chose stands there in their order; otherwise what matters most in a few lines.
    const money = chosen ? undefined : fields.find((entry) => valueKind(entry) === "money");
    const shown = [...new Set([...steps(object), ...(money ? [money] : []), ...fields])];
    const most = chosen ? chosen_max : usual_max;
    return { object, subtitle, fields: shown, most, owner: owner?.name === field?.name ? undefined : owner };
  }, [object, columns, field, owner, chosen]);
  const sum = sumField(object, columns);
  const total = useCallback((count: number) => onTotal({ count, exact: true }), [onTotal]);
  if (!field) {
    return null;
  }
  return (
    <Board
      key={field.name}
      object={object}
      query={query}
      field={field}
      look={look}
      sum={sum}
      weighted={sum && weightedField(object, sum)}
      currency={boot.workspace.base_currency}
      selection={props.selection}
      phone={props.phone}
      peeked={state.peek}
      onSelection={props.onSelection}
      onTotal={total}
      onOpen={props.onOpen}
      onPeek={props.phone ? undefined : (record) => props.onPeek(record, query, 0)}
      onNew={
        object.can.create
          ? (lane) => startCreate(object.name, lane.value === null ? undefined : { [field.name]: lane.value })
          : undefined
      }
    />
  );
}
