//! Web push: the devices that users let us reach, and what waits to be told them.
//!
//! A device ends with its session. What is queued is a row for each notification and device; it goes when it ends and
//! is counted, so that rows and counters together equal the counter of all that were ever queued.

use uuid::Uuid;

use crate::tables::counters;
use crate::{Error, Row, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {push_device} (id {id} NOT NULL PRIMARY KEY, \"user\" {id} NOT NULL, \
     session {id} NOT NULL, fingerprint TEXT NOT NULL, host TEXT NOT NULL, agent TEXT NOT NULL, sealed {bytes} NOT NULL, \
     created_at BIGINT NOT NULL, delivered_at BIGINT, answer TEXT)",
    "CREATE UNIQUE INDEX IF NOT EXISTS push_device_fingerprint ON {push_device} (fingerprint)",
    "CREATE INDEX IF NOT EXISTS push_device_by_user ON {push_device} (\"user\")",
    "CREATE TABLE IF NOT EXISTS {push} (id {id} NOT NULL PRIMARY KEY, device {id} NOT NULL, notification {id} NOT NULL, \
     queued_at BIGINT NOT NULL, due_at BIGINT NOT NULL, lease_until BIGINT NOT NULL, fence BIGINT NOT NULL, \
     attempts BIGINT NOT NULL, short BIGINT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS push_due ON {push} (due_at)",
];

/// The counter of everything that was ever queued.
const QUEUED: &str = "push";

/// How what was queued ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The push service took it.
    Sent,
    /// The push service refused it, or could not be reached for too long.
    Failed,
    /// There was nobody left to tell, or nothing left to say.
    Dropped,
}

impl End {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sent, Self::Failed, Self::Dropped];

    /// The name in figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }

    fn counter(self) -> &'static str {
        match self {
            Self::Sent => "push.sent",
            Self::Failed => "push.failed",
            Self::Dropped => "push.dropped",
        }
    }
}

/// A browser that a user may be told in. Times in microseconds since the epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub user: Uuid,
    /// The session in which it was added; the device ends with it.
    pub session: Uuid,
    /// SHA-256 of its address, in hexadecimal.
    pub fingerprint: String,
    /// The host of its push service.
    pub host: String,
    /// What the browser said it is.
    pub agent: String,
    /// Address and keys, sealed: whoever knows them can write to it.
    pub sealed: Vec<u8>,
    /// When it was added.
    pub created_at: i64,
    /// When its push service last took something for it.
    pub delivered_at: Option<i64>,
    /// What went wrong the last time; nothing when all went well.
    pub answer: Option<String>,
}

const DEVICE: &str = "id, \"user\", session, fingerprint, host, agent, sealed, created_at, delivered_at, answer";

fn device_of(row: &Row) -> Result<Device, Error> {
    Ok(Device {
        id: row.id(0)?,
        user: row.id(1)?,
        session: row.id(2)?,
        fingerprint: row.text(3)?,
        host: row.text(4)?,
        agent: row.text(5)?,
        sealed: row.bytes_or_none(6)?.unwrap_or_default(),
        created_at: row.int(7)?,
        delivered_at: row.int_or_none(8),
        answer: row.text_or_none(9)?,
    })
}

/// Keeps a device.
pub fn insert_device(tx: &mut Tx, device: &Device) -> Result<(), Error> {
    tx.execute(
        &format!("INSERT INTO {{push_device}} ({DEVICE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        &[
            Val::Id(device.id),
            Val::Id(device.user),
            Val::Id(device.session),
            Val::Text(device.fingerprint.clone()),
            Val::Text(device.host.clone()),
            Val::Text(device.agent.clone()),
            Val::Bytes(device.sealed.clone()),
            Val::Int(device.created_at),
            Val::int_or_null(device.delivered_at),
            device.answer.clone().map_or(Val::Null, Val::Text),
        ],
    )?;
    Ok(())
}

/// A device.
pub fn find_device(tx: &mut Tx, id: Uuid) -> Result<Option<Device>, Error> {
    let sql = format!("SELECT {DEVICE} FROM {{push_device}} WHERE id = ?");
    tx.query(&sql, &[Val::Id(id)])?.first().map(device_of).transpose()
}

/// The device of an address.
pub fn find_by_fingerprint(tx: &mut Tx, fingerprint: &str) -> Result<Option<Device>, Error> {
    let sql = format!("SELECT {DEVICE} FROM {{push_device}} WHERE fingerprint = ?");
    tx.query(&sql, &[Val::from(fingerprint)])?.first().map(device_of).transpose()
}

/// The devices of a user whose sessions go on, the newest first.
pub fn devices_of(tx: &mut Tx, user: Uuid, now: i64) -> Result<Vec<Device>, Error> {
    let sql = format!(
        "SELECT {DEVICE} FROM {{push_device}} WHERE \"user\" = ? AND EXISTS (SELECT 1 FROM {{session}} s \
         WHERE s.id = {{push_device}}.session AND s.expires_at > ?) ORDER BY created_at DESC, id"
    );
    tx.query(&sql, &[Val::Id(user), Val::Int(now)])?.iter().map(device_of).collect()
}

/// Forgets a device. False when there is none.
pub fn delete_device(tx: &mut Tx, id: Uuid) -> Result<bool, Error> {
    Ok(tx.execute("DELETE FROM {push_device} WHERE id = ?", &[Val::Id(id)])? > 0)
}

/// Forgets every device of a user.
pub fn delete_of_user(tx: &mut Tx, user: Uuid) -> Result<u64, Error> {
    tx.execute("DELETE FROM {push_device} WHERE \"user\" = ?", &[Val::Id(user)])
}

/// Forgets the devices whose sessions are gone.
pub(crate) fn delete_without_session(tx: &mut Tx) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM {push_device} WHERE NOT EXISTS (SELECT 1 FROM {session} s WHERE s.id = {push_device}.session)",
        &[],
    )?;
    Ok(())
}

/// Notes what became of a message to a device: taken, or what went wrong.
pub fn note(tx: &mut Tx, id: Uuid, delivered_at: Option<i64>, answer: Option<&str>) -> Result<(), Error> {
    tx.execute(
        "UPDATE {push_device} SET delivered_at = COALESCE(?, delivered_at), answer = ? WHERE id = ?",
        &[Val::int_or_null(delivered_at), answer.map_or(Val::Null, Val::from), Val::Id(id)],
    )?;
    Ok(())
}

/// Something that waits to be told a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// Its id.
    pub id: Uuid,
    /// The device.
    pub device: Uuid,
    /// What is told.
    pub notification: Uuid,
    /// When it was queued, in microseconds since the epoch.
    pub queued_at: i64,
    /// Grows with every try.
    pub fence: i64,
    /// Tries so far.
    pub attempts: i64,
    /// The whole of it was too long for the push service.
    pub short: bool,
}

/// Queues a notification for every device of a user. How many there are.
pub fn queue(tx: &mut Tx, user: Uuid, notification: Uuid, now: i64) -> Result<usize, Error> {
    let devices = devices_of(tx, user, now)?;
    for device in &devices {
        tx.execute(
            "INSERT INTO {push} (id, device, notification, queued_at, due_at, lease_until, fence, attempts, short) \
             VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0)",
            &[Val::Id(Uuid::now_v7()), Val::Id(device.id), Val::Id(notification), Val::Int(now), Val::Int(now)],
        )?;
    }
    if !devices.is_empty() {
        counters::take(tx, QUEUED, i64::try_from(devices.len()).unwrap_or(i64::MAX))?;
    }
    Ok(devices.len())
}

const DUE: &str = "due_at <= ? AND lease_until < ?";

/// Whether something waits to be sent.
pub fn is_due(tx: &mut Tx, now: i64) -> Result<bool, Error> {
    let params = [Val::Int(now), Val::Int(now)];
    Ok(!tx.query(&format!("SELECT 1 FROM {{push}} WHERE {DUE} LIMIT 1"), &params)?.is_empty())
}

/// Takes what is due longest, also what a sender had that died. Two never get the same: the outer condition is looked
/// at again under the row's lock.
pub fn take(tx: &mut Tx, now: i64, lease_until: i64) -> Result<Option<Push>, Error> {
    let rows = tx.query(
        &format!(
            "UPDATE {{push}} SET lease_until = ?, fence = fence + 1, attempts = attempts + 1 \
             WHERE id = (SELECT id FROM {{push}} WHERE {DUE} ORDER BY due_at, id LIMIT 1) AND lease_until < ? \
             RETURNING id, device, notification, queued_at, fence, attempts, short"
        ),
        &[Val::Int(lease_until), Val::Int(now), Val::Int(now), Val::Int(now)],
    )?;
    let push_of = |row: &Row| {
        Ok(Push {
            id: row.id(0)?,
            device: row.id(1)?,
            notification: row.id(2)?,
            queued_at: row.int(3)?,
            fence: row.int(4)?,
            attempts: row.int(5)?,
            short: row.int(6)? != 0,
        })
    };
    rows.first().map(push_of).transpose()
}

/// Ends what was taken. False when somebody else has it by now.
pub fn end(tx: &mut Tx, push: &Push, end: End) -> Result<bool, Error> {
    let gone =
        tx.execute("DELETE FROM {push} WHERE id = ? AND fence = ?", &[Val::Id(push.id), Val::Int(push.fence)])?;
    if gone > 0 {
        counters::take(tx, end.counter(), 1)?;
    }
    Ok(gone > 0)
}

/// Puts off what was taken; `short` leaves out all that can be left out. False when somebody else has it by now.
pub fn put_off(tx: &mut Tx, push: &Push, short: bool, due_at: i64) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE {push} SET due_at = ?, short = ?, lease_until = 0 WHERE id = ? AND fence = ?",
        &[Val::Int(due_at), Val::Int(i64::from(short)), Val::Id(push.id), Val::Int(push.fence)],
    )?;
    Ok(changed == 1)
}

/// Lets everything that waits for a device wait until then at least; what is being sent is left alone.
pub fn put_off_device(tx: &mut Tx, device: Uuid, due_at: i64) -> Result<(), Error> {
    let values = [Val::Int(due_at), Val::Id(device), Val::Int(due_at)];
    tx.execute("UPDATE {push} SET due_at = ? WHERE device = ? AND due_at < ? AND lease_until = 0", &values).map(drop)
}

/// Ends everything that waits: for a workspace that was restored, where nobody knows what was told since.
pub fn drop_all(tx: &mut Tx) -> Result<u64, Error> {
    let gone = tx.execute("DELETE FROM {push}", &[])?;
    if gone > 0 {
        counters::take(tx, End::Dropped.counter(), i64::try_from(gone).unwrap_or(i64::MAX))?;
    }
    Ok(gone)
}

/// What was queued and what became of it, from one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Ever queued, counted when they were.
    pub queued: i64,
    /// Rows that wait.
    pub waiting: i64,
    /// What ended, by [`End::ALL`].
    pub ended: [i64; 3],
    /// Devices.
    pub devices: i64,
}

/// The ledger.
pub fn ledger(tx: &mut Tx) -> Result<Ledger, Error> {
    let mut counted = |name: &str| -> Result<i64, Error> {
        let rows = tx.query("SELECT value FROM {counter} WHERE name = ?", &[Val::from(name)])?;
        rows.first().map_or(Ok(0), |row| row.int(0))
    };
    let queued = counted(QUEUED)?;
    let [sent, failed, dropped] = End::ALL.map(|end| counted(end.counter()));
    let ended = [sent?, failed?, dropped?];
    let mut rows = |sql: &str| -> Result<i64, Error> { tx.query(sql, &[])?.first().map_or(Ok(0), |row| row.int(0)) };
    let waiting = rows("SELECT COUNT(*) FROM {push}")?;
    Ok(Ledger { queued, waiting, ended, devices: rows("SELECT COUNT(*) FROM {push_device}")? })
}
