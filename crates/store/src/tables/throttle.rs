//! Counters of attempts per account and per address; they survive restarts.

use crate::{Error, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &["CREATE TABLE IF NOT EXISTS {throttle} (name TEXT PRIMARY KEY, since_s BIGINT NOT NULL, \
     count BIGINT NOT NULL, in_a_row BIGINT NOT NULL, last_s BIGINT NOT NULL)"];

/// What is kept of the attempts on or from something. Times in seconds since the epoch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counter {
    /// Begin of the window.
    pub since_s: i64,
    /// Attempts in the window.
    pub count: i64,
    /// Attempts in a row.
    pub in_a_row: i64,
    /// The last attempt.
    pub last_s: i64,
}

/// The counter of a name.
pub fn find(tx: &mut Tx, name: &str) -> Result<Option<Counter>, Error> {
    let rows =
        tx.query("SELECT since_s, count, in_a_row, last_s FROM {throttle} WHERE name = ?", &[Val::from(name)])?;
    rows.first()
        .map(|row| Ok(Counter { since_s: row.int(0)?, count: row.int(1)?, in_a_row: row.int(2)?, last_s: row.int(3)? }))
        .transpose()
}

/// Sets the counter of a name.
pub fn set(tx: &mut Tx, name: &str, counter: &Counter) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO {throttle} (name, since_s, count, in_a_row, last_s) VALUES (?, ?, ?, ?, ?) \
         ON CONFLICT (name) DO UPDATE SET since_s = excluded.since_s, count = excluded.count, \
         in_a_row = excluded.in_a_row, last_s = excluded.last_s",
        &[
            Val::from(name),
            Val::Int(counter.since_s),
            Val::Int(counter.count),
            Val::Int(counter.in_a_row),
            Val::Int(counter.last_s),
        ],
    )?;
    Ok(())
}

/// Takes one attempt back that turned out well.
pub fn give_back(tx: &mut Tx, name: &str) -> Result<(), Error> {
    tx.execute(
        "UPDATE {throttle} SET count = count - 1, in_a_row = in_a_row - 1 WHERE name = ? AND count > 0",
        &[Val::from(name)],
    )?;
    Ok(())
}

/// Forgets a name.
pub fn clear(tx: &mut Tx, name: &str) -> Result<(), Error> {
    tx.execute("DELETE FROM {throttle} WHERE name = ?", &[Val::from(name)])?;
    Ok(())
}
