/** A list as a calendar. */
import { useCallback, useMemo } from "react";
import { startCreate } from "../../app/shell/state";
import { createSavedStore } from "../../app/store";
import { today } from "../../i18n/format";
import { Calendar } from "../../ui/calendar/Calendar";
import { type Span, spans } from "../../ui/calendar/calendarKeys";
import { isDay } from "../../ui/calendar/days";
import { type Entry, instantAt } from "../../ui/calendar/layout";
import { isEditable, valueKind } from "../../ui/fields/registry";
import { joinFilters } from "../../ui/filters/model";
import { colourField, dateField, endField } from "../../ui/views/types";
import { type BodyProps, ownerField, withFields } from "./body";
import { Colleagues, useColleagues } from "./Colleagues";

const nine = 9 * 60;
const hour = 60;
const last_minute = 24 * 60 - 1;

/** How much was shown last, where the address does not say. */
const lastSpan = createSavedStore<Span>("rapport.calendar.span", "month");

/** What is one's own, where colleagues stand beside it. */
const mine = "(owner == me || organizer == me || me in colleagues)";
const mine_fields = ["owner", "organizer", "colleagues", "starts_at", "ends_at"];

function isSpan(text: string | undefined): text is Span {
  return spans.includes(text as Span);
}

export default function CalendarBody(props: BodyProps) {
  const { object, state, set, onTotal, phone } = props;
  const start = dateField(object, state.group);
  const known = lastSpan.use();
  const look = useMemo(() => {
    if (!start) {
      return undefined;
    }
    const allDay = object.fields.find((field) => field.name === "all_day" && valueKind(field) === "boolean");
    return { object, when: { start, end: endField(object, start), allDay }, colour: colourField(object) };
  }, [object, start]);
  const social =
    object.name === "meeting" &&
    start?.name === "starts_at" &&
    mine_fields.every((name) => object.fields.some((field) => field.name === name));
  const colleagues = useColleagues(social);
  const own = colleagues.length > 0;
  const query = useMemo(
    () =>
      withFields(own ? { ...props.query, filter: joinFilters(props.query.filter, mine) } : props.query, [
        look?.when.start.name,
        look?.when.end?.name,
        look?.when.allDay?.name,
        look?.colour?.name,
        object.fields.some((field) => field.name === "status") ? "status" : undefined,
        ownerField(object)?.name,
        "owner",
      ]),
    [props.query, look, object, own],
  );
  const total = useCallback((count: number, all: boolean) => onTotal({ count, exact: all }), [onTotal]);
  if (!start || !look) {
    return null;
  }
  const whole = (entry: Entry) => entry.series?.record ?? entry.record;
  const open = (entry: Entry) => props.onOpen(whole(entry), query, -1, 0);
  const create = (day: string, minutes = nine) => {
    if (valueKind(start) === "date") {
      startCreate(object.name, { [start.name]: day });
      return;
    }
    const { end } = look.when;
    const until = end && isEditable(end) ? { [end.name]: instantAt(day, Math.min(last_minute, minutes + hour)) } : {};
    startCreate(object.name, { [start.name]: instantAt(day, minutes), ...until });
  };
  return (
    <Calendar
      key={start.name}
      query={query}
      look={look}
      span={isSpan(state.span) ? state.span : phone ? "agenda" : known}
      day={isDay(state.day) ? state.day : today()}
      phone={phone}
      onGo={({ day, span }) => {
        if (span && !phone) {
          lastSpan.set(span);
        }
        set({ day, span });
      }}
      onTotal={total}
      onOpen={open}
      onPeek={phone ? open : (entry) => props.onPeek(whole(entry), query, -1)}
      onNew={object.can.create && isEditable(start) ? create : undefined}
      colleagues={social ? colleagues : undefined}
      chooser={social ? <Colleagues chosen={colleagues} /> : undefined}
    />
  );
}
