/** A list as a timeline: bars over days, in groups where one is chosen; what has no date lies beside. */
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Field, RapportRecord } from "../../api/types";
import { PageError } from "../../app/errors";
import { createSavedStore } from "../../app/store";
import { t } from "../../i18n";
import { today } from "../../i18n/format";
import { isDay } from "../../ui/calendar/days";
import type { CalendarLook } from "../../ui/calendar/parts";
import { joinFilters } from "../../ui/filters/model";
import { isZoom, type Zoom } from "../../ui/gantt/axis";
import { Gantt, type GanttProps } from "../../ui/gantt/Gantt";
import type { GridColumn } from "../../ui/grid/columns";
import { groupFields, isClosed, type TableGroup, toggled } from "../../ui/grid/groups";
import { type ListQuery, useRows } from "../../ui/grid/rows";
import { useGroupedRows } from "../../ui/grid/useGroupedRows";
import { barEnd, barStart, colourField } from "../../ui/views/types";
import { type BodyProps, ownerField, withFields } from "./body";
import { EmptyList } from "./EmptyList";
import classes from "./list.module.css";
import { useGroups } from "./useGroups";

/** How much was shown last, where the address does not say. */
const lastZoom = createSavedStore<Zoom>("rapport.timeline.zoom", "week");
const no_columns: GridColumn[] = [];

function useLook({ object, state }: BodyProps): CalendarLook | undefined {
  const { starts, ends } = state;
  return useMemo(() => {
    const start = barStart(object, starts);
    const when = start && { start, end: barEnd(object, start, ends), allDay: undefined };
    return when && { object, when, colour: colourField(object) };
  }, [object, starts, ends]);
}

/** The records that have a bar, and those that have none. */
function useQueries(props: BodyProps, look: CalendarLook) {
  const { object, state } = props;
  return useMemo(() => {
    const { start, end } = look.when;
    const named = withFields(props.query, [
      start.name,
      end?.name,
      look.colour?.name,
      object.fields.some((field) => field.name === "status") ? "status" : undefined,
      object.fields.find((field) => field.format === "recurrence")?.name,
      ownerField(object)?.name,
      "owner",
    ]);
    const dated = joinFilters(named.filter, `${start.name} != null`);
    return {
      dated: { ...named, filter: dated, sort: state.sort || start.name },
      undated: { ...named, filter: joinFilters(named.filter, `${start.name} == null`) },
    };
  }, [props.query, object, look, state.sort]);
}

type Common = Omit<GanttProps, "count" | "get" | "busy" | "onRange" | "onOpen" | "onPeek">;

interface ShapeProps {
  props: BodyProps;
  query: ListQuery;
  common: Common;
}

function nothing({ object, state, set }: BodyProps) {
  return <EmptyList object={object} state={state} onClear={() => set({ filter: "", words: "" })} />;
}

function PlainTimeline({ props, query, common }: ShapeProps) {
  const rows = useRows(query);
  const { onTotal } = props;
  const { count, exact } = rows.total;
  useEffect(() => onTotal({ count, exact }), [onTotal, count, exact]);
  if (rows.error && rows.count === 0) {
    return <PageError error={rows.error} reset={rows.retry} />;
  }
  if (!rows.pending && rows.count === 0 && common.undated.count === 0) {
    return nothing(props);
  }
  return (
    <Gantt
      {...common}
      count={rows.pending ? 20 : rows.count}
      get={rows.get}
      busy={rows.busy}
      onRange={rows.ask}
      onOpen={(record, index) => props.onOpen(record, query, index, rows.count)}
      onPeek={(record, index) =>
        props.phone ? props.onOpen(record, query, index, rows.count) : props.onPeek(record, query, index)
      }
    />
  );
}

function GroupedTimeline({ props, query, common, field }: ShapeProps & { field: Field }) {
  const { state, set, onTotal } = props;
  const { found, groups } = useGroups(query, no_columns, field);
  const rows = useGroupedRows(query, groups, state.closed);
  const records = groups.reduce((sum, group) => sum + group.count, 0);
  const exact = !found.hasNextPage;
  useEffect(() => onTotal({ count: records, exact }), [onTotal, records, exact]);
  if (found.error && !found.data) {
    return <PageError error={found.error} reset={() => void found.refetch()} />;
  }
  if (found.data && records === 0 && common.undated.count === 0) {
    return nothing(props);
  }
  const at = (index: number) => rows.placeAt(index) ?? { query, row: 0, count: 0 };
  const open = (record: RapportRecord, index: number) => {
    const place = at(index);
    props.onOpen(record, place.query, place.row, place.count);
  };
  return (
    <>
      <Gantt
        {...common}
        count={found.data ? rows.count : 20}
        get={rows.get}
        busy={found.isPlaceholderData}
        onRange={rows.ask}
        groups={{
          field,
          at: rows.headAt,
          rowOf: (index: number) => rows.placeAt(index)?.row ?? index,
          closed: (group: TableGroup) => isClosed(state.closed, group.key),
          toggle: (group: TableGroup) => set({ closed: toggled(state.closed, group.key) }),
        }}
        onOpen={open}
        onPeek={(record, index) =>
          props.phone ? open(record, index) : props.onPeek(record, at(index).query, at(index).row)
        }
      />
      {found.hasNextPage && (
        <button
          type="button"
          className={`tool ${classes.moreGroups}`}
          disabled={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t("grid.more_groups")}
        </button>
      )}
    </>
  );
}

export default function TimelineBody(props: BodyProps) {
  const look = useLook(props);
  return look ? <Timeline {...props} key={`${look.when.start.name} ${look.when.end?.name}`} look={look} /> : null;
}

function Timeline({ look, ...props }: BodyProps & { look: CalendarLook }) {
  const { object, state, set, phone } = props;
  const { dated, undated } = useQueries(props, look);
  const loose = useRows(undated);
  const [trayOpen, setTrayOpen] = useState(false);
  const known = lastZoom.use();
  const onGo = useCallback(
    ({ day, zoom }: { day?: string; zoom?: Zoom }) => {
      if (zoom) {
        lastZoom.set(zoom);
      }
      set({ day, span: zoom });
    },
    [set],
  );
  const field = groupFields(object.fields).find((entry) => entry.name === state.group);
  const common: Common = {
    look,
    label: object.label_plural,
    zoom: isZoom(state.span) ? state.span : known,
    day: isDay(state.day) ? state.day : today(),
    phone,
    undated: loose,
    trayOpen,
    onTray: setTrayOpen,
    onGo,
    onOpenUndated: (record, index) => props.onOpen(record, undated, index, loose.count),
  };
  return field ? (
    <GroupedTimeline key={field.name} props={props} query={dated} common={common} field={field} />
  ) : (
    <PlainTimeline props={props} query={dated} common={common} />
  );
}
