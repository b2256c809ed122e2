//! Jobs: work that people do not wait for. Rows with a due time, a lease and a fencing number.

use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use model::{Actor, Problem};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use store::tables::jobs::{self, Choice, Job};
use store::{Error, Pending, Priority, Tx};
use uuid::Uuid;

use crate::module::JobEntry;
use crate::workspace::Workspace;

/// How long a job may go without a sign of life before another worker takes it.
const LEASE_US: i64 = 30_000_000;
/// Tries before a job is given up.
const ATTEMPTS_MAX: i64 = 8;
/// The special right with which jobs of others are seen, those of the program among them.
const JOBS_OF_OTHERS: &str = "configure";
/// Work that is cancelled by the id of its job.
const CANCELLED_HERE: [&str; 2] = [crate::bulk::JOB.kind, crate::undo_job::JOB.kind];
/// Work that is shown to whom it runs for.
const SHOWN: [&str; 3] = [crate::bulk::JOB.kind, crate::undo_job::JOB.kind, crate::territories::JOB.kind];
/// Jobs of a kind that are looked through for one's own.
const OWN_MAX: usize = 50;
/// How often an idle worker looks for work.
const POLL: Duration = Duration::from_millis(200);
/// When nightly work begins, by the clocks of the workspace.
const NIGHT_HOUR: i8 = 2;

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

    /// Keeps how far it is in its own words: whoever takes the job after a restart finds it as the payload.
    ///
    /// # Errors
    /// The lease was lost, or the job was cancelled.
    pub fn keep(&self, payload: &Json) -> Result<(), Error> {
        let (id, fence, payload) = (self.id, self.fence, payload.clone());
        let write =
            self.workspace.store().write(Priority::Background, move |tx| jobs::keep_payload(tx, id, fence, &payload));
        if write.wait()? { Ok(()) } else { Err(anyhow::anyhow!("the job's lease was lost").into()) }
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

    /// Jobs of a kind, the latest first.
    ///
    /// # Errors
    /// A database that fails.
    pub fn list_jobs(&self, kind: &'static str, limit: usize) -> Pending<Vec<Job>> {
        self.store().read(move |tx| jobs::list(tx, kind, limit))
    }

    /// Plans the next run of everything that runs every night. Planned twice, it still runs once: the id of the job is
    /// made of what it is and when.
    ///
    /// # Errors
    /// A database that fails.
    pub fn plan_nights(&self) -> Result<(), Error> {
        let due_at = next_night(self.now(), &self.settings().time_zone);
        let entries = self.modules().iter().flat_map(|module| module.jobs);
        let planned: Vec<(&'static str, Json)> = entries
            .filter_map(|entry| Some((entry.kind, entry.nightly?)))
            .flat_map(|(kind, nightly)| nightly(self).into_iter().map(move |payload| (kind, payload)))
            .collect();
        let write = self.store().write(Priority::Background, move |tx| {
            for (kind, payload) in &planned {
                let digest = Sha256::digest(format!("{kind}|{payload}|{due_at}"));
                let half = digest.first_chunk::<16>().copied().unwrap_or_default();
                jobs::insert(tx, Uuid::from_bytes(half), kind, payload, due_at)?;
            }
            Ok(())
        });
        write.wait()
    }

    /// Puts a job into the transaction for an actor, who may ask how far it is.
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

    /// What a job of many records did so far: for whoever asked for it, as it may tell of records.
    pub fn job_result(&self, actor: &Actor, job: &Job) -> Option<Json> {
        if job.actor() != Some(&actor.label()) {
            return None;
        }
        match job.kind.as_str() {
            kind if kind == crate::bulk::JOB.kind => crate::bulk::result_of(&job.payload),
            kind if kind == crate::undo_job::JOB.kind => crate::undo_job::result_of(&job.payload),
            kind if kind == crate::territories::JOB.kind => crate::territories::result_of(&job.payload),
            _ => None,
        }
    }

    /// One's own jobs of many records, the latest first.
    ///
    /// # Errors
    /// A database that fails.
    pub fn own_jobs(&self, actor: &Actor) -> Result<Vec<Job>, Error> {
        let mut found = Vec::new();
        for kind in SHOWN {
            found.extend(self.list_jobs(kind, OWN_MAX).wait()?);
        }
        found.retain(|job| job.actor() == Some(&actor.label()));
        found.sort_by_key(|job| std::cmp::Reverse(job.due_at));
        Ok(found)
    }

    /// Ends a job of many records. What it did until then stays one batch, which undo takes back.
    ///
    /// # Errors
    /// Not found; work of another kind, which ends where it was begun; a database that fails.
    pub fn cancel_job(&self, actor: &Actor, id: Uuid) -> Result<Job, Error> {
        let job = self.find_job(actor, id)?;
        if !CANCELLED_HERE.contains(&job.kind.as_str()) {
            let detail = "This work is ended where it was begun: imports under their address, the search for duplicates \
                          under its own. Records go on to their territories.";
            return Err(Problem::new(model::Code::Invalid, detail).into());
        }
        let now = self.now();
        if self.store().write(Priority::Interactive, move |tx| jobs::cancel(tx, id, now)).wait()? {
            self.tell_job(id, &job.kind, job.actor(), "cancelled", job.progress);
        }
        self.find_job(actor, id)
    }

    /// Whether an actor is told of the jobs of another.
    ///
    /// # Errors
    /// A database that fails.
    pub fn hears_of_job(&self, tx: &mut Tx, actor: &Actor, by: Option<&str>) -> Result<bool, Error> {
        Ok(by == Some(&actor.label()) || self.judge(tx, actor, |policy| policy.may(JOBS_OF_OTHERS))?)
    }

    /// Starts workers that run due jobs until the workspace stops. Of several the first leaves upkeep to the others, so
    /// that what people asked for, and reminders, never wait behind it.
    ///
    /// # Errors
    /// A thread that cannot be started.
    pub fn start_workers(&self, count: usize) -> anyhow::Result<()> {
        self.plan_nights()?;
        for number in 0..count {
            let inner = std::sync::Arc::downgrade(&self.0);
            let choice = self.choice(number == 0 && count > 1);
            std::thread::Builder::new()
                .name(format!("worker-{number}"))
                .spawn(move || {
                    while let Some(inner) = inner.upgrade() {
                        if inner.stopping.load(Ordering::Acquire) {
                            break;
                        }
                        let workspace = Workspace(inner);
                        match workspace.run_due(&choice) {
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
        self.run_due(&self.choice(false))
    }

    /// The jobs a worker takes: one that spares upkeep leaves alone what nobody waits for. What goes through everything
    /// every night does not run beside itself, whoever asked for it.
    fn choice(&self, spares_upkeep: bool) -> Choice {
        let kinds = |wanted: &dyn Fn(&JobEntry) -> bool| {
            let entries = self.modules().iter().flat_map(|module| module.jobs);
            entries.filter(|entry| wanted(entry)).map(|entry| entry.kind).collect()
        };
        Choice { spared: kinds(&|entry| spares_upkeep && entry.upkeep), alone: kinds(&|entry| entry.nightly.is_some()) }
    }

    fn run_due(&self, choice: &Choice) -> anyhow::Result<bool> {
        let now = self.now();
        // Looking is a read; only a find costs the writer a turn.
        let looked = choice.clone();
        if !self.store().read(move |tx| jobs::is_due(tx, now, &looked)).wait()? {
            return Ok(false);
        }
        let choice = choice.clone();
        let take = move |tx: &mut Tx| jobs::take(tx, now, now + LEASE_US, &choice);
        let Some(job) = self.store().write(Priority::Interactive, take).wait()? else { return Ok(false) };
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
        let settled = self.settle_job(&job, result);
        if entry.is_some_and(|entry| entry.nightly.is_some()) {
            self.plan_nights()?;
        }
        settled
    }

    fn settle_job(&self, job: &Job, result: anyhow::Result<()>) -> anyhow::Result<bool> {
        let (id, fence, attempts, now) = (job.id, job.fence, job.attempts, self.now());
        let (kept, status) = match result {
            Ok(()) => {
                let write = self.store().write(Priority::Interactive, move |tx| jobs::finish(tx, id, fence, now));
                (write.wait()?, "done")
            }
            Err(error) => {
                let text = format!("{error:#}");
                let retry_at = (attempts < ATTEMPTS_MAX).then(|| now + back_off_us(attempts));
                let told = text.clone();
                let write =
                    self.store().write(Priority::Interactive, move |tx| jobs::fail(tx, id, fence, &text, retry_at));
                let kept = write.wait()?;
                if kept {
                    tracing::warn!(job = %id, kind = job.kind, attempts, error = told, "a job failed");
                }
                (kept, if retry_at.is_some() { "queued" } else { "failed" })
            }
        };
        // Cancelled, or with another worker: then it is not this one's to tell about.
        if !kept {
            return Ok(true);
        }
        self.tell_job(id, &job.kind, job.actor(), status, if status == "done" { 1.0 } else { job.progress });
        Ok(true)
    }
}

/// Keeps how far a job is in the transaction that did it.
///
/// # Errors
/// The lease was lost, or the job was cancelled: then the work is taken back.
pub(crate) fn keep_with(tx: &mut Tx, id: Uuid, fence: i64, state: &impl serde::Serialize) -> Result<(), Error> {
    let payload = serde_json::to_value(state).map_err(anyhow::Error::from)?;
    match jobs::keep_payload(tx, id, fence, &payload)? {
        true => Ok(()),
        false => Err(anyhow::anyhow!("the job's lease was lost, or it was cancelled").into()),
    }
}

/// The next time, in microseconds, at which the clocks of a time zone show the hour of nightly work.
fn next_night(now: i64, zone: &str) -> i64 {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let next = || {
        let local = jiff::Timestamp::from_microsecond(now).ok()?.to_zoned(zone);
        let tonight = local.with().time(jiff::civil::time(NIGHT_HOUR, 0, 0, 0)).build().ok()?;
        let next = if tonight > local { tonight } else { tonight.tomorrow().ok()? };
        Some(next.timestamp().as_microsecond())
    };
    next().unwrap_or(now + 86_400_000_000)
}

/// 2, 4, 8 … seconds, at most ten minutes.
fn back_off_us(attempts: i64) -> i64 {
    let seconds = 2_i64.saturating_pow(u32::try_from(attempts.clamp(1, 10)).unwrap_or(10));
    seconds.min(600) * 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(now: &str, zone: &str, next: &str) {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_microsecond();
        assert_eq!(next_night(at(now), zone), at(next));
    }

    #[test]
    fn nights_follow_the_clocks_of_the_workspace() {
        check("2026-07-01T10:00:00Z", "UTC", "2026-07-02T02:00:00Z");
        check("2026-07-01T01:00:00Z", "UTC", "2026-07-01T02:00:00Z");
        check("2026-07-01T02:00:00Z", "UTC", "2026-07-02T02:00:00Z");
        check("2026-07-01T10:00:00Z", "America/New_York", "2026-07-02T06:00:00Z");
        // Clocks go forward in Berlin: there is no 2:00 on that night.
        check("2026-03-28T12:00:00Z", "Europe/Berlin", "2026-03-29T01:00:00Z");
        check("2026-07-01T10:00:00Z", "nowhere", "2026-07-02T02:00:00Z");
    }
}
