//! The only place that speaks SQL: SQLite and PostgreSQL behind one `Store`.

pub mod blobs;
mod error;
pub mod filter;
pub mod interim;
pub mod query;
pub mod sql;
pub mod tables;
mod tx;

use std::path::{Path, PathBuf};
use std::time::Duration;

use model::{Object, Schema};

pub use error::Error;
pub use query::*;
pub use sql::{Dialect, SqlWriter, Val};
pub use tx::{Row, Tx};

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
pub struct Store {}

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

#[allow(unused_variables)]
impl Store {
    /// Opens a workspace, making it when it is missing.
    pub fn open(location: &Location, options: &Options) -> Result<Self, Error> {
        Err(Error::Busy)
    }

    /// Reads in one snapshot on a reader thread.
    pub fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx) -> Result<T, Error> + Send + 'static,
    ) -> Pending<T> {
        Pending { receiver: flume::bounded(1).1 }
    }

    /// Writes in one transaction and answers after it is durable. The work may be run more than once; only the last
    /// run counts.
    pub fn write<T: Send + 'static>(
        &self,
        priority: Priority,
        work: impl FnMut(&mut Tx) -> Result<T, Error> + Send + 'static,
    ) -> Pending<T> {
        Pending { receiver: flume::bounded(1).1 }
    }

    /// Makes tables, columns and indexes as the schema says; never drops data. Returns the statements it ran.
    pub fn apply_schema(&self, schema: &Schema) -> Result<Vec<String>, Error> {
        Err(Error::Busy)
    }

    /// Renames a field's columns, before `apply_schema` with the new name.
    pub fn rename_field(&self, object: &Object, from: &str, to: &str) -> Result<Vec<String>, Error> {
        Err(Error::Busy)
    }

    /// Makes the index that a saved view needs: fields compared for equality, then the order.
    pub fn ensure_index(&self, object: &Object, filter_fields: &[String], sort: &[Sort]) -> Result<Vec<String>, Error> {
        Err(Error::Busy)
    }

    /// Writes a consistent copy, also while others write.
    pub fn backup(&self, to: &Path) -> Result<(), Error> {
        Err(Error::Busy)
    }

    /// Puts a backup in the place of an empty workspace, before it is opened.
    pub fn restore(location: &Location, from: &Path) -> Result<(), Error> {
        Err(Error::Busy)
    }

    /// Live figures.
    pub fn stats(&self) -> Stats {
        Stats::default()
    }

    /// Count and content hash of every object's live records.
    pub fn checksum(&self, schema: &Schema) -> Result<Vec<Checksum>, Error> {
        Err(Error::Busy)
    }

    /// What is wrong with the database itself: broken pages, links that differ from their records, wrong counters.
    /// Empty when all is well.
    pub fn verify(&self, schema: &Schema) -> Result<Vec<String>, Error> {
        Err(Error::Busy)
    }

    /// Runs what waits and closes the connections. Later calls answer [`Error::Busy`].
    pub fn close(&self) {}
}
