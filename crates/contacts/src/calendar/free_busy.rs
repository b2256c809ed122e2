//! When people are busy, for whoever plans a meeting with them. Of meetings that the caller may not see only their time is
//! told, joined with others of that kind, so that not even their number shows.

use std::collections::{HashMap, HashSet};

use engine::{Query, Right, Whose, WorkingHours, Workspace};
use model::{Actor, Code, FieldProblem, Problem, Record, Value, value};
use store::Error;
use uuid::Uuid;

use super::event::HOUR_US;
use super::feed::all;
use super::occurrences::{check_range, occurrences};

/// Most people of one question.
const PEOPLE_MAX: usize = 30;
/// The longest range, in microseconds: a month with the weeks around it.
const RANGE_MAX_US: i64 = 62 * 86_400_000_000;
/// Most meetings of one person.
const MEETINGS_MAX: usize = 2_000;
/// How long a whole day takes that does not say its end; nothing without an end takes longer.
const DAY_US: i64 = 86_400_000_000;

/// A time at which somebody is busy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Busy {
    /// When it begins, in microseconds.
    pub starts_at: i64,
    /// When it ends.
    pub ends_at: i64,
    /// The meeting and its title, where the caller may see them.
    pub meeting: Option<(Uuid, Option<String>)>,
}

/// One person's times.
#[derive(Debug, Clone)]
pub struct FreeBusy {
    /// Who.
    pub user: Uuid,
    /// When they are busy, the earliest first.
    pub busy: Vec<Busy>,
    /// Whether they are busy at no other times.
    pub all: bool,
    /// Their working hours.
    pub hours: WorkingHours,
}

/// When users are busy and when they work, in the order in which they are asked for. Blocks.
///
/// # Errors
/// A range that is no range or too long; too many or unknown people; who may see no meetings at all; a database that fails.
pub fn free_busy(ws: &Workspace, actor: &Actor, users: &[Uuid], window: (i64, i64)) -> Result<Vec<FreeBusy>, Error> {
    check_range(window, RANGE_MAX_US, "Free and busy times are told for at most 62 days at once.")?;
    check_people(ws, actor, users)?;
    let mut found = Vec::new();
    for user in users {
        let (times, is_all) = times_of(ws, *user, window)?;
        let seen = seen(ws, actor, &times)?;
        let (workspace, whose) = (ws.clone(), Whose::User(*user));
        let hours = ws.store().read(move |tx| workspace.working_hours(tx, whose)).wait()?;
        found.push(FreeBusy { user: *user, busy: told(times, &seen, window), all: is_all, hours });
    }
    Ok(found)
}

fn check_people(ws: &Workspace, actor: &Actor, users: &[Uuid]) -> Result<(), Error> {
    let schema = ws.schema();
    let meeting = schema.find_object("meeting").cloned().ok_or_else(|| Problem::not_found("object"))?;
    ws.with_policy(actor, move |policy| policy.scope(&meeting, Right::Read).map(drop).map_err(Error::from))?;
    let fault = |code: &str, message: String| {
        let fault = FieldProblem { field: "users".to_owned(), code: code.to_owned(), message: message.clone() };
        Problem { fields: vec![fault], ..Problem::new(Code::BadRequest, message) }
    };
    if users.is_empty() || users.len() > PEOPLE_MAX {
        return Err(fault("out_of_range", format!("Name one to {PEOPLE_MAX} users, separated by commas.")).into());
    }
    let (workspace, by, ids) = (ws.clone(), actor.clone(), users.to_vec());
    let known = ws.store().read(move |tx| workspace.visible_many(tx, &by, "user", &ids)).wait()?;
    let known: HashSet<Uuid> = known.into_iter().map(|user| user.id).collect();
    match users.iter().find(|id| !known.contains(id)) {
        Some(id) => Err(fault("unknown_record", format!("There is no user {id}, or you may not see them.")).into()),
        None => Ok(()),
    }
}

/// The times of all meetings of a user, read by the program: whether the caller may see one is asked afterwards.
fn times_of(ws: &Workspace, user: Uuid, window: (i64, i64)) -> Result<(Vec<Busy>, bool), Error> {
    let program = Actor { user: Some(user), ..Actor::system("free and busy times") };
    // Whoever has declined has the time for something else.
    let mine = "(me in colleagues || organizer == me || (owner == me && organizer == null)) && status != 'cancelled'";
    let (from, to) = (value::instant_to_text(window.0), value::instant_to_text(window.1));
    let open = value::instant_to_text(window.0.saturating_sub(DAY_US));
    let touching = format!(
        "{mine} && recurrence == null && starts_at < timestamp('{to}') && \
         (ends_at > timestamp('{from}') || starts_at >= timestamp('{open}'))"
    );
    let query = |filter: String| Query { object: "meeting".to_owned(), filter: Some(filter), ..Query::default() };
    let mut meetings = all(ws, &program, query(touching), MEETINGS_MAX + 1)?;
    let mut is_all = meetings.len() <= MEETINGS_MAX;
    meetings.truncate(MEETINGS_MAX);
    meetings.retain(|meeting| !has_declined(meeting, user));
    let mut times: Vec<Busy> = meetings.iter().filter_map(time_of).collect();
    let series = occurrences(ws, &program, Some(mine), window)?;
    is_all &= series.all;
    let declined = declined_of(ws, &program, series.list.iter().map(|one| one.id).collect(), user)?;
    times.extend(series.list.iter().filter(|one| !declined.contains(&one.id)).map(|one| {
        let ends_at = one.ends_at.filter(|end| *end > one.starts_at).unwrap_or(one.starts_at + HOUR_US);
        Busy { starts_at: one.starts_at, ends_at, meeting: Some((one.id, None)) }
    }));
    times.retain(|busy| busy.starts_at < window.1 && busy.ends_at > window.0);
    Ok((times, is_all))
}

fn declined_of(ws: &Workspace, program: &Actor, ids: HashSet<Uuid>, user: Uuid) -> Result<HashSet<Uuid>, Error> {
    let (workspace, by, ids) = (ws.clone(), program.clone(), ids.into_iter().collect::<Vec<_>>());
    let series = ws.store().read(move |tx| workspace.visible_many(tx, &by, "meeting", &ids)).wait()?;
    Ok(series.iter().filter(|meeting| has_declined(meeting, user)).map(|meeting| meeting.id).collect())
}

fn has_declined(meeting: &Record, user: Uuid) -> bool {
    let replies = meeting.get("replies").as_json();
    replies.and_then(|replies| replies.get(user.to_string())?.as_str()) == Some("declined")
}

fn time_of(meeting: &Record) -> Option<Busy> {
    let Value::Instant(starts_at) = *meeting.get("starts_at") else { return None };
    let usual = if meeting.get("all_day") == &Value::Bool(true) { DAY_US } else { HOUR_US };
    let ends_at = match meeting.get("ends_at") {
        Value::Instant(end) if *end > starts_at => *end,
        _ => starts_at + usual,
    };
    Some(Busy { starts_at, ends_at, meeting: Some((meeting.id, None)) })
}

/// The titles of those meetings that the caller may see.
fn seen(ws: &Workspace, actor: &Actor, times: &[Busy]) -> Result<HashMap<Uuid, Option<String>>, Error> {
    let ids: HashSet<Uuid> = times.iter().filter_map(|busy| Some(busy.meeting.as_ref()?.0)).collect();
    let title = ws.schema().find_object("meeting").map(|object| object.title.clone()).unwrap_or_default();
    let mut found = HashMap::new();
    for ids in ids.into_iter().collect::<Vec<_>>().chunks(500) {
        let (workspace, by, ids) = (ws.clone(), actor.clone(), ids.to_vec());
        let records = ws.store().read(move |tx| workspace.visible_many(tx, &by, "meeting", &ids)).wait()?;
        let titled = records.into_iter().map(|one| (one.id, one.get(&title).as_text().map(str::to_owned)));
        found.extend(titled);
    }
    Ok(found)
}

/// What the caller is told: visible meetings one by one, all others as joined times within the range.
fn told(times: Vec<Busy>, seen: &HashMap<Uuid, Option<String>>, (from, to): (i64, i64)) -> Vec<Busy> {
    let (mut visible, mut hidden): (Vec<Busy>, Vec<Busy>) = (Vec::new(), Vec::new());
    for busy in times {
        let known = busy.meeting.as_ref().and_then(|(id, _)| Some((*id, seen.get(id)?.clone())));
        match known {
            Some(meeting) => visible.push(Busy { meeting: Some(meeting), ..busy }),
            None => {
                hidden.push(Busy { starts_at: busy.starts_at.max(from), ends_at: busy.ends_at.min(to), meeting: None })
            }
        }
    }
    hidden.sort_by_key(|busy| busy.starts_at);
    for busy in hidden {
        match visible.last_mut() {
            Some(before) if before.meeting.is_none() && busy.starts_at <= before.ends_at => {
                before.ends_at = before.ends_at.max(busy.ends_at);
            }
            _ => visible.push(busy),
        }
    }
    visible.sort_by_key(|busy| (busy.starts_at, busy.ends_at));
    visible
}
