//! Invitations: links with which a user sets a password, once.

use uuid::Uuid;

use crate::{Error, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &["CREATE TABLE IF NOT EXISTS {invitation} (token TEXT PRIMARY KEY, \"user\" {id} NOT NULL, \
     invited_by TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL)"];

/// One open invitation. Times in microseconds since the epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// SHA-256 of the token, in hexadecimal.
    pub token: String,
    /// Who may come in with it.
    pub user: Uuid,
    /// Who made it.
    pub invited_by: String,
    /// When it was made.
    pub created_at: i64,
    /// When it stops working.
    pub expires_at: i64,
}

/// Keeps an invitation.
pub fn insert(tx: &mut Tx, invitation: &Invitation) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO {invitation} (token, \"user\", invited_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        &[
            Val::Text(invitation.token.clone()),
            Val::Id(invitation.user),
            Val::Text(invitation.invited_by.clone()),
            Val::Int(invitation.created_at),
            Val::Int(invitation.expires_at),
        ],
    )?;
    Ok(())
}

/// The invitation of a token's hash.
pub fn find(tx: &mut Tx, token: &str) -> Result<Option<Invitation>, Error> {
    let rows = tx.query(
        "SELECT token, \"user\", invited_by, created_at, expires_at FROM {invitation} WHERE token = ?",
        &[Val::from(token)],
    )?;
    rows.first()
        .map(|row| {
            Ok(Invitation {
                token: row.text(0)?,
                user: row.id(1)?,
                invited_by: row.text(2)?,
                created_at: row.int(3)?,
                expires_at: row.int(4)?,
            })
        })
        .transpose()
}

/// Takes back every invitation of a user.
pub fn delete_of_user(tx: &mut Tx, user: Uuid) -> Result<(), Error> {
    tx.execute("DELETE FROM {invitation} WHERE \"user\" = ?", &[Val::Id(user)])?;
    Ok(())
}
