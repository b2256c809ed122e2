//! One pass over the file of an import, dry or real: one thread reads and understands rows, another writes them in steps,
//! each step one transaction that also moves the import's place in the file. So it goes on exactly where it stopped,
//! whatever stopped it.

use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::Workspace;
use model::{Actor, Code, Object, Problem};
use serde_json::{Value as Json, json};
use store::tables::imports::{self, LedgerRow};
use store::{Error, Priority, Tx};
use uuid::Uuid;

use super::build::{Draft, Plan};
use super::counts::Counts;
use super::identity::{Identifier, Memory};
use super::read::{Reader, Shape};
use super::step::{self, Done, Frame, Item, Outcome, RelatedKeys, RowResult};

/// Rows per transaction.
const STEP_ROWS: usize = 1_000;
/// Rows of each outcome that the ledger keeps in full; refused rows are all kept.
const LEDGER_ROWS_MAX: u64 = 10_000;
/// Longest text of a cell in the ledger: photos are not kept twice.
const LEDGER_CELL_CHARS_MAX: usize = 20_000;

/// Whether records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Everything is done and taken back.
    Check,
    /// For real.
    Run,
}

impl Phase {
    /// The status of an import in this phase.
    pub fn status(self) -> &'static str {
        match self {
            Self::Check => "checking",
            Self::Run => "running",
        }
    }

    /// The status after it.
    pub fn end_status(self) -> &'static str {
        match self {
            Self::Check => "checked",
            Self::Run => "done",
        }
    }

    /// As the ledger keeps it.
    pub fn number(self) -> i64 {
        match self {
            Self::Check => 0,
            Self::Run => 1,
        }
    }
}

/// All that a pass needs.
pub struct Pass {
    /// The import.
    pub id: Uuid,
    /// Dry or real.
    pub phase: Phase,
    /// Whose rights bind it.
    pub actor: Actor,
    /// What history says.
    pub cause: String,
    /// The batch of its changes.
    pub batch: Uuid,
    /// The file.
    pub file: PathBuf,
    /// How it is read.
    pub shape: Shape,
    /// How rows become drafts.
    pub plan: Plan,
    /// How drafts become records.
    pub frame: Frame,
    /// Rows done before.
    pub place: u64,
    /// The ledger's totals before.
    pub counts: Counts,
    /// Rows of the file.
    pub rows_total: u64,
}

/// How a pass ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// At the end of the file.
    Complete,
    /// It was cancelled, or somebody else goes on with it.
    Elsewhere,
    /// It was asked to stop and goes on later.
    Paused,
}

/// Rows on their way from the reader to the writer.
struct Parcel {
    /// Done before; they are only remembered.
    replayed: bool,
    items: Vec<Item>,
}

/// What one attempt at some rows led to.
enum Attempt {
    Done(Done),
    /// Something concerning a result refused the whole transaction.
    Refused(String),
    Elsewhere,
}

/// Marks problems that only carry a message out of a transaction.
const SIGNAL: &str = "import_signal";

fn signal(name: &str) -> Error {
    Problem::new(Code::Conflict, "The import's step was taken back.").with(SIGNAL, name).into()
}

fn signal_of(problem: &Problem) -> Option<&str> {
    problem.extra.get(SIGNAL).and_then(Json::as_str)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Goes over the file from its place to the end. `beat` hears the progress after each step and says whether to go on.
///
/// # Errors
/// A file that cannot be read on; a database that fails.
pub fn run(
    workspace: &Workspace,
    mut pass: Pass,
    beat: &mut dyn FnMut(f64) -> Result<bool, Error>,
) -> Result<Ended, Error> {
    let (sender, receiver) = sync_channel::<Result<Parcel, Problem>>(2);
    let feed = Feed {
        file: pass.file.clone(),
        shape: pass.shape.clone(),
        plan: pass.plan.clone(),
        identifier: pass.frame.identifier.clone(),
        others: pass.plan.related_objects().map(|object| (object.clone(), Identifier::new(object))).collect(),
        place: pass.place,
    };
    std::thread::Builder::new()
        .name("import-reader".to_owned())
        .spawn(move || feed.run(&sender))
        .map_err(anyhow::Error::from)?;
    let memory = Arc::new(Mutex::new(Memory::default()));
    while let Ok(parcel) = receiver.recv() {
        let parcel = parcel?;
        if parcel.replayed {
            let mut memory = lock(&memory);
            let sound = parcel.items.iter().filter(|item| item.built.errors.is_empty());
            sound.for_each(|item| memory.add(&item.identity, item.row.number));
            continue;
        }
        if pass.write(workspace, Arc::new(parcel.items), &memory)? == Ended::Elsewhere {
            return Ok(Ended::Elsewhere);
        }
        let progress = pass.place as f64 / pass.rows_total.max(1) as f64;
        if !beat(progress.min(1.0))? {
            return Ok(Ended::Paused);
        }
    }
    let (id, phase) = (pass.id, pass.phase);
    let (inner, actor) = (workspace.clone(), pass.actor.clone());
    let told = json!({ "object": pass.frame.object.name, "batch": pass.batch, "counts": pass.counts.to_json() });
    let ended = workspace.store().write(Priority::Interactive, move |tx| {
        let ended = imports::end(tx, id, phase.status(), phase.end_status(), "")?;
        if ended && phase == Phase::Run {
            inner.audit_in(tx, &actor, "import.done", Some(format!("import:{id}")), told.clone());
        }
        Ok(ended)
    });
    let ended = ended.wait()?;
    Ok(if ended { Ended::Complete } else { Ended::Elsewhere })
}

impl Pass {
    /// Writes the rows of a parcel. Where one row's result refuses a whole transaction, the rows are tried in halves until
    /// it stands alone.
    fn write(
        &mut self,
        workspace: &Workspace,
        items: Arc<Vec<Item>>,
        memory: &Arc<Mutex<Memory>>,
    ) -> Result<Ended, Error> {
        let mut ranges = vec![(0, items.len())];
        while let Some((from, to)) = ranges.pop() {
            let done = match self.attempt(workspace, &items, (from, to), memory)? {
                Attempt::Elsewhere => return Ok(Ended::Elsewhere),
                Attempt::Refused(reason) if to - from == 1 => {
                    let row = RowResult { outcome: Outcome::Error, reason, record: None };
                    let done = Done { rows: vec![row], ..Done::default() };
                    if !self.note(workspace, &items, (from, to), &done)? {
                        return Ok(Ended::Elsewhere);
                    }
                    done
                }
                Attempt::Refused(_) => {
                    let middle = from + (to - from) / 2;
                    ranges.push((middle, to));
                    ranges.push((from, middle));
                    continue;
                }
                Attempt::Done(done) => done,
            };
            self.counts.add(&done);
            self.place += (to - from) as u64;
            let mut memory = lock(memory);
            for (item, row) in items.iter().skip(from).zip(&done.rows) {
                if row.outcome != Outcome::Error {
                    memory.add(&item.identity, item.row.number);
                }
            }
            if self.phase == Phase::Run {
                memory.learn(done.related, done.lookups);
            }
        }
        Ok(Ended::Complete)
    }

    /// Does the rows of a range in one transaction.
    fn attempt(
        &self,
        workspace: &Workspace,
        items: &Arc<Vec<Item>>,
        range: (usize, usize),
        memory: &Arc<Mutex<Memory>>,
    ) -> Result<Attempt, Error> {
        let known = memory;
        let (frame, rows, memory) = (self.frame.clone(), items.clone(), memory.clone());
        let (ledger, phase) = (self.ledger(), self.phase);
        let taken_back: Arc<Mutex<Option<Done>>> = Arc::default();
        let out = taken_back.clone();
        let plan = engine::Plan::new(self.cause.clone()).in_background().continuing(self.batch);
        let answer = workspace.transact(&self.actor, plan, move |batch| {
            let slice = rows.get(range.0..range.1).unwrap_or_default();
            let done = step::run(batch, &frame, slice, &lock(&memory))?;
            if phase == Phase::Check {
                *lock(&out) = Some(done);
                return Err(signal("taken back"));
            }
            if !ledger.write(batch.tx(), slice, &done)? {
                return Err(signal("elsewhere"));
            }
            Ok(done)
        });
        match answer.wait() {
            Ok((_, done)) => Ok(Attempt::Done(done)),
            Err(Error::Problem(problem)) => match signal_of(&problem) {
                Some("taken back") => {
                    let mut done = lock(&taken_back).take().unwrap_or_default();
                    lock(known).keep_first(&mut done.made);
                    Ok(if self.note(workspace, items, range, &done)? {
                        Attempt::Done(done)
                    } else {
                        Attempt::Elsewhere
                    })
                }
                Some(_) => Ok(Attempt::Elsewhere),
                None => Ok(Attempt::Refused(step::reason_of(&problem))),
            },
            Err(Error::Unique { column }) => {
                Ok(Attempt::Refused(format!("Another record has the same value of `{column}`, which must be unique.")))
            }
            Err(other) => Err(other),
        }
    }

    /// Writes the ledger alone. False when the import was ended otherwise.
    fn note(
        &self,
        workspace: &Workspace,
        items: &Arc<Vec<Item>>,
        range: (usize, usize),
        done: &Done,
    ) -> Result<bool, Error> {
        let (ledger, rows, done) = (self.ledger(), items.clone(), done.clone());
        workspace
            .store()
            .write(Priority::Background, move |tx| {
                ledger.write(tx, rows.get(range.0..range.1).unwrap_or_default(), &done)
            })
            .wait()
    }

    fn ledger(&self) -> Ledger {
        Ledger { id: self.id, phase: self.phase, place: self.place, counts: self.counts.clone() }
    }
}

/// Where the ledger of an import stands before a step.
struct Ledger {
    id: Uuid,
    phase: Phase,
    place: u64,
    counts: Counts,
}

impl Ledger {
    /// Writes what happened and moves the place on, in the step's own transaction.
    fn write(&self, tx: &mut Tx, items: &[Item], done: &Done) -> Result<bool, Error> {
        let mut kept = self.counts.clone();
        let mut rows = Vec::new();
        for (item, row) in items.iter().zip(&done.rows) {
            if row.outcome == Outcome::Error || kept.of(row.outcome) < LEDGER_ROWS_MAX {
                rows.push(LedgerRow {
                    number: i64::try_from(item.row.number).unwrap_or(i64::MAX),
                    outcome: row.outcome.name().to_owned(),
                    reason: row.reason.clone(),
                    // What a dry run made is gone.
                    record: row.record.filter(|_| self.phase == Phase::Run || row.outcome != Outcome::Create),
                    cells: item.row.cells.iter().map(|cell| short(cell)).collect(),
                });
            }
            kept.count(row.outcome);
        }
        imports::add_rows(tx, self.id, self.phase.number(), &rows)?;
        let mut counts = self.counts.clone();
        counts.add(done);
        let place = i64::try_from(self.place).unwrap_or(i64::MAX);
        let next = place + i64::try_from(items.len()).unwrap_or(0);
        imports::advance(tx, self.id, self.phase.status(), place, next, &counts.to_json())
    }
}

fn short(cell: &str) -> Json {
    match cell.char_indices().nth(LEDGER_CELL_CHARS_MAX) {
        Some((end, _)) => Json::from(format!("{}…", cell.get(..end).unwrap_or_default())),
        None => Json::from(cell),
    }
}

/// The reading side.
struct Feed {
    file: PathBuf,
    shape: Shape,
    plan: Plan,
    identifier: Identifier,
    /// Objects beside the rows' own.
    others: Vec<(Arc<Object>, Identifier)>,
    place: u64,
}

impl Feed {
    fn keys_of(&self, name: &str, draft: &Draft) -> RelatedKeys {
        let found = self.others.iter().find(|(object, _)| object.name == name);
        found.map(|(object, identifier)| RelatedKeys::new(object, identifier, draft)).unwrap_or_default()
    }

    fn run(&self, sender: &SyncSender<Result<Parcel, Problem>>) {
        if let Err(problem) = self.send_all(sender) {
            // When nobody listens any more, nobody needs the reason.
            let _ = sender.send(Err(problem));
        }
    }

    fn send_all(&self, sender: &SyncSender<Result<Parcel, Problem>>) -> Result<(), Problem> {
        let (mut reader, _) = Reader::open(&self.file, Some(&self.shape))?;
        let mut count = 0;
        let mut parcel = Parcel { replayed: self.place > 0, items: Vec::with_capacity(STEP_ROWS) };
        while let Some(row) = reader.next_row()? {
            if parcel.items.len() == STEP_ROWS || (parcel.replayed && count == self.place) {
                let replayed = count < self.place;
                let full = std::mem::replace(&mut parcel, Parcel { replayed, items: Vec::with_capacity(STEP_ROWS) });
                if sender.send(Ok(full)).is_err() {
                    return Ok(());
                }
            }
            count += 1;
            let built = self.plan.build(&row);
            let identity = self.identifier.of(&built.main);
            let related = built.related.iter().map(|(_, name, draft)| self.keys_of(name, draft)).collect();
            parcel.items.push(Item { row, built, identity, related });
        }
        if !parcel.items.is_empty() {
            // As above.
            let _ = sender.send(Ok(parcel));
        }
        Ok(())
    }
}
