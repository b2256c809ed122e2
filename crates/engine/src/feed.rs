//! What colleagues did lately, newest first, as far as somebody may see it: one entry for each batch, with what it did to
//! the records of each object. What is out of sight is neither shown nor counted.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use model::expr::{self, Expr};
use model::{Actor, Change, Code, Object, Op, Problem};
use serde_json::{Map, Value as Json, json};
use store::tables::duplicates;
use store::{Error, FeedBatch, FeedChange, Pending, Select, Tx};
use uuid::Uuid;

use crate::history::{PAGE_MAX, change_json, excerpt};
use crate::policy::{Policy, Right};
use crate::read::title_json;
use crate::timeline::{Seen, about};
use crate::workspace::Workspace;

/// Batches looked at in one go.
const PAGE: usize = 50;
/// Pages looked through for one answer; then it says where to go on.
const LOOKS_MAX: usize = 8;
/// Changes of a batch that are looked at one by one; more are counted.
const HEADS_MAX: usize = 51;
/// Changes of a batch that are counted; what is beyond is "more".
const COUNT_MAX: usize = 10_000;
/// Records that a part of an entry names.
const NAMED_MAX: usize = 3;
/// Members of a team whose batches are looked for.
const MEMBERS_MAX: usize = 500;
/// Batches may be kept a little out of the order of their time.
const LATE_US: i64 = 60_000_000;

/// Whose doing is asked for.
#[derive(Debug, Clone, Default)]
pub enum Who {
    /// Everybody's but the program's.
    #[default]
    All,
    /// That of the actor's teams and those below them.
    Mine,
    /// That of a team and those below it.
    Team(Uuid),
    /// One person's.
    User(Uuid),
}

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct FeedQuery {
    /// Whose doing.
    pub who: Who,
    /// Only records of one object.
    pub object: Option<String>,
    /// Nothing older, in microseconds since the epoch.
    pub since: Option<i64>,
    /// The batch where the page before ended.
    pub before: Option<Uuid>,
    /// Entries wanted.
    pub limit: usize,
}

/// What one batch did to the records of one object in one way.
struct Part {
    object: Arc<Object>,
    op: Op,
    /// The records, in order; at most as many as are looked at.
    changes: Vec<FeedChange>,
}

/// One batch with what is to be said of it.
struct Entry {
    batch: FeedBatch,
    /// More was done than was looked at.
    more: bool,
    parts: Vec<Part>,
}

/// What is loaded for the entries of a page, in one go for all of them.
struct Known {
    seen: Seen,
    about: Seen,
    changes: HashMap<i64, Change>,
    counts: HashMap<(i64, String, Op), u64>,
    merged: HashMap<Uuid, Vec<(Uuid, Uuid)>>,
    undone: HashSet<Uuid>,
}

impl Workspace {
    /// What was done lately: `{"entries":[{"batch","at","actor","verb","undone","parts":[…]}],"next","actors"}`. A part
    /// says the object, what happened, to how many records, and names the first of them.
    ///
    /// # Errors
    /// Forbidden for who sees no records; a cursor, object or team that is not there; a database that fails.
    pub fn feed(&self, actor: &Actor, query: FeedQuery) -> Pending<Json> {
        let (workspace, actor) = (self.clone(), actor.clone());
        self.store().read(move |tx| workspace.feed_in(tx, &actor, &query))
    }

    fn feed_in(&self, tx: &mut Tx, actor: &Actor, query: &FeedQuery) -> Result<Json, Error> {
        self.judge(tx, actor, |policy| policy.check_sees_anything())??;
        let limit = if query.limit == 0 { 30 } else { query.limit.min(PAGE_MAX) };
        if query.object.as_ref().is_some_and(|name| self.schema().find_object(name).is_none_or(|o| o.internal)) {
            return Err(Problem::not_found("object").into());
        }
        let actors = self.feed_actors(tx, actor, &query.who)?;
        let mut before = match query.before {
            Some(id) => tx.number_of_batch(id)?.ok_or_else(bad_cursor)?,
            None => i64::MAX,
        };
        let (mut entries, mut names, mut next) = (Vec::new(), HashSet::new(), None);
        for look in 1..=LOOKS_MAX {
            let batches = tx.feed_batches(actors.as_deref(), before, PAGE)?;
            let is_last = batches.len() < PAGE;
            let is_old = |one: &FeedBatch| query.since.is_some_and(|since| one.batch.at < since);
            let is_over = batches.iter().any(|one| query.since.is_some_and(|since| one.batch.at < since - LATE_US));
            before = batches.last().map_or(before, |one| one.no);
            let told: Vec<FeedBatch> = batches.iter().filter(|one| is_told(one) && !is_old(one)).cloned().collect();
            for (batch, entry) in self.feed_entries(tx, actor, told, query.object.as_deref())? {
                names.insert(batch.actor.clone());
                entries.push(entry);
                if entries.len() == limit {
                    next = Some(batch.id);
                    break;
                }
            }
            if next.is_some() || is_last || is_over {
                break;
            }
            if look == LOOKS_MAX {
                next = batches.last().map(|one| one.batch.id);
            }
        }
        let actors = self.actor_names(tx, &names)?;
        Ok(json!({ "entries": entries, "next": next, "actors": actors }))
    }

    /// Whose batches are looked for; `None` for everybody's.
    fn feed_actors(&self, tx: &mut Tx, actor: &Actor, who: &Who) -> Result<Option<Vec<String>>, Error> {
        let teams = match who {
            Who::All => return Ok(None),
            Who::User(id) => return Ok(Some(vec![format!("user:{id}")])),
            Who::Mine => actor.teams.to_vec(),
            Who::Team(id) => {
                let teams = self.teams_below(tx, Some(*id))?;
                if teams.is_empty() {
                    return Err(Problem::not_found("team").into());
                }
                teams
            }
        };
        let schema = self.schema();
        let object = schema.find_object("user").ok_or_else(|| Problem::not_found("object"))?;
        let list: Vec<String> = teams.iter().map(|id| format!("'{id}'")).collect();
        if list.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let members = expr::parse_condition(&schema, object, &format!("team in [{}]", list.join(", ")))?;
        let select = Select { filter: Some(members), limit: MEMBERS_MAX, ..Select::all(&schema, object) };
        Ok(Some(tx.select_ids(&select)?.iter().map(|id| format!("user:{id}")).collect()))
    }

    /// What is to be told of these batches, in their order.
    fn feed_entries(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        batches: Vec<FeedBatch>,
        only: Option<&str>,
    ) -> Result<Vec<(store::BatchRow, Json)>, Error> {
        let changes = tx.feed_changes(&batches, HEADS_MAX)?;
        let entries = self.parts(batches, changes, only);
        let known = self.feed_known(tx, actor, &entries)?;
        self.judge(tx, actor, |policy| {
            let told =
                entries.iter().filter_map(|entry| Some((entry.batch.batch.clone(), told(policy, entry, &known)?)));
            told.collect()
        })
    }

    fn parts(&self, batches: Vec<FeedBatch>, changes: Vec<FeedChange>, only: Option<&str>) -> Vec<Entry> {
        let schema = self.schema();
        let mut by_batch: HashMap<i64, Vec<FeedChange>> = HashMap::new();
        for change in changes {
            by_batch.entry(change.no).or_default().push(change);
        }
        let mut entries = Vec::with_capacity(batches.len());
        for batch in batches {
            let changes = by_batch.remove(&batch.no).unwrap_or_default();
            let more = changes.len() >= HEADS_MAX;
            let mut parts: Vec<Part> = Vec::new();
            for change in changes {
                let object = schema.find_object(&change.object).filter(|object| !object.internal);
                let Some(object) = object.filter(|object| only.is_none_or(|only| only == object.name)) else {
                    continue;
                };
                // What was made and changed in one go was made.
                if parts.iter().any(|part| part.changes.iter().any(|known| known.record == change.record)) {
                    continue;
                }
                let at = parts.iter().position(|part| part.object.name == object.name && part.op == change.op);
                match at.and_then(|at| parts.get_mut(at)) {
                    Some(part) => part.changes.push(change),
                    None => parts.push(Part { object: object.clone(), op: change.op, changes: vec![change] }),
                }
            }
            entries.push(Entry { batch, more, parts });
        }
        entries
    }

    /// Loads for all entries together: the records and what they are about, what changed, what is counted.
    fn feed_known(&self, tx: &mut Tx, actor: &Actor, entries: &[Entry]) -> Result<Known, Error> {
        let ids: Vec<Uuid> = entries.iter().map(|entry| entry.batch.batch.id).collect();
        let merges: Vec<Uuid> = entries.iter().filter(|e| verb(e) == "merged").map(|e| e.batch.batch.id).collect();
        let mut merged: HashMap<Uuid, Vec<(Uuid, Uuid)>> = HashMap::new();
        for (batch, record, winner) in duplicates::merged_by(tx, &merges)? {
            merged.entry(batch).or_default().push((record, winner));
        }
        let mut wanted: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
        let mut positions = Vec::new();
        for part in entries.iter().flat_map(|entry| &entry.parts) {
            let records = part.changes.iter().map(|change| change.record);
            wanted.entry(part.object.name.clone()).or_default().extend(records);
            if part.op == Op::Update {
                positions.extend(part.changes.iter().map(|change| change.seq));
            }
        }
        for entry in entries {
            // What stays of a merge may be the same as before: then it has no change of its own.
            let winners = merged.get(&entry.batch.batch.id).into_iter().flatten().map(|(_, winner)| *winner);
            if let Some(part) = entry.parts.iter().find(|part| part.op == Op::Delete) {
                wanted.entry(part.object.name.clone()).or_default().extend(winners);
            }
        }
        let seen = self.visible_records(tx, actor, wanted)?;
        let mut subjects: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
        for (object, record) in seen.values() {
            for (name, id) in about(object, record) {
                subjects.entry(name).or_default().push(id);
            }
        }
        let changes = tx.changes_at(positions)?.into_iter().map(|change| (change.seq, change)).collect();
        Ok(Known {
            about: self.visible_records(tx, actor, subjects)?,
            counts: self.feed_counts(tx, actor, entries)?,
            undone: tx.undone(&ids)?,
            seen,
            changes,
            merged,
        })
    }

    /// Counts in large batches, for each object in one statement. Changes are counted only for who reads every field: else
    /// the number would tell of changes in others.
    fn feed_counts(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        entries: &[Entry],
    ) -> Result<HashMap<(i64, String, Op), u64>, Error> {
        let schema = self.schema();
        let mut large: BTreeMap<String, (Arc<Object>, Vec<FeedBatch>)> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| entry.more) {
            for part in &entry.parts {
                let known = large.entry(part.object.name.clone());
                let (_, batches) = known.or_insert_with(|| (part.object.clone(), Vec::new()));
                if batches.last().is_none_or(|last| last.no != entry.batch.no) {
                    batches.push(entry.batch.clone());
                }
            }
        }
        let mut counts = HashMap::new();
        for (name, (object, batches)) in large {
            let (scope, whole) = self.judge(tx, actor, |policy| {
                (
                    policy.scope(&object, Right::Read),
                    object.fields.iter().all(|field| policy.can_read(&object, &field.name)),
                )
            })?;
            let Ok(scope) = scope else { continue };
            let scope = scope.unwrap_or_else(Expr::always);
            for (no, op, count) in tx.feed_counts(&schema, &object, &batches, &scope, COUNT_MAX)? {
                if op != Op::Update || whole {
                    *counts.entry((no, name.clone(), op)).or_default() += count;
                }
            }
        }
        Ok(counts)
    }
}

fn bad_cursor() -> Problem {
    Problem::new(Code::BadRequest, "The cursor is not one of ours. Start again without it.")
}

/// The program's own work is not told, nor that something was undone: what was undone says so itself.
fn is_told(one: &FeedBatch) -> bool {
    !one.batch.actor.starts_with("system:") && one.batch.undoes.is_none()
}

/// What the batch was, where its changes alone do not say it.
fn verb(entry: &Entry) -> &'static str {
    match entry.batch.batch.cause.as_str() {
        "merge" => "merged",
        cause if cause.starts_with("import") => "imported",
        _ => "changed",
    }
}

/// An entry as the reader may see it; none when nothing of it is in sight.
fn told(policy: &Policy<'_>, entry: &Entry, known: &Known) -> Option<Json> {
    let batch = &entry.batch.batch;
    let (verb, parts) = match merge_part(entry, known) {
        Some(part) => ("merged", vec![part]),
        None => {
            let verb = if verb(entry) == "imported" { "imported" } else { "changed" };
            (verb, entry.parts.iter().filter_map(|part| part_json(policy, entry, part, known)).collect())
        }
    };
    (!parts.is_empty()).then(|| {
        json!({
            "batch": batch.id,
            "at": model::value::instant_to_text(batch.at),
            "actor": batch.actor,
            "verb": verb,
            "undone": known.undone.contains(&batch.id),
            "parts": parts,
        })
    })
}

/// A merge: what stayed, and how many went into it.
fn merge_part(entry: &Entry, known: &Known) -> Option<Json> {
    let merged = known.merged.get(&entry.batch.batch.id)?;
    let (object, winner) = merged.iter().find_map(|(_, winner)| known.seen.get(winner))?;
    let count = merged.iter().filter(|(record, _)| known.seen.contains_key(record)).count();
    (count > 0).then(|| part_of(object, Op::Delete, count as u64, false, vec![title_json(object, winner)]))
}

fn part_of(object: &Object, op: Op, count: u64, more: bool, records: Vec<Json>) -> Json {
    json!({ "object": object.name, "op": op, "count": count, "more": more, "records": records })
}

/// What was done to the records of one object.
fn part_json(policy: &Policy<'_>, entry: &Entry, part: &Part, known: &Known) -> Option<Json> {
    let shown = |change: &&FeedChange| {
        known.seen.contains_key(&change.record)
            && (part.op != Op::Update || fields_of(policy, part, change, known).is_some())
    };
    let changes: Vec<&FeedChange> = part.changes.iter().filter(shown).collect();
    let first = changes.first()?;
    let counted = known.counts.get(&(entry.batch.no, part.object.name.clone(), part.op)).copied();
    let count = counted.unwrap_or(changes.len() as u64).max(changes.len() as u64);
    let more = entry.more && counted.is_none_or(|count| count >= COUNT_MAX as u64);
    let named = changes.iter().filter_map(|change| known.seen.get(&change.record)).take(NAMED_MAX);
    let records = named.map(|(object, record)| title_json(object, record)).collect();
    let mut json = part_of(&part.object, part.op, count, more, records);
    let map = json.as_object_mut()?;
    if count == 1 {
        if let Some(fields) = fields_of(policy, part, first, known) {
            map.insert("fields".to_owned(), Json::Object(fields));
        }
        let seen = known.seen.get(&first.record);
        if let Some(text) = excerpt(policy, seen).filter(|_| part.op == Op::Create) {
            map.insert("text".to_owned(), Json::String(text));
        }
        let (object, record) = seen?;
        let readable = |field: &String| policy.can_read(object, field);
        if object.timeline.as_ref().is_some_and(|timeline| timeline.subjects.iter().all(readable)) {
            let about = about(object, record).into_iter().filter_map(|(_, id)| known.about.get(&id)).take(NAMED_MAX);
            map.insert("about".to_owned(), about.map(|(object, record)| title_json(object, record)).collect());
        }
    } else if part.op == Op::Update {
        let names = changes
            .iter()
            .filter_map(|change| fields_of(policy, part, change, known))
            .flat_map(|fields| fields.into_iter().map(|(name, _)| name));
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        names.dedup();
        map.insert("names".to_owned(), json!(names));
    }
    Some(json)
}

/// What changed, of that what the reader may see: `{field: [before, after]}`; none when that is nothing.
fn fields_of(policy: &Policy<'_>, part: &Part, change: &FeedChange, known: &Known) -> Option<Map<String, Json>> {
    if part.op != Op::Update {
        return None;
    }
    let json = change_json(policy, &part.object, known.changes.get(&change.seq)?);
    json.get("fields")?.as_object().filter(|fields| !fields.is_empty()).cloned()
}
