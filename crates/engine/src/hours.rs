//! Working hours of people, teams and the company: which of the kept calendars counts for whom.

use jiff::tz::TimeZone;
use model::expr::field_equals;
use model::hours::{self, Hours};
use model::{FieldProblem, Op, Patch, Problem, Record, Value};
use store::{Error, Select, Tx};
use uuid::Uuid;

use crate::batch::{Batch, Edit};
use crate::draft::Draft;
use crate::module::{FollowEntry, RuleContext};
use crate::workspace::Workspace;

/// Deepest tree of teams that is climbed.
const TEAMS_MAX: usize = 50;

/// What follows when working hours change.
pub(crate) const FOLLOW: FollowEntry = FollowEntry {
    object: "work_calendar",
    why: "Between two calendars for everyone nobody could say which counts.",
    settles: false,
    apply: |batch, drafts| drafts.iter().try_for_each(|draft| keep_one(batch, draft)),
};

/// Whose working hours are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// A user's own, else those of the team.
    User(Uuid),
    /// A team's, else those of the team above.
    Team(Uuid),
    /// Those for everyone.
    Company,
}

/// Working hours as they count for somebody.
#[derive(Debug, Clone)]
pub struct WorkingHours {
    /// The calendar they come from; none where the program's own nine to five counts.
    pub calendar: Option<Uuid>,
    /// IANA name of the time zone.
    pub time_zone: String,
    /// The hours.
    pub hours: Hours,
}

/// Brings a calendar into the form in which it is stored, or says what cannot be read.
pub(crate) fn check(draft: &mut Draft, _: &RuleContext<'_>) -> Result<(), Problem> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code: &str, message: String| {
        faults.push(FieldProblem { field: field.to_owned(), code: code.to_owned(), message });
    };
    if let Some(zone) = draft.get("time_zone").as_text()
        && TimeZone::get(zone).is_err()
    {
        fault("time_zone", "bad_time_zone", "There is no such time zone. Use a name like Europe/Berlin.".to_owned());
    }
    if draft.op == Op::Create && draft.get("week").is_missing() {
        draft.set("week", Value::json(hours::week_json(&hours::standard_week())));
    }
    if let Some(week) = draft.get("week").as_json() {
        match hours::read_week(week) {
            Ok(week) => draft.set("week", Value::json(hours::week_json(&week))),
            Err(message) => fault("week", "bad_hours", message),
        }
    }
    if let Some(holidays) = draft.get("holidays").as_json() {
        match hours::read_holidays(holidays) {
            Ok(holidays) => draft.set("holidays", Value::json(hours::holidays_json(&holidays))),
            Err(message) => fault("holidays", "bad_holiday", message),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}

/// Of a calendar that is now for everyone, takes the same from all others.
fn keep_one(batch: &mut Batch<'_>, draft: &Draft) -> Result<(), Error> {
    let is_for_all = draft.get("for_everyone") == &Value::Bool(true);
    if !is_for_all || draft.op == Op::Delete || !(draft.changes("for_everyone") || draft.op == Op::Restore) {
        return Ok(());
    }
    let workspace = batch.workspace().clone();
    let others = for_everyone(&workspace, batch.tx())?.into_iter().filter(|record| record.id != draft.after.id);
    let patch = Patch::from([("for_everyone".to_owned(), Value::Bool(false))]);
    let edits: Vec<Edit> =
        others.map(|record| Edit { id: record.id, patch: patch.clone(), if_version: None }).collect();
    batch.update_many("work_calendar", edits).map(drop)
}

fn for_everyone(workspace: &Workspace, tx: &mut Tx) -> Result<Vec<Record>, Error> {
    let schema = workspace.schema();
    let object = schema.find_object("work_calendar").ok_or_else(|| Problem::not_found("object"))?;
    let field = object.find_field("for_everyone").ok_or_else(|| Problem::not_found("field"))?;
    let filter = Some(field_equals(object, field, Value::Bool(true)));
    let mut found = Vec::new();
    tx.select(&Select { filter, ..Select::all(&schema, object) }, &mut |record| {
        found.push(record);
        Ok(())
    })?;
    Ok(found)
}

impl Workspace {
    /// The working hours that count for somebody: their own, else the team's or that of a team above, else those for
    /// everyone, else Monday to Friday from nine to five. For clocks that count by the working day.
    ///
    /// # Errors
    /// A database that fails.
    pub fn working_hours(&self, tx: &mut Tx, whose: Whose) -> Result<WorkingHours, Error> {
        let user = match whose {
            Whose::User(id) => self.live(tx, "user", id)?,
            _ => None,
        };
        let own = user.as_ref().and_then(|user| user.get("work_calendar").as_id());
        let team = match whose {
            Whose::Team(id) => Some(id),
            _ => user.as_ref().and_then(|user| user.get("team").as_id()),
        };
        let mut calendar = match own {
            Some(id) => self.live(tx, "work_calendar", id)?,
            None => None,
        };
        if let (None, Some(team)) = (&calendar, team) {
            calendar = self.team_calendar(tx, team)?;
        }
        if calendar.is_none() {
            calendar = for_everyone(self, tx)?.pop();
        }
        let company = self.settings().time_zone.clone();
        let zones = [&calendar, &user].into_iter().flatten().filter_map(|record| record.get("time_zone").as_text());
        let zones = zones.map(str::to_owned).chain([company]);
        let zone = zones.filter_map(|name| Some((TimeZone::get(&name).ok()?, name))).next();
        let (zone, time_zone) = zone.unwrap_or_else(|| (TimeZone::UTC, "UTC".to_owned()));
        let hours = match &calendar {
            Some(record) => hours_of(record, zone),
            None => Hours::standard(zone),
        };
        Ok(WorkingHours { calendar: calendar.map(|record| record.id), time_zone, hours })
    }

    /// The calendar of a team or of the nearest team above that has one.
    fn team_calendar(&self, tx: &mut Tx, team: Uuid) -> Result<Option<Record>, Error> {
        let mut next = Some(team);
        for _ in 0..TEAMS_MAX {
            let Some(id) = next else { break };
            let Some(team) = self.live(tx, "team", id)? else { break };
            if let Some(id) = team.get("work_calendar").as_id()
                && let Some(calendar) = self.live(tx, "work_calendar", id)?
            {
                return Ok(Some(calendar));
            }
            next = team.get("parent").as_id();
        }
        Ok(None)
    }

    /// A record that is not in the recycle bin.
    fn live(&self, tx: &mut Tx, object: &str, id: Uuid) -> Result<Option<Record>, Error> {
        let schema = self.schema();
        let object = schema.find_object(object).ok_or_else(|| Problem::not_found("object"))?;
        Ok(tx.find(object, id)?.filter(|record| record.get("deleted_at").is_missing()))
    }
}

/// What a calendar says; a week it says nothing of is free.
fn hours_of(record: &Record, zone: TimeZone) -> Hours {
    let week = record.get("week").as_json().and_then(|json| hours::read_week(json).ok()).unwrap_or_default();
    let holidays = record.get("holidays").as_json().and_then(|json| hours::read_holidays(json).ok());
    Hours::new(zone, week, holidays.unwrap_or_default())
}
