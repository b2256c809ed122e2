//! A transaction: everything that is done with rows, the same on both databases.

use std::collections::HashSet;
use std::sync::Arc;

use crate::interim::Expr;
use model::field::Rollup;
use model::{Change, Object, Patch, Record, Schema, Value};
use uuid::Uuid;

use crate::error::{Error, failure};
use crate::query::*;
use crate::sql::{Dialect, Val};

/// One row of [`Tx::query`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// The columns, in order.
    pub values: Vec<Val>,
}

/// A transaction on one connection.
pub struct Tx {
    pub(crate) dialect: Dialect,
}

#[allow(unused_variables)]
impl Row {
    pub fn id(&self, i: usize) -> Result<Uuid, Error> {
        Err(failure(""))
    }
    pub fn text(&self, i: usize) -> Result<String, Error> {
        Err(failure(""))
    }
    pub fn int(&self, i: usize) -> Result<i64, Error> {
        Err(failure(""))
    }
    pub fn text_or_none(&self, i: usize) -> Result<Option<String>, Error> {
        Err(failure(""))
    }
}
#[allow(unused_variables)]
impl Tx {
    /// The database's dialect.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Runs a statement with `?` placeholders; `{name}` stands for the system table of that name. Returns the number
    /// of rows changed.
    pub fn execute(&mut self, sql: &str, params: &[Val]) -> Result<u64, Error> {
        Err(failure("soon"))
    }

    /// Runs a query with `?` placeholders; `{name}` stands for the system table of that name.
    pub fn query(&mut self, sql: &str, params: &[Val]) -> Result<Vec<Row>, Error> {
        Err(failure("soon"))
    }

    /// The record with all its fields, deleted or not.
    pub fn find(&mut self, object: &Object, id: Uuid) -> Result<Option<Record>, Error> {
        Err(failure("soon"))
    }

    /// The records of these ids that exist, in id order.
    pub fn find_many(&mut self, object: &Object, ids: &[Uuid]) -> Result<Vec<Record>, Error> {
        Err(failure("soon"))
    }

    /// The same, locked until the end of the transaction.
    pub fn lock_many(&mut self, object: &Object, ids: &[Uuid]) -> Result<Vec<Record>, Error> {
        Err(failure("soon"))
    }

    /// Inserts whole records.
    pub fn insert_many(&mut self, object: &Object, records: &[Record]) -> Result<(), Error> {
        Err(failure("soon"))
    }

    /// Changes the fields of the patch.
    pub fn update(&mut self, object: &Object, id: Uuid, patch: &Patch) -> Result<(), Error> {
        Err(failure("soon"))
    }

    /// Removes the row for good.
    pub fn erase(&mut self, object: &Object, id: Uuid) -> Result<(), Error> {
        Err(failure("soon"))
    }

    /// Gives each selected record to `each`; returns the cursor of the next page.
    pub fn select(
        &mut self,
        select: &Select,
        each: &mut dyn FnMut(Record) -> Result<(), Error>,
    ) -> Result<Option<String>, Error> {
        Err(failure("soon"))
    }

    /// Appends the selected records as JSON objects separated by commas, straight from the rows.
    pub fn select_json(&mut self, select: &Select, out: &mut Vec<u8>) -> Result<Page, Error> {
        Err(failure("soon"))
    }

    /// The ids of the selected records, in order.
    pub fn select_ids(&mut self, select: &Select) -> Result<Vec<Uuid>, Error> {
        Err(failure("soon"))
    }

    /// How many records are selected: exact up to `exact_max`, then estimated.
    pub fn count(&mut self, select: &Select, exact_max: u64) -> Result<Count, Error> {
        Err(failure("soon"))
    }

    /// Which of the ids satisfy the condition, deleted or not.
    pub fn matches(
        &mut self,
        schema: &Arc<Schema>,
        object: &Arc<Object>,
        ids: &[Uuid],
        filter: &Expr,
    ) -> Result<HashSet<Uuid>, Error> {
        Err(failure("soon"))
    }

    /// Figures over groups of records.
    pub fn aggregate(&mut self, query: &Aggregation) -> Result<Vec<Group>, Error> {
        Err(failure("soon"))
    }

    /// A figure over the live child records of one parent.
    pub fn rollup(
        &mut self,
        schema: &Arc<Schema>,
        child: &Arc<Object>,
        rollup: &Rollup,
        filter: Option<&Expr>,
        parent: Uuid,
    ) -> Result<Value, Error> {
        Err(failure("soon"))
    }

    /// Keeps a batch; does nothing when it exists.
    pub fn insert_batch(&mut self, batch: &BatchRow) -> Result<(), Error> {
        Err(failure("soon"))
    }

    /// One batch.
    pub fn find_batch(&mut self, id: Uuid) -> Result<Option<BatchRow>, Error> {
        Err(failure("soon"))
    }

    /// Batches before one (newest first); `None` starts at the newest.
    pub fn batches(&mut self, before: Option<Uuid>, limit: usize) -> Result<Vec<BatchRow>, Error> {
        Err(failure("soon"))
    }

    /// The batch that undid this one, if any.
    pub fn find_undo(&mut self, batch: Uuid) -> Result<Option<BatchRow>, Error> {
        Err(failure("soon"))
    }

    /// Appends to the log.
    pub fn append(&mut self, changes: &[NewChange]) -> Result<(), Error> {
        Err(failure("soon"))
    }

    /// Changes of a batch after a position, in order.
    pub fn changes_of_batch(&mut self, batch: Uuid, after: i64, limit: usize) -> Result<Vec<Change>, Error> {
        Err(failure("soon"))
    }

    /// x
    pub fn changes_of_batch_before(&mut self, batch: Uuid, before: i64, limit: usize) -> Result<Vec<Change>, Error> {
        Err(failure("soon"))
    }
    /// x
    pub fn changed_after_batch(&mut self, batch: Uuid, ids: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
        Err(failure("soon"))
    }

    /// Changes of a record before a position (`i64::MAX`: from the newest), newest first.
    pub fn changes_of_record(&mut self, record: Uuid, before_seq: i64, limit: usize) -> Result<Vec<Change>, Error> {
        Err(failure("soon"))
    }

    /// Changes after a position, in an order that never shows a gap that fills later.
    pub fn changes_after(&mut self, seq: i64, limit: usize) -> Result<Vec<Change>, Error> {
        Err(failure("soon"))
    }

    /// The position of the newest change that [`Tx::changes_after`] would show.
    pub fn last_seq(&mut self) -> Result<i64, Error> {
        Err(failure("soon"))
    }

    /// Puts a record into the timelines of its subjects, in place of where it stood before.
    pub fn set_timeline(&mut self, entry: &TimelineEntry) -> Result<(), Error> {
        Err(failure("soon"))
    }

    /// Takes a record out of all timelines.
    pub fn clear_timeline(&mut self, record: Uuid) -> Result<(), Error> {
        Err(failure("soon"))
    }

    /// One page of a record's timeline, newest first. `kinds`: object names, and `change` for field changes.
    pub fn timeline(
        &mut self,
        subject: Uuid,
        kinds: Option<&[String]>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<TimelinePage, Error> {
        Err(failure("soon"))
    }

    /// Makes records findable; what search knew of them is replaced.
    pub fn index_many(&mut self, docs: &[SearchDoc]) -> Result<(), Error> {
        Err(failure("soon"))
    }

    /// Makes records unfindable.
    pub fn unindex(&mut self, records: &[Uuid]) -> Result<(), Error> {
        Err(failure("soon"))
    }

    /// Finds records by what people type.
    pub fn search(&mut self, query: &SearchQuery) -> Result<Vec<Hit>, Error> {
        Err(failure("soon"))
    }

    /// Keeps the keys by which records are recognised again; an empty list removes them.
    pub fn set_keys(&mut self, keys: &[RecordKeys]) -> Result<(), Error> {
        Err(failure("soon"))
    }

    /// Records that have one of the keys, at most `per_key_max` of each key.
    pub fn find_by_keys(
        &mut self,
        object: &str,
        keys: &[String],
        per_key_max: usize,
    ) -> Result<Vec<(String, Uuid)>, Error> {
        Err(failure("soon"))
    }
}
