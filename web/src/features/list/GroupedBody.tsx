/** A list as a table in groups, each with its count and figures. */
import { useEffect } from "react";
import type { Field, RapportRecord } from "../../api/types";
import { PageError } from "../../app/errors";
import { t } from "../../i18n";
import { Cards } from "../../ui/grid/Cards";
import type { CellChange } from "../../ui/grid/cells";
import { readSort, writeSort } from "../../ui/grid/columns";
import { Grid } from "../../ui/grid/Grid";
import { isClosed, type TableGroup, toggled } from "../../ui/grid/groups";
import { useGroupedRows } from "../../ui/grid/useGroupedRows";
import type { BodyProps } from "./body";
import { saveCells } from "./cellWrites";
import { density } from "./density";
import { EmptyList } from "./EmptyList";
import { useFigures } from "./figures";
import classes from "./list.module.css";
import { useGroups } from "./useGroups";

export default function GroupedBody(props: BodyProps & { field: Field }) {
  const { object, state, set, query, columns, field, onTotal } = props;
  const { found, groups } = useGroups(query, columns, field);
  const rows = useGroupedRows(query, groups, state.closed);
  const records = groups.reduce((sum, group) => sum + group.count, 0);
  const exact = !found.hasNextPage;
  const figures = useFigures(query, columns, records > 0);
  const chosenDensity = density.use();
  useEffect(() => onTotal({ count: records, exact }), [onTotal, records, exact]);
  if (found.error && !found.data) {
    return <PageError error={found.error} reset={() => void found.refetch()} />;
  }
  if (found.data && groups.length === 0) {
    return <EmptyList object={object} state={state} onClear={() => set({ filter: "", words: "" })} />;
  }
  const common = {
    object,
    label: object.label_plural,
    columns,
    get: rows.get,
    busy: found.isPlaceholderData,
    onRange: rows.ask,
    onOpen: (record: RapportRecord, index: number) => {
      const place = rows.placeAt(index);
      props.onOpen(record, place?.query ?? query, place?.row ?? 0, place?.count ?? 0);
    },
    groups: {
      field,
      at: rows.headAt,
      rowOf: (index: number) => rows.placeAt(index)?.row ?? index,
      closed: (group: TableGroup) => isClosed(state.closed, group.key),
      toggle: (group: TableGroup) => set({ closed: toggled(state.closed, group.key) }),
    },
  };
  const more = found.hasNextPage && (
    <button
      type="button"
      className={`tool ${classes.moreGroups}`}
      disabled={found.isFetchingNextPage}
      onClick={() => void found.fetchNextPage()}
    >
      {t("grid.more_groups")}
    </button>
  );
  if (props.phone) {
    return (
      <>
        <Cards {...common} count={rows.count} />
        {more}
      </>
    );
  }
  return (
    <>
      <Grid
        {...common}
        count={found.data ? rows.count : 30}
        records={records}
        exact={exact}
        load={rows.load}
        density={chosenDensity}
        sort={readSort(state.sort)}
        selection={props.selection}
        figures={figures}
        onSelection={props.onSelection}
        onSort={(name, descending) => {
          const others = readSort(state.sort).filter((key) => key.field !== name);
          set({ sort: writeSort(descending === null ? others : [{ field: name, descending }]) });
        }}
        onColumns={(next) => set({ columns: next })}
        onFilter={props.onFilterBy}
        onChange={(changes: CellChange[]) => void saveCells(object, changes)}
        onPeek={(record, index) => {
          const place = rows.placeAt(index);
          props.onPeek(record, place?.query ?? query, place?.row ?? 0);
        }}
        peeking={state.peek !== undefined}
      />
      {more}
    </>
  );
}
