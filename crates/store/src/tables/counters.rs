//! Running numbers without gaps: a locked row each, so that a number is taken if and only if its record is kept.

use crate::{Error, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] =
    &["CREATE TABLE IF NOT EXISTS {counter} (name {text} PRIMARY KEY, value BIGINT NOT NULL) {clustered}"];

/// Takes `count` numbers and returns the first of them.
///
/// # Errors
/// A database that fails.
pub fn take(tx: &mut Tx, name: &str, count: i64) -> Result<i64, Error> {
    let rows = tx.query(
        "INSERT INTO {counter} AS c (name, value) VALUES (?, ?) \
         ON CONFLICT (name) DO UPDATE SET value = c.value + excluded.value RETURNING value",
        &[Val::from(name), Val::Int(count)],
    )?;
    Ok(rows.first().map_or(Ok(count), |row| row.int(0))? - count + 1)
}
