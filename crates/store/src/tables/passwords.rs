//! Passwords of users, as Argon2id hashes in PHC form.

use uuid::Uuid;

use crate::{Error, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &["CREATE TABLE IF NOT EXISTS {password} (\"user\" {id} PRIMARY KEY, hash TEXT NOT NULL, \
     changed_at BIGINT NOT NULL)"];

/// The hash of a user's password.
pub fn find(tx: &mut Tx, user: Uuid) -> Result<Option<String>, Error> {
    tx.query("SELECT hash FROM {password} WHERE \"user\" = ?", &[Val::Id(user)])?
        .first()
        .map(|row| row.text(0))
        .transpose()
}

/// Sets a user's password.
pub fn set(tx: &mut Tx, user: Uuid, hash: &str, now: i64) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO {password} (\"user\", hash, changed_at) VALUES (?, ?, ?) \
         ON CONFLICT (\"user\") DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at",
        &[Val::Id(user), Val::from(hash), Val::Int(now)],
    )?;
    Ok(())
}
