//! Second factors of users: the sealed secret of their authenticator, recovery codes as hashes, and challenges between
//! a right password and the code that must follow it. Wrong codes are counted here and survive restarts.

use uuid::Uuid;

use crate::{Error, Row, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {second_factor} (\"user\" {id} PRIMARY KEY, secret {bytes}, pending {bytes}, \
     confirmed_at BIGINT, last_step BIGINT NOT NULL, tries BIGINT NOT NULL, tries_since BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS {recovery_code} (\"user\" {id} NOT NULL, hash TEXT NOT NULL, \
     PRIMARY KEY (\"user\", hash))",
    "CREATE TABLE IF NOT EXISTS {challenge} (token TEXT PRIMARY KEY, \"user\" {id} NOT NULL, \
     expires_at BIGINT NOT NULL, tries BIGINT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS challenges_by_user ON {challenge} (\"user\")",
];

/// The second factor of a user. Times in microseconds since the epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecondFactor {
    /// The sealed secret that counts.
    pub secret: Option<Vec<u8>>,
    /// The sealed secret of a set-up that is not confirmed yet.
    pub pending: Option<Vec<u8>>,
    /// Since when it is asked for.
    pub confirmed_at: Option<i64>,
    /// The newest time step whose code was taken; it is not taken twice.
    pub last_step: i64,
    /// Wrong codes since `tries_since`.
    pub tries: i64,
    /// Begin of the hour in which they are counted.
    pub tries_since: i64,
}

const COLUMNS: &str = "secret, pending, confirmed_at, last_step, tries, tries_since";

fn factor_of(row: &Row) -> Result<SecondFactor, Error> {
    let bytes = |at: usize| match row.values.get(at) {
        Some(Val::Null) | None => Ok(None),
        Some(_) => row.bytes(at).map(Some),
    };
    Ok(SecondFactor {
        secret: bytes(0)?,
        pending: bytes(1)?,
        confirmed_at: row.int_or_none(2),
        last_step: row.int(3)?,
        tries: row.int(4)?,
        tries_since: row.int(5)?,
    })
}

fn bytes_or_null(bytes: Option<&Vec<u8>>) -> Val {
    bytes.map_or(Val::Null, |bytes| Val::Bytes(bytes.clone()))
}

/// The second factor of a user, also one whose set-up is not confirmed.
pub fn find(tx: &mut Tx, user: Uuid) -> Result<Option<SecondFactor>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM {{second_factor}} WHERE \"user\" = ?");
    tx.query(&sql, &[Val::Id(user)])?.first().map(factor_of).transpose()
}

/// The same, and nobody else changes it before this transaction ends: of codes that come at once each is counted.
pub fn lock(tx: &mut Tx, user: Uuid) -> Result<Option<SecondFactor>, Error> {
    let sql = format!("UPDATE {{second_factor}} SET tries = tries WHERE \"user\" = ? RETURNING {COLUMNS}");
    tx.query(&sql, &[Val::Id(user)])?.first().map(factor_of).transpose()
}

/// Keeps the second factor of a user.
pub fn set(tx: &mut Tx, user: Uuid, factor: &SecondFactor) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO {second_factor} (\"user\", secret, pending, confirmed_at, last_step, tries, tries_since) \
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (\"user\") DO UPDATE SET secret = excluded.secret, \
         pending = excluded.pending, confirmed_at = excluded.confirmed_at, last_step = excluded.last_step, \
         tries = excluded.tries, tries_since = excluded.tries_since",
        &[
            Val::Id(user),
            bytes_or_null(factor.secret.as_ref()),
            bytes_or_null(factor.pending.as_ref()),
            factor.confirmed_at.map_or(Val::Null, Val::Int),
            Val::Int(factor.last_step),
            Val::Int(factor.tries),
            Val::Int(factor.tries_since),
        ],
    )?;
    Ok(())
}

/// Takes a user's secret and recovery codes away; what was counted stays. False when there was none.
pub fn clear(tx: &mut Tx, user: Uuid) -> Result<bool, Error> {
    let cleared = tx.execute(
        "UPDATE {second_factor} SET secret = NULL, pending = NULL, confirmed_at = NULL \
         WHERE \"user\" = ? AND (secret IS NOT NULL OR pending IS NOT NULL)",
        &[Val::Id(user)],
    )?;
    tx.execute("DELETE FROM {recovery_code} WHERE \"user\" = ?", &[Val::Id(user)])?;
    delete_challenges(tx, user)?;
    Ok(cleared > 0)
}

/// The users who have one.
pub fn users(tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
    let rows = tx.query("SELECT \"user\" FROM {second_factor} WHERE secret IS NOT NULL", &[])?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// Puts new recovery codes in the place of all older ones, as hashes.
pub fn set_codes(tx: &mut Tx, user: Uuid, hashes: &[String]) -> Result<(), Error> {
    tx.execute("DELETE FROM {recovery_code} WHERE \"user\" = ?", &[Val::Id(user)])?;
    for hash in hashes {
        let row = [Val::Id(user), hash.as_str().into()];
        tx.execute("INSERT INTO {recovery_code} (\"user\", hash) VALUES (?, ?)", &row)?;
    }
    Ok(())
}

/// Uses a recovery code up. False when there is no such code.
pub fn use_code(tx: &mut Tx, user: Uuid, hash: &str) -> Result<bool, Error> {
    let sql = "DELETE FROM {recovery_code} WHERE \"user\" = ? AND hash = ?";
    Ok(tx.execute(sql, &[Val::Id(user), hash.into()])? > 0)
}

/// How many recovery codes are left.
pub fn count_codes(tx: &mut Tx, user: Uuid) -> Result<i64, Error> {
    tx.query_int("SELECT count(*) FROM {recovery_code} WHERE \"user\" = ?", &[Val::Id(user)])
}

/// Opens a challenge for a user whose password was right.
pub fn insert_challenge(tx: &mut Tx, token: &str, user: Uuid, now: i64, expires_at: i64) -> Result<(), Error> {
    tx.execute("DELETE FROM {challenge} WHERE expires_at <= ?", &[Val::Int(now)])?;
    tx.execute(
        "INSERT INTO {challenge} (token, \"user\", expires_at, tries) VALUES (?, ?, ?, 0)",
        &[token.into(), Val::Id(user), Val::Int(expires_at)],
    )?;
    Ok(())
}

/// The user of an open challenge.
pub fn find_challenge(tx: &mut Tx, token: &str, now: i64) -> Result<Option<Uuid>, Error> {
    let sql = "SELECT \"user\" FROM {challenge} WHERE token = ? AND expires_at > ?";
    tx.query(sql, &[token.into(), Val::Int(now)])?.first().map(|row| row.id(0)).transpose()
}

/// Counts one more code for a challenge and gives its user; `None` when it is over or had too many.
pub fn try_challenge(tx: &mut Tx, token: &str, now: i64, tries_max: i64) -> Result<Option<Uuid>, Error> {
    let sql = "UPDATE {challenge} SET tries = tries + 1 WHERE token = ? AND expires_at > ? AND tries < ? \
               RETURNING \"user\"";
    let rows = tx.query(sql, &[token.into(), Val::Int(now), Val::Int(tries_max)])?;
    rows.first().map(|row| row.id(0)).transpose()
}

/// Ends a challenge.
pub fn delete_challenge(tx: &mut Tx, token: &str) -> Result<(), Error> {
    tx.execute("DELETE FROM {challenge} WHERE token = ?", &[token.into()])?;
    Ok(())
}

/// Ends every challenge of a user.
pub fn delete_challenges(tx: &mut Tx, user: Uuid) -> Result<(), Error> {
    tx.execute("DELETE FROM {challenge} WHERE \"user\" = ?", &[Val::Id(user)])?;
    Ok(())
}
