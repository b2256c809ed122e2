//! The only place that speaks SQL: SQLite and PostgreSQL behind one `Store`.

mod backup;
mod base64url;
pub mod blobs;
mod cell;
mod codec;
mod counts;
mod cursor;
mod ddl;
mod error;
mod feed;
pub mod filter;
mod job;
mod json;
mod keys;
mod log;
mod measure;
mod postgres;
pub mod query;
mod queue;
mod records;
mod search;
mod select;
pub mod sql;
mod sqlite;
pub mod tables;
mod timeline;
mod tx;
mod verify;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

use model::{Object, Schema};
use parking_lot::Mutex;

pub use cell::Row;
pub use error::Error;
pub use feed::{FeedBatch, FeedChange};
pub use measure::Total;
pub use query::*;
pub use search::{Open, excerpt, finds};
pub use sql::{Dialect, SqlWriter, Val};
pub use tx::Tx;

use crate::job::{Job, Task};
use crate::queue::Queue;
use crate::sqlite::{BoxedJob, Counters};

/// Where a workspace lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// One SQLite file.
    Sqlite(PathBuf),
    /// One schema of a PostgreSQL database.
    Postgres {
        /// `postgres://user:password@host:port/database?sslmode=…` or key=value pairs; unix sockets work.
        url: String,
        /// The schema; made when it is missing.
        schema: String,
    },
}

/// How a store works. All have sensible defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Reader threads, one connection each.
    pub readers: usize,
    /// Writer connections on PostgreSQL (SQLite always has one).
    pub writers: usize,
    /// Reads that may wait; more are refused with [`Error::Busy`].
    pub queue_max: usize,
    /// How long one transaction may be tried again.
    pub retry_for: Duration,
}

impl Default for Options {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { readers: cores.max(2), writers: 2 * cores, queue_max: 1024, retry_for: Duration::from_secs(10) }
    }
}

/// Who goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Priority {
    /// Somebody waits.
    Interactive,
    /// Imports and other slices of long work.
    Background,
}

/// A workspace's database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    location: Location,
    reads: Arc<Queue<BoxedJob>>,
    writes: Arc<Queue<BoxedJob>>,
    counters: Arc<Counters>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// An answer that will come: wait for it on a thread, or await it.
pub struct Pending<T> {
    receiver: flume::Receiver<Result<T, Error>>,
}

impl<T> Pending<T> {
    /// Blocks until the answer is there.
    pub fn wait(self) -> Result<T, Error> {
        self.receiver.recv().unwrap_or(Err(Error::Busy))
    }
}

impl<T: Send + 'static> IntoFuture for Pending<T> {
    type Output = Result<T, Error>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.receiver.into_recv_async().await.unwrap_or(Err(Error::Busy)) })
    }
}

impl Store {
    /// Opens a workspace, making it when it is missing.
    pub fn open(location: &Location, options: &Options) -> Result<Self, Error> {
        if let Location::Sqlite(path) = location
            && let Some(folder) = path.parent()
        {
            std::fs::create_dir_all(folder)?;
        }
        let (readers, writers) = connections(location, options)?;
        let counters = Arc::new(Counters::default());
        let reads = Arc::new(Queue::new(options.queue_max));
        // Writes answer fast in groups, so more of them may wait.
        let writes = Arc::new(Queue::new(options.queue_max.saturating_mul(4)));
        let is_sqlite = matches!(location, Location::Sqlite(_));
        let mut threads = Vec::new();
        for tx in readers {
            let queue = reads.clone();
            threads.push(spawn("reader", move || {
                if is_sqlite { sqlite::read_loop(tx, &queue) } else { postgres::read_loop(tx, &queue) }
            })?);
        }
        for tx in writers {
            let (queue, counters, retry_for) = (writes.clone(), counters.clone(), options.retry_for);
            threads.push(spawn("writer", move || {
                if is_sqlite {
                    sqlite::write_loop(tx, &queue, &counters);
                } else {
                    postgres::write_loop(tx, &queue, &counters, retry_for);
                }
            })?);
        }
        let threads = Mutex::new(threads);
        Ok(Self { inner: Arc::new(Inner { location: location.clone(), reads, writes, counters, threads }) })
    }

    /// Where it lives.
    pub fn location(&self) -> &Location {
        &self.inner.location
    }

    /// Reads in one snapshot on a reader thread.
    pub fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx) -> Result<T, Error> + Send + 'static,
    ) -> Pending<T> {
        let mut work = Some(work);
        let once = move |tx: &mut Tx| match work.take() {
            Some(work) => work(tx),
            None => Err(Error::Busy),
        };
        send(&self.inner.reads, Priority::Interactive, once)
    }

    /// Writes in one transaction and answers after it is durable. The work may be run more than once; only the last
    /// run counts.
    pub fn write<T: Send + 'static>(
        &self,
        priority: Priority,
        work: impl FnMut(&mut Tx) -> Result<T, Error> + Send + 'static,
    ) -> Pending<T> {
        send(&self.inner.writes, priority, work)
    }

    /// Makes tables, columns and indexes as the schema says; never drops data. Returns the statements it ran.
    pub fn apply_schema(&self, schema: &Schema) -> Result<Vec<String>, Error> {
        let schema = schema.clone();
        self.write(Priority::Interactive, move |tx| tx.apply_schema(&schema)).wait()
    }

    /// Renames a field's columns, before `apply_schema` with the new name.
    pub fn rename_field(&self, object: &Object, from: &str, to: &str) -> Result<Vec<String>, Error> {
        let (object, from, to) = (object.clone(), from.to_owned(), to.to_owned());
        self.write(Priority::Interactive, move |tx| tx.rename_field(&object, &from, &to)).wait()
    }

    /// Makes the index that a saved view needs: fields compared for equality, then the order.
    pub fn ensure_index(&self, object: &Object, filter_fields: &[String], sort: &[Sort]) -> Result<Vec<String>, Error> {
        let (object, filter_fields, sort) = (object.clone(), filter_fields.to_vec(), sort.to_vec());
        self.write(Priority::Background, move |tx| tx.ensure_index(&object, &filter_fields, &sort)).wait()
    }

    /// Writes a consistent copy, also while others write. On SQLite a database file, on PostgreSQL a file of its own
    /// form that [`Store::restore`] reads.
    pub fn backup(&self, to: &Path) -> Result<(), Error> {
        backup::backup(&self.inner.location, to)
    }

    /// Puts a backup in the place of an empty workspace, before it is opened.
    pub fn restore(location: &Location, from: &Path) -> Result<(), Error> {
        backup::restore(location, from)
    }

    /// Live figures.
    pub fn stats(&self) -> Stats {
        let counters = &self.inner.counters;
        let (dialect, bytes) = match &self.inner.location {
            Location::Sqlite(path) => ("sqlite", std::fs::metadata(path).map_or(0, |file| file.len())),
            Location::Postgres { .. } => ("postgres", 0),
        };
        Stats {
            dialect,
            reads_waiting: self.inner.reads.len(),
            writes_waiting: self.inner.writes.len(),
            writes: counters.writes.load(Ordering::Relaxed),
            commits: counters.commits.load(Ordering::Relaxed),
            retries: counters.retries.load(Ordering::Relaxed),
            bytes,
        }
    }

    /// Count and content hash of every object's live records.
    pub fn checksum(&self, schema: &Schema) -> Result<Vec<Checksum>, Error> {
        let schema = Arc::new(schema.clone());
        self.read(move |tx| tx.checksum(&schema)).wait()
    }

    /// What is wrong with the database itself: broken pages, links that differ from their records, wrong counters.
    /// Empty when all is well.
    pub fn verify(&self, schema: &Schema) -> Result<Vec<String>, Error> {
        let schema = Arc::new(schema.clone());
        self.read(move |tx| tx.verify(&schema)).wait()
    }

    /// Runs what waits and closes the connections. Later calls answer [`Error::Busy`].
    pub fn close(&self) {
        self.inner.close();
    }
}

impl Inner {
    fn close(&self) {
        self.reads.close();
        self.writes.close();
        let own = std::thread::current().id();
        for thread in self.threads.lock().drain(..) {
            // The last handle may be dropped by a job: its thread ends by itself.
            if thread.thread().id() != own && thread.join().is_err() {
                tracing::error!("a database thread panicked");
            }
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

/// The connections of all threads, after the system tables are made.
fn connections(location: &Location, options: &Options) -> Result<(Vec<Tx>, Vec<Tx>), Error> {
    let readers = options.readers.max(1);
    let open = |writer: bool, slot: usize| match location {
        Location::Sqlite(path) => sqlite::open(path, writer, 0),
        // Connections of other nodes count in other slots, most likely.
        Location::Postgres { url, schema } => {
            postgres::open(url, schema, slot as i64 + 64 * i64::from(std::process::id() % 8))
        }
    };
    let writers = if matches!(location, Location::Sqlite(_)) { 1 } else { options.writers.max(1) };
    let mut writing = (0..writers).map(|slot| open(true, slot)).collect::<Result<Vec<_>, _>>()?;
    if let Some(first) = writing.first_mut() {
        prepare(first, location)?;
    }
    let reading = (0..readers).map(|slot| open(false, slot)).collect::<Result<Vec<_>, _>>()?;
    Ok((reading, writing))
}

/// Makes the schema (on PostgreSQL, in a statement of its own) and the system tables.
fn prepare(tx: &mut Tx, location: &Location) -> Result<(), Error> {
    if let Location::Postgres { schema, .. } = location {
        let mut sql = SqlWriter::new(Dialect::Postgres, schema);
        sql.push("CREATE SCHEMA IF NOT EXISTS ").ident(schema);
        run_in_transaction(tx, |tx| tx.run(&sql.text, &[]).map(|_| ()))?;
    }
    run_in_transaction(tx, Tx::apply_system)
}

fn run_in_transaction(tx: &mut Tx, work: impl FnOnce(&mut Tx) -> Result<(), Error>) -> Result<(), Error> {
    tx.begin(true)?;
    let result = work(tx).and_then(|()| tx.commit());
    if result.is_err() {
        tx.rollback();
    }
    result
}

fn spawn(role: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    Ok(std::thread::Builder::new().name(format!("store-{role}")).spawn(work)?)
}

fn send<T: Send + 'static>(
    queue: &Queue<BoxedJob>,
    priority: Priority,
    work: impl FnMut(&mut Tx) -> Result<T, Error> + Send + 'static,
) -> Pending<T> {
    let (answer, receiver) = flume::bounded(1);
    let job: Box<dyn Job> = Box::new(Task::new(work, answer));
    if let Err(job) = queue.push(priority, job) {
        job.answer(Some(Error::Busy));
    }
    Pending { receiver }
}
