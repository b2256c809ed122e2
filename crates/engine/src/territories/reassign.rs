//! After a change of the tree: a job looks where each record belongs now and moves those that stand elsewhere, in the batch
//! of the change, so that one undo takes back both. Each slice commits its moves together with how far the job is.

use std::collections::BTreeSet;

use model::{Actor, Patch, Problem, Record, expr, value};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{Error, Select, Tx};
use uuid::Uuid;

use super::tree::Tree;
use super::{CAUSE, FIELD, PINNED, is_pinned};
use crate::batch::{Edit, Plan};
use crate::jobs::{JobRun, keep_with};
use crate::module::JobEntry;
use crate::workspace::Workspace;

/// The job.
pub(crate) const JOB: JobEntry = JobEntry { kind: "engine.territories", run, nightly: None, upkeep: false };

/// Records looked at in one go; what is to be moved of them is moved in one transaction.
const SLICE: usize = 500;
/// Records counted before it begins; beyond that the total is an estimate.
const COUNTED_MAX: u64 = 2_000_000;

/// How far a job is; its payload.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct State {
    by: String,
    batch: Uuid,
    /// Only these; all when there are none.
    ids: Vec<Uuid>,
    /// When it began: what was written since may have been placed by the rules of before, and is looked at once more.
    from: i64,
    again: bool,
    cursor: Option<String>,
    over: bool,
    total: u64,
    seen: u64,
    moved: u64,
    refused: u64,
}

/// The fields that say where a record stands and where it belongs.
pub(super) fn asked(tree: &Tree) -> Vec<String> {
    let own = [FIELD, PINNED].map(str::to_owned);
    let fields: BTreeSet<String> = tree.reads.iter().filter(|field| *field != "id").cloned().chain(own).collect();
    fields.into_iter().collect()
}

/// Whether a record stands where it does not belong.
fn is_misplaced(tree: &Tree, record: &Record) -> bool {
    let stands = record.get(FIELD).as_id();
    if is_pinned(record) { stands.is_some_and(|id| !tree.knows(id)) } else { tree.place(record) != stands }
}

fn select(workspace: &Workspace, tree: &Tree, state: &State) -> Result<Select, Problem> {
    let placed = workspace.placed().ok_or_else(|| Problem::not_found("object"))?;
    let schema = workspace.schema();
    let filter = match (state.again, state.ids.is_empty()) {
        (true, _) => {
            let since = format!("updated_at >= timestamp('{}')", value::instant_to_text(state.from));
            Some(expr::parse_condition(&schema, &placed, &since)?)
        }
        (false, false) => Some(expr::id_in(state.ids.clone())),
        (false, true) => None,
    };
    let (fields, cursor) = (asked(tree), state.cursor.clone());
    Ok(Select { filter, fields, cursor, limit: SLICE, ..Select::all(&schema, &placed) })
}

/// The misplaced records of the next slice, how many there were in it, and where it ended.
fn look(tx: &mut Tx, tree: &Tree, select: &Select) -> Result<(Vec<Uuid>, u64, Option<String>), Error> {
    let (mut found, mut seen) = (Vec::new(), 0);
    let next = tx.select(select, &mut |record| {
        seen += 1;
        if is_misplaced(tree, &record) {
            found.push(record.id);
        }
        Ok(())
    })?;
    Ok((found, seen, next))
}

fn run(workspace: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let mut state: State = serde_json::from_value(job.payload.clone())?;
    // The job may be quicker than the news of the change that it is about.
    workspace.refresh_schema()?;
    workspace.learn_territories()?;
    if state.from == 0 {
        state.from = workspace.now();
        state.total = count(workspace, &state)?;
    }
    while !state.over {
        if job.is_stopping() {
            return Err(anyhow::anyhow!("the program is stopping"));
        }
        state = step(workspace, job, &state)?;
        job.progress(state.seen as f64 / state.total.max(1) as f64)?;
    }
    Ok(())
}

fn count(workspace: &Workspace, state: &State) -> Result<u64, Error> {
    let select = select(workspace, &workspace.territories(), state)?;
    Ok(workspace.store().read(move |tx| tx.count(&select, COUNTED_MAX)).wait()?.count)
}

/// One slice. It is looked at within the write: what others wrote meanwhile is seen, and what they write afterwards is
/// placed by the rules of now.
fn step(workspace: &Workspace, job: &JobRun, state: &State) -> Result<State, Error> {
    let (id, fence, from, inner) = (job.id, job.fence, state.clone(), workspace.clone());
    let plan = Plan::new(CAUSE).in_background().continuing(state.batch);
    let work = workspace.transact(&Actor::system(CAUSE), plan, move |batch| {
        let mut next = from.clone();
        let tree = inner.territories();
        let select = select(&inner, &tree, &next)?;
        let object = select.object.name.clone();
        let (ids, seen, cursor) = look(batch.tx(), &tree, &select)?;
        next.cursor = cursor;
        next.seen = (next.seen + seen).min(next.total);
        if !ids.is_empty() {
            let edits = ids.into_iter().map(|id| Edit { id, patch: Patch::new(), if_version: None });
            for answer in batch.update_many(&object, edits.collect())? {
                match answer {
                    Ok(_) => next.moved += 1,
                    Err(_) => next.refused += 1,
                }
            }
        }
        if next.cursor.is_none() {
            next.over = next.again || !next.ids.is_empty();
            next.again = true;
        }
        keep_with(batch.tx(), id, fence, &next)?;
        Ok(next)
    });
    Ok(work.wait()?.1)
}

/// What a job did so far, for whoever changed the tree.
pub(crate) fn result_of(payload: &Json) -> Option<Json> {
    let state: State = serde_json::from_value(payload.clone()).ok()?;
    let (total, moved, refused) = (state.total, state.moved, state.refused);
    Some(json!({ "batch": state.batch, "total": total, "moved": moved, "refused": refused }))
}
