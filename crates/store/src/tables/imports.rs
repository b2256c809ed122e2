//! Imports: what is being imported, how far it is, and the ledger of its rows.

use serde_json::Value as Json;
use uuid::Uuid;

use crate::{Error, Row, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {import} (id {id} PRIMARY KEY, created_at BIGINT NOT NULL, actor TEXT NOT NULL, \
     object TEXT NOT NULL, name TEXT NOT NULL, file TEXT NOT NULL, status TEXT NOT NULL, settings TEXT NOT NULL, \
     counts TEXT NOT NULL, place BIGINT NOT NULL, batch TEXT NOT NULL, error TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS {import_row} (import {id} NOT NULL, phase BIGINT NOT NULL, number BIGINT NOT NULL, \
     outcome TEXT NOT NULL, reason TEXT NOT NULL, record TEXT NOT NULL, cells TEXT NOT NULL, \
     PRIMARY KEY (import, phase, number))",
    "CREATE INDEX IF NOT EXISTS import_row_outcome ON {import_row} (import, phase, outcome, number)",
];

/// Most rows of one INSERT.
const INSERT_ROWS: usize = 100;

/// One import.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// Its id.
    pub id: Uuid,
    /// Microseconds since the epoch.
    pub created_at: i64,
    /// Whose it is, and whose rights bind it: the label of the actor.
    pub actor: String,
    /// The object of its rows.
    pub object: String,
    /// Name of the file as it was given.
    pub name: String,
    /// Where the file lies.
    pub file: String,
    /// `mapping`, `checking`, `checked`, `running`, `done`, `failed`, `cancelled`.
    pub status: String,
    /// Shape, columns, mapping and options.
    pub settings: Json,
    /// The ledger's totals.
    pub counts: Json,
    /// Rows done.
    pub place: i64,
    /// The batch of its changes, once it runs.
    pub batch: Option<Uuid>,
    /// Why it failed.
    pub error: String,
}

/// One row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// The row's number in the file.
    pub number: i64,
    /// `create`, `update`, `unchanged`, `duplicate`, `skip`, `error`.
    pub outcome: String,
    /// Why.
    pub reason: String,
    /// The record concerned.
    pub record: Option<Uuid>,
    /// The row's cells, as a JSON list.
    pub cells: Json,
}

const COLUMNS: &str = "id, created_at, actor, object, name, file, status, settings, counts, place, batch, error";

fn json(text: &str) -> Result<Json, Error> {
    Ok(serde_json::from_str(text).map_err(anyhow::Error::from)?)
}

fn id_text(id: Option<Uuid>) -> Val {
    Val::Text(id.map(|id| id.to_string()).unwrap_or_default())
}

fn import_of(row: &Row) -> Result<ImportRow, Error> {
    Ok(ImportRow {
        id: row.id(0)?,
        created_at: row.int(1)?,
        actor: row.text(2)?,
        object: row.text(3)?,
        name: row.text(4)?,
        file: row.text(5)?,
        status: row.text(6)?,
        settings: json(&row.text(7)?)?,
        counts: json(&row.text(8)?)?,
        place: row.int(9)?,
        batch: Uuid::parse_str(&row.text(10)?).ok(),
        error: row.text(11)?,
    })
}

/// Adds an import.
pub fn insert(tx: &mut Tx, import: &ImportRow) -> Result<(), Error> {
    tx.execute(
        &format!("INSERT INTO {{import}} ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        &[
            Val::Id(import.id),
            Val::Int(import.created_at),
            Val::Text(import.actor.clone()),
            Val::Text(import.object.clone()),
            Val::Text(import.name.clone()),
            Val::Text(import.file.clone()),
            Val::Text(import.status.clone()),
            Val::Text(import.settings.to_string()),
            Val::Text(import.counts.to_string()),
            Val::Int(import.place),
            id_text(import.batch),
            Val::Text(import.error.clone()),
        ],
    )?;
    Ok(())
}

/// One import.
pub fn find(tx: &mut Tx, id: Uuid) -> Result<Option<ImportRow>, Error> {
    let rows = tx.query(&format!("SELECT {COLUMNS} FROM {{import}} WHERE id = ?"), &[Val::Id(id)])?;
    rows.first().map(import_of).transpose()
}

/// The newest imports; of one actor when named.
pub fn list(tx: &mut Tx, actor: Option<&str>, limit: usize) -> Result<Vec<ImportRow>, Error> {
    let limit = Val::Int(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows = match actor {
        Some(actor) => tx.query(
            &format!("SELECT {COLUMNS} FROM {{import}} WHERE actor = ? ORDER BY created_at DESC LIMIT ?"),
            &[Val::from(actor), limit],
        ),
        None => tx.query(&format!("SELECT {COLUMNS} FROM {{import}} ORDER BY created_at DESC LIMIT ?"), &[limit]),
    }?;
    rows.iter().map(import_of).collect()
}

/// New settings, while nothing runs. False when something does.
pub fn set_settings(tx: &mut Tx, id: Uuid, settings: &Json) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE {import} SET settings = ?, status = 'mapping' WHERE id = ? AND status IN ('mapping', 'checked')",
        &[Val::Text(settings.to_string()), Val::Id(id)],
    )?;
    Ok(changed > 0)
}

/// Begins a pass over the file from its first row, if the import is in one of the states it may begin in.
pub fn begin(tx: &mut Tx, id: Uuid, status: &str, batch: Option<Uuid>, counts: &Json) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE {import} SET status = ?, batch = ?, place = 0, counts = ?, error = '' \
         WHERE id = ? AND status IN ('mapping', 'checked')",
        &[Val::from(status), id_text(batch), Val::Text(counts.to_string()), Val::Id(id)],
    )?;
    Ok(changed > 0)
}

/// Moves the pass on from `from` to `to` with the ledger's totals. False when somebody else did, or when it was
/// cancelled meanwhile.
pub fn advance(tx: &mut Tx, id: Uuid, status: &str, from: i64, to: i64, counts: &Json) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE {import} SET place = ?, counts = ? WHERE id = ? AND place = ? AND status = ?",
        &[Val::Int(to), Val::Text(counts.to_string()), Val::Id(id), Val::Int(from), Val::from(status)],
    )?;
    Ok(changed > 0)
}

/// Ends a pass. False when it was ended otherwise before.
pub fn end(tx: &mut Tx, id: Uuid, from: &str, to: &str, error: &str) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE {import} SET status = ?, error = ? WHERE id = ? AND status = ?",
        &[Val::from(to), Val::from(error), Val::Id(id), Val::from(from)],
    )?;
    Ok(changed > 0)
}

/// Writes rows of the ledger.
pub fn add_rows(tx: &mut Tx, import: Uuid, phase: i64, rows: &[LedgerRow]) -> Result<(), Error> {
    for part in rows.chunks(INSERT_ROWS) {
        let values = vec!["(?, ?, ?, ?, ?, ?, ?)"; part.len()].join(", ");
        let mut params = Vec::with_capacity(part.len() * 7);
        for row in part {
            params.extend([
                Val::Id(import),
                Val::Int(phase),
                Val::Int(row.number),
                Val::Text(row.outcome.clone()),
                Val::Text(row.reason.clone()),
                id_text(row.record),
                Val::Text(row.cells.to_string()),
            ]);
        }
        tx.execute(
            &format!(
                "INSERT INTO {{import_row}} (import, phase, number, outcome, reason, record, cells) VALUES {values}"
            ),
            &params,
        )?;
    }
    Ok(())
}

/// Forgets the ledger of a pass.
pub fn clear_rows(tx: &mut Tx, import: Uuid, phase: i64) -> Result<(), Error> {
    tx.execute("DELETE FROM {import_row} WHERE import = ? AND phase = ?", &[Val::Id(import), Val::Int(phase)])?;
    Ok(())
}

/// Rows of the ledger after a row number, in the order of the file; of one outcome when named.
pub fn rows(
    tx: &mut Tx,
    import: Uuid,
    phase: i64,
    outcome: Option<&str>,
    after: i64,
    limit: usize,
) -> Result<Vec<LedgerRow>, Error> {
    let condition = if outcome.is_some() { "AND outcome = ? " } else { "" };
    let mut params = vec![Val::Id(import), Val::Int(phase)];
    params.extend(outcome.map(Val::from));
    params.extend([Val::Int(after), Val::Int(i64::try_from(limit).unwrap_or(i64::MAX))]);
    let found = tx.query(
        &format!(
            "SELECT number, outcome, reason, record, cells FROM {{import_row}} \
             WHERE import = ? AND phase = ? {condition}AND number > ? ORDER BY number LIMIT ?"
        ),
        &params,
    )?;
    found
        .iter()
        .map(|row| {
            Ok(LedgerRow {
                number: row.int(0)?,
                outcome: row.text(1)?,
                reason: row.text(2)?,
                record: Uuid::parse_str(&row.text(3)?).ok(),
                cells: json(&row.text(4)?)?,
            })
        })
        .collect()
}
