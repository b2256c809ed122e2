//! Meetings and tasks as events and to-dos of a calendar.

use std::collections::HashMap;

use engine::Workspace;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::{Actor, Problem, Record, Value};
use serde_json::Value as Json;
use store::{Error, Pending, Tx};
use uuid::Uuid;

use super::line::{Lines, escape, quoted};
use super::take_in::OWN;
use super::zone;
use crate::recurrence::Rule;

/// Who wrote the file, as calendars are told.
const PRODUCT: &str = "-//Rapport//Rapport CRM//EN";
/// A day, in microseconds.
const DAY_US: i64 = 86_400_000_000;
/// How long a meeting takes that does not say.
pub(super) const HOUR_US: i64 = 3_600_000_000;

/// What a calendar is to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Show it.
    Publish,
    /// Ask the attendees to come.
    Request,
}

/// Names and addresses of the people and users that records name, as far as the actor may see them.
#[derive(Debug, Default)]
pub(super) struct Who {
    known: HashMap<Uuid, (String, String)>,
}

impl Who {
    /// Looks up everybody that these meetings name.
    pub(super) fn load(workspace: &Workspace, tx: &mut Tx, actor: &Actor, meetings: &[Record]) -> Result<Self, Error> {
        let mut who = Self::default();
        for (object, fields) in [("person", &["attendees"][..]), ("user", &["colleagues", "organizer", "owner"][..])] {
            let mut ids: Vec<Uuid> = meetings
                .iter()
                .flat_map(|meeting| fields.iter().flat_map(|field| ids_of(meeting.get(field))))
                .collect();
            ids.sort_unstable();
            ids.dedup();
            let title = workspace.schema().find_object(object).map(|object| object.title.clone()).unwrap_or_default();
            for slice in ids.chunks(500) {
                let records = match workspace.visible_many(tx, actor, object, slice) {
                    Ok(records) => records,
                    Err(Error::Problem(_)) => break,
                    Err(error) => return Err(error),
                };
                for record in records {
                    let name = record.get(&title).as_text().unwrap_or_default().to_owned();
                    who.known.insert(record.id, (name, address_of(&record)));
                }
            }
        }
        Ok(who)
    }

    fn line(&self, lines: &mut Lines, property: &str, params: &str, id: Uuid) {
        let Some((name, address)) = self.known.get(&id) else { return };
        attendee(lines, property, params, name, address);
    }
}

/// `ATTENDEE` and `ORGANIZER`; somebody without an address is named all the same.
fn attendee(lines: &mut Lines, property: &str, params: &str, name: &str, address: &str) {
    let name = if name.is_empty() { address } else { name };
    let mail = if address.is_empty() { "invalid:nomail".to_owned() } else { format!("mailto:{address}") };
    lines.push(&format!("{property};CN={}{params}", quoted(name)), &mail);
}

fn address_of(record: &Record) -> String {
    let address = match record.get("emails").as_json().and_then(Json::as_array).and_then(|list| list.first()) {
        Some(first) => first.get("value").and_then(Json::as_str),
        None => record.get("email").as_text(),
    };
    address
        .filter(|address| address.contains('@') && !address.contains(['\r', '\n', ' ']))
        .unwrap_or_default()
        .to_owned()
}

pub(super) fn ids_of(value: &Value) -> Vec<Uuid> {
    match value {
        Value::Id(id) => vec![*id],
        Value::Json(json) => {
            let ids = json.as_array().into_iter().flatten().filter_map(Json::as_str);
            ids.filter_map(|id| Uuid::try_parse(id).ok()).collect()
        }
        _ => Vec::new(),
    }
}

/// One meeting as a file.
///
/// # Errors
/// Not found, also when the actor may not see it; a meeting without a start.
pub fn meeting_file(workspace: &Workspace, actor: &Actor, id: Uuid, method: Method) -> Pending<String> {
    let (ws, actor) = (workspace.clone(), actor.clone());
    workspace.store().read(move |tx| {
        let found = ws.visible_many(tx, &actor, "meeting", &[id])?;
        let who = Who::load(&ws, tx, &actor, &found)?;
        let meeting = found.first().ok_or_else(|| Problem::not_found("meeting"))?;
        let zone = zone_of(&ws, tx, meeting)?;
        let cancelled = meeting.get("status").as_text() == Some("cancelled");
        let mut lines = Lines::default();
        begin(
            &mut lines,
            match method {
                Method::Publish => "PUBLISH",
                Method::Request if cancelled => "CANCEL",
                Method::Request => "REQUEST",
            },
        );
        if !meeting.get("recurrence").is_missing() {
            let first = Timestamp::from_microsecond(starts(meeting).unwrap_or_default()).unwrap_or_default();
            zone::write(&mut lines, &zone.0, &zone.1, first);
        }
        write_meeting(&mut lines, meeting, &who, &zone)?;
        lines.push("END", "VCALENDAR");
        Ok(lines.into_text())
    })
}

pub(super) fn begin(lines: &mut Lines, method: &str) {
    lines.push("BEGIN", "VCALENDAR");
    lines.push("VERSION", "2.0");
    lines.push("PRODID", PRODUCT);
    lines.push("CALSCALE", "GREGORIAN");
    lines.push("METHOD", method);
}

/// The time zone that a meeting lives in, with its name: that of its organiser or owner, else the company's.
pub(super) fn zone_of(workspace: &Workspace, tx: &mut Tx, meeting: &Record) -> Result<(String, TimeZone), Error> {
    let mut names = Vec::new();
    let schema = workspace.schema();
    for id in ["organizer", "owner"].iter().filter_map(|field| meeting.get(field).as_id()) {
        if let Some(object) = schema.find_object("user")
            && let Some(user) = tx.find(object, id)?
            && let Some(name) = user.get("time_zone").as_text()
        {
            names.push(name.to_owned());
        }
    }
    names.push(workspace.settings().time_zone.clone());
    let known = names.into_iter().filter_map(|name| TimeZone::get(&name).ok().map(|zone| (name, zone))).next();
    Ok(known.unwrap_or_else(|| ("UTC".to_owned(), TimeZone::UTC)))
}

fn starts(meeting: &Record) -> Option<i64> {
    match meeting.get("starts_at") {
        Value::Instant(at) => Some(*at),
        _ => None,
    }
}

fn instant(record: &Record, field: &str) -> Option<i64> {
    match record.get(field) {
        Value::Instant(at) => Some(*at),
        _ => None,
    }
}

pub(super) fn write_meeting(
    lines: &mut Lines,
    meeting: &Record,
    who: &Who,
    zone: &(String, TimeZone),
) -> Result<(), Error> {
    let begins = starts(meeting).ok_or_else(|| Problem::not_found("meeting"))?;
    let ends = instant(meeting, "ends_at").filter(|end| *end >= begins);
    let all_day = meeting.get("all_day") == &Value::Bool(true);
    lines.push("BEGIN", "VEVENT");
    stamps(lines, meeting, meeting.get("ical_uid").as_text());
    if all_day {
        let day = |at: i64| Some(Timestamp::from_microsecond(at).ok()?.to_zoned(zone.1.clone()).date());
        let last = ends.map_or(begins, |end| if end > begins { end - 1 } else { end });
        if let (Some(first), Some(last)) = (day(begins), day(last)) {
            lines.push("DTSTART;VALUE=DATE", &first.strftime("%Y%m%d").to_string());
            let after = last.tomorrow().unwrap_or(last);
            lines.push("DTEND;VALUE=DATE", &after.strftime("%Y%m%d").to_string());
        }
    } else {
        let local = !meeting.get("recurrence").is_missing();
        time(lines, "DTSTART", begins, local.then_some(zone));
        time(lines, "DTEND", ends.unwrap_or(begins + HOUR_US), local.then_some(zone));
    }
    if let Some(rule) = meeting.get("recurrence").as_text().and_then(|text| Rule::parse(text).ok()) {
        lines.push("RRULE", &rule.calendar_text(&zone.1, all_day));
        for left_out in left_out(meeting) {
            let day = Timestamp::from_microsecond(left_out).map(|at| at.to_zoned(zone.1.clone()).date());
            match day {
                Ok(day) if all_day => lines.push("EXDATE;VALUE=DATE", &day.strftime("%Y%m%d").to_string()),
                _ => time(lines, "EXDATE", left_out, Some(zone)),
            }
        }
    }
    lines.push_text("SUMMARY", meeting.get("title").as_text().unwrap_or_default());
    lines.push_text("LOCATION", meeting.get("location").as_text().unwrap_or_default());
    lines.push_text("DESCRIPTION", meeting.get("agenda").as_text().unwrap_or_default());
    if let Some(url) = meeting.get("join_url").as_json().and_then(|list| list.get(0)?.get("value")?.as_str()) {
        lines.push("URL", url);
    }
    let cancelled = meeting.get("status").as_text() == Some("cancelled");
    lines.push("STATUS", if cancelled { "CANCELLED" } else { "CONFIRMED" });
    write_who(lines, meeting, who);
    lines.push("END", "VEVENT");
    Ok(())
}

fn write_who(lines: &mut Lines, meeting: &Record, who: &Who) {
    if let Some(organizer) = meeting.get("organizer").as_id().or_else(|| meeting.get("owner").as_id()) {
        who.line(lines, "ORGANIZER", "", organizer);
    }
    let replies = meeting.get("replies").as_json();
    for id in ["attendees", "colleagues"].iter().flat_map(|field| ids_of(meeting.get(field))) {
        let reply = replies.and_then(|replies| replies.get(id.to_string())?.as_str());
        let state = match reply {
            Some("accepted") => "ACCEPTED",
            Some("declined") => "DECLINED",
            Some("tentative") => "TENTATIVE",
            _ => "NEEDS-ACTION",
        };
        who.line(lines, "ATTENDEE", &format!(";ROLE=REQ-PARTICIPANT;PARTSTAT={state};RSVP=TRUE"), id);
    }
    for guest in meeting.get("guests").as_json().and_then(Json::as_array).into_iter().flatten() {
        let text = |part: &str| guest.get(part).and_then(Json::as_str).unwrap_or_default();
        attendee(lines, "ATTENDEE", ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION", text("label"), text("value"));
    }
}

/// Id, number of the version, and when it was changed: equal records give equal text, whenever they are written.
fn stamps(lines: &mut Lines, record: &Record, uid: Option<&str>) {
    lines.push("UID", &escape(uid.unwrap_or(&format!("{}{OWN}", record.id))));
    let version = match record.get("version") {
        Value::Int(version) => *version,
        _ => 1,
    };
    let known = match record.get("ical_sequence") {
        Value::Int(sequence) => *sequence + 1,
        _ => 0,
    };
    lines.push("SEQUENCE", &(known + version - 1).to_string());
    let changed = instant(record, "updated_at").unwrap_or_default();
    if let Some(changed) = zone::utc(changed) {
        lines.push("DTSTAMP", &changed);
        lines.push("LAST-MODIFIED", &changed);
    }
    if let Some(created) = instant(record, "created_at").and_then(zone::utc) {
        lines.push("CREATED", &created);
    }
}

fn time(lines: &mut Lines, name: &str, at: i64, zone: Option<&(String, TimeZone)>) {
    match zone {
        Some((zone_name, zone)) => {
            if let Ok(at) = Timestamp::from_microsecond(at) {
                let local = zone::local(at.to_zoned(zone.clone()).datetime());
                lines.push(&format!("{name};TZID={zone_name}"), &local);
            }
        }
        None => zone::utc(at).into_iter().for_each(|text| lines.push(name, &text)),
    }
}

/// The times of a series at which it does not take place.
pub(super) fn left_out(meeting: &Record) -> Vec<i64> {
    let list = meeting.get("recurs_except").as_json().and_then(Json::as_array);
    list.into_iter().flatten().filter_map(|at| model::value::instant_from_text(at.as_str()?)).collect()
}

/// How tasks stand in a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TasksAs {
    /// Not at all.
    Nothing,
    /// As to-dos, for calendars that have them.
    ToDos,
    /// As events of a whole day.
    Days,
}

impl TasksAs {
    /// Reads `none`, `todos` or `days`.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Nothing, Self::ToDos, Self::Days].into_iter().find(|choice| choice.name() == text)
    }

    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::ToDos => "todos",
            Self::Days => "days",
        }
    }
}

pub(super) fn write_task(lines: &mut Lines, task: &Record, choice: TasksAs, zone: &TimeZone) {
    let Some(due) = instant(task, "due_at").filter(|_| choice != TasksAs::Nothing) else { return };
    let kind = if choice == TasksAs::ToDos { "VTODO" } else { "VEVENT" };
    lines.push("BEGIN", kind);
    stamps(lines, task, None);
    lines.push_text("SUMMARY", task.get("title").as_text().unwrap_or_default());
    lines.push_text("DESCRIPTION", task.get("body").as_text().unwrap_or_default());
    if choice == TasksAs::ToDos {
        time(lines, "DUE", due, None);
        lines.push(
            "STATUS",
            if task.get("status").as_text() == Some("in_progress") { "IN-PROCESS" } else { "NEEDS-ACTION" },
        );
        let priority = match task.get("priority").as_text() {
            Some("urgent") => "1",
            Some("high") => "3",
            Some("low") => "9",
            _ => "5",
        };
        lines.push("PRIORITY", priority);
    } else if let Ok(at) = Timestamp::from_microsecond(due) {
        let day = at.to_zoned(zone.clone()).date();
        lines.push("DTSTART;VALUE=DATE", &day.strftime("%Y%m%d").to_string());
        let after = day.tomorrow().unwrap_or(day);
        lines.push("DTEND;VALUE=DATE", &after.strftime("%Y%m%d").to_string());
        lines.push("TRANSP", "TRANSPARENT");
    }
    if let Some(reminder) = instant(task, "reminder_at").filter(|at| *at <= due + 365 * DAY_US)
        && let Some(at) = zone::utc(reminder)
    {
        lines.push("BEGIN", "VALARM");
        lines.push("ACTION", "DISPLAY");
        lines.push_text("DESCRIPTION", task.get("title").as_text().unwrap_or_default());
        lines.push("TRIGGER;VALUE=DATE-TIME", &at);
        lines.push("END", "VALARM");
    }
    lines.push("END", kind);
}
