//! Changes of many records as a job: the records of a filter, or named ones, are edited, tagged, assigned or deleted slice by
//! slice, all of it one batch. Each slice commits its records together with how far the job is, so that whatever ends the
//! program, nothing is done twice and nothing is left out. Cancelled, what was done stays one batch, which undo takes back.

use std::collections::BTreeMap;

use model::fold::fold;
use model::{Actor, Code, Field, Kind, Object, Patch, Problem, Record, Value, kinds, limits};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};
use store::tables::jobs;
use store::{Error, Select};
use uuid::Uuid;

use crate::batch::{Batch, Edit, Plan};
use crate::jobs::{JobRun, keep_with};
use crate::module::JobEntry;
use crate::policy::{FieldRight, Policy, Right};
use crate::workspace::Workspace;
use crate::write::IdempotencyKey;

/// The job.
pub(crate) const JOB: JobEntry = JobEntry { kind: "engine.bulk", run, nightly: None, upkeep: false };

/// Records changed in one transaction: people's own writes come in between.
const SLICE: usize = 500;
/// Records counted before it begins; beyond that the total is an estimate.
const COUNTED_MAX: u64 = 2_000_000;
/// Kinds of refusals told apart.
const REASONS_MAX: usize = 20;
/// Records named for each.
const NAMED_MAX: usize = 20;

/// What is to be done with which records.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BulkWork {
    /// CEL; every record it holds for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Or these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<Uuid>,
    /// New values, as in the API.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub set: Map<String, Json>,
    /// Values to be put into fields that hold several: tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub add: BTreeMap<String, Vec<String>>,
    /// Values to be taken out of them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub remove: BTreeMap<String, Vec<String>>,
    /// Folders that move with everything below them, by the field that holds the path.
    #[serde(rename = "move", skip_serializing_if = "BTreeMap::is_empty")]
    pub moves: BTreeMap<String, PathMove>,
    /// Into the recycle bin with them.
    pub delete: bool,
}

/// A folder and what it becomes. Paths such as `Contracts/2026` are compared part by part, as texts are.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathMove {
    /// The folder; what lies elsewhere stays there.
    pub from: String,
    /// Its new path; empty for the top.
    pub to: String,
}

/// Records that were refused for the same reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Refusals {
    /// The reason of the first.
    pub problem: Json,
    /// How many.
    pub count: u64,
    /// Some of them.
    pub ids: Vec<Uuid>,
}

/// How far a job is; its payload.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct State {
    by: String,
    object: String,
    work: BulkWork,
    batch: Uuid,
    /// Records made later are not meant.
    from: i64,
    cursor: Option<String>,
    over: bool,
    total: u64,
    changed: u64,
    unchanged: u64,
    refused: u64,
    reasons: Vec<Refusals>,
    /// Why it ended early.
    stopped: Option<Json>,
}

/// A job that was started.
#[derive(Debug, Clone, Copy)]
pub struct Started {
    /// The job.
    pub job: Uuid,
    /// The batch that it makes.
    pub batch: Uuid,
    /// How many records it goes through.
    pub total: u64,
}

impl Workspace {
    /// Starts to change many records. The same request with the same key starts it once.
    ///
    /// # Errors
    /// Forbidden without the right `bulk` or the right over the object; a condition or value that does not fit.
    pub fn start_bulk(
        &self,
        actor: &Actor,
        object: &str,
        work: BulkWork,
        key: Option<&IdempotencyKey>,
    ) -> Result<Started, Error> {
        let known = self.schema().find_object(object).cloned().ok_or_else(|| Problem::not_found("object"))?;
        check(&known, &work)?;
        patch_of(self, &known, &work)?;
        let job = key.map_or_else(Uuid::now_v7, job_of);
        let workspace = self.clone();
        let state = State {
            by: actor.label(),
            object: object.to_owned(),
            work,
            batch: Uuid::now_v7(),
            from: self.now(),
            cursor: None,
            over: false,
            total: 0,
            changed: 0,
            unchanged: 0,
            refused: 0,
            reasons: Vec::new(),
            stopped: None,
        };
        let counted = self.transact(actor, Plan::new("count"), move |batch| {
            if let Some(known) = jobs::find(batch.tx(), job)? {
                let known: State = serde_json::from_value(known.payload).map_err(anyhow::Error::from)?;
                return Ok(Started { job, batch: known.batch, total: known.total });
            }
            let select = batch.bulk_select(&state)?;
            let total = batch.tx().count(&select, COUNTED_MAX)?.count;
            let state = State { total, ..state.clone() };
            let payload = serde_json::to_value(&state).map_err(anyhow::Error::from)?;
            jobs::insert(batch.tx(), job, JOB.kind, &payload, workspace.now())?;
            Ok(Started { job, batch: state.batch, total })
        });
        Ok(counted.wait()?.1)
    }
}

/// The job of a request: sent twice, it is the same.
fn job_of(key: &IdempotencyKey) -> Uuid {
    let digest = Sha256::digest(format!("{}|{}|{}", key.principal, key.key, key.request_hash));
    Uuid::from_bytes(digest.first_chunk::<16>().copied().unwrap_or_default())
}

/// What cannot be meant.
fn check(object: &Object, work: &BulkWork) -> Result<(), Problem> {
    let invalid = |detail: &str| Err(Problem::new(Code::Invalid, detail));
    if work.filter.is_some() != work.ids.is_empty() {
        return invalid("Give either `filter` or `ids`.");
    }
    if work.ids.len() > limits::BULK_MAX {
        return invalid("Too many `ids`; give a `filter` that finds them.");
    }
    let edits = !(work.set.is_empty() && work.add.is_empty() && work.remove.is_empty() && work.moves.is_empty());
    if edits == work.delete {
        return invalid("Give either what to change (`set`, `add`, `remove`, `move`) or `delete: true`.");
    }
    for (name, path) in &work.moves {
        let field = object.find_field(name).filter(|field| !field.hidden && !field.is_derived() && !field.read_only);
        if !field.is_some_and(|field| field.kind == Kind::Text) || work.set.contains_key(name) {
            return invalid("`move` is for fields of short text that hold a path, like `folder`.");
        }
        if parts_of(&path.from).next().is_none() {
            return invalid("Say with `from` which folder moves.");
        }
    }
    for name in work.add.keys().chain(work.remove.keys()) {
        let field = object.find_field(name).filter(|field| !field.hidden && !field.is_derived() && !field.read_only);
        if !field.is_some_and(|field| matches!(field.kind, Kind::MultiSelect | Kind::References)) {
            return invalid("`add` and `remove` are for fields that hold several values, like `tags`.");
        }
        if work.set.contains_key(name) {
            return invalid("A field is either set, or added to and taken from.");
        }
    }
    Ok(())
}

fn patch_of(workspace: &Workspace, object: &Object, work: &BulkWork) -> Result<Patch, Problem> {
    kinds::patch_from_json(object, &work.set, &workspace.context())
}

/// A list of values with some more and some less; none when that is what it was.
fn with_values(
    field: &Field,
    record: &Record,
    work: &BulkWork,
    context: &kinds::Context,
) -> Result<Option<Value>, Problem> {
    let before = record.get(&field.name).to_json();
    let mut values: Vec<Json> = before.as_array().cloned().unwrap_or_default();
    let less = work.remove.get(&field.name);
    values.retain(|value| !less.is_some_and(|less| less.iter().any(|one| value.as_str() == Some(one))));
    for more in work.add.get(&field.name).into_iter().flatten() {
        if !values.iter().any(|value| value.as_str() == Some(more)) {
            values.push(Json::from(more.as_str()));
        }
    }
    if before.as_array().map_or(values.is_empty(), |before| *before == values) {
        return Ok(None);
    }
    let value =
        kinds::from_json(field, &Json::Array(values), context).map_err(|fault| Problem::invalid(vec![fault]))?;
    Ok(Some(value))
}

/// The parts of a path, without empty ones.
fn parts_of(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').map(str::trim).filter(|part| !part.is_empty())
}

/// A path after a folder moved; none when it lies elsewhere.
fn moved(path: &str, by: &PathMove) -> Option<String> {
    let mut rest = parts_of(path);
    for part in parts_of(&by.from) {
        if rest.next().map(fold) != Some(fold(part)) {
            return None;
        }
    }
    Some(parts_of(&by.to).chain(rest).collect::<Vec<_>>().join("/"))
}

impl State {
    fn right(&self) -> Right {
        if self.work.delete { Right::Delete } else { Right::Update }
    }

    fn plan(&self) -> Plan {
        let cause = if self.work.delete { "bulk delete" } else { "bulk update" };
        Plan::new(cause).in_background().continuing(self.batch)
    }

    fn progress(&self) -> f64 {
        (self.changed + self.unchanged + self.refused) as f64 / self.total.max(1) as f64
    }

    fn stop(&mut self, problem: &Problem) {
        self.over = true;
        self.stopped = serde_json::to_value(problem).ok();
    }

    fn refuse(&mut self, id: Uuid, problem: &Problem) {
        self.refused += 1;
        // Where the others are told the same, one of them says it for all.
        let told: Vec<Json> = problem.fields.iter().map(|fault| Json::from(fault.code.as_str())).collect();
        let same = |known: &&mut Refusals| {
            let codes = known.problem.get("fields").and_then(Json::as_array).into_iter().flatten();
            known.problem.get("code") == serde_json::to_value(problem.code).ok().as_ref()
                && codes.filter_map(|fault| fault.get("code").cloned()).collect::<Vec<_>>() == told
        };
        let room = self.reasons.len() < REASONS_MAX;
        match self.reasons.iter_mut().find(same) {
            Some(known) => {
                known.count += 1;
                if known.ids.len() < NAMED_MAX {
                    known.ids.push(id);
                }
            }
            None if room => {
                let problem = serde_json::to_value(problem).unwrap_or_default();
                self.reasons.push(Refusals { problem, count: 1, ids: vec![id] });
            }
            None => {}
        }
    }
}

impl Batch<'_> {
    /// The records that are left: those that the actor may see, in the order of their ids. Which of them may be changed
    /// is said row by row.
    fn bulk_select(&mut self, state: &State) -> Result<Select, Error> {
        let object = self.load_object(&state.object)?;
        let schema = self.schema();
        let condition = {
            let policy = self.policy();
            policy.check_special("bulk")?;
            policy.scope(&object, state.right())?;
            let lists = state.work.add.keys().chain(state.work.remove.keys());
            let changed = lists.chain(state.work.set.keys()).chain(state.work.moves.keys());
            for field in changed {
                if policy.field_right(&object, field) != FieldRight::Write {
                    return Err(Policy::field_refusal(field).into());
                }
            }
            let wanted = match &state.work.filter {
                Some(filter) => {
                    let until = model::value::instant_to_text(state.from);
                    let known =
                        model::expr::parse_condition(&schema, &object, &format!("created_at <= timestamp('{until}')"))?;
                    model::expr::and(policy.condition(&object, filter)?, known)
                }
                None => model::expr::id_in(state.work.ids.clone()),
            };
            match policy.scope(&object, Right::Read)? {
                Some(scope) => model::expr::and(wanted, scope),
                None => wanted,
            }
        };
        let fields = vec!["version".to_owned()];
        Ok(Select { filter: Some(condition), fields, cursor: state.cursor.clone(), ..Select::all(&schema, &object) })
    }

    /// Deals with the next records and notes in the state what became of them. With a refusal they are left out: it is
    /// the one record that would refuse its whole slice.
    fn bulk_slice(&mut self, state: &mut State, select: Select, refusal: Option<&Problem>) -> Result<(), Error> {
        let mut ids = Vec::new();
        state.cursor = self.tx.select(&select, &mut |record| {
            ids.push(record.id);
            Ok(())
        })?;
        state.over = state.cursor.is_none();
        if let Some(problem) = refusal {
            ids.into_iter().for_each(|id| state.refuse(id, problem));
            return Ok(());
        }
        let answers = match state.work.delete {
            true => self.delete_many(&state.object, &ids)?,
            false => {
                let edits = self.bulk_edits(state, &ids)?;
                self.update_many(&state.object, edits)?
            }
        };
        let now = Value::Instant(self.at);
        for (id, answer) in ids.into_iter().zip(answers) {
            match answer {
                Ok(record) if record.get("updated_at") == &now => state.changed += 1,
                Ok(_) => state.unchanged += 1,
                Err(problem) => state.refuse(id, &problem),
            }
        }
        Ok(())
    }

    fn bulk_edits(&mut self, state: &State, ids: &[Uuid]) -> Result<Vec<Edit>, Error> {
        let object = self.load_object(&state.object)?;
        let (patch, context) = (patch_of(self.workspace, &object, &state.work)?, self.workspace.context());
        let mut edits: BTreeMap<Uuid, Patch> = ids.iter().map(|id| (*id, patch.clone())).collect();
        let lists = state.work.add.keys().chain(state.work.remove.keys());
        let lists: Vec<&Field> = lists.filter_map(|name| object.find_field(name)).collect();
        let moves: Vec<(&Field, &PathMove)> =
            state.work.moves.iter().filter_map(|(name, by)| Some((object.find_field(name)?, by))).collect();
        if !lists.is_empty() || !moves.is_empty() {
            for record in self.tx.lock_many(&object, ids)? {
                let Some(patch) = edits.get_mut(&record.id) else { continue };
                for (field, by) in &moves {
                    if let Some(path) = record.get(&field.name).as_text().and_then(|path| moved(path, by)) {
                        let value = kinds::from_json(field, &Json::from(path), &context)
                            .map_err(|fault| Problem::invalid(vec![fault]))?;
                        patch.insert(field.name.clone(), value);
                    }
                }
                for field in &lists {
                    if let Some(value) = with_values(field, &record, &state.work, &context)? {
                        patch.insert(field.name.clone(), value);
                    }
                }
            }
        }
        let edit = |id: &Uuid| Edit { id: *id, patch: edits.remove(id).unwrap_or_default(), if_version: None };
        Ok(ids.iter().map(edit).collect())
    }
}

fn run(workspace: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let mut state: State = serde_json::from_value(job.payload.clone())?;
    let mut size = SLICE;
    let mut refusal: Option<Problem> = None;
    while !state.over {
        if job.is_stopping() {
            return Err(anyhow::anyhow!("the program is stopping"));
        }
        match step(workspace, job, &state, size, refusal.take()) {
            Ok(next) => {
                state = next;
                size = (size * 2).min(SLICE);
            }
            // What refuses a slice as a whole is found by making it smaller.
            Err(Error::Problem(_)) if size > 1 => size = (size / 4).max(1),
            Err(Error::Problem(problem)) => refusal = Some(*problem),
            Err(error) => return Err(error.into()),
        }
        job.progress(state.progress())?;
    }
    Ok(())
}

/// One slice, or one record left out; the state goes with it into the same transaction.
fn step(
    workspace: &Workspace,
    job: &JobRun,
    state: &State,
    size: usize,
    refusal: Option<Problem>,
) -> Result<State, Error> {
    let (id, fence, from) = (job.id, job.fence, state.clone());
    let actor = match workspace.asker(&state.by) {
        Ok(actor) => actor,
        Err(Error::Problem(problem)) => {
            let mut next = from;
            next.stop(&problem);
            job.keep(&serde_json::to_value(&next).map_err(anyhow::Error::from)?)?;
            return Ok(next);
        }
        Err(error) => return Err(error),
    };
    let work = workspace.transact(&actor, state.plan(), move |batch| {
        let mut next = from.clone();
        match batch.bulk_select(&next) {
            Ok(select) => batch.bulk_slice(&mut next, Select { limit: size, ..select }, refusal.as_ref())?,
            // A right that was taken away meanwhile ends the work; it is no record's fault.
            Err(Error::Problem(problem)) => next.stop(&problem),
            Err(error) => return Err(error),
        }
        keep_with(batch.tx(), id, fence, &next)?;
        Ok(next)
    });
    Ok(work.wait()?.1)
}

/// What a job did so far, for whoever asked for it.
pub(crate) fn result_of(payload: &Json) -> Option<Json> {
    let state: State = serde_json::from_value(payload.clone()).ok()?;
    Some(serde_json::json!({
        "batch": state.batch, "object": state.object, "total": state.total, "changed": state.changed,
        "unchanged": state.unchanged, "refused": state.refused, "reasons": state.reasons, "stopped": state.stopped,
        "deletes": state.work.delete,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_move_with_what_lies_below() {
        let by = |from: &str, to: &str| PathMove { from: from.to_owned(), to: to.to_owned() };
        for (path, from, to, expected) in [
            ("Contracts/2026", "Contracts", "Legal/Signed", Some("Legal/Signed/2026")),
            (" contracts // 2026/ ", "Contracts", "Legal", Some("Legal/2026")),
            ("Contracts", "Contracts", "", Some("")),
            ("Contracts/2026", "Contracts/2026", "", Some("")),
            ("Contracts-old", "Contracts", "Legal", None),
            ("Contracts", "Contracts/2026", "Legal", None),
        ] {
            assert_eq!(moved(path, &by(from, to)).as_deref(), expected, "{path} {from}");
        }
    }
}
