//! Notifications: what a user is told in the application. And who follows which record.

use std::collections::HashMap;

use uuid::Uuid;

use crate::sql::system_table;
use crate::{Error, Row, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {notification} (id {id} NOT NULL PRIMARY KEY, \"user\" {id} NOT NULL, kind TEXT NOT NULL, \
     object TEXT NOT NULL, record {id} NOT NULL, via_object TEXT NOT NULL, via {id} NOT NULL, batch {id} NOT NULL, \
     actor TEXT NOT NULL, at BIGINT NOT NULL, read_at BIGINT, number BIGINT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS notifications_by_user ON {notification} (\"user\", id)",
    "CREATE INDEX IF NOT EXISTS notifications_unread ON {notification} (\"user\", record) WHERE read_at IS NULL",
    "CREATE INDEX IF NOT EXISTS notifications_by_via ON {notification} (via)",
    "CREATE TABLE IF NOT EXISTS {follow} (record {id} NOT NULL, \"user\" {id} NOT NULL, object TEXT NOT NULL, \
     at BIGINT NOT NULL, PRIMARY KEY (record, \"user\")) {clustered}",
];

/// One notification. Times in microseconds since the epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its id, a UUIDv7: newer ones are larger.
    pub id: Uuid,
    /// Who is told.
    pub user: Uuid,
    /// `mention`, `reply`, `comment`, `assigned`, `shared`, `change`, `reaction`, `reminder`, `expiry`.
    pub kind: String,
    /// Object of the record it is about.
    pub object: String,
    /// The record it is about.
    pub record: Uuid,
    /// Object of what caused it: the comment.
    pub via_object: String,
    /// The record that caused it; the record itself when there is no other.
    pub via: Uuid,
    /// The batch that caused it.
    pub batch: Uuid,
    /// Who did it: `kind:id`.
    pub actor: String,
    /// When it happened.
    pub at: i64,
    /// When it was read.
    pub read_at: Option<i64>,
    /// How many records it stands for: a bulk edit tells once.
    pub number: i64,
}

const COLUMNS: &str = "id, \"user\", kind, object, record, via_object, via, batch, actor, at, read_at, number";

fn notification_of(row: &Row) -> Result<Notification, Error> {
    Ok(Notification {
        id: row.id(0)?,
        user: row.id(1)?,
        kind: row.text(2)?,
        object: row.text(3)?,
        record: row.id(4)?,
        via_object: row.text(5)?,
        via: row.id(6)?,
        batch: row.id(7)?,
        actor: row.text(8)?,
        at: row.int(9)?,
        read_at: row.int_or_none(10),
        number: row.int(11)?,
    })
}

/// Notifications for which a condition holds.
pub(crate) fn query(tx: &mut Tx, condition: &str, params: &[Val]) -> Result<Vec<Notification>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM {{notification}} WHERE {condition}");
    tx.query(&sql, params)?.iter().map(notification_of).collect()
}

/// One notification, as long as it is there.
pub fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Notification>, Error> {
    Ok(query(tx, "id = ?", &[Val::Id(id)])?.pop())
}

/// Keeps a notification.
pub fn insert(tx: &mut Tx, one: &Notification) -> Result<(), Error> {
    tx.execute(
        &format!("INSERT INTO {{notification}} ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        &[
            Val::Id(one.id),
            Val::Id(one.user),
            Val::Text(one.kind.clone()),
            Val::Text(one.object.clone()),
            Val::Id(one.record),
            Val::Text(one.via_object.clone()),
            Val::Id(one.via),
            Val::Id(one.batch),
            Val::Text(one.actor.clone()),
            Val::Int(one.at),
            Val::int_or_null(one.read_at),
            Val::Int(one.number),
        ],
    )?;
    Ok(())
}

/// Adds to what a user was told about a batch already. False when nothing was.
pub fn add_to(tx: &mut Tx, one: &Notification) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE {notification} SET number = number + ? WHERE \"user\" = ? AND batch = ? AND kind = ? AND number > 1",
        &[Val::Int(one.number), Val::Id(one.user), Val::Id(one.batch), Val::Text(one.kind.clone())],
    )?;
    Ok(changed > 0)
}

/// Takes back the unread notifications of a kind about a record, before a newer one says the same.
pub fn withdraw(tx: &mut Tx, user: Uuid, kind: &str, record: Uuid) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM {notification} WHERE \"user\" = ? AND record = ? AND kind = ? AND read_at IS NULL",
        &[Val::Id(user), Val::Id(record), kind.into()],
    )?;
    Ok(())
}

/// Takes back the unread notifications of a kind that one record caused. False when there was none.
pub fn withdraw_via(tx: &mut Tx, user: Uuid, kind: &str, via: Uuid) -> Result<bool, Error> {
    let gone = tx.execute(
        "DELETE FROM {notification} WHERE via = ? AND \"user\" = ? AND kind = ? AND read_at IS NULL",
        &[Val::Id(via), Val::Id(user), kind.into()],
    )?;
    Ok(gone > 0)
}

/// Up to when a user has read of what one record caused; 0 when they never did.
pub fn read_via(tx: &mut Tx, user: Uuid, kind: &str, via: Uuid) -> Result<i64, Error> {
    let rows = tx.query(
        "SELECT at FROM {notification} WHERE via = ? AND \"user\" = ? AND kind = ? AND read_at IS NOT NULL \
         ORDER BY at DESC LIMIT 1",
        &[Val::Id(via), Val::Id(user), kind.into()],
    )?;
    rows.first().map_or(Ok(0), |row| row.int(0))
}

/// A user's notifications, newest first, those before one of them.
pub fn list(
    tx: &mut Tx,
    user: Uuid,
    unread: bool,
    before: Option<Uuid>,
    limit: usize,
) -> Result<Vec<Notification>, Error> {
    let mut sql = format!("SELECT {COLUMNS} FROM {{notification}} WHERE \"user\" = ?");
    let mut params = vec![Val::Id(user)];
    if unread {
        sql.push_str(" AND read_at IS NULL");
    }
    if let Some(before) = before {
        sql.push_str(" AND id < ?");
        params.push(Val::Id(before));
    }
    sql.push_str(" ORDER BY id DESC LIMIT ?");
    params.push(Val::Int(i64::try_from(limit).unwrap_or(i64::MAX)));
    tx.query(&sql, &params)?.iter().map(notification_of).collect()
}

/// What was told since a moment: each notification and its user. An id begins with the time at which it was made.
pub fn told_since(tx: &mut Tx, since: i64) -> Result<Vec<(Uuid, Uuid)>, Error> {
    let ms = u128::try_from(since.max(0) / 1_000).unwrap_or(0);
    let rows = tx.query(
        "SELECT id, \"user\" FROM {notification} WHERE id >= ? ORDER BY id",
        &[Val::Id(Uuid::from_u128(ms << 80))],
    )?;
    rows.iter().map(|row| Ok((row.id(0)?, row.id(1)?))).collect()
}

/// Marks notifications of a user as read, or as unread with no time; all of them when none are named.
pub fn mark(tx: &mut Tx, user: Uuid, ids: Option<&[Uuid]>, read_at: Option<i64>) -> Result<(), Error> {
    let table = system_table("notification");
    let mut sql = tx.writer();
    sql.push("UPDATE ").table(&table).push(" SET read_at = ");
    match read_at {
        Some(at) => sql.param(at),
        None => sql.push("NULL"),
    };
    sql.push(" WHERE \"user\" = ").param(user);
    sql.push(if read_at.is_some() { " AND read_at IS NULL" } else { " AND read_at IS NOT NULL" });
    if let Some(ids) = ids {
        sql.push(" AND id").in_list(Val::Ids(ids.to_vec()));
    }
    tx.run(&sql.text, &sql.params)?;
    Ok(())
}

/// A user follows a record, or no longer does.
pub fn follow(tx: &mut Tx, user: Uuid, object: &str, record: Uuid, at: Option<i64>) -> Result<(), Error> {
    match at {
        Some(at) => tx.execute(
            "INSERT INTO {follow} (record, \"user\", object, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            &[Val::Id(record), Val::Id(user), object.into(), Val::Int(at)],
        )?,
        None => {
            tx.execute("DELETE FROM {follow} WHERE record = ? AND \"user\" = ?", &[Val::Id(record), Val::Id(user)])?
        }
    };
    Ok(())
}

/// Who follows each of the records.
pub fn followers(tx: &mut Tx, records: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>, Error> {
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    if records.is_empty() {
        return Ok(found);
    }
    let table = system_table("follow");
    let mut sql = tx.writer();
    sql.push("SELECT record, \"user\" FROM ").table(&table).push(" WHERE record");
    sql.in_list(Val::Ids(records.to_vec())).push(" ORDER BY at");
    for row in tx.query_written(&sql)? {
        found.entry(row.id(0)?).or_default().push(row.id(1)?);
    }
    Ok(found)
}
