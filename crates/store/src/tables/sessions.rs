//! Sessions of people who logged in. The token itself is not kept, only its SHA-256. With a session end the devices
//! that were added in it.

use uuid::Uuid;

use crate::tables::pushes;
use crate::{Error, Row, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {session} (token TEXT PRIMARY KEY, id {id} NOT NULL, \"user\" {id} NOT NULL, \
     created_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, address TEXT NOT NULL, \
     agent TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS sessions_by_user ON {session} (\"user\")",
    "CREATE INDEX IF NOT EXISTS sessions_by_expiry ON {session} (expires_at)",
];

/// One session. Times in microseconds since the epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// What people see of it.
    pub id: Uuid,
    /// SHA-256 of the token, in hexadecimal.
    pub token: String,
    /// Whose it is.
    pub user: Uuid,
    /// When it began.
    pub created_at: i64,
    /// When it was last used, to some minutes.
    pub seen_at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// From where it was opened.
    pub address: String,
    /// With what it was opened.
    pub agent: String,
}

const COLUMNS: &str = "token, id, \"user\", created_at, seen_at, expires_at, address, agent";

fn session_of(row: &Row) -> Result<Session, Error> {
    Ok(Session {
        token: row.text(0)?,
        id: row.id(1)?,
        user: row.id(2)?,
        created_at: row.int(3)?,
        seen_at: row.int(4)?,
        expires_at: row.int(5)?,
        address: row.text(6)?,
        agent: row.text(7)?,
    })
}

/// Opens a session.
pub fn insert(tx: &mut Tx, session: &Session) -> Result<(), Error> {
    tx.execute(
        &format!("INSERT INTO {{session}} ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
        &[
            Val::Text(session.token.clone()),
            Val::Id(session.id),
            Val::Id(session.user),
            Val::Int(session.created_at),
            Val::Int(session.seen_at),
            Val::Int(session.expires_at),
            Val::Text(session.address.clone()),
            Val::Text(session.agent.clone()),
        ],
    )?;
    Ok(())
}

/// The session of a token's hash.
pub fn find(tx: &mut Tx, token: &str) -> Result<Option<Session>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM {{session}} WHERE token = ?");
    tx.query(&sql, &[Val::from(token)])?.first().map(session_of).transpose()
}

/// The sessions of a user, newest first.
pub fn of_user(tx: &mut Tx, user: Uuid) -> Result<Vec<Session>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM {{session}} WHERE \"user\" = ? ORDER BY created_at DESC LIMIT 200");
    tx.query(&sql, &[Val::Id(user)])?.iter().map(session_of).collect()
}

/// Notes that it was used.
pub fn touch(tx: &mut Tx, id: Uuid, now: i64) -> Result<(), Error> {
    tx.execute("UPDATE {session} SET seen_at = ? WHERE id = ?", &[Val::Int(now), Val::Id(id)])?;
    Ok(())
}

/// Ends a session of a user. False when there is none.
pub fn delete(tx: &mut Tx, user: Uuid, id: Uuid) -> Result<bool, Error> {
    Ok(end(tx, "id = ? AND \"user\" = ?", &[Val::Id(id), Val::Id(user)])? > 0)
}

/// Ends every session of a user but one. Returns how many.
pub fn delete_others(tx: &mut Tx, user: Uuid, but: Uuid) -> Result<u64, Error> {
    end(tx, "\"user\" = ? AND id <> ?", &[Val::Id(user), Val::Id(but)])
}

/// Ends the session of a token's hash.
pub fn delete_by_token(tx: &mut Tx, token: &str) -> Result<(), Error> {
    end(tx, "token = ?", &[Val::from(token)]).map(drop)
}

/// Ends every session of a user.
pub fn delete_of_user(tx: &mut Tx, user: Uuid) -> Result<(), Error> {
    end(tx, "\"user\" = ?", &[Val::Id(user)]).map(drop)
}

/// Removes sessions that are over.
pub fn delete_expired(tx: &mut Tx, now: i64) -> Result<(), Error> {
    end(tx, "expires_at <= ?", &[Val::Int(now)]).map(drop)
}

fn end(tx: &mut Tx, condition: &str, params: &[Val]) -> Result<u64, Error> {
    let ended = tx.execute(&format!("DELETE FROM {{session}} WHERE {condition}"), params)?;
    if ended > 0 {
        pushes::delete_without_session(tx)?;
    }
    Ok(ended)
}
