//! Pairs of records that may be one, found by a scan and judged by people; and what merged records became.

use serde_json::Value as Json;
use uuid::Uuid;

use crate::sql::system_table;
use crate::{Error, Row, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {duplicate_pair} (id {id} PRIMARY KEY, object {text} NOT NULL, a {id} NOT NULL, \
     b {id} NOT NULL, confidence BIGINT NOT NULL, reasons TEXT NOT NULL, status {text} NOT NULL, \
     found_at BIGINT NOT NULL)",
    "CREATE UNIQUE INDEX IF NOT EXISTS duplicate_pair_records ON {duplicate_pair} (a, b)",
    "CREATE INDEX IF NOT EXISTS duplicate_pair_other ON {duplicate_pair} (b)",
    "CREATE INDEX IF NOT EXISTS duplicate_pair_queue ON {duplicate_pair} (object, status, confidence, id)",
    "CREATE TABLE IF NOT EXISTS {merged} (record {id} PRIMARY KEY, winner {id} NOT NULL, batch {id} NOT NULL)",
    "CREATE INDEX IF NOT EXISTS merged_by_batch ON {merged} (batch)",
];

/// One pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Its id.
    pub id: Uuid,
    /// Object of both records.
    pub object: String,
    /// The record with the smaller id.
    pub a: Uuid,
    /// The other.
    pub b: Uuid,
    /// How sure, in millionths.
    pub confidence: i64,
    /// Why, in words.
    pub reasons: Vec<String>,
    /// `open`, `dismissed` or `merged`.
    pub status: String,
}

/// Where a page of the queue ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// Confidence of its last pair.
    pub confidence: i64,
    /// Its last pair.
    pub id: Uuid,
}

const COLUMNS: &str = "id, object, a, b, confidence, reasons, status";

fn pair_of(row: &Row) -> Result<Pair, Error> {
    Ok(Pair {
        id: row.id(0)?,
        object: row.text(1)?,
        a: row.id(2)?,
        b: row.id(3)?,
        confidence: row.int(4)?,
        reasons: serde_json::from_str(&row.text(5)?).map_err(anyhow::Error::from)?,
        status: row.text(6)?,
    })
}

/// Keeps pairs that a scan found. What people dismissed stays dismissed; what was merged and is two again is open again.
pub fn upsert_many(tx: &mut Tx, pairs: &[Pair], found_at: i64) -> Result<(), Error> {
    for pair in pairs {
        tx.execute(
            "INSERT INTO {duplicate_pair} (id, object, a, b, confidence, reasons, status, found_at) \
             VALUES (?, ?, ?, ?, ?, ?, 'open', ?) ON CONFLICT (a, b) DO UPDATE SET confidence = excluded.confidence, \
             reasons = excluded.reasons, found_at = excluded.found_at, \
             status = CASE WHEN {duplicate_pair}.status = 'dismissed' THEN 'dismissed' ELSE 'open' END",
            &[
                Val::Id(pair.id),
                Val::from(pair.object.as_str()),
                Val::Id(pair.a.min(pair.b)),
                Val::Id(pair.a.max(pair.b)),
                Val::Int(pair.confidence),
                Val::Text(Json::from(pair.reasons.clone()).to_string()),
                Val::Int(found_at),
            ],
        )?;
    }
    Ok(())
}

/// Forgets open pairs that the last scan did not find again.
pub fn forget_older(tx: &mut Tx, object: &str, found_before: i64) -> Result<u64, Error> {
    tx.execute(
        "DELETE FROM {duplicate_pair} WHERE object = ? AND status = 'open' AND found_at < ?",
        &[Val::from(object), Val::Int(found_before)],
    )
}

/// One pair by id.
pub fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Pair>, Error> {
    tx.query(&format!("SELECT {COLUMNS} FROM {{duplicate_pair}} WHERE id = ?"), &[Val::Id(id)])?
        .first()
        .map(pair_of)
        .transpose()
}

/// A page of the queue, the surest first.
pub fn page(tx: &mut Tx, object: &str, status: &str, after: Option<After>, limit: usize) -> Result<Vec<Pair>, Error> {
    let after = after.unwrap_or(After { confidence: i64::MAX, id: Uuid::max() });
    let rows = tx.query(
        &format!(
            "SELECT {COLUMNS} FROM {{duplicate_pair}} WHERE object = ? AND status = ? \
             AND (confidence < ? OR (confidence = ? AND id < ?)) ORDER BY confidence DESC, id DESC LIMIT ?"
        ),
        &[
            Val::from(object),
            Val::from(status),
            Val::Int(after.confidence),
            Val::Int(after.confidence),
            Val::Id(after.id),
            Val::Int(i64::try_from(limit).unwrap_or(i64::MAX)),
        ],
    )?;
    rows.iter().map(pair_of).collect()
}

/// How many pairs of a status wait.
pub fn count(tx: &mut Tx, object: &str, status: &str) -> Result<i64, Error> {
    let rows = tx.query(
        "SELECT COUNT(*) FROM {duplicate_pair} WHERE object = ? AND status = ?",
        &[Val::from(object), Val::from(status)],
    )?;
    rows.first().map_or(Ok(0), |row| row.int(0))
}

/// Sets the status of a pair.
pub fn set_status(tx: &mut Tx, id: Uuid, status: &str) -> Result<(), Error> {
    tx.execute("UPDATE {duplicate_pair} SET status = ? WHERE id = ?", &[Val::from(status), Val::Id(id)])?;
    Ok(())
}

/// Notes that a record became part of another: its open pairs are settled.
pub fn set_merged(tx: &mut Tx, record: Uuid, winner: Uuid, batch: Uuid) -> Result<(), Error> {
    tx.execute(
        "UPDATE {duplicate_pair} SET status = 'merged' WHERE (a = ? OR b = ?) AND status = 'open'",
        &[Val::Id(record), Val::Id(record)],
    )?;
    tx.execute(
        "INSERT INTO {merged} (record, winner, batch) VALUES (?, ?, ?) \
         ON CONFLICT (record) DO UPDATE SET winner = excluded.winner, batch = excluded.batch",
        &[Val::Id(record), Val::Id(winner), Val::Id(batch)],
    )?;
    Ok(())
}

/// Those of the records that a batch merged, each with what they were merged into.
pub fn merged_by(tx: &mut Tx, batches: &[Uuid]) -> Result<Vec<(Uuid, Uuid, Uuid)>, Error> {
    let mut sql = tx.writer();
    sql.push("SELECT batch, record, winner FROM ").table(&system_table("merged")).push(" WHERE batch");
    sql.in_list(Val::Ids(batches.to_vec()));
    tx.query_written(&sql)?.iter().map(|row| Ok((row.id(0)?, row.id(1)?, row.id(2)?))).collect()
}

/// What a deleted record was merged into. Says nothing about whether that was undone: then the record lives again.
pub fn find_winner(tx: &mut Tx, record: Uuid) -> Result<Option<Uuid>, Error> {
    tx.query("SELECT winner FROM {merged} WHERE record = ?", &[Val::Id(record)])?
        .first()
        .map(|row| row.id(0))
        .transpose()
}
