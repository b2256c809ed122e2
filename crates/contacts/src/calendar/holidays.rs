//! Holidays from a calendar file: events of whole days become days without work.

use engine::{Batch, Edit, Plan, Workspace};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::hours::{self, HOLIDAYS_MAX, Holiday};
use model::{Actor, Code, Patch, Problem, Value};
use store::{Error, Pending};
use uuid::Uuid;

use super::take_in::{EVENTS_MAX, Event, File, end_of, parse, time};
use crate::recurrence::Rule;

/// Longest holiday, in days: whatever lasts longer is none.
const LENGTH_MAX: usize = 31;
/// How far ahead holidays that move are worked out.
const YEARS: i64 = 10;
/// A year, in microseconds.
const YEAR_US: i64 = 366 * 86_400_000_000;

/// What became of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HolidaysTaken {
    /// Days that are holidays now and were none.
    pub added: u64,
    /// Days that were known, by whatever name.
    pub known: u64,
    /// Events that are no whole days.
    pub left_out: u64,
}

/// Adds the whole days of a calendar file to the holidays of a calendar, as one batch.
///
/// # Errors
/// No calendar file; too many days; not found; what the actor may not write; a database that fails.
pub fn take_in_holidays(
    workspace: &Workspace,
    actor: &Actor,
    calendar: Uuid,
    text: &str,
) -> Result<Pending<(Uuid, HolidaysTaken)>, Problem> {
    let file = parse(text);
    if file.events.is_empty() || file.events.len() > EVENTS_MAX {
        let detail = format!("The file has no events or more than {EVENTS_MAX}. Choose an .ics file of holidays.");
        return Err(Problem::new(Code::Invalid, detail));
    }
    let mut taken = HolidaysTaken::default();
    let mut days = Vec::new();
    for event in &file.events {
        let found = days_of(event, &file, workspace.now());
        taken.left_out += u64::from(found.is_empty());
        days.extend(found);
        if days.len() > HOLIDAYS_MAX {
            let detail = format!("The file has more than {HOLIDAYS_MAX} days. Export fewer years.");
            return Err(Problem::new(Code::Invalid, detail));
        }
    }
    if days.is_empty() {
        let detail = "No event of this file takes whole days. Holidays are events without a time of day.";
        return Err(Problem::new(Code::Invalid, detail));
    }
    Ok(workspace
        .transact(actor, Plan::new("import holidays"), move |batch| add(batch, calendar, days.clone(), taken.clone())))
}

fn add(batch: &mut Batch<'_>, id: Uuid, days: Vec<Holiday>, mut taken: HolidaysTaken) -> Result<HolidaysTaken, Error> {
    let object = batch.load_object("work_calendar")?;
    let record = batch.tx().find(&object, id)?.ok_or_else(|| Problem::not_found("work calendar"))?;
    let stored = record.get("holidays").as_json();
    let mut all = stored.and_then(|json| hours::read_holidays(json).ok()).unwrap_or_default();
    for day in days {
        let is_known = all.iter().any(|known| {
            let same_day = (known.date.month(), known.date.day()) == (day.date.month(), day.date.day());
            known.date == day.date && known.yearly == day.yearly || (known.yearly && same_day)
        });
        if is_known {
            taken.known += 1;
        } else {
            taken.added += 1;
            all.push(day);
        }
    }
    all.sort();
    let patch = Patch::from([("holidays".to_owned(), Value::json(hours::holidays_json(&all)))]);
    batch.update("work_calendar", Edit { id, patch, if_version: None })?;
    Ok(taken)
}

/// The days of an event; none when it has a time of day, is called off, or cannot be read.
fn days_of(event: &Event, file: &File, now: i64) -> Vec<Holiday> {
    let utc = TimeZone::UTC;
    let begins = event.line("DTSTART").and_then(|line| time(line, &line.value, file, &utc));
    let Some((begins, true)) = begins else { return Vec::new() };
    if event.line("STATUS").is_some_and(|line| line.value.eq_ignore_ascii_case("CANCELLED")) {
        return Vec::new();
    }
    let ends = end_of(event, file, &utc, begins, true);
    let date = |at: i64| Some(Timestamp::from_microsecond(at).ok()?.to_zoned(TimeZone::UTC).date());
    let (Some(first), last) = (date(begins), ends.and_then(|end| date(end - 1))) else { return Vec::new() };
    let length = last.map_or(1, |last| (last - first).get_days() + 1).max(1);
    let Some(length) = usize::try_from(length).ok().filter(|days| *days <= LENGTH_MAX) else { return Vec::new() };
    let rule = event.line("RRULE").map(|line| line.value.trim().to_ascii_uppercase());
    let yearly = rule.as_deref().is_some_and(is_same_day_every_year);
    let starts = match rule.as_deref().and_then(|rule| Rule::parse(rule).ok()) {
        Some(rule) if !yearly => {
            let most = usize::try_from(YEARS).unwrap_or_default() * 12;
            let times = rule.between(begins, &utc, now - YEAR_US, now + YEARS * YEAR_US, most);
            times.into_iter().filter_map(date).collect()
        }
        _ => vec![first],
    };
    let name = event.title();
    let days =
        starts.into_iter().flat_map(|start| std::iter::successors(Some(start), |day| day.tomorrow().ok()).take(length));
    days.map(|date| Holiday { date, name: name.clone(), yearly }).collect()
}

/// Whether a rule says nothing but "every year", or names the very day.
fn is_same_day_every_year(rule: &str) -> bool {
    let parts = rule.trim_start_matches("RRULE:").split(';').filter(|part| !part.is_empty());
    let mut yearly = false;
    for part in parts {
        match part.split_once('=') {
            Some(("FREQ", "YEARLY")) => yearly = true,
            Some(("INTERVAL", "1") | ("WKST" | "BYMONTH" | "BYMONTHDAY", _)) => {}
            _ => return false,
        }
    }
    yearly
}
