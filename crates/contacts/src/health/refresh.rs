//! All companies again: every night, when the setting changed, and when the program was off for longer than a day.

use engine::{JobRun, Workspace};
use model::Record;
use serde_json::{Value as Json, json};
use store::tables::jobs::Job;
use store::{Error, Priority, Select, Tx};
use uuid::Uuid;

use super::{OBJECT, SLICE, sum};

/// The job's name.
pub(super) const KIND: &str = "health.refresh";
/// What is older is worked out again at the start.
const AGE_MAX_US: i64 = 86_400_000_000;

/// Goes through all companies, on readers; only what is not as it should be takes a turn of the writer. Where it is
/// stands in the job, so that a restart goes on there.
pub(super) fn run(ws: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let mut cursor = job.payload.get("cursor").and_then(Json::as_str).map(str::to_owned);
    loop {
        if job.is_stopping() {
            return Err(anyhow::anyhow!("the program is stopping"));
        }
        let (inner, from) = (ws.clone(), cursor.take());
        let looked = ws.store().read(move |tx| look(&inner, tx, from.clone()));
        let (changed, next) = looked.wait()?;
        if !changed.is_empty() {
            let inner = ws.clone();
            // Looked at once more where it is written: somebody may have changed it since.
            let write = ws.store().write(Priority::Background, move |tx| {
                let schema = inner.schema();
                let Some(company) = schema.find_object(OBJECT) else { return Ok(()) };
                let companies = tx.find_many(company, &changed)?;
                let changed = sum::changes(&inner, tx, companies)?;
                sum::keep(&inner, tx, changed)
            });
            write.wait()?;
        }
        let Some(next) = next else { return Ok(()) };
        job.keep(&json!({ "cursor": next }))?;
        job.progress(0.5)?;
        cursor = Some(next);
    }
}

/// The companies of a slice whose health is not what it should be, and where the next slice begins.
fn look(ws: &Workspace, tx: &mut Tx, cursor: Option<String>) -> Result<(Vec<Uuid>, Option<String>), Error> {
    let schema = ws.schema();
    let Some(company) = schema.find_object(OBJECT) else { return Ok((Vec::new(), None)) };
    let mut companies: Vec<Record> = Vec::new();
    let select = Select { cursor, limit: SLICE, ..Select::all(&schema, company) };
    let next = tx.select(&select, &mut |record| {
        companies.push(record);
        Ok(())
    })?;
    let changed = sum::changes(ws, tx, companies)?;
    Ok((changed.into_iter().map(|(id, _)| id).collect(), next))
}

/// Asks for a run when the last one is too old, or there was none.
///
/// # Errors
/// A database that fails.
pub fn catch_up(ws: &Workspace) -> Result<(), Error> {
    let now = ws.now();
    let jobs = ws.list_jobs(KIND, 20).wait()?;
    let is_fresh = |at: Option<i64>| at.is_some_and(|at| at > now - AGE_MAX_US);
    let goes_on = |job: &Job| job.due_at <= now && matches!(job.status.as_str(), "queued" | "running");
    if jobs.iter().any(|job| is_fresh(job.finished_at) || goes_on(job)) {
        return Ok(());
    }
    let inner = ws.clone();
    let write = ws.store().write(Priority::Background, move |tx| {
        inner.enqueue(tx, KIND, &json!({}), now)?;
        Ok(())
    });
    write.wait()
}
