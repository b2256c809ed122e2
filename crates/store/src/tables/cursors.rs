//! Where each consumer of the log stands.

use crate::error::Error;
use crate::sql::Val;
use crate::tx::Tx;

/// Portable DDL.
pub(crate) const DDL: &[&str] =
    &["CREATE TABLE IF NOT EXISTS {cursor} (consumer {text} PRIMARY KEY, seq BIGINT NOT NULL) {clustered}"];

/// The last change a consumer has dealt with; `None` when it never ran.
pub fn find(tx: &mut Tx, consumer: &str) -> Result<Option<i64>, Error> {
    let rows = tx.query("SELECT seq FROM {cursor} WHERE consumer = ?", &[consumer.into()])?;
    rows.first().map(|row| row.int(0)).transpose()
}

/// Moves a consumer on.
pub fn set(tx: &mut Tx, consumer: &str, seq: i64) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO {cursor} (consumer, seq) VALUES (?, ?) ON CONFLICT (consumer) DO UPDATE SET seq = excluded.seq",
        &[consumer.into(), Val::Int(seq)],
    )?;
    Ok(())
}
