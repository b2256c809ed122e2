//! Consumers of the log: each has a durable cursor, which moves in the transaction that holds what was made of the
//! changes, so that every change is dealt with exactly once, whatever ends the program. What they ask for is found out
//! on a reader: the writer gets only what there is to write.

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

/// What is written in the transaction that moves the cursor.
pub type Effect = Box<dyn FnMut(&Workspace, &mut Tx) -> Result<(), Error> + Send>;
/// Finds out, by reading only, what changes ask for. What changes meanwhile comes as a change of its own.
pub type Consume = fn(&Workspace, &mut Tx, &[LogEntry]) -> Result<Option<Effect>, Error>;

/// Changes that a consumer has looked at.
struct Slice {
    cursor: Option<i64>,
    last: i64,
    count: usize,
    effect: Option<Effect>,
}

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
            while let Some(slice) = self.look(entry)? {
                done += self.deal(entry, slice)?;
            }
        }
        Ok(done)
    }

    /// The next changes; `None` when there are none.
    fn look(&self, entry: ConsumerEntry) -> Result<Option<Slice>, Error> {
        let workspace = self.clone();
        let look = move |tx: &mut Tx| {
            let Some(cursor) = cursors::find(tx, entry.name)? else {
                // A new consumer begins with what comes next.
                return Ok(Some(Slice { cursor: None, last: tx.last_seq()?, count: 0, effect: None }));
            };
            let entries = tx.entries_after(cursor, SLICE)?;
            let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(None) };
            let effect = (entry.run)(&workspace, tx, &entries)?;
            Ok(Some(Slice { cursor: Some(cursor), last, count: entries.len(), effect }))
        };
        self.store().read(look).wait()
    }

    /// Writes what a slice asks for, unless another program was faster. Shares the commit of what people write.
    fn deal(&self, entry: ConsumerEntry, mut slice: Slice) -> Result<usize, Error> {
        let workspace = self.clone();
        let work = self.store().write(Priority::Interactive, move |tx| {
            if cursors::find(tx, entry.name)? != slice.cursor {
                return Ok(0);
            }
            cursors::set(tx, entry.name, slice.last)?;
            if let Some(effect) = &mut slice.effect {
                effect(&workspace, tx)?;
            }
            Ok(slice.count)
        });
        work.wait()
    }
}
