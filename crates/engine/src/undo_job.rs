//! Undo of a large batch as a job: newest changes first, each slice with how far it is in one transaction. Cancelled or cut
//! off, it can be asked for again and goes on where it stopped.

use model::{Actor, Problem};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{Error, Priority};
use uuid::Uuid;

use crate::batch::Plan;
use crate::jobs::{JobRun, keep_with};
use crate::module::JobEntry;
use crate::undo::{Kept, SLICE, Undone};
use crate::workspace::Workspace;

/// The job.
pub(crate) const JOB: JobEntry = JobEntry { kind: "engine.undo", run, nightly: None, upkeep: false };

/// Changes undone in one transaction: people's own writes come in between.
const STEP: usize = 500;
/// What stayed, named one by one.
const KEPT_MAX: usize = 100;

/// How far a job is; its payload.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct State {
    by: String,
    undoes: Uuid,
    batch: Uuid,
    before: Option<i64>,
    over: bool,
    total: u64,
    done: u64,
    undone: u64,
    kept: Vec<Kept>,
    kept_count: u64,
    stopped: Option<Json>,
}

impl Workspace {
    /// Undoes a batch: a small one at once, a large one in a job, which the answer names.
    ///
    /// # Errors
    /// As [`Workspace::undo`].
    pub fn undo_soon(&self, actor: &Actor, batch: Uuid) -> Result<Undone, Error> {
        let total = self.store().read(move |tx| tx.count_changes(batch)).wait()?;
        if total <= SLICE as u64 {
            return self.undo(actor, batch);
        }
        let state = State {
            by: actor.label(),
            undoes: batch,
            batch: Uuid::now_v7(),
            before: None,
            over: false,
            total,
            done: 0,
            undone: 0,
            kept: Vec::new(),
            kept_count: 0,
            stopped: None,
        };
        let payload = serde_json::to_value(&state).map_err(anyhow::Error::from)?;
        let (workspace, by, own) = (self.clone(), actor.clone(), state.batch);
        let write = self.store().write(Priority::Interactive, move |tx| {
            let job = workspace.enqueue(tx, JOB.kind, &payload, workspace.now())?;
            workspace.audit_in(tx, &by, "undo", Some(format!("batch:{batch}")), json!({ "batch": own }));
            Ok(job)
        });
        Ok(Undone { batch: own, job: Some(write.wait()?), ..Undone::default() })
    }
}

fn run(workspace: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let mut state: State = serde_json::from_value(job.payload.clone())?;
    while !state.over {
        if job.is_stopping() {
            return Err(anyhow::anyhow!("the program is stopping"));
        }
        state = match step(workspace, job, &state) {
            Ok(next) => next,
            Err(Error::Problem(problem)) => stop(job, state, &problem)?,
            Err(error) => return Err(error.into()),
        };
        job.progress(state.done as f64 / state.total.max(1) as f64)?;
    }
    // What was undone may be a change of the schema.
    workspace.refresh_schema()?;
    Ok(())
}

fn stop(job: &JobRun, state: State, problem: &Problem) -> anyhow::Result<State> {
    let next = State { over: true, stopped: serde_json::to_value(problem).ok(), ..state };
    job.keep(&serde_json::to_value(&next)?)?;
    Ok(next)
}

fn step(workspace: &Workspace, job: &JobRun, state: &State) -> Result<State, Error> {
    let actor = workspace.asker(&state.by)?;
    let (id, fence, from) = (job.id, job.fence, state.clone());
    let plan = Plan { undoes: Some(state.undoes), ..Plan::new("undo") };
    let work = workspace.transact(&actor, plan.in_background().continuing(state.batch), move |batch| {
        let mut next = from.clone();
        let step = batch.undo_slice(next.undoes, next.before.unwrap_or(i64::MAX), STEP)?;
        next.done = (next.done + STEP as u64).min(next.total);
        next.undone += step.undone;
        next.kept_count += step.kept.len() as u64 + step.out_of_sight;
        let room = KEPT_MAX.saturating_sub(next.kept.len());
        next.kept.extend(step.kept.into_iter().take(room));
        next.over = step.next.is_none();
        next.before = step.next;
        keep_with(batch.tx(), id, fence, &next)?;
        Ok(next)
    });
    Ok(work.wait()?.1)
}

/// What a job did so far, for whoever asked for it.
pub(crate) fn result_of(payload: &Json) -> Option<Json> {
    let state: State = serde_json::from_value(payload.clone()).ok()?;
    Some(json!({
        "batch": state.batch, "undoes": state.undoes, "total": state.total, "undone": state.undone,
        "kept_count": state.kept_count, "kept": state.kept, "stopped": state.stopped,
    }))
}
