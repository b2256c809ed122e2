//! Jobs: rows with a due time, a lease and a fencing number.

use serde_json::Value as Json;
use uuid::Uuid;

use crate::{Error, Row, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {job} (id {id} PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL, \
     status TEXT NOT NULL, due_at BIGINT NOT NULL, lease_until BIGINT NOT NULL, fence BIGINT NOT NULL, \
     attempts BIGINT NOT NULL, progress BIGINT NOT NULL, error TEXT, finished_at BIGINT)",
    "CREATE INDEX IF NOT EXISTS job_due ON {job} (status, due_at)",
];

/// One job.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// What runs it.
    pub kind: String,
    /// What it is about.
    pub payload: Json,
    /// `queued`, `running`, `done`, `failed`, `cancelled`.
    pub status: String,
    /// When it may begin, in microseconds since the epoch.
    pub due_at: i64,
    /// When it was done.
    pub finished_at: Option<i64>,
    /// Grows with every taking.
    pub fence: i64,
    /// Tries so far.
    pub attempts: i64,
    /// 0 to 1.
    pub progress: f64,
    /// Why the last try failed.
    pub error: Option<String>,
}

impl Job {
    /// For whom it runs, `kind:id`; nobody for what the program does by itself.
    pub fn actor(&self) -> Option<&str> {
        self.payload.get("by")?.as_str()
    }
}

const COLUMNS: &str = "id, kind, payload, status, fence, attempts, progress, error, due_at, finished_at";

fn job_of(row: &Row) -> Result<Job, Error> {
    Ok(Job {
        id: row.id(0)?,
        kind: row.text(1)?,
        payload: serde_json::from_str(&row.text(2)?).map_err(anyhow::Error::from)?,
        status: row.text(3)?,
        fence: row.int(4)?,
        attempts: row.int(5)?,
        progress: row.int(6)? as f64 / 1_000_000.0,
        error: row.text_or_none(7)?,
        due_at: row.int(8)?,
        finished_at: row.int_or_none(9),
    })
}

/// States of the work of a kind that is not done yet; with a payload only of that work.
pub fn unfinished(tx: &mut Tx, kind: &str, payload: Option<&Json>) -> Result<Vec<String>, Error> {
    let mut sql = "SELECT DISTINCT status FROM {job} WHERE status IN ('queued', 'running') AND kind = ?".to_owned();
    let mut values = vec![Val::from(kind)];
    if let Some(payload) = payload {
        sql.push_str(" AND payload = ?");
        values.push(Val::Text(payload.to_string()));
    }
    tx.query(&sql, &values)?.iter().map(|row| row.text(0)).collect()
}

/// Adds a job; one whose id is known already is left as it is, so that what is planned twice runs once.
pub fn insert(tx: &mut Tx, id: Uuid, kind: &str, payload: &Json, due_at: i64) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO {job} (id, kind, payload, status, due_at, lease_until, fence, attempts, progress) \
         VALUES (?, ?, ?, 'queued', ?, 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING",
        &[Val::Id(id), Val::from(kind), Val::Text(payload.to_string()), Val::Int(due_at)],
    )?;
    Ok(())
}

/// One job by id.
pub fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Job>, Error> {
    tx.query(&format!("SELECT {COLUMNS} FROM {{job}} WHERE id = ?"), &[Val::Id(id)])?.first().map(job_of).transpose()
}

/// The jobs of a kind, the latest first.
pub fn list(tx: &mut Tx, kind: &str, limit: usize) -> Result<Vec<Job>, Error> {
    let rows = tx.query(
        &format!("SELECT {COLUMNS} FROM {{job}} WHERE kind = ? ORDER BY due_at DESC, id DESC LIMIT ?"),
        &[Val::from(kind), Val::Int(i64::try_from(limit).unwrap_or(i64::MAX))],
    )?;
    rows.iter().map(job_of).collect()
}

/// Ends a job that has not ended; whoever runs it hears of it at its next sign of life. False when it had ended.
pub fn cancel(tx: &mut Tx, id: Uuid, now: i64) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE {job} SET status = 'cancelled', finished_at = ? WHERE id = ? AND status IN ('queued', 'running')",
        &[Val::Int(now), Val::Id(id)],
    )?;
    Ok(changed == 1)
}

/// Keeps how far a job is in its own words, for whoever goes on with it. False when the lease was lost.
pub fn keep_payload(tx: &mut Tx, id: Uuid, fence: i64, payload: &Json) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE {job} SET payload = ? WHERE id = ? AND fence = ? AND status = 'running'",
        &[Val::Text(payload.to_string()), Val::Id(id), Val::Int(fence)],
    )?;
    Ok(changed == 1)
}

/// Which jobs a worker takes.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Kinds that are left to others.
    pub spared: Vec<&'static str>,
    /// Kinds of which one job runs at a time, wherever the others wait.
    pub alone: Vec<&'static str>,
}

/// What a job that can be taken now satisfies, with its parameters.
fn takeable(now: i64, choice: &Choice) -> (String, Vec<Val>) {
    let mut condition = "status IN ('queued', 'running') AND due_at <= ? AND lease_until < ?".to_owned();
    let mut params = vec![Val::Int(now), Val::Int(now)];
    for kind in &choice.spared {
        condition.push_str(" AND kind <> ?");
        params.push(Val::from(*kind));
    }
    for kind in &choice.alone {
        condition.push_str(
            " AND (kind <> ? OR NOT EXISTS (SELECT 1 FROM {job} o WHERE o.status = 'running' AND o.kind = ? \
             AND o.lease_until >= ?))",
        );
        params.extend([Val::from(*kind), Val::from(*kind), Val::Int(now)]);
    }
    (condition, params)
}

/// Whether a job waits to be taken.
pub fn is_due(tx: &mut Tx, now: i64, choice: &Choice) -> Result<bool, Error> {
    let (condition, params) = takeable(now, choice);
    Ok(!tx.query(&format!("SELECT 1 FROM {{job}} WHERE {condition} LIMIT 1"), &params)?.is_empty())
}

/// Takes the longest due job, also one whose worker died. Two takers never get the same one, nor two of a kind that runs
/// alone: the outer condition is looked at again under the row's lock, and takers come one after the other.
pub fn take(tx: &mut Tx, now: i64, lease_until: i64, choice: &Choice) -> Result<Option<Job>, Error> {
    tx.lock_alone(".job")?;
    let (condition, mut params) = takeable(now, choice);
    params.insert(0, Val::Int(lease_until));
    params.push(Val::Int(now));
    let rows = tx.query(
        &format!(
            "UPDATE {{job}} SET status = 'running', lease_until = ?, fence = fence + 1, attempts = attempts + 1 \
             WHERE id = (SELECT id FROM {{job}} WHERE {condition} ORDER BY due_at LIMIT 1) \
             AND lease_until < ? RETURNING {COLUMNS}"
        ),
        &params,
    )?;
    rows.first().map(job_of).transpose()
}

/// Keeps the lease and tells the progress. False when the lease was lost.
pub fn renew(tx: &mut Tx, id: Uuid, fence: i64, until: i64, progress: f64) -> Result<bool, Error> {
    let progress = (progress.clamp(0.0, 1.0) * 1_000_000.0) as i64;
    let changed = tx.execute(
        "UPDATE {job} SET lease_until = ?, progress = ? WHERE id = ? AND fence = ? AND status = 'running'",
        &[Val::Int(until), Val::Int(progress), Val::Id(id), Val::Int(fence)],
    )?;
    Ok(changed == 1)
}

/// Marks a job as done. False when it was cancelled or another worker has it.
pub fn finish(tx: &mut Tx, id: Uuid, fence: i64, now: i64) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE {job} SET status = 'done', progress = 1000000, error = NULL, finished_at = ? \
         WHERE id = ? AND fence = ? AND status = 'running'",
        &[Val::Int(now), Val::Id(id), Val::Int(fence)],
    )?;
    Ok(changed == 1)
}

/// Keeps why a try failed; tries again at `retry_at`, or gives up. False when it was cancelled or another worker has it.
pub fn fail(tx: &mut Tx, id: Uuid, fence: i64, error: &str, retry_at: Option<i64>) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE {job} SET status = ?, due_at = ?, lease_until = 0, error = ? \
         WHERE id = ? AND fence = ? AND status = 'running'",
        &[
            Val::from(if retry_at.is_some() { "queued" } else { "failed" }),
            Val::Int(retry_at.unwrap_or(0)),
            Val::from(error),
            Val::Id(id),
            Val::Int(fence),
        ],
    )?;
    Ok(changed == 1)
}
