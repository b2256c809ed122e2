//! Answers kept by idempotency key, written in the transaction of the command that they answer.

use crate::{Error, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {idempotency} (principal TEXT NOT NULL, key TEXT NOT NULL, \
     request_hash TEXT NOT NULL, answer TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (principal, key))",
    "CREATE INDEX IF NOT EXISTS idempotency_at ON {idempotency} (at)",
];

/// How long a key is remembered, in microseconds: a day.
const KEPT_US: i64 = 24 * 3600 * 1_000_000;

/// The hash of the request that used the key, and its answer.
pub fn find(tx: &mut Tx, principal: &str, key: &str) -> Result<Option<(String, String)>, Error> {
    let rows = tx.query(
        "SELECT request_hash, answer FROM {idempotency} WHERE principal = ? AND key = ?",
        &[Val::from(principal), Val::from(key)],
    )?;
    rows.first().map(|row| Ok((row.text(0)?, row.text(1)?))).transpose()
}

/// Keeps an answer, and forgets those of yesterday.
pub fn insert(
    tx: &mut Tx,
    principal: &str,
    key: &str,
    request_hash: &str,
    answer: &str,
    now: i64,
) -> Result<(), Error> {
    tx.execute("DELETE FROM {idempotency} WHERE at < ?", &[Val::Int(now - KEPT_US)])?;
    tx.execute(
        "INSERT INTO {idempotency} (principal, key, request_hash, answer, at) VALUES (?, ?, ?, ?, ?)",
        &[Val::from(principal), Val::from(key), Val::from(request_hash), Val::from(answer), Val::Int(now)],
    )?;
    Ok(())
}
