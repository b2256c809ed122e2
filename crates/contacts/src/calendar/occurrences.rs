//! The single times of meetings that repeat: those within a range, and one of them moved apart from the others.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use engine::{Batch, Edit, FieldRight, Plan, Query, Workspace};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::{Actor, Code, FieldProblem, Kind, Object, Patch, Problem, Record, Value, value};
use serde_json::Value as Json;
use store::{Error, Pending};
use uuid::Uuid;

use super::event::{left_out, zone_of};
use super::feed::all;
use crate::recurrence::Rule;

/// Most times of one series.
const OF_SERIES_MAX: usize = 366;
/// Most times in one answer.
const TIMES_MAX: usize = 2_000;
/// Most series looked at for one answer.
const SERIES_MAX: usize = 1_000;
/// A series is looked at no longer than this altogether: rules come from elsewhere.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest range, in microseconds.
const RANGE_MAX_US: i64 = 366 * 86_400_000_000;
/// A meeting that lasts longer shows only where it begins.
const LENGTH_MAX_US: i64 = 62 * 86_400_000_000;
/// What one time of a series has for itself.
const OWN: [&str; 7] =
    ["recurrence", "recurs_except", "ical_uid", "ical_sequence", "external_ids", "starts_at", "ends_at"];

/// One time of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The meeting that repeats.
    pub id: Uuid,
    /// When it begins, in microseconds.
    pub starts_at: i64,
    /// When it ends, if the meeting says so.
    pub ends_at: Option<i64>,
}

/// The times of series within a range.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Occurrences {
    /// Earlier ones first.
    pub list: Vec<Occurrence>,
    /// Whether there are no more than these.
    pub all: bool,
}

/// The times of the meetings of a condition that repeat, from `from` up to before `to`. Blocks.
///
/// # Errors
/// A range that is no range or too long; a condition that cannot be asked; a database that fails.
pub fn occurrences(
    workspace: &Workspace,
    actor: &Actor,
    filter: Option<&str>,
    window: (i64, i64),
) -> Result<Occurrences, Error> {
    check_range(window, RANGE_MAX_US, "A calendar shows at most 366 days at once.")?;
    let before = value::instant_to_text(window.1);
    let repeats = format!("recurrence != null && starts_at < timestamp('{before}')");
    let filter = filter.map_or(repeats.clone(), |filter| format!("({filter}) && {repeats}"));
    let query = Query {
        object: "meeting".to_owned(),
        filter: Some(filter),
        sort: Some("-starts_at".to_owned()),
        ..Query::default()
    };
    let mut series = all(workspace, actor, query, SERIES_MAX + 1)?;
    let is_all = series.len() <= SERIES_MAX;
    series.truncate(SERIES_MAX);
    let ws = workspace.clone();
    let zoned = workspace.store().read(move |tx| {
        series
            .into_iter()
            .map(|meeting| Ok((zone_of(&ws, tx, &meeting)?.1, meeting)))
            .collect::<Result<Vec<_>, Error>>()
    });
    let mut found = expand(&zoned.wait()?, window);
    found.all &= is_all;
    Ok(found)
}

pub(super) fn check_range(window: (i64, i64), most: i64, message: &str) -> Result<(), Problem> {
    let length = window.1.checked_sub(window.0).unwrap_or(i64::MAX);
    if (1..=most).contains(&length) {
        return Ok(());
    }
    let message = if length <= 0 { "The range ends before it begins." } else { message };
    let fault = FieldProblem { field: "to".to_owned(), code: "out_of_range".to_owned(), message: message.to_owned() };
    Err(Problem { fields: vec![fault], ..Problem::new(Code::BadRequest, message) })
}

/// The times of series, each in its time zone, that touch a range.
pub(super) fn expand(series: &[(TimeZone, Record)], window: (i64, i64)) -> Occurrences {
    let began = Instant::now();
    let mut found = Occurrences { list: Vec::new(), all: true };
    for (zone, meeting) in series {
        if began.elapsed() > PATIENCE {
            found.all = false;
            break;
        }
        let times = times_of(meeting, zone, window);
        found.all &= times.len() <= OF_SERIES_MAX;
        found.list.extend(times.into_iter().take(OF_SERIES_MAX));
    }
    found.list.sort_by_key(|one| (one.starts_at, one.id));
    found.all &= found.list.len() <= TIMES_MAX;
    found.list.truncate(TIMES_MAX);
    found
}

/// The times of one series in a range, one more than are shown when there are more.
fn times_of(meeting: &Record, zone: &TimeZone, (from, to): (i64, i64)) -> Vec<Occurrence> {
    let Some(rule) = meeting.get("recurrence").as_text().and_then(|text| Rule::parse(text).ok()) else {
        return Vec::new();
    };
    let Value::Instant(first) = *meeting.get("starts_at") else { return Vec::new() };
    let last = match meeting.get("ends_at") {
        Value::Instant(end) if *end >= first => Some(*end),
        _ => None,
    };
    // A time that began before the range may still reach into it; a change of the clock makes it an hour longer.
    let reach = last.map_or(0, |end| (end - first + 3_600_000_000).min(LENGTH_MAX_US));
    let except: BTreeSet<i64> = left_out(meeting).into_iter().collect();
    // Calendars count the start itself as the first time, also where the rule would leave it out.
    let own = (from - reach..to).contains(&first).then_some(first);
    let ruled = rule.between(first, zone, from - reach, to, OF_SERIES_MAX + 1 + except.len());
    let starts: BTreeSet<i64> = own.into_iter().chain(ruled).filter(|at| !except.contains(at)).collect();
    let ends_at = |at: i64| last.map(|end| same_length(at, first, end, zone));
    let times = starts.into_iter().map(|at| Occurrence { id: meeting.id, starts_at: at, ends_at: ends_at(at) });
    times
        .filter(|one| one.starts_at >= from || one.ends_at.is_some_and(|end| end > from))
        .take(OF_SERIES_MAX + 1)
        .collect()
}

/// The end of the time that begins at `at`: as long after it as `end` is after `first`, by the clock on the wall.
fn same_length(at: i64, first: i64, end: i64, zone: &TimeZone) -> i64 {
    let local = |at: i64| Some(Timestamp::from_microsecond(at).ok()?.to_zoned(zone.clone()).datetime());
    let moved = || -> Option<i64> {
        let end: DateTime = local(at)?.checked_add(local(first)?.duration_until(local(end)?)).ok()?;
        Some(end.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond())
    };
    moved().unwrap_or(at + (end - first)).max(at)
}

/// Moves one time of a series: the series leaves it out, and a meeting of its own takes place instead. One batch.
///
/// # Errors
/// Not found; the series has no such time; what the actor may not write; a database that fails.
pub fn move_occurrence(
    workspace: &Workspace,
    actor: &Actor,
    id: Uuid,
    at: i64,
    to: (i64, Option<i64>),
) -> Pending<(Uuid, Json)> {
    workspace.transact(actor, Plan::new("move one of a series"), move |batch| move_in(batch, id, at, to))
}

fn move_in(batch: &mut Batch<'_>, id: Uuid, at: i64, to: (i64, Option<i64>)) -> Result<Json, Error> {
    let object = batch.load_object("meeting")?;
    if !batch.seen(&object, &[id])?.contains(&id) {
        return Err(Problem::not_found("meeting").into());
    }
    let meeting = batch.tx().find(&object, id)?.ok_or_else(|| Problem::not_found("meeting"))?;
    batch.policy().check_create(&object)?;
    for field in ["starts_at", "ends_at", "recurrence"] {
        if batch.policy().field_right(&object, field) != FieldRight::Write {
            return Err(engine::Policy::field_refusal(field).into());
        }
    }
    let workspace = batch.workspace().clone();
    let zone = zone_of(&workspace, batch.tx(), &meeting)?.1;
    if !times_of(&meeting, &zone, (at, at + 1)).iter().any(|one| one.starts_at == at) {
        let message = "The series does not take place at this time. Load the calendar again.".to_owned();
        let fault = FieldProblem { field: "at".to_owned(), code: "bad_value".to_owned(), message };
        return Err(Problem::invalid(vec![fault]).into());
    }
    let mut except: BTreeSet<i64> = left_out(&meeting).into_iter().collect();
    except.insert(at);
    let except = except.into_iter().map(|at| Json::from(value::instant_to_text(at))).collect();
    let patch = Patch::from([("recurs_except".to_owned(), Value::json(Json::Array(except)))]);
    batch.update("meeting", Edit { id, patch, if_version: None })?;
    let single = single_of(&object, &meeting, to);
    // The program copies what the actor may not see of the meeting; whoever sees the series sees the copy.
    let made = batch.as_program("one of a series moved", |batch| batch.create("meeting", single))?;
    Ok(batch.visible(&object, made).to_json())
}

fn single_of(object: &Object, meeting: &Record, (starts_at, ends_at): (i64, Option<i64>)) -> Patch {
    let mut patch = Patch::new();
    for field in object.fields.iter().filter(|field| !field.hidden && !field.is_derived()) {
        let is_kept = !field.system || matches!(field.name.as_str(), "owner" | "team" | "tags");
        let is_alone = field.unique || field.kind == Kind::AutoNumber || OWN.contains(&field.name.as_str());
        if is_kept && !is_alone {
            patch.insert(field.name.clone(), meeting.get(&field.name).clone());
        }
    }
    patch.insert("starts_at".to_owned(), Value::Instant(starts_at));
    patch.insert("ends_at".to_owned(), ends_at.map_or(Value::Missing, Value::Instant));
    patch
}
