//! Calendar feeds: addresses that are secrets, one a user, kept only as the hash of the secret.

use uuid::Uuid;

use crate::{Error, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {calendar_feed} (\"user\" {id} PRIMARY KEY, secret TEXT NOT NULL, tasks TEXT NOT NULL, \
     created_at BIGINT NOT NULL)",
    "CREATE UNIQUE INDEX IF NOT EXISTS calendar_feed_secret ON {calendar_feed} (secret)",
];

/// One feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarFeed {
    /// Whose calendar it is.
    pub user: Uuid,
    /// SHA-256 of the secret, in hexadecimal.
    pub secret: String,
    /// How tasks stand in it.
    pub tasks: String,
    /// When the secret was made, in microseconds since the epoch.
    pub created_at: i64,
}

/// Keeps a feed; the one before stops working.
pub fn set(tx: &mut Tx, feed: &CalendarFeed) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO {calendar_feed} (\"user\", secret, tasks, created_at) VALUES (?, ?, ?, ?) \
         ON CONFLICT (\"user\") DO UPDATE SET secret = excluded.secret, tasks = excluded.tasks, \
         created_at = excluded.created_at",
        &[Val::Id(feed.user), Val::Text(feed.secret.clone()), Val::Text(feed.tasks.clone()), Val::Int(feed.created_at)],
    )?;
    Ok(())
}

/// The feed of a user.
pub fn find_of_user(tx: &mut Tx, user: Uuid) -> Result<Option<CalendarFeed>, Error> {
    find_by(tx, "\"user\" = ?", Val::Id(user))
}

/// The feed of a secret's hash.
pub fn find(tx: &mut Tx, secret: &str) -> Result<Option<CalendarFeed>, Error> {
    find_by(tx, "secret = ?", Val::from(secret))
}

fn find_by(tx: &mut Tx, condition: &str, value: Val) -> Result<Option<CalendarFeed>, Error> {
    let text = format!("SELECT \"user\", secret, tasks, created_at FROM {{calendar_feed}} WHERE {condition}");
    let rows = tx.query(&text, &[value])?;
    rows.first()
        .map(|row| {
            Ok(CalendarFeed { user: row.id(0)?, secret: row.text(1)?, tasks: row.text(2)?, created_at: row.int(3)? })
        })
        .transpose()
}

/// Takes the feed of a user back.
pub fn delete(tx: &mut Tx, user: Uuid) -> Result<(), Error> {
    tx.execute("DELETE FROM {calendar_feed} WHERE \"user\" = ?", &[Val::Id(user)])?;
    Ok(())
}
