//! Mails that the program sends: what waits, what went out, what failed and why; and which notifications went along.
//!
//! A row is put in with what causes the mail. It ends as `sent`, `failed` or `cancelled` and stays: the number of rows
//! equals the counter of all that were ever queued. What a mail says beyond its kind is sealed and goes when it ends.

use uuid::Uuid;

use crate::tables::{counters, notifications::Notification};
use crate::{Error, Row, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {mail} (id {id} NOT NULL PRIMARY KEY, kind TEXT NOT NULL, \"user\" {id} NOT NULL, \
     address TEXT NOT NULL, payload {bytes}, status TEXT NOT NULL, queued_at BIGINT NOT NULL, due_at BIGINT NOT NULL, \
     useless_at BIGINT, lease_until BIGINT NOT NULL, fence BIGINT NOT NULL, attempts BIGINT NOT NULL, \
     unsure BIGINT NOT NULL, answer TEXT, ended_at BIGINT)",
    "CREATE INDEX IF NOT EXISTS mail_due ON {mail} (status, due_at)",
    "CREATE INDEX IF NOT EXISTS mail_by_user ON {mail} (\"user\", kind, queued_at)",
    "CREATE TABLE IF NOT EXISTS {mail_told} (notification {id} NOT NULL PRIMARY KEY, mail {id} NOT NULL) {clustered}",
    "CREATE INDEX IF NOT EXISTS mail_told_by_mail ON {mail_told} (mail)",
];

/// Everything a mail can be.
pub const STATES: [&str; 6] = ["waiting", "sending", "held", "sent", "failed", "cancelled"];
/// The counter of all mails that were ever queued.
const COUNTER: &str = "mail";

/// One mail. Times in microseconds since the epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its id, a UUIDv7; its Message-ID is made of it.
    pub id: Uuid,
    /// `invitation`, `reset`, `digest`.
    pub kind: String,
    /// Who gets it.
    pub user: Uuid,
    /// Where it goes.
    pub address: String,
    /// What it needs to be written, sealed; nothing once it has ended well.
    pub payload: Option<Vec<u8>>,
    /// One of [`STATES`].
    pub status: String,
    /// When it was queued.
    pub queued_at: i64,
    /// When it is tried next.
    pub due_at: i64,
    /// From then on it is of no use: its link has ended.
    pub useless_at: Option<i64>,
    /// Grows with every try.
    pub fence: i64,
    /// Tries so far, since it was queued or tried again by hand.
    pub attempts: i64,
    /// The answer to a whole mail was lost once: it may have arrived.
    pub unsure: bool,
    /// The server's last words, or what went wrong.
    pub answer: Option<String>,
    /// When it ended.
    pub ended_at: Option<i64>,
}

const COLUMNS: &str = "id, kind, \"user\", address, payload, status, queued_at, due_at, useless_at, fence, attempts, \
                       unsure, answer, ended_at";

fn mail_of(row: &Row) -> Result<Mail, Error> {
    Ok(Mail {
        id: row.id(0)?,
        kind: row.text(1)?,
        user: row.id(2)?,
        address: row.text(3)?,
        payload: row.bytes_or_none(4)?,
        status: row.text(5)?,
        queued_at: row.int(6)?,
        due_at: row.int(7)?,
        useless_at: row.int_or_none(8),
        fence: row.int(9)?,
        attempts: row.int(10)?,
        unsure: row.int(11)? != 0,
        answer: row.text_or_none(12)?,
        ended_at: row.int_or_none(13),
    })
}

/// Queues a mail and counts it.
pub fn insert(tx: &mut Tx, mail: &Mail) -> Result<(), Error> {
    counters::take(tx, COUNTER, 1)?;
    tx.execute(
        "INSERT INTO {mail} (id, kind, \"user\", address, payload, status, queued_at, due_at, useless_at, lease_until, \
         fence, attempts, unsure) VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?, ?, 0, 0, 0, 0)",
        &[
            Val::Id(mail.id),
            Val::Text(mail.kind.clone()),
            Val::Id(mail.user),
            Val::Text(mail.address.clone()),
            mail.payload.clone().map_or(Val::Null, Val::Bytes),
            Val::Int(mail.queued_at),
            Val::Int(mail.due_at),
            Val::int_or_null(mail.useless_at),
        ],
    )?;
    Ok(())
}

const DUE: &str = "status IN ('waiting', 'sending') AND due_at <= ? AND lease_until < ?";

/// Whether a mail waits to be sent.
pub fn is_due(tx: &mut Tx, now: i64) -> Result<bool, Error> {
    let params = [Val::Int(now), Val::Int(now)];
    Ok(!tx.query(&format!("SELECT 1 FROM {{mail}} WHERE {DUE} LIMIT 1"), &params)?.is_empty())
}

/// Takes the mail that is due longest, also one whose sender died. Two never get the same one: the outer condition is
/// looked at again under the row's lock.
pub fn take(tx: &mut Tx, now: i64, lease_until: i64) -> Result<Option<Mail>, Error> {
    let rows = tx.query(
        &format!(
            "UPDATE {{mail}} SET status = 'sending', lease_until = ?, fence = fence + 1, attempts = attempts + 1 \
             WHERE id = (SELECT id FROM {{mail}} WHERE {DUE} ORDER BY due_at, id LIMIT 1) AND lease_until < ? \
             AND status IN ('waiting', 'sending') RETURNING {COLUMNS}"
        ),
        &[Val::Int(lease_until), Val::Int(now), Val::Int(now), Val::Int(now)],
    )?;
    rows.first().map(mail_of).transpose()
}

/// Keeps a mail for longer, when it still is its sender's.
pub fn hold_on(tx: &mut Tx, id: Uuid, fence: i64, lease_until: i64) -> Result<(), Error> {
    tx.execute(
        "UPDATE {mail} SET lease_until = ? WHERE id = ? AND fence = ? AND status = 'sending'",
        &[Val::Int(lease_until), Val::Id(id), Val::Int(fence)],
    )?;
    Ok(())
}

/// Where a mail goes now: people change their addresses.
pub fn set_address(tx: &mut Tx, id: Uuid, address: &str) -> Result<(), Error> {
    tx.execute("UPDATE {mail} SET address = ? WHERE id = ?", &[Val::from(address), Val::Id(id)])?;
    Ok(())
}

/// Ends a try: the mail is `sent`, `failed` or `cancelled`. False when somebody else has it by now.
pub fn end(tx: &mut Tx, mail: &Mail, status: &str, answer: &str, now: i64) -> Result<bool, Error> {
    let payload = if status == "failed" { "payload" } else { "NULL" };
    let changed = tx.execute(
        &format!(
            "UPDATE {{mail}} SET status = ?, answer = ?, ended_at = ?, lease_until = 0, unsure = ?, payload = {payload} \
             WHERE id = ? AND fence = ? AND status = 'sending'"
        ),
        &[
            Val::from(status),
            Val::from(answer),
            Val::Int(now),
            Val::Int(i64::from(mail.unsure)),
            Val::Id(mail.id),
            Val::Int(mail.fence),
        ],
    )?;
    Ok(changed == 1)
}

/// Ends a try that is to be made again. False when somebody else has the mail by now.
pub fn put_off(tx: &mut Tx, mail: &Mail, answer: &str, due_at: i64) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE {mail} SET status = 'waiting', answer = ?, due_at = ?, lease_until = 0, unsure = ? \
         WHERE id = ? AND fence = ? AND status = 'sending'",
        &[
            Val::from(answer),
            Val::Int(due_at),
            Val::Int(i64::from(mail.unsure)),
            Val::Id(mail.id),
            Val::Int(mail.fence),
        ],
    )?;
    Ok(changed == 1)
}

/// Tries a mail again that failed, was held or waits for its next turn. False when it is none of these.
pub fn retry(tx: &mut Tx, id: Uuid, now: i64) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE {mail} SET status = 'waiting', due_at = ?, attempts = 0, ended_at = NULL, lease_until = 0 \
         WHERE id = ? AND status IN ('failed', 'held', 'waiting')",
        &[Val::Int(now), Val::Id(id)],
    )?;
    Ok(changed == 1)
}

/// Ends a mail that has not gone out. False when it has, or is on its way.
pub fn cancel(tx: &mut Tx, id: Uuid, now: i64) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE {mail} SET status = 'cancelled', ended_at = ?, payload = NULL \
         WHERE id = ? AND status IN ('waiting', 'held', 'failed')",
        &[Val::Int(now), Val::Id(id)],
    )?;
    Ok(changed == 1)
}

/// Ends the mails to a user that have not gone out and whose links no longer work.
pub fn cancel_links(tx: &mut Tx, user: Uuid, now: i64) -> Result<(), Error> {
    tx.execute(
        "UPDATE {mail} SET status = 'cancelled', ended_at = ?, payload = NULL WHERE \"user\" = ? \
         AND kind IN ('invitation', 'reset') AND status IN ('waiting', 'held', 'failed')",
        &[Val::Int(now), Val::Id(user)],
    )?;
    Ok(())
}

/// What waits is due now: the server may be another one.
pub fn hurry(tx: &mut Tx, now: i64) -> Result<(), Error> {
    tx.execute(
        "UPDATE {mail} SET due_at = ? WHERE status = 'waiting' AND due_at > ?",
        &[Val::Int(now), Val::Int(now)],
    )?;
    Ok(())
}

/// Holds everything that waits, and counts what is unread as told: for a workspace that was restored.
pub fn hold_all(tx: &mut Tx) -> Result<u64, Error> {
    tx.execute(
        "INSERT INTO {mail_told} (notification, mail) SELECT id, ? FROM {notification} WHERE read_at IS NULL \
         ON CONFLICT DO NOTHING",
        &[Val::Id(Uuid::nil())],
    )?;
    tx.execute(
        "UPDATE {mail} SET status = 'held', lease_until = 0, fence = fence + 1 WHERE status IN ('waiting', 'sending')",
        &[],
    )
}

/// Lets everything go out that is held, or ends it. How many mails that were.
pub fn release(tx: &mut Tx, send: bool, now: i64) -> Result<u64, Error> {
    let sql = match send {
        true => "UPDATE {mail} SET status = 'waiting', due_at = ?, attempts = 0 WHERE status = 'held'",
        false => "UPDATE {mail} SET status = 'cancelled', ended_at = ?, payload = NULL WHERE status = 'held'",
    };
    tx.execute(sql, &[Val::Int(now)])
}

/// One mail.
pub fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Mail>, Error> {
    tx.query(&format!("SELECT {COLUMNS} FROM {{mail}} WHERE id = ?"), &[Val::Id(id)])?.first().map(mail_of).transpose()
}

/// Mails, the newest first, those before one of them; of these states only, when any are named.
pub fn list(tx: &mut Tx, states: &[&str], before: Option<Uuid>, limit: usize) -> Result<Vec<Mail>, Error> {
    let mut sql = format!("SELECT {COLUMNS} FROM {{mail}} WHERE id < ?");
    let mut params = vec![Val::Id(before.unwrap_or(Uuid::max()))];
    if !states.is_empty() {
        let places = vec!["?"; states.len()].join(", ");
        sql.push_str(&format!(" AND status IN ({places})"));
        params.extend(states.iter().map(|state| Val::from(*state)));
    }
    sql.push_str(" ORDER BY id DESC LIMIT ?");
    params.push(Val::Int(i64::try_from(limit).unwrap_or(i64::MAX)));
    tx.query(&sql, &params)?.iter().map(mail_of).collect()
}

/// How many mails were queued in all, and how many are in each state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Ever queued, counted when they were.
    pub queued: i64,
    /// By state.
    pub states: Vec<(String, i64)>,
}

/// The ledger, from one moment.
pub fn ledger(tx: &mut Tx) -> Result<Ledger, Error> {
    let counted = tx.query("SELECT value FROM {counter} WHERE name = ?", &[Val::from(COUNTER)])?;
    let rows = tx.query("SELECT status, COUNT(*) FROM {mail} GROUP BY status", &[])?;
    let states = rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect::<Result<_, Error>>()?;
    Ok(Ledger { queued: counted.first().map_or(Ok(0), |row| row.int(0))?, states })
}

/// What is wrong with the rows, in words.
pub fn faults(tx: &mut Tx) -> Result<Vec<(Uuid, String)>, Error> {
    let rows = tx.query(
        "SELECT id, status FROM {mail} WHERE status NOT IN ('waiting', 'sending', 'held', 'sent', 'failed', 'cancelled') \
         OR (status IN ('sent', 'failed', 'cancelled')) <> (ended_at IS NOT NULL) \
         OR (status IN ('sent', 'cancelled') AND payload IS NOT NULL) LIMIT 100",
        &[],
    )?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, format!("a mail that is `{}` does not look like it", row.text(1)?))))
        .collect()
}

/// When the last mail of a kind was queued for a user.
pub fn last_queued(tx: &mut Tx, user: Uuid, kind: &str) -> Result<Option<i64>, Error> {
    let rows = tx.query(
        "SELECT queued_at FROM {mail} WHERE \"user\" = ? AND kind = ? ORDER BY queued_at DESC LIMIT 1",
        &[Val::Id(user), Val::from(kind)],
    )?;
    Ok(rows.first().and_then(|row| row.int_or_none(0)))
}

/// Says which notifications go with a mail; one that went along before stays with the first.
pub fn tell(tx: &mut Tx, mail: Uuid, notifications: &[Uuid]) -> Result<(), Error> {
    for one in notifications {
        tx.execute(
            "INSERT INTO {mail_told} (notification, mail) VALUES (?, ?) ON CONFLICT DO NOTHING",
            &[Val::Id(*one), Val::Id(mail)],
        )?;
    }
    Ok(())
}

/// Unread notifications of a user since a moment that no mail has told of, the newest first.
pub fn untold(tx: &mut Tx, user: Uuid, since: i64, limit: usize) -> Result<Vec<Notification>, Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    crate::tables::notifications::query(
        tx,
        "\"user\" = ? AND read_at IS NULL AND at >= ? AND NOT EXISTS \
         (SELECT 1 FROM {mail_told} t WHERE t.notification = {notification}.id) ORDER BY id DESC LIMIT ?",
        &[Val::Id(user), Val::Int(since), Val::Int(limit)],
    )
}

/// The notifications that a mail tells of and that are still unread, the newest first.
pub fn told_by(tx: &mut Tx, mail: Uuid) -> Result<Vec<Notification>, Error> {
    crate::tables::notifications::query(
        tx,
        "read_at IS NULL AND id IN (SELECT notification FROM {mail_told} WHERE mail = ?) ORDER BY id DESC",
        &[Val::Id(mail)],
    )
}
