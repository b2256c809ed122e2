//! Jobs: work that people do not wait for. Rows with a due time, a lease and a fencing number.

use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use model::{Actor, Problem};
use serde_json::Value as Json;
use store::tables::jobs::{self, Job};
use store::{Error, Priority, Tx};
use uuid::Uuid;

use crate::workspace::Workspace;

/// How long a job may go without a sign of life before another worker takes it.
const LEASE_US: i64 = 30_000_000;
/// Tries before a job is given up.
const ATTEMPTS_MAX: i64 = 8;
/// The special right with which jobs of others are seen, those of the program among them.
const JOBS_OF_OTHERS: &str = "configure";
/// How often an idle worker looks for work.
const POLL: Duration = Duration::from_millis(200);

/// One job being run.
pub struct JobRun {
    /// Its row.
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// What it is about.
    pub payload: Json,
    /// The fencing number: writes of a worker that lost its lease are refused.
    pub fence: i64,
    workspace: Workspace,
}

impl JobRun {
    /// Says how far it is, 0 to 1, and keeps the lease.
    ///
    /// # Errors
    /// The lease was lost: another worker goes on; this one must stop.
    pub fn progress(&self, progress: f64) -> Result<(), Error> {
        let (id, fence, until) = (self.id, self.fence, self.workspace.now() + LEASE_US);
        let kept = self
            .workspace
            .store()
            .write(Priority::Interactive, move |tx| jobs::renew(tx, id, fence, until, progress))
            .wait()?;
        if !kept {
            return Err(anyhow::anyhow!("the job's lease was lost").into());
        }
        self.workspace.tell_job(self.id, &self.kind, self.by(), "running", progress);
        Ok(())
    }

    fn by(&self) -> Option<&str> {
        self.payload.get("by")?.as_str()
    }

    /// Whether the program is about to end; a long job returns and goes on after the next start.
    pub fn is_stopping(&self) -> bool {
        self.workspace.0.stopping.load(Ordering::Acquire)
    }
}

impl Workspace {
    /// Puts a job into the caller's transaction: it runs if and only if that commits.
    ///
    /// # Errors
    /// A database that fails.
    pub fn enqueue(&self, tx: &mut Tx, kind: &str, payload: &Json, due_at: i64) -> Result<Uuid, Error> {
        let id = Uuid::now_v7();
        jobs::insert(tx, id, kind, payload, due_at)?;
        Ok(id)
    }

    /// The same for an actor, who may ask how far it is.
    ///
    /// # Errors
    /// A database that fails.
    pub fn enqueue_for(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        kind: &str,
        mut payload: Json,
        due_at: i64,
    ) -> Result<Uuid, Error> {
        if let Some(map) = payload.as_object_mut() {
            map.insert("by".to_owned(), Json::from(actor.label()));
        }
        self.enqueue(tx, kind, &payload, due_at)
    }

    /// A job, for whom it runs for or who may configure.
    ///
    /// # Errors
    /// Not found, also when it is somebody else's; a database that fails.
    pub fn find_job(&self, actor: &Actor, id: Uuid) -> Result<Job, Error> {
        let (workspace, actor) = (self.clone(), actor.clone());
        let found = self.store().read(move |tx| {
            let job = jobs::find(tx, id)?;
            let open = job.is_some() && workspace.hears_of_job(tx, &actor, job.as_ref().and_then(Job::actor))?;
            Ok(job.filter(|_| open))
        });
        found.wait()?.ok_or_else(|| Problem::not_found("job").into())
    }

    /// Whether an actor is told of the jobs of another.
    ///
    /// # Errors
    /// A database that fails.
    pub fn hears_of_job(&self, tx: &mut Tx, actor: &Actor, by: Option<&str>) -> Result<bool, Error> {
        Ok(by == Some(&actor.label()) || self.judge(tx, actor, |policy| policy.may(JOBS_OF_OTHERS))?)
    }

    /// Starts workers that run due jobs until the workspace stops.
    ///
    /// # Errors
    /// A thread that cannot be started.
    pub fn start_workers(&self, count: usize) -> anyhow::Result<()> {
        for number in 0..count {
            let inner = std::sync::Arc::downgrade(&self.0);
            std::thread::Builder::new()
                .name(format!("worker-{number}"))
                .spawn(move || {
                    while let Some(inner) = inner.upgrade() {
                        if inner.stopping.load(Ordering::Acquire) {
                            break;
                        }
                        let workspace = Workspace(inner);
                        match workspace.run_due_job() {
                            Ok(true) => {}
                            Ok(false) => {
                                drop(workspace);
                                std::thread::sleep(POLL);
                            }
                            Err(error) => {
                                tracing::warn!(error = format!("{error:#}"), "no job could be taken; trying again");
                                std::thread::sleep(POLL * 5);
                            }
                        }
                    }
                })
                .context("starting a worker")?;
        }
        Ok(())
    }

    /// Runs one due job, if there is one. Returns whether there was.
    ///
    /// # Errors
    /// A database that fails; the job's own errors are kept in its row.
    pub fn run_due_job(&self) -> anyhow::Result<bool> {
        let now = self.now();
        // Looking is a read; only a find costs the writer a turn.
        if !self.store().read(move |tx| jobs::is_due(tx, now)).wait()? {
            return Ok(false);
        }
        let taken = self.store().write(Priority::Interactive, move |tx| jobs::take(tx, now, now + LEASE_US)).wait()?;
        let Some(job) = taken else { return Ok(false) };
        let entry = self.modules().iter().flat_map(|module| module.jobs).find(|entry| entry.kind == job.kind).copied();
        let run = JobRun {
            id: job.id,
            kind: job.kind.clone(),
            payload: job.payload.clone(),
            fence: job.fence,
            workspace: self.clone(),
        };
        self.tell_job(job.id, &job.kind, job.actor(), "running", job.progress);
        let result = match entry {
            Some(entry) => (entry.run)(self, &run),
            None => Err(anyhow::anyhow!("nothing runs jobs of the kind `{}`", job.kind)),
        };
        if run.is_stopping() && result.is_err() {
            return Ok(false);
        }
        self.settle_job(&job, result)
    }

    fn settle_job(&self, job: &Job, result: anyhow::Result<()>) -> anyhow::Result<bool> {
        let (id, fence, attempts, now) = (job.id, job.fence, job.attempts, self.now());
        let status = match result {
            Ok(()) => {
                self.store().write(Priority::Interactive, move |tx| jobs::finish(tx, id, fence, now)).wait()?;
                "done"
            }
            Err(error) => {
                let text = format!("{error:#}");
                tracing::warn!(job = %id, kind = job.kind, attempts, error = text, "a job failed");
                let retry_at = (attempts < ATTEMPTS_MAX).then(|| now + back_off_us(attempts));
                self.store()
                    .write(Priority::Interactive, move |tx| jobs::fail(tx, id, fence, &text, retry_at))
                    .wait()?;
                if retry_at.is_some() { "queued" } else { "failed" }
            }
        };
        self.tell_job(id, &job.kind, job.actor(), status, if status == "done" { 1.0 } else { job.progress });
        Ok(true)
    }
}

/// 2, 4, 8 … seconds, at most ten minutes.
fn back_off_us(attempts: i64) -> i64 {
    let seconds = 2_i64.saturating_pow(u32::try_from(attempts.clamp(1, 10)).unwrap_or(10));
    seconds.min(600) * 1_000_000
}
