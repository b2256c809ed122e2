//! How many records each object has: kept in the same transaction, so that a total without a filter is exact and free.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::sql::Val;
use crate::tx::{CountChange, Tx};

/// Portable DDL. On PostgreSQL each writer connection counts in a slot of its own, so that writers do not wait for
/// one another.
pub(crate) const DDL: &[&str] = &["CREATE TABLE IF NOT EXISTS {record_count} (object BIGINT NOT NULL, \
     slot BIGINT NOT NULL, live BIGINT NOT NULL, deleted BIGINT NOT NULL, PRIMARY KEY (object, slot)) {clustered}"];

impl Tx {
    /// Counts records that came or went, when the transaction commits.
    pub(crate) fn count_later(&mut self, object: &str, live: i64, deleted: i64) {
        if live == 0 && deleted == 0 {
            return;
        }
        self.note_written();
        let change = match self.later.counts.get_mut(object) {
            Some(change) => change,
            None => self.later.counts.entry(object.to_owned()).or_default(),
        };
        change.live += live;
        change.deleted += deleted;
    }

    pub(crate) fn write_counts(&mut self, counts: BTreeMap<String, CountChange>) -> Result<(), Error> {
        for (object, change) in counts {
            let number = self.number_of(&object)?;
            let slot = self.slot;
            self.execute(
                "INSERT INTO {record_count} AS c (object, slot, live, deleted) VALUES (?, ?, ?, ?) \
                 ON CONFLICT (object, slot) DO UPDATE SET live = c.live + excluded.live, \
                 deleted = c.deleted + excluded.deleted",
                &[Val::Int(number), Val::Int(slot), Val::Int(change.live), Val::Int(change.deleted)],
            )?;
        }
        Ok(())
    }

    /// Live and deleted records of an object, exact.
    pub(crate) fn counted(&mut self, object: &str) -> Result<CountChange, Error> {
        let waiting = self.later.counts.get(object).copied().unwrap_or_default();
        let Some(number) = self.find_number(object)? else {
            return Ok(waiting);
        };
        let rows =
            self.query_with("SELECT live, deleted FROM {record_count} WHERE object = ?", &[Val::Int(number)], |row| {
                Ok((row.int(0)?, row.int(1)?))
            })?;
        Ok(rows.iter().fold(waiting, |sum, (live, deleted)| CountChange {
            live: sum.live + live,
            deleted: sum.deleted + deleted,
        }))
    }
}
