//! Hashes of API keys. What people see of a key is a record; the key itself is kept nowhere.

use uuid::Uuid;

use crate::{Error, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &["CREATE TABLE IF NOT EXISTS {api_key} (hash TEXT PRIMARY KEY, record {id} NOT NULL, \
     created_at BIGINT NOT NULL)"];

/// The record of a key's hash.
pub fn find(tx: &mut Tx, hash: &str) -> Result<Option<Uuid>, Error> {
    tx.query("SELECT record FROM {api_key} WHERE hash = ?", &[Val::from(hash)])?
        .first()
        .map(|row| row.id(0))
        .transpose()
}

/// Keeps the hash of a new key.
pub fn insert(tx: &mut Tx, hash: &str, record: Uuid, now: i64) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO {api_key} (hash, record, created_at) VALUES (?, ?, ?)",
        &[Val::from(hash), Val::Id(record), Val::Int(now)],
    )?;
    Ok(())
}
