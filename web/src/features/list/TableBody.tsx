/** A list as a table; on a phone as cards. */
import { lazy, useEffect } from "react";
import type { RapportRecord } from "../../api/types";
import { PageError } from "../../app/errors";
import { Cards } from "../../ui/grid/Cards";
import type { CellChange } from "../../ui/grid/cells";
import { readSort, writeSort } from "../../ui/grid/columns";
import { Grid } from "../../ui/grid/Grid";
import { groupFields } from "../../ui/grid/groups";
import { useRows } from "../../ui/grid/rows";
import type { BodyProps } from "./body";
import { saveCells } from "./cellWrites";
import { density } from "./density";
import { EmptyList } from "./EmptyList";
import { useFigures } from "./figures";
import { loadRows } from "./load";

const GroupedBody = lazy(() => import("./GroupedBody"));

export function TableBody(props: BodyProps) {
  const { object, state } = props;
  const field = state.group ? groupFields(object.fields).find((entry) => entry.name === state.group) : undefined;
  return field && !state.deleted ? (
    <GroupedBody {...props} key={field.name} field={field} />
  ) : (
    <PlainTable {...props} />
  );
}

function PlainTable(props: BodyProps) {
  const { object, state, set, query, columns, onTotal } = props;
  const rows = useRows(query);
  const figures = useFigures(query, columns, rows.count > 0);
  const chosenDensity = density.use();
  const { count, exact } = rows.total;
  useEffect(() => onTotal({ count, exact }), [onTotal, count, exact]);
  const sortBy = (field: string, descending: boolean | null) => {
    const others = readSort(state.sort).filter((key) => key.field !== field);
    set({ sort: writeSort(descending === null ? others : [{ field, descending }]) });
  };
  const common = {
    object,
    label: object.label_plural,
    columns,
    count: rows.count,
    get: rows.get,
    busy: rows.busy,
    onRange: rows.ask,
    onOpen: (record: RapportRecord, index: number) => props.onOpen(record, query, index, rows.count),
  };
  if (rows.error && rows.count === 0) {
    return <PageError error={rows.error} reset={rows.retry} />;
  }
  if (!rows.pending && rows.count === 0) {
    return <EmptyList object={object} state={state} onClear={() => set({ filter: "", words: "" })} />;
  }
  if (props.phone) {
    return <Cards {...common} />;
  }
  return (
    <Grid
      {...common}
      count={rows.pending ? 30 : rows.count}
      exact={rows.total.exact}
      load={(from, to) => loadRows(query, from, to)}
      density={chosenDensity}
      sort={readSort(state.sort)}
      selection={props.selection}
      figures={figures}
      onSelection={props.onSelection}
      onSort={sortBy}
      onColumns={(next) => set({ columns: next })}
      onFilter={props.onFilterBy}
      onChange={(changes: CellChange[]) => void saveCells(object, changes)}
      onPeek={(record, index) => props.onPeek(record, query, index)}
      peeking={state.peek !== undefined}
    />
  );
}
