//! Parts that activities give: how long ago the last contact was, whether a next step is planned, what is overdue.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use engine::{Finding, HealthPart, Look};
use model::value::instant_to_text;
use model::{Record, Value};
use serde_json::{Value as Json, json};
use store::Error;
use uuid::Uuid;

use super::NAMED_MAX;

/// Nobody spoke with them for longer than they should wait.
pub(super) const CONTACT: HealthPart = HealthPart {
    name: "contact",
    weight: 30,
    threshold: 60,
    reads: &[("company", "rots_at"), ("company", "last_contact_at"), ("company", "created_at")],
    follows: &[("company", &[]), ("person", &["company"]), ("call", &["about"]), ("meeting", &["about", "attendees"])],
    judge: contact,
};

/// Nothing is planned with them.
pub(super) const NEXT_STEP: HealthPart = HealthPart {
    name: "next_step",
    weight: 15,
    threshold: 60,
    reads: &[
        ("company", "next_task_at"),
        ("company", "next_meeting_at"),
        ("person", "company"),
        ("person", "next_task_at"),
        ("person", "next_meeting_at"),
        ("task", "about"),
        ("task", "due_at"),
        ("task", "status"),
        ("meeting", "about"),
        ("meeting", "starts_at"),
        ("meeting", "status"),
    ],
    follows: &[("task", &["about"]), ("meeting", &["about", "attendees"])],
    judge: next_step,
};

/// What was promised and not done.
pub(super) const TASKS: HealthPart = HealthPart {
    name: "tasks",
    weight: 20,
    threshold: 3,
    reads: &[
        ("person", "company"),
        ("person", "next_task_at"),
        ("task", "about"),
        ("task", "due_at"),
        ("task", "status"),
    ],
    follows: &[("task", &["about"])],
    judge: tasks,
};

/// A condition that holds for tasks that are to be done.
const OPEN: &str = "!(status in ['done', 'cancelled'])";
/// Records that a reason names.
const SHOWN: usize = 3;
const DAY_US: i64 = 86_400_000_000;

pub(super) fn instant(record: &Record, field: &str) -> Option<i64> {
    match record.get(field) {
        Value::Instant(at) => Some(*at),
        _ => None,
    }
}

/// Ids as they stand in a list of a condition.
pub(super) fn quoted<'a>(ids: impl IntoIterator<Item = &'a Uuid>) -> String {
    ids.into_iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ")
}

fn moment(at: i64) -> String {
    format!("timestamp('{}')", instant_to_text(at))
}

/// Half of the points as soon as the day is past, all of them when as many more days went by as the threshold says.
fn contact(look: &mut Look<'_>, companies: &[Record]) -> Result<Vec<Finding>, Error> {
    let span = i64::from(look.threshold.max(1));
    let found = companies.iter().filter_map(|company| {
        let until = instant(company, "rots_at").filter(|until| *until < look.now)?;
        let late = ((look.now - until) / DAY_US).clamp(0, span);
        let last = instant(company, "last_contact_at").filter(|last| *last <= look.now);
        let since = last.or_else(|| instant(company, "created_at"))?;
        let days = (look.now - since) / DAY_US;
        Some(Finding {
            company: company.id,
            percent: u32::try_from(50 + 50 * late / span).unwrap_or(100),
            facts: json!({ "days": days, "never": last.is_none() }),
            records: Vec::new(),
        })
    });
    Ok(found.collect())
}

/// All points when nothing is planned within the days of the threshold.
fn next_step(look: &mut Look<'_>, companies: &[Record]) -> Result<Vec<Finding>, Error> {
    let (now, until) = (look.now, look.now + i64::from(look.threshold) * DAY_US);
    let mut waiting: BTreeSet<Uuid> = companies
        .iter()
        .filter(|company| {
            let next = ["next_task_at", "next_meeting_at"].map(|field| instant(company, field));
            !next.into_iter().flatten().any(|at| at >= now && at <= until)
        })
        .map(|company| company.id)
        .collect();
    let (from, to) = (moment(now), moment(until));
    let planned = [
        ("task", format!("due_at >= {from} && due_at <= {to} && {OPEN}")),
        ("meeting", format!("starts_at >= {from} && starts_at <= {to} && status == 'planned'")),
    ];
    for (object, condition) in planned {
        if !waiting.is_empty() {
            let filter = format!("about.exists(x, x.id in [{}]) && {condition}", quoted(&waiting));
            for record in look.find(object, filter, None, &["about"])? {
                about(&record).for_each(|id| _ = waiting.remove(&id));
            }
        }
    }
    if !waiting.is_empty() {
        let soon = |field: &str| format!("({field} >= {from} && {field} <= {to})");
        let filter =
            format!("company in [{}] && ({} || {})", quoted(&waiting), soon("next_task_at"), soon("next_meeting_at"));
        for person in look.find("person", filter, None, &["company"])? {
            person.get("company").as_id().inspect(|company| _ = waiting.remove(company));
        }
    }
    let days = look.threshold;
    let found = waiting.into_iter().map(|company| Finding {
        company,
        percent: 100,
        facts: json!({ "days": days }),
        records: Vec::new(),
    });
    Ok(found.collect())
}

/// The records that an `about` names.
fn about(record: &Record) -> impl Iterator<Item = Uuid> {
    let named = record.get("about").as_json().and_then(Json::as_array);
    let ids = named.into_iter().flatten().filter_map(|link| Uuid::try_parse(link.get("id")?.as_str()?).ok());
    ids.collect::<Vec<_>>().into_iter()
}

/// Overdue tasks about companies or their people: all points at as many as the threshold says.
fn tasks(look: &mut Look<'_>, companies: &[Record]) -> Result<Vec<Finding>, Error> {
    let now = moment(look.now);
    let ids: Vec<Uuid> = companies.iter().map(|company| company.id).collect();
    let filter = format!("company in [{}] && next_task_at < {now}", quoted(&ids));
    let people = look.find("person", filter, None, &["company"])?;
    let mut belongs: HashMap<Uuid, Uuid> = ids.iter().map(|id| (*id, *id)).collect();
    belongs.extend(people.iter().filter_map(|person| Some((person.id, person.get("company").as_id()?))));
    let subjects: Vec<Uuid> = belongs.keys().copied().collect();
    // A task may be about several of them and still is one.
    let mut overdue: BTreeMap<Uuid, BTreeSet<(i64, Uuid)>> = BTreeMap::new();
    for slice in subjects.chunks(NAMED_MAX) {
        let filter = format!("about.exists(x, x.id in [{}]) && due_at < {now} && {OPEN}", quoted(slice));
        for task in look.find("task", filter, None, &["about", "due_at"])? {
            let due = instant(&task, "due_at").unwrap_or_default();
            for company in about(&task).filter_map(|subject| belongs.get(&subject)) {
                overdue.entry(*company).or_default().insert((due, task.id));
            }
        }
    }
    let enough = look.threshold.max(1);
    let found = overdue.into_iter().map(|(company, tasks)| {
        let count = u32::try_from(tasks.len()).unwrap_or(u32::MAX).min(enough);
        Finding {
            company,
            percent: (count * 100).div_ceil(enough),
            facts: json!({ "count": tasks.len() }),
            records: tasks.iter().take(SHOWN).map(|(_, id)| ("task", *id)).collect(),
        }
    });
    Ok(found.collect())
}
