//! What is asked of the store and what it answers: selections, the log's rows, timelines, search, keys.

use std::sync::Arc;

use model::expr::Expr;
use model::field::Aggregate;
use model::{Change, Object, Op, Schema, Value};
use uuid::Uuid;

/// One column of an order. Missing values come last in both directions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sort {
    /// Field name, or `id`.
    pub field: String,
    /// Largest first.
    pub descending: bool,
}

/// Which side of the recycle bin is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Deleted {
    /// Live records only.
    #[default]
    Without,
    /// The recycle bin only.
    Only,
    /// Both.
    With,
}

/// A selection of records of one object.
#[derive(Debug, Clone)]
pub struct Select {
    /// Whose records.
    pub object: Arc<Object>,
    /// The schema that the filter was checked against.
    pub schema: Arc<Schema>,
    /// Fields to load, in this order; empty: all that are not hidden.
    pub fields: Vec<String>,
    /// A bound condition.
    pub filter: Option<Expr>,
    /// The order; the id is appended, so that it is total.
    pub sort: Vec<Sort>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows to skip (used without a cursor).
    pub offset: u64,
    /// Most rows; 0: all.
    pub limit: usize,
    /// Recycle bin.
    pub deleted: Deleted,
}

impl Select {
    /// All live records of an object.
    pub fn all(schema: &Arc<Schema>, object: &Arc<Object>) -> Self {
        Self {
            object: object.clone(),
            schema: schema.clone(),
            fields: Vec::new(),
            filter: None,
            sort: Vec::new(),
            cursor: None,
            offset: 0,
            limit: 0,
            deleted: Deleted::Without,
        }
    }
}

/// What [`crate::Tx::select_json`] wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Rows written.
    pub rows: usize,
    /// Cursor of the next page; `None` at the end.
    pub next: Option<String>,
}

/// A number of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub count: u64,
    /// Counted, not estimated.
    pub exact: bool,
}

/// One figure of an aggregation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// What is made of the records.
    pub aggregate: Aggregate,
    /// Of which field; `None` for a count.
    pub field: Option<String>,
}

/// Figures over groups of records.
#[derive(Debug, Clone)]
pub struct Aggregation {
    /// The records (order, cursor and fields are not looked at; `limit` and `offset` are those of the groups).
    pub select: Select,
    /// Fields that make the groups.
    pub group: Vec<String>,
    /// Figures per group.
    pub measures: Vec<Measure>,
}

/// One group and its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Values of the group fields.
    pub keys: Vec<Value>,
    /// Figures in the order of the measures.
    pub values: Vec<Value>,
}

/// One batch: a command, an import, a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    /// UUIDv7.
    pub id: Uuid,
    /// Microseconds since the epoch.
    pub at: i64,
    /// Who: [`model::Actor::label`].
    pub actor: String,
    /// Why: `update`, `import`, `merge` …
    pub cause: String,
    /// The batch that this one undoes.
    pub undoes: Option<Uuid>,
}

/// What happened to a record, without what changed in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Position in the log.
    pub seq: i64,
    /// Its batch.
    pub batch: Uuid,
    /// Who: [`model::Actor::label`].
    pub actor: String,
    /// Object name.
    pub object: String,
    /// Which record.
    pub record: Uuid,
    /// What happened to it.
    pub op: Op,
}

/// A change to be logged.
#[derive(Debug, Clone, PartialEq)]
pub struct NewChange<'a> {
    /// Its batch.
    pub batch: Uuid,
    /// Microseconds since the epoch.
    pub at: i64,
    /// Who.
    pub actor: &'a str,
    /// Object name.
    pub object: &'a str,
    /// Record id.
    pub record: Uuid,
    /// What happened.
    pub op: Op,
    /// Another record whose timeline shows it too (a person's company).
    pub parent: Option<Uuid>,
    /// What changed, in the order of the fields.
    pub fields: Vec<NewField<'a>>,
}

/// One field of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NewField<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it was.
    pub before: &'a Value,
    /// What it is now.
    pub after: &'a Value,
}

/// A record's place in the timelines of its subjects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEntry {
    /// The activity.
    pub record: Uuid,
    /// Its object.
    pub object: String,
    /// Microseconds since the epoch.
    pub at: i64,
    /// The records whose timelines show it.
    pub subjects: Vec<Uuid>,
}

/// Where a timeline row comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum TimelineSource {
    /// A change of the record itself or of one whose parent it is.
    Change(Change),
    /// An activity about the record.
    Entry {
        /// Object name.
        object: String,
        /// Record id.
        record: Uuid,
    },
}

/// One row of a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineRow {
    /// Microseconds since the epoch.
    pub at: i64,
    /// What it is.
    pub source: TimelineSource,
}

/// One page of a timeline, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelinePage {
    /// The rows.
    pub entries: Vec<TimelineRow>,
    /// Cursor of the next page; `None` at the end.
    pub next: Option<String>,
}

/// What search knows of a record. Texts are given as people wrote them; the store folds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchDoc {
    /// Object name.
    pub object: String,
    /// Record id.
    pub record: Uuid,
    /// The record's title; its words are found even with a typing error.
    pub title: String,
    /// Other short texts.
    pub words: String,
    /// E-mail addresses, telephone numbers, domains, separated by white space; parts of them are found.
    pub fragments: String,
    /// Long text: whole words and their beginnings are found.
    pub text: String,
    /// The record was made just now: search cannot know it yet.
    pub fresh: bool,
}

/// A search as people type it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// What was typed.
    pub text: String,
    /// Objects to look in, in order of preference; empty: all.
    pub objects: Vec<String>,
    /// Most hits.
    pub limit: usize,
}

/// One hit of a search, best first.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Object name.
    pub object: String,
    /// Record id.
    pub record: Uuid,
    /// The record's title.
    pub title: String,
    /// Larger is better.
    pub score: f64,
}

/// The keys by which a record is recognised again: `e:ann@example.com`, `p:+4930…`, `n:…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordKeys {
    /// Object name.
    pub object: String,
    /// Record id.
    pub record: Uuid,
    /// All keys of the record; those it had before are replaced.
    pub keys: Vec<String>,
    /// The record was made just now: it had no keys before.
    pub fresh: bool,
}

/// Live figures of a store, for metrics and `/readyz`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stats {
    /// `sqlite` or `postgres`.
    pub dialect: &'static str,
    /// Reads waiting for a thread.
    pub reads_waiting: usize,
    /// Writes waiting for a thread.
    pub writes_waiting: usize,
    /// Jobs done by writers since the start.
    pub writes: u64,
    /// Commits since the start; fewer than writes when they are grouped.
    pub commits: u64,
    /// Transactions run again after a conflict or a lost connection.
    pub retries: u64,
    /// Bytes of the database.
    pub bytes: u64,
}

/// Count and content hash of the live records of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    /// Object name.
    pub object: String,
    /// Live records.
    pub count: u64,
    /// SHA-256 in hex over the live records in id order, canonical JSON, without version and stamps.
    pub sha256: String,
}
