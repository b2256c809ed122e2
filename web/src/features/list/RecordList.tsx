/** One list with everything around it, whichever shape it takes. */
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from "react";
import type { ObjectMeta, RapportRecord, Total } from "../../api/types";
import { recordAddress } from "../../app/navigation";
import { startWalk } from "../../app/walk";
import { joinFilters } from "../../ui/filters/model";
import { gridColumns, includesOf, orderOf } from "../../ui/grid/columns";
import type { ListQuery } from "../../ui/grid/rows";
import { nothing, type Selection, selectedCount } from "../../ui/grid/selection";
import { ActionBar } from "./ActionBar";
import type { BodyProps } from "./body";
import { ListHeader } from "./ListHeader";
import classes from "./list.module.css";
import { Peek } from "./Peek";
import { wordsFilter } from "./quick";
import { type ListState, useListState } from "./state";
import { TableBody } from "./TableBody";
import { Toolbar } from "./Toolbar";

const BoardBody = lazy(() => import("./BoardBody"));
const CalendarBody = lazy(() => import("./CalendarBody"));
const MapBody = lazy(() => import("./MapBody"));
const TimelineBody = lazy(() => import("./TimelineBody"));

const bodies = { table: TableBody, board: BoardBody, calendar: CalendarBody, timeline: TimelineBody, map: MapBody };

/** What is asked of the server for the present state of the list. */
function useListQuery(
  object: ObjectMeta,
  state: ListState,
): { query: ListQuery; columns: ReturnType<typeof gridColumns> } {
  return useMemo(() => {
    const columns = gridColumns(object, state.columns);
    const names = new Set([object.title, "version", ...columns.map((column) => column.field.name)]);
    const filter = joinFilters(state.filter, wordsFilter(object, state.words));
    const query = {
      object,
      filter,
      sort: orderOf(object, state.sort),
      fields: [...names],
      include: includesOf(columns),
      deleted: state.deleted,
    };
    return { query, columns };
  }, [object, state.columns, state.filter, state.sort, state.words, state.deleted]);
}

/** The list that the peeked record stands in. */
interface Place {
  list: ListQuery;
  index: number;
}

export function RecordList({ object, phone }: { object: ObjectMeta; phone: boolean }) {
  const [state, set] = useListState(object);
  const { query, columns } = useListQuery(object, state);
  const [total, setTotal] = useState<Total>({ count: 0, exact: true });
  const [selection, setSelection] = useState<Selection>(nothing);
  const [filterField, setFilterField] = useState<string | undefined>();
  const [filterOpen, setFilterOpen] = useState(false);
  const navigate = useNavigate();
  const place = useRef<Place | null>(null);

  // Another filter makes another list: what was selected in the old one is forgotten.
  const [selectedIn, setSelectedIn] = useState(query.filter);
  if (selectedIn !== query.filter) {
    setSelectedIn(query.filter);
    setSelection(nothing);
  }

  const open = (record: RapportRecord, list: ListQuery, index: number, count: number) => {
    startWalk(list, index, count);
    void navigate({ to: recordAddress(object, record.id) });
  };
  const openFilter = useCallback((next: boolean) => {
    setFilterOpen(next);
    setFilterField(undefined);
  }, []);
  const Body = bodies[state.type];
  const props: BodyProps = {
    object,
    state,
    set,
    query,
    columns,
    phone,
    selection,
    onSelection: setSelection,
    onTotal: setTotal,
    onOpen: open,
    onPeek: (record, list, index) => {
      place.current = { list, index };
      set({ peek: record?.id ?? null });
    },
    onFilterBy: (field) => {
      setFilterField(field);
      setFilterOpen(true);
    },
  };
  const chosen = selectedCount(selection, total.count);
  return (
    <>
      <ListHeader object={object} state={state} set={set} />
      <Toolbar
        object={object}
        state={state}
        set={set}
        query={query}
        filterOpen={filterOpen}
        filterField={filterField}
        onFilterOpen={openFilter}
        phone={phone}
      />
      <div className={classes.split}>
        <div className={classes.list}>
          <Suspense>
            <Body {...props} />
          </Suspense>
          {chosen > 0 && (state.type === "table" || state.type === "board") && (
            <ActionBar
              object={object}
              selection={selection}
              filter={query.filter}
              total={total}
              deleted={state.deleted}
              onSelection={setSelection}
            />
          )}
        </div>
        {state.peek && !phone && (
          <Peek
            object={object}
            id={state.peek}
            onClose={() => set({ peek: null })}
            onOpen={(record) => open(record, place.current?.list ?? query, place.current?.index ?? 0, total.count)}
          />
        )}
      </div>
    </>
  );
}
