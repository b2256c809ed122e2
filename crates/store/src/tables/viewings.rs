//! Sessions that see the workspace as somebody else does, until they stop.

use uuid::Uuid;

use crate::{Error, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {viewing} (session {id} NOT NULL PRIMARY KEY, \"user\" {id} NOT NULL, at BIGINT NOT NULL)",
];

/// A session sees as this user from now on. What is left of sessions that are over goes.
pub fn begin(tx: &mut Tx, session: Uuid, user: Uuid, at: i64) -> Result<(), Error> {
    tx.execute("DELETE FROM {viewing} WHERE session NOT IN (SELECT id FROM {session})", &[])?;
    let params = [Val::Id(session), Val::Id(user), Val::Int(at)];
    tx.execute("INSERT INTO {viewing} (session, \"user\", at) VALUES (?, ?, ?)", &params)?;
    Ok(())
}

/// As whom a session sees, if not as its own person.
pub fn find(tx: &mut Tx, session: Uuid) -> Result<Option<Uuid>, Error> {
    let rows = tx.query("SELECT \"user\" FROM {viewing} WHERE session = ?", &[Val::Id(session)])?;
    rows.first().map(|row| row.id(0)).transpose()
}

/// A session sees as its own person again.
pub fn end(tx: &mut Tx, session: Uuid) -> Result<(), Error> {
    tx.execute("DELETE FROM {viewing} WHERE session = ?", &[Val::Id(session)])?;
    Ok(())
}
