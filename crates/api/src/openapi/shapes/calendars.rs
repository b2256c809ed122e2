//! Shapes of calendars: feeds, files, series, free and busy times.

use serde_json::{Map, Value as Json, json};

use super::{add, count, id, instant, list, maybe, object, reference, text, truth};

/// Calendars here and elsewhere.
pub(super) fn add_all(all: &mut Map<String, Json>) {
    let feed = [("on", truth()), ("tasks", text()), ("created_at", maybe())];
    add(all, "CalendarFeed", &feed);
    let [on, tasks, created_at] = feed;
    add(all, "CalendarFeedMade", &[on, tasks, created_at, ("url", text())]);
    let ends = json!({ "type": ["string", "null"], "format": "date-time" });
    let times = [("id", id()), ("starts_at", instant()), ("ends_at", ends.clone())];
    add(all, "Occurrences", &[("occurrences", list(object(&times))), ("all", truth())]);
    add(all, "OccurrenceMove", &[("at", instant()), ("starts_at", instant()), ("ends_at?", ends)]);
    add(all, "OccurrenceMoved", &[("record", reference("Meeting")), ("batch", id())]);
    add(all, "CalendarFeedRequest", &[("tasks?", maybe())]);
    let left_out = object(&[("title", text()), ("reason", text())]);
    let counts = [("created", count()), ("updated", count()), ("unchanged", count())];
    let [created, updated, unchanged] = counts;
    let rest = [("left_out", list(left_out)), ("ids", list(id())), ("batch", id())];
    let [left_out, ids, batch] = rest;
    add(all, "CalendarTakenIn", &[created, updated, unchanged, left_out, ids, batch]);
    working_time(all);
}

/// Free and busy times, working hours, holidays.
fn working_time(all: &mut Map<String, Json>) {
    let times = || [("starts_at", instant()), ("ends_at", instant())];
    let meeting = json!({ "anyOf": [object(&[("id", id()), ("title", maybe())]), { "type": "null" }] });
    let busy = object(&[&times()[..], &[("meeting", meeting)]].concat());
    let date = json!({ "type": "string", "format": "date" });
    let calendar = json!({ "type": ["string", "null"], "format": "uuid" });
    let holidays = list(object(&[("date", date), ("name", text())]));
    let person = [("user", id()), ("busy", list(busy)), ("all", truth()), ("working", list(object(&times())))];
    let rest = [("holidays", holidays), ("time_zone", text()), ("calendar", calendar)];
    add(all, "FreeBusy", &[("people", list(object(&[&person[..], &rest[..]].concat())))]);
    let counts = [("added", count()), ("known", count()), ("left_out", count())];
    add(all, "HolidaysTakenIn", &[&counts[..], &[("batch", id())]].concat());
}
