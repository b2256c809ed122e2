//! Consumers of the log: each has a durable cursor, which moves in the transaction that holds what was made of the
//! changes, so that every change is dealt with exactly once, whatever ends the program.

use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use store::tables::cursors;
use store::{Error, LogEntry, Priority, Tx};

use crate::told::Rung;
use crate::workspace::Workspace;

/// Changes dealt with in one transaction.
const SLICE: usize = 500;
/// What comes within this time is dealt with together.
const PACE: Duration = Duration::from_millis(50);
/// How long an idle consumer waits before it looks by itself: another program may have written.
const POLL: Duration = Duration::from_secs(2);

/// Deals with changes inside the transaction that moves the cursor.
pub type Consume = fn(&Workspace, &mut Tx, &[LogEntry]) -> Result<(), Error>;

/// A consumer, registered by a module.
#[derive(Clone, Copy)]
pub struct ConsumerEntry {
    /// Stable name, kept with its cursor.
    pub name: &'static str,
    /// What it does.
    pub run: Consume,
}

impl Workspace {
    /// Starts the thread that runs the consumers until the workspace stops.
    ///
    /// # Errors
    /// A thread that cannot be started.
    pub fn start_consumers(&self) -> anyhow::Result<()> {
        let mut bell = self.subscribe();
        let inner = std::sync::Arc::downgrade(&self.0);
        std::thread::Builder::new()
            .name("consumers".to_owned())
            .spawn(move || {
                let mut rung = Rung::default();
                while let Some(inner) = inner.upgrade() {
                    if inner.stopping.load(Ordering::Acquire) {
                        break;
                    }
                    let workspace = Workspace(inner);
                    let done = workspace.run_consumers();
                    if let Err(error) = done.and_then(|_| Ok(workspace.ring(&mut rung)?))
                        && !workspace.0.stopping.load(Ordering::Acquire)
                    {
                        tracing::warn!(error = format!("{error:#}"), "a consumer of the log failed; trying again");
                        std::thread::sleep(POLL);
                    }
                    if bell.is_disconnected() {
                        bell = workspace.subscribe();
                    }
                    drop(workspace);
                    if bell.recv_timeout(POLL).is_ok() {
                        std::thread::sleep(PACE);
                        bell.drain().for_each(drop);
                    }
                }
            })
            .context("starting the consumers")?;
        Ok(())
    }

    /// Deals with everything that is in the log by now. Returns how many changes that were.
    ///
    /// # Errors
    /// A database that fails.
    pub fn run_consumers(&self) -> anyhow::Result<usize> {
        let mut done = 0;
        for entry in self.modules().iter().flat_map(|module| module.consumers).copied() {
            while self.is_behind(entry)? {
                let workspace = self.clone();
                let step =
                    self.store().write(Priority::Background, move |tx| run_slice(&workspace, tx, entry)).wait()?;
                done += step;
            }
        }
        Ok(done)
    }

    /// Looking is a read; only what there is to do costs the writer a turn.
    fn is_behind(&self, entry: ConsumerEntry) -> Result<bool, Error> {
        let look = move |tx: &mut Tx| Ok(cursors::find(tx, entry.name)? != Some(tx.last_seq()?));
        self.store().read(look).wait()
    }
}

fn run_slice(workspace: &Workspace, tx: &mut Tx, entry: ConsumerEntry) -> Result<usize, Error> {
    let Some(cursor) = cursors::find(tx, entry.name)? else {
        // A new consumer begins with what comes next.
        let last = tx.last_seq()?;
        cursors::set(tx, entry.name, last)?;
        return Ok(0);
    };
    let entries = tx.entries_after(cursor, SLICE)?;
    let Some(last) = entries.last() else { return Ok(0) };
    cursors::set(tx, entry.name, last.seq)?;
    (entry.run)(workspace, tx, &entries)?;
    Ok(entries.len())
}
