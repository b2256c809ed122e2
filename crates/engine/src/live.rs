//! Live updates: one thread reads the log behind the writers and tells everyone who listens.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use model::Op;
use parking_lot::{Condvar, Mutex};
use serde::Serialize;
use store::LogEntry;
use uuid::Uuid;

use crate::workspace::Workspace;
use crate::{definitions, shares, territories};

/// What a listener hears.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum LiveEvent {
    /// A record changed.
    Change {
        /// Position in the log.
        seq: i64,
        /// Object name.
        object: String,
        /// Record.
        id: Uuid,
        /// What happened.
        op: Op,
        /// Batch.
        batch: Uuid,
        /// Who: `kind:id`.
        actor: String,
    },
    /// Too much changed to tell each: reload what is on the screen.
    Resync {
        /// Position in the log.
        seq: i64,
    },
    /// A job moved on.
    Job {
        /// Job.
        id: Uuid,
        /// Kind.
        kind: String,
        /// For whom it runs: `kind:id`.
        by: Option<String>,
        /// `queued`, `running`, `done`, `failed`.
        status: String,
        /// 0 to 1.
        progress: f64,
    },
    /// Somebody came to a record, left it, or writes a field of it.
    Presence {
        /// Object name.
        object: String,
        /// Record.
        id: Uuid,
        /// Who.
        user: Uuid,
        /// The field that is being written.
        editing: Option<String>,
        /// False when the user left.
        here: bool,
    },
    /// A user has a notification.
    Notification {
        /// Who.
        user: Uuid,
    },
}

impl From<LogEntry> for LiveEvent {
    fn from(entry: LogEntry) -> Self {
        Self::Change {
            seq: entry.seq,
            object: entry.object,
            id: entry.record,
            op: entry.op,
            batch: entry.batch,
            actor: entry.actor,
        }
    }
}

/// More than this behind, listeners are told to reload instead.
const LAG_MAX: i64 = 2_000;
/// What comes within this time is read together.
const PACE: Duration = Duration::from_millis(10);
/// Settings are in no log: they are looked at so often.
const SETTINGS_PACE: Duration = Duration::from_secs(1);
/// Events a slow listener may be behind before it is dropped.
const QUEUE_MAX: usize = 1_024;

/// The listeners and the bell that wakes the consumer.
#[derive(Default)]
pub(crate) struct Live {
    listeners: Mutex<Vec<flume::Sender<LiveEvent>>>,
    rung: Mutex<bool>,
    bell: Condvar,
}

impl Live {
    /// Tells the consumer that something was or will soon be committed.
    pub(crate) fn wake(&self) {
        *self.rung.lock() = true;
        self.bell.notify_one();
    }

    fn wait(&self, at_most: Duration) -> bool {
        let mut rung = self.rung.lock();
        if !*rung {
            self.bell.wait_for(&mut rung, at_most);
        }
        std::mem::take(&mut *rung)
    }

    fn tell(&self, event: &LiveEvent) {
        // A full queue means a listener that stopped reading: it is dropped, and its client reconnects.
        self.listeners.lock().retain(|listener| listener.try_send(event.clone()).is_ok());
    }
}

impl Workspace {
    /// Every event from now on. The receiver ends when the listener falls too far behind.
    pub fn subscribe(&self) -> flume::Receiver<LiveEvent> {
        let (sender, receiver) = flume::bounded(QUEUE_MAX);
        self.0.live.listeners.lock().push(sender);
        receiver
    }

    /// Tells listeners something that is not in the log.
    pub fn tell(&self, event: &LiveEvent) {
        self.0.live.tell(event);
    }

    /// Tells listeners about a job.
    pub fn tell_job(&self, id: Uuid, kind: &str, by: Option<&str>, status: &str, progress: f64) {
        let by = by.map(str::to_owned);
        self.tell(&LiveEvent::Job { id, kind: kind.to_owned(), by, status: status.to_owned(), progress });
    }

    pub(crate) fn start_consumer(&self) -> anyhow::Result<()> {
        let start = self.store().read(|tx| tx.last_seq()).wait()?;
        let inner = std::sync::Arc::downgrade(&self.0);
        std::thread::Builder::new()
            .name("log-consumer".to_owned())
            .spawn(move || {
                let mut seen = start;
                let mut idle = Duration::from_millis(250);
                let mut looked = Instant::now();
                while let Some(inner) = inner.upgrade() {
                    if inner.stopping.load(Ordering::Acquire) {
                        break;
                    }
                    let workspace = Workspace(inner);
                    let rung = workspace.0.live.wait(idle);
                    match workspace.follow_settings(&mut looked).and_then(|()| workspace.consume(&mut seen)) {
                        // Woken before the commit: look again at once, but not for ever.
                        Ok(0) if rung => {
                            idle = Duration::from_millis(3);
                        }
                        Ok(0) => idle = (idle * 2).min(Duration::from_millis(250)),
                        Ok(_) => {
                            idle = Duration::from_millis(3);
                            std::thread::sleep(PACE);
                        }
                        // The store closes under it when the program ends.
                        Err(_) if workspace.0.stopping.load(Ordering::Acquire) => break,
                        Err(error) => {
                            tracing::warn!(error = format!("{error:#}"), "the log could not be read; trying again");
                            idle = Duration::from_secs(1);
                        }
                    }
                }
            })
            .context("starting the log consumer")?;
        Ok(())
    }

    fn follow_settings(&self, looked: &mut Instant) -> anyhow::Result<()> {
        if looked.elapsed() >= SETTINGS_PACE {
            *looked = Instant::now();
            self.learn_settings()?;
        }
        Ok(())
    }

    /// Reads what is new in the log and passes it on. Returns how much there was.
    fn consume(&self, seen: &mut i64) -> anyhow::Result<usize> {
        let after = *seen;
        let last = self.store().read(|tx| tx.last_seq()).wait()?;
        // Not `<`: on PostgreSQL the log is read in the order of transactions, in which `seq` may go down.
        if last == after {
            return Ok(0);
        }
        if last - after > LAG_MAX {
            self.forget_actors();
            self.learn_shares(self.store())?;
            self.refresh_schema()?;
            self.learn_territories()?;
            *seen = last;
            self.0.live.tell(&LiveEvent::Resync { seq: last });
            return Ok(1);
        }
        let entries = self.store().read(move |tx| tx.entries_after(after, 500)).wait()?;
        let count = entries.len();
        for entry in entries {
            *seen = entry.seq;
            if matches!(entry.object.as_str(), "user" | "team" | territories::OBJECT | "role" | "api_key") {
                self.forget_actors();
            }
            // Rules name fields, so that other fields may mean other rules.
            let is_tree = matches!(entry.object.as_str(), territories::OBJECT | definitions::OBJECT);
            if entry.object == shares::OBJECT {
                self.learn_share(entry.record)?;
            }
            if entry.object == definitions::OBJECT {
                self.refresh_schema()?;
            }
            if is_tree {
                self.learn_territories()?;
            }
            self.0.live.tell(&entry.into());
        }
        Ok(count)
    }
}
