//! The calendar of one person for other programs: their meetings and the tasks they have to do, with their rights.

use std::sync::Arc;

use engine::{Query, Workspace};
use jiff::tz::TimeZone;
use model::{Actor, Code, Record, Value};
use parking_lot::Mutex;
use store::Error;
use uuid::Uuid;

use super::event::{TasksAs, Who, begin, write_meeting, write_task, zone_of};
use super::line::Lines;
use super::zone;

/// Most entries of each kind: other calendars are polled by programs that read everything each time.
const ENTRIES_MAX: usize = 5_000;

/// A feed as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The calendar.
    pub text: String,
    /// When the newest of its entries was changed, in microseconds.
    pub modified: i64,
}

/// The feed of a user, read with that user's rights. Blocks.
///
/// # Errors
/// A database that fails. What the user may not read is left out.
pub fn feed(workspace: &Workspace, actor: &Actor, tasks: TasksAs) -> Result<Feed, Error> {
    // A year back; what repeats may have begun long ago.
    let meetings = "(owner == me || organizer == me || me in colleagues) && status != 'cancelled' && \
                    (starts_at > now - duration('8760h') || recurrence != null)";
    let meetings = entries(workspace, actor, "meeting", meetings, "-starts_at")?;
    let mine = "assignee == me && due_at != null && !(status in ['done', 'cancelled'])";
    let tasks_due = match tasks {
        TasksAs::Nothing => Vec::new(),
        _ => entries(workspace, actor, "task", mine, "due_at")?,
    };
    let (ws, by) = (workspace.clone(), actor.clone());
    let written = workspace.store().read(move |tx| {
        let who = Who::load(&ws, tx, &by, &meetings)?;
        let own = own_zone(&ws, tx, by.user)?;
        let mut lines = Lines::default();
        begin(&mut lines, "PUBLISH");
        lines.push_text("X-WR-CALNAME", "Rapport");
        lines.push("REFRESH-INTERVAL;VALUE=DURATION", "PT15M");
        lines.push("X-PUBLISHED-TTL", "PT15M");
        let mut zones: Vec<String> = Vec::new();
        for meeting in &meetings {
            let zone = zone_of(&ws, tx, meeting)?;
            let begins = match meeting.get("starts_at") {
                Value::Instant(at) => jiff::Timestamp::from_microsecond(*at).unwrap_or_default(),
                _ => continue,
            };
            if !meeting.get("recurrence").is_missing() && !zones.contains(&zone.0) {
                zone::write(&mut lines, &zone.0, &zone.1, begins);
                zones.push(zone.0.clone());
            }
            write_meeting(&mut lines, meeting, &who, &zone)?;
        }
        tasks_due.iter().for_each(|task| write_task(&mut lines, task, tasks, &own));
        lines.push("END", "VCALENDAR");
        let changed = meetings.iter().chain(&tasks_due).map(|record| match record.get("updated_at") {
            Value::Instant(at) => *at,
            _ => 0,
        });
        Ok(Feed { text: lines.into_text(), modified: changed.max().unwrap_or_default() })
    });
    written.wait()
}

fn own_zone(workspace: &Workspace, tx: &mut store::Tx, user: Option<Uuid>) -> Result<TimeZone, Error> {
    let mut record = Record { id: Uuid::nil(), values: std::collections::BTreeMap::new() };
    if let Some(user) = user {
        record.values.insert("owner".to_owned(), Value::Id(user));
    }
    Ok(zone_of(workspace, tx, &record)?.1)
}

/// The records of a condition; none where the user may not read the object or a field of the condition.
fn entries(workspace: &Workspace, actor: &Actor, object: &str, filter: &str, sort: &str) -> Result<Vec<Record>, Error> {
    let query = Query {
        object: object.to_owned(),
        filter: Some(filter.to_owned()),
        sort: Some(sort.to_owned()),
        ..Query::default()
    };
    match all(workspace, actor, query, ENTRIES_MAX) {
        Err(Error::Problem(problem)) if problem.code == Code::Forbidden => Ok(Vec::new()),
        found => found,
    }
}

/// The first records of a query, read in one snapshot. Blocks.
pub(super) fn all(workspace: &Workspace, actor: &Actor, query: Query, most: usize) -> Result<Vec<Record>, Error> {
    let found: Arc<Mutex<Vec<Record>>> = Arc::default();
    let into = found.clone();
    let walked = workspace.each(actor, query, move |record| {
        let mut into = into.lock();
        if into.len() < most {
            into.push(record);
        }
        Ok(())
    });
    walked.wait()?;
    Ok(std::mem::take(&mut *found.lock()))
}
