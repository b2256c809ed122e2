/** One list with everything around it. */
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState } from "react";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { PageError } from "../../app/errors";
import { recordAddress } from "../../app/navigation";
import { startCreate } from "../../app/shell/state";
import { createSavedStore } from "../../app/store";
import { startWalk } from "../../app/walk";
import { t } from "../../i18n";
import { Empty } from "../../ui/empty/Empty";
import { joinFilters } from "../../ui/filters/model";
import { Cards } from "../../ui/grid/Cards";
import type { CellChange } from "../../ui/grid/cells";
import { gridColumns, includesOf, orderOf, readSort, writeSort } from "../../ui/grid/columns";
import { Grid } from "../../ui/grid/Grid";
import { type ListQuery, useRows } from "../../ui/grid/rows";
import { nothing, type Selection, selectedCount } from "../../ui/grid/selection";
import { iconOf } from "../../ui/icons";
import { ActionBar } from "./ActionBar";
import { saveCells } from "./cellWrites";
import { useFigures } from "./figures";
import { ListHeader } from "./ListHeader";
import classes from "./list.module.css";
import { loadRows } from "./load";
import { Peek } from "./Peek";
import { wordsFilter } from "./quick";
import { type ListState, useListState } from "./state";
import { Toolbar } from "./Toolbar";

export const density = createSavedStore<"compact" | "comfortable">("rapport.list.density", "compact");

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

function EmptyList({ object, state, onClear }: { object: ObjectMeta; state: ListState; onClear: () => void }) {
  const names = { object: object.label, objects: object.label_plural };
  if (state.deleted) {
    return <Empty icon={iconOf(object)} title={t("list.bin_empty")} text={t("list.bin_text")} />;
  }
  if (state.filter || state.words) {
    return (
      <Empty
        icon={iconOf(object)}
        title={t("list.no_match")}
        text={t("list.no_match_text", names)}
        action={{ label: t("filter.clear"), run: onClear }}
      />
    );
  }
  return (
    <Empty
      icon={iconOf(object)}
      title={t("list.empty", names)}
      text={object.description ?? t("list.empty_text", names)}
      action={
        object.can.create ? { label: t("command.create", names), run: () => startCreate(object.name) } : undefined
      }
      secondary={object.can.import ? { label: t("list.import"), href: "/imports" } : undefined}
    />
  );
}

export function RecordList({ object, phone }: { object: ObjectMeta; phone: boolean }) {
  const [state, set] = useListState(object);
  const { query, columns } = useListQuery(object, state);
  const rows = useRows(query);
  const [selection, setSelection] = useState<Selection>(nothing);
  const [filterField, setFilterField] = useState<string | undefined>();
  const [filterOpen, setFilterOpen] = useState(false);
  const figures = useFigures(query, columns, rows.count > 0);
  const navigate = useNavigate();
  const chosenDensity = density.use();
  const peekIndex = useRef(0);

  // Another filter makes another list: what was selected in the old one is forgotten.
  const [selectedIn, setSelectedIn] = useState(query.filter);
  if (selectedIn !== query.filter) {
    setSelectedIn(query.filter);
    setSelection(nothing);
  }

  const open = (record: RapportRecord, index: number) => {
    startWalk(query, index, rows.count);
    void navigate({ to: recordAddress(object, record.id) });
  };
  const sortBy = (field: string, descending: boolean | null) => {
    const others = readSort(state.sort).filter((key) => key.field !== field);
    set({ sort: writeSort(descending === null ? others : [{ field, descending }]) });
  };
  const openFilter = useCallback((next: boolean) => {
    setFilterOpen(next);
    setFilterField(undefined);
  }, []);
  const clear = () => set({ filter: "", words: "" });
  const peek = (record: RapportRecord | null, index: number) => {
    peekIndex.current = index;
    set({ peek: record?.id ?? null });
  };
  const common = {
    object,
    label: object.label_plural,
    columns,
    count: rows.count,
    get: rows.get,
    busy: rows.busy,
    onRange: rows.ask,
    onOpen: open,
  };
  const body = () => {
    if (rows.error && rows.count === 0) {
      return <PageError error={rows.error} reset={rows.retry} />;
    }
    if (!rows.pending && rows.count === 0) {
      return <EmptyList object={object} state={state} onClear={clear} />;
    }
    if (phone) {
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
        selection={selection}
        figures={figures}
        onSelection={setSelection}
        onSort={sortBy}
        onColumns={(next) => set({ columns: next })}
        onFilter={(field) => {
          setFilterField(field);
          setFilterOpen(true);
        }}
        onChange={(changes: CellChange[]) => void saveCells(object, changes)}
        onPeek={peek}
        peeking={state.peek !== undefined}
      />
    );
  };
  const chosen = selectedCount(selection, rows.count);
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
          {body()}
          {chosen > 0 && (
            <ActionBar
              object={object}
              selection={selection}
              filter={query.filter}
              total={rows.total}
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
            onOpen={(record) => open(record, peekIndex.current)}
          />
        )}
      </div>
    </>
  );
}
