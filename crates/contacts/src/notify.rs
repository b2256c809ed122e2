//! Notifications: who is told what. A consumer of the log: mentions and answers in comments, comments on and changes of
//! what one follows, what was assigned to or shared with one, reactions, reminders of tasks. Each kind can be switched off.

use std::collections::{BTreeMap, HashMap};

use engine::{ConsumerEntry, Effect, JobEntry, JobRun, Workspace, reactions};
use model::{Actor, Change, Kind, Op, Record, Value, expr};
use serde_json::{Value as Json, json};
use store::tables::notifications::{self, Notification};
use store::{Error, LogEntry, Priority, Select, Tx};
use uuid::Uuid;

use crate::{digest, expiry, told_reactions};

/// The consumer.
pub(crate) const CONSUMER: ConsumerEntry = ConsumerEntry { name: "notifications", run };
/// Tells the assignee of a task that it is due to be thought of.
pub(crate) const REMIND: JobEntry = JobEntry { kind: "task.remind", run: remind, nightly: None, upkeep: false };

/// More of the same kind from one batch are told as one.
const SINGLE_MAX: usize = 3;
/// People of a team who are told that something is shared with it.
const MEMBERS_MAX: usize = 500;
/// Fields whose user is told.
const ASSIGNING: [&str; 2] = ["assignee", "owner"];

/// Something that somebody may be told.
struct Draft<'a> {
    user: Uuid,
    kind: &'static str,
    object: String,
    record: Uuid,
    via: Option<Uuid>,
    change: &'a Change,
}

fn run(workspace: &Workspace, tx: &mut Tx, entries: &[LogEntry]) -> Result<Option<Effect>, Error> {
    let entries = worth_telling(tx, entries)?;
    let mut changes = tx.changes_of(entries)?;
    let followed = notifications::followers(tx, &changes.iter().map(|change| change.record).collect::<Vec<_>>())?;
    changes.retain(|change| followed.contains_key(&change.record) || may_tell(workspace, change));
    if changes.is_empty() {
        return Ok(None);
    }
    Ok(Some(Box::new(move |workspace, tx| tell(workspace, tx, &changes))))
}

/// Whether anybody but a follower may be told of a change, now or later.
fn may_tell(workspace: &Workspace, change: &Change) -> bool {
    let mut drafts = Vec::new();
    of_assignment(workspace, change, &mut drafts);
    drafts.iter().any(|one| user_of(&change.actor) != Some(one.user))
        || ["comment", reactions::OBJECT, "share", "task", "document"].contains(&change.object.as_str())
}

fn tell(workspace: &Workspace, tx: &mut Tx, changes: &[Change]) -> Result<(), Error> {
    let records: Vec<Uuid> = changes.iter().map(|change| change.record).collect();
    let followers = notifications::followers(tx, &records)?;
    let mut drafts = Vec::new();
    for change in changes {
        if change.object == "comment" {
            of_comment(workspace, tx, change, &mut drafts)?;
            continue;
        }
        if change.object == reactions::OBJECT {
            told_reactions::tell(workspace, tx, change)?;
            continue;
        }
        if change.object == "share" {
            of_share(workspace, tx, change, &mut drafts)?;
            continue;
        }
        plan_reminder(workspace, tx, change)?;
        expiry::plan(workspace, tx, change)?;
        of_assignment(workspace, change, &mut drafts);
        if change.op == Op::Update {
            let about = |user: &Uuid| draft(*user, "change", change, None);
            drafts.extend(followers.get(&change.record).into_iter().flatten().map(about));
        }
    }
    keep(workspace, tx, drafts)
}

/// Imports tell nobody; nor does what was deleted or erased, but for reactions that are taken back.
fn worth_telling<'a>(tx: &mut Tx, entries: &'a [LogEntry]) -> Result<Vec<&'a LogEntry>, Error> {
    let mut quiet: HashMap<Uuid, bool> = HashMap::new();
    let mut found = Vec::new();
    let tells = |entry: &LogEntry| match entry.op {
        Op::Create | Op::Update | Op::Restore => true,
        Op::Delete => entry.object == reactions::OBJECT,
        Op::Erase => false,
    };
    for entry in entries.iter().filter(|entry| tells(entry)) {
        let is_quiet = match quiet.get(&entry.batch) {
            Some(known) => *known,
            None => {
                let cause = tx.find_batch(entry.batch)?.map(|batch| batch.cause).unwrap_or_default();
                let is_quiet = cause.starts_with("import") || cause.starts_with("demo");
                quiet.insert(entry.batch, is_quiet);
                is_quiet
            }
        };
        if !is_quiet {
            found.push(entry);
        }
    }
    Ok(found)
}

fn draft<'a>(user: Uuid, kind: &'static str, change: &'a Change, via: Option<Uuid>) -> Draft<'a> {
    Draft { user, kind, object: change.object.clone(), record: change.record, via, change }
}

/// A value of a change, before or after.
fn value(change: &Change, field: &str, at: usize) -> Option<Json> {
    change.fields.get(field).and_then(|pair| pair.get(at)).filter(|value| !value.is_null()).cloned()
}

pub(crate) fn id_of(json: &Json) -> Option<Uuid> {
    json.as_str().and_then(|text| Uuid::try_parse(text).ok())
}

fn of_assignment<'a>(workspace: &Workspace, change: &'a Change, drafts: &mut Vec<Draft<'a>>) {
    let schema = workspace.schema();
    let Some(object) = schema.find_object(&change.object).filter(|object| !object.internal) else { return };
    for name in ASSIGNING {
        let is_user = object.find_field(name).is_some_and(|field| field.kind == Kind::User);
        // Who owns a new task is not told beside its assignee.
        let told = name == "owner" && object.find_field("assignee").is_some();
        if let (true, false, Some(user)) = (is_user, told, value(change, name, 1).as_ref().and_then(id_of)) {
            drafts.push(draft(user, "assigned", change, None));
        }
    }
}

/// Whoever is mentioned, is answered, follows or owns the record, each told once, the most personal first.
fn of_comment<'a>(
    workspace: &Workspace,
    tx: &mut Tx,
    change: &'a Change,
    drafts: &mut Vec<Draft<'a>>,
) -> Result<(), Error> {
    let Some(comment) = load(workspace, tx, "comment", change.record)? else { return Ok(()) };
    let subjects = links_of(&comment, "about");
    let Some((object, record)) = subjects.first().cloned() else { return Ok(()) };
    let mut told: BTreeMap<Uuid, &'static str> = BTreeMap::new();
    let before = value(change, "mentions", 0).map(|json| ids_in(&json)).unwrap_or_default();
    for user in value(change, "mentions", 1).map(|json| ids_in(&json)).unwrap_or_default() {
        if !before.contains(&user) {
            told.entry(user).or_insert("mention");
        }
    }
    if change.op == Op::Create {
        let author = |record: &Record| user_of(record.get("created_by").as_text().unwrap_or_default());
        if let Some(parent) = comment.get("reply_to").as_id()
            && let Some(user) = load(workspace, tx, "comment", parent)?.as_ref().and_then(author)
        {
            told.entry(user).or_insert("reply");
        }
        let ids: Vec<Uuid> = subjects.iter().map(|(_, id)| *id).collect();
        for user in notifications::followers(tx, &ids)?.into_values().flatten() {
            told.entry(user).or_insert("comment");
        }
        for (object, id) in &subjects {
            if let Some(owner) = load(workspace, tx, object, *id)?.and_then(|record| record.get("owner").as_id()) {
                told.entry(owner).or_insert("comment");
            }
        }
        // Who takes part in a talk hears how it goes on.
        if let Some(user) = user_of(&change.actor) {
            notifications::follow(tx, user, &object, record, Some(change.at))?;
        }
    }
    drafts.extend(told.into_iter().map(|(user, kind)| Draft {
        user,
        kind,
        object: object.clone(),
        record,
        via: Some(change.record),
        change,
    }));
    Ok(())
}

/// With whom a record is now shared: the person, or everyone of the team itself.
fn of_share<'a>(
    workspace: &Workspace,
    tx: &mut Tx,
    change: &'a Change,
    drafts: &mut Vec<Draft<'a>>,
) -> Result<(), Error> {
    if change.op != Op::Create {
        return Ok(());
    }
    let Some(share) = load(workspace, tx, "share", change.record)? else { return Ok(()) };
    let Some((object, record)) = links_of(&share, "about").first().cloned() else { return Ok(()) };
    let mut told: Vec<Uuid> = share.get("user").as_id().into_iter().collect();
    let schema = workspace.schema();
    if let (Some(team), Some(user)) = (share.get("team").as_id(), schema.find_object("user")) {
        let members = expr::parse_condition(&schema, user, &format!("team == '{team}' && active"))?;
        let select = Select { filter: Some(members), limit: MEMBERS_MAX, ..Select::all(&schema, user) };
        told.extend(tx.select_ids(&select)?);
    }
    let via = Some(change.record);
    drafts.extend(told.into_iter().map(|user| Draft {
        user,
        kind: "shared",
        object: object.clone(),
        record,
        via,
        change,
    }));
    Ok(())
}

pub(crate) fn load(workspace: &Workspace, tx: &mut Tx, object: &str, id: Uuid) -> Result<Option<Record>, Error> {
    let schema = workspace.schema();
    let Some(object) = schema.find_object(object) else { return Ok(None) };
    Ok(tx.find(object, id)?.filter(|record| record.get("deleted_at").is_missing()))
}

/// The records that a reference to many or an `about` field names.
fn links_of(record: &Record, field: &str) -> Vec<(String, Uuid)> {
    let json = record.get(field).to_json();
    let all = json.as_array().into_iter().flatten();
    all.filter_map(|link| {
        let object = link.get("object").and_then(Json::as_str)?;
        Some((object.to_owned(), id_of(link.get("id")?)?))
    })
    .collect()
}

fn ids_in(json: &Json) -> Vec<Uuid> {
    json.as_array().into_iter().flatten().filter_map(id_of).collect()
}

/// The record that an activity stands with: what it is about.
pub(crate) fn first_subject(workspace: &Workspace, object: &str, record: &Record) -> Option<(String, Uuid)> {
    let schema = workspace.schema();
    let timeline = schema.find_object(object)?.timeline.as_ref()?;
    timeline.subjects.iter().find_map(|field| links_of(record, field).first().cloned())
}

/// Whether a user has switched a kind of notifications off.
pub(crate) fn is_muted(workspace: &Workspace, tx: &mut Tx, user: Uuid, kind: &str) -> Result<bool, Error> {
    let user = load(workspace, tx, "user", user)?;
    Ok(user.is_some_and(|user| is_in(&user, "muted", kind)))
}

/// Whether a user named a kind in one of the lists of kinds.
pub(crate) fn is_in(user: &Record, field: &str, kind: &str) -> bool {
    let kinds = user.get(field).as_json().and_then(Json::as_array);
    kinds.is_some_and(|kinds| kinds.iter().any(|one| one.as_str() == Some(kind)))
}

/// The user in `user:<id>`.
pub(crate) fn user_of(label: &str) -> Option<Uuid> {
    label.strip_prefix("user:").and_then(|id| Uuid::try_parse(id).ok())
}

/// Keeps what the users may see, and what they did not do themselves.
fn keep(workspace: &Workspace, tx: &mut Tx, drafts: Vec<Draft<'_>>) -> Result<(), Error> {
    let mut groups: BTreeMap<(Uuid, &'static str, Uuid), Vec<Draft<'_>>> = BTreeMap::new();
    let mut muted: HashMap<(Uuid, &'static str), bool> = HashMap::new();
    for one in drafts {
        if user_of(&one.change.actor) == Some(one.user) {
            continue;
        }
        let off = match muted.get(&(one.user, one.kind)) {
            Some(known) => *known,
            None => is_muted(workspace, tx, one.user, one.kind)?,
        };
        muted.insert((one.user, one.kind), off);
        if off || !sees(workspace, tx, &one)? {
            continue;
        }
        groups.entry((one.user, one.kind, one.change.batch)).or_default().push(one);
    }
    for ((user, kind, _), group) in groups {
        let number = i64::try_from(group.len()).unwrap_or(i64::MAX);
        let together = group.len() > SINGLE_MAX;
        for one in group.into_iter().take(if together { 1 } else { SINGLE_MAX }) {
            let number = if together { number } else { 1 };
            let notification = notification_of(&one, number);
            if notifications::add_to(tx, &notification)? {
                continue;
            }
            if kind == "change" {
                notifications::withdraw(tx, user, kind, one.record)?;
            }
            digest::tell(workspace, tx, &notification)?;
        }
    }
    Ok(())
}

fn notification_of(one: &Draft<'_>, number: i64) -> Notification {
    Notification {
        id: Uuid::now_v7(),
        user: one.user,
        kind: one.kind.to_owned(),
        object: one.object.clone(),
        record: one.record,
        via_object: if one.via.is_some() { one.change.object.clone() } else { one.object.clone() },
        via: one.via.unwrap_or(one.record),
        batch: one.change.batch,
        actor: one.change.actor.clone(),
        at: one.change.at,
        read_at: None,
        number,
    }
}

fn sees(workspace: &Workspace, tx: &mut Tx, one: &Draft<'_>) -> Result<bool, Error> {
    let Some(actor) = workspace.find_user_actor(tx, one.user)? else { return Ok(false) };
    if !workspace.sees(tx, &actor, &one.object, one.record)? {
        return Ok(false);
    }
    match one.via {
        Some(via) => workspace.sees(tx, &actor, &one.change.object, via),
        None => Ok(true),
    }
}

/// A task with a reminder in the future gets its job; what was planned for an older time finds that out by itself.
fn plan_reminder(workspace: &Workspace, tx: &mut Tx, change: &Change) -> Result<(), Error> {
    if change.object != "task" || value(change, "reminder_at", 1).is_none() {
        return Ok(());
    }
    let Some(task) = load(workspace, tx, "task", change.record)? else { return Ok(()) };
    if let Value::Instant(at) = task.get("reminder_at")
        && *at > workspace.now()
    {
        workspace.enqueue(tx, REMIND.kind, &json!({ "task": task.id, "at": at }), *at)?;
    }
    Ok(())
}

fn remind(workspace: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let task = job.payload.get("task").and_then(id_of);
    let at = job.payload.get("at").and_then(Json::as_i64);
    let (Some(task), Some(at)) = (task, at) else { return Ok(()) };
    let inner = workspace.clone();
    let work = workspace.store().write(Priority::Background, move |tx| {
        let Some(task) = load(&inner, tx, "task", task)? else { return Ok(()) };
        let over = matches!(task.get("status").as_text(), Some("done" | "cancelled"));
        let user = task.get("assignee").as_id().or_else(|| task.get("owner").as_id());
        let (Some(user), false, true) = (user, over, task.get("reminder_at") == &Value::Instant(at)) else {
            return Ok(());
        };
        notifications::withdraw(tx, user, "reminder", task.id)?;
        digest::tell(
            &inner,
            tx,
            &Notification {
                id: Uuid::now_v7(),
                user,
                kind: "reminder".to_owned(),
                object: "task".to_owned(),
                record: task.id,
                via_object: "task".to_owned(),
                via: task.id,
                batch: Uuid::nil(),
                actor: Actor::system("reminder").label(),
                at,
                read_at: None,
                number: 1,
            },
        )
    });
    Ok(work.wait()?)
}
