//! Enquiries of public forms that looked like a machine's: kept apart from records and from the log, for a while.

use serde_json::Value as Json;
use uuid::Uuid;

use crate::{Error, Row, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {held_lead} (id {id} PRIMARY KEY, form {id} NOT NULL, at BIGINT NOT NULL, \
     reason TEXT NOT NULL, address TEXT NOT NULL, said {json} NOT NULL)",
    "CREATE INDEX IF NOT EXISTS held_lead_at ON {held_lead} (at)",
];

/// The columns in their order.
const COLUMNS: &str = "id, form, at, reason, address, said";

/// One enquiry that is held.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldLead {
    /// Names it.
    pub id: Uuid,
    /// The form that it came by.
    pub form: Uuid,
    /// When, in microseconds since the epoch.
    pub at: i64,
    /// Why it is held.
    pub reason: String,
    /// The address of the network it came from.
    pub address: String,
    /// What was typed.
    pub said: Json,
}

/// Holds an enquiry. Of more than `most` the oldest go.
pub fn insert(tx: &mut Tx, held: &HeldLead, most: i64) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO {held_lead} (id, form, at, reason, address, said) VALUES (?, ?, ?, ?, ?, ?)",
        &[
            Val::Id(held.id),
            Val::Id(held.form),
            Val::Int(held.at),
            Val::from(held.reason.as_str()),
            Val::from(held.address.as_str()),
            Val::Json(held.said.to_string()),
        ],
    )?;
    tx.execute(
        "DELETE FROM {held_lead} WHERE at < (SELECT MIN(at) FROM (SELECT at FROM {held_lead} ORDER BY at DESC LIMIT ?) kept)",
        &[Val::Int(most)],
    )?;
    Ok(())
}

/// The newest, at most so many.
pub fn list(tx: &mut Tx, most: i64) -> Result<Vec<HeldLead>, Error> {
    let text = format!("SELECT {COLUMNS} FROM {{held_lead}} ORDER BY at DESC, id DESC LIMIT ?");
    tx.query(&text, &[Val::Int(most)])?.iter().map(held_of).collect()
}

/// Takes one out, for whoever does so first.
pub fn take(tx: &mut Tx, id: Uuid) -> Result<Option<HeldLead>, Error> {
    let text = format!("SELECT {COLUMNS} FROM {{held_lead}} WHERE id = ?");
    let found = tx.query(&text, &[Val::Id(id)])?.first().map(held_of).transpose()?;
    let gone = tx.execute("DELETE FROM {held_lead} WHERE id = ?", &[Val::Id(id)])?;
    Ok(found.filter(|_| gone > 0))
}

/// Forgets what came before a moment; how many there were.
pub fn forget(tx: &mut Tx, before: i64) -> Result<u64, Error> {
    tx.execute("DELETE FROM {held_lead} WHERE at < ?", &[Val::Int(before)])
}

fn held_of(row: &Row) -> Result<HeldLead, Error> {
    Ok(HeldLead {
        id: row.id(0)?,
        form: row.id(1)?,
        at: row.int(2)?,
        reason: row.text(3)?,
        address: row.text(4)?,
        said: serde_json::from_str(&row.text(5)?).map_err(anyhow::Error::from)?,
    })
}
