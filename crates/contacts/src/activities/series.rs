//! Series of tasks. Only one task of a series is open: whoever completes it makes the next one, in the same batch.
//!
//! A series counts from `recurs_from`, so that moving one task (`due_at`) leaves those after it where they belong; whoever
//! moves `recurs_from` moves all that follow. `recurs_at` is where the rule put a task, `recurs_after` the task before it:
//! that is how completing twice makes one next task, not two. What was missed meanwhile is left out.

use engine::{Batch, Draft, RuleContext};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::expr::field_equals;
use model::{FieldProblem, Kind, Object, Op, Patch, Problem, Record, Value};
use serde_json::Value as Json;
use store::{Error, Select};

use crate::recurrence::Rule;

/// What a next task does not take over.
const OWN: [&str; 8] =
    ["status", "completed_at", "due_at", "reminder_at", "recurs_at", "recurs_after", "external_ids", "checklist"];

pub(super) fn keep_task(draft: &mut Draft, _: &RuleContext<'_>) -> Result<(), Problem> {
    if !matches!(draft.op, Op::Create | Op::Update) {
        return Ok(());
    }
    if draft.changes("status") {
        let done = draft.get("status").as_text() == Some("done");
        match draft.get("completed_at") {
            Value::Missing if done => draft.set("completed_at", Value::Instant(draft.at)),
            Value::Instant(_) if !done => draft.set("completed_at", Value::Missing),
            _ => {}
        }
    }
    if draft.get("recurrence").is_missing() {
        draft.set("recurs_from", Value::Missing);
        draft.set("recurs_at", Value::Missing);
        return Ok(());
    }
    let changed = draft.changes("recurrence");
    if changed {
        read_rule(draft)?;
    }
    let Value::Instant(due) = *draft.get("due_at") else {
        return Err(fault("due_at", "A task that repeats needs a due date: the series counts from it."));
    };
    let given = draft.changes("recurs_from") && !draft.get("recurs_from").is_missing();
    if (changed && !given) || draft.get("recurs_from").is_missing() {
        draft.set("recurs_from", Value::Instant(due));
    }
    if draft.get("recurs_at").is_missing() || (draft.op == Op::Update && (changed || given)) {
        draft.set("recurs_at", Value::Instant(due));
    }
    Ok(())
}

pub(super) fn keep_meeting(draft: &mut Draft, _: &RuleContext<'_>) -> Result<(), Problem> {
    if draft.changes("recurrence") && !draft.get("recurrence").is_missing() {
        read_rule(draft)?;
    }
    Ok(())
}

fn read_rule(draft: &mut Draft) -> Result<(), Problem> {
    let rule = Rule::parse(draft.get("recurrence").as_text().unwrap_or_default());
    let rule = rule.map_err(|message| fault("recurrence", &message))?;
    draft.set("recurrence", Value::text(rule.text()));
    Ok(())
}

fn fault(field: &str, message: &str) -> Problem {
    let code = if field == "recurrence" { "bad_recurrence" } else { "required" };
    Problem::invalid(vec![FieldProblem { field: field.to_owned(), code: code.to_owned(), message: message.to_owned() }])
}

/// Makes the next task of a series when one is done. The program does, not whoever completed it: what they may not see
/// or write of the task is carried over all the same.
pub(super) fn go_on(batch: &mut Batch<'_>, draft: &Draft) -> Result<(), Error> {
    let done = draft.op == Op::Update && draft.changes("status") && draft.get("status").as_text() == Some("done");
    let Some(text) = draft.get("recurrence").as_text().filter(|_| done) else { return Ok(()) };
    let (Ok(rule), Value::Instant(from)) = (Rule::parse(text), draft.get("recurs_from")) else { return Ok(()) };
    let planned = match (draft.get("recurs_at"), draft.get("due_at")) {
        (Value::Instant(at), _) | (_, Value::Instant(at)) => *at,
        _ => return Ok(()),
    };
    let zone = zone_of(batch, draft)?;
    let Some(next) = rule.after(*from, &zone, planned.max(batch.now())) else { return Ok(()) };
    let object = batch.load_object("task")?;
    if is_continued(batch, &object, &draft.after)? {
        return Ok(());
    }
    let patch = next_task(&object, &draft.after, next, planned, &zone);
    batch.as_program("the next of a series", |batch| {
        let mut answers = batch.create_many("task", vec![patch.clone()])?;
        let Some(Err(problem)) = answers.pop() else { return Ok(()) };
        // What the task was about may be deleted by now: the series goes on without it.
        let mut rest = patch.clone();
        problem.fields.iter().for_each(|fault| drop(rest.remove(&fault.field)));
        batch.create("task", rest).map(drop)
    })
}

/// Whether the task already has a next one.
fn is_continued(batch: &mut Batch<'_>, object: &std::sync::Arc<Object>, task: &Record) -> Result<bool, Error> {
    let Some(field) = object.find_field("recurs_after") else { return Ok(false) };
    let schema = batch.schema();
    let filter = Some(field_equals(object, field, Value::Id(task.id)));
    let select = Select { filter, limit: 1, fields: vec!["version".to_owned()], ..Select::all(&schema, object) };
    let mut found = false;
    batch.tx().select(&select, &mut |_| {
        found = true;
        Ok(())
    })?;
    Ok(found)
}

/// The time zone of the task's owner; that of the company where they say none.
fn zone_of(batch: &mut Batch<'_>, draft: &Draft) -> Result<TimeZone, Error> {
    let company = batch.workspace().settings().time_zone.clone();
    let mut name = None;
    if let Some(owner) = draft.get("owner").as_id() {
        let user = batch.load_object("user")?;
        let owner = batch.tx().find(&user, owner)?;
        name = owner.and_then(|owner| owner.get("time_zone").as_text().map(str::to_owned));
    }
    let zones = name.iter().chain(std::iter::once(&company));
    Ok(zones.filter_map(|name| TimeZone::get(name).ok()).next().unwrap_or(TimeZone::UTC))
}

fn next_task(object: &Object, task: &Record, next: i64, planned: i64, zone: &TimeZone) -> Patch {
    let mut patch = Patch::new();
    for field in object.fields.iter().filter(|field| !field.hidden && !field.is_derived()) {
        let is_kept = !field.system || matches!(field.name.as_str(), "owner" | "team" | "tags");
        let is_alone = field.unique || field.kind == Kind::AutoNumber || OWN.contains(&field.name.as_str());
        if is_kept && !is_alone {
            patch.insert(field.name.clone(), task.get(&field.name).clone());
        }
    }
    patch.insert("due_at".to_owned(), Value::Instant(next));
    patch.insert("recurs_at".to_owned(), Value::Instant(next));
    patch.insert("recurs_after".to_owned(), Value::Id(task.id));
    patch.insert("checklist".to_owned(), unticked(task.get("checklist")));
    // The reminder of a task that was moved keeps its distance to where the task is.
    let due = if let Value::Instant(due) = task.get("due_at") { *due } else { planned };
    if let Value::Instant(reminder) = task.get("reminder_at")
        && let Some(reminder) = moved(*reminder, due, next, zone)
    {
        patch.insert("reminder_at".to_owned(), Value::Instant(reminder));
    }
    patch
}

/// A time as far from `to` as it was from `from`, by the clock on the wall.
fn moved(at: i64, from: i64, to: i64, zone: &TimeZone) -> Option<i64> {
    let local = |at: i64| Some(Timestamp::from_microsecond(at).ok()?.to_zoned(zone.clone()).datetime());
    let distance = local(from)?.duration_until(local(at)?);
    let moved = local(to)?.checked_add(distance).ok()?;
    Some(moved.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond())
}

fn unticked(checklist: &Value) -> Value {
    let Some(steps) = checklist.as_json().and_then(Json::as_array) else { return checklist.clone() };
    let fresh = steps.iter().cloned().map(|mut step| {
        if let Some(map) = step.as_object_mut() {
            map.insert("done".to_owned(), Json::Bool(false));
        }
        step
    });
    Value::json(Json::Array(fresh.collect()))
}
