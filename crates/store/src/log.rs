//! The one log: batches and changes, written in the transaction of what they tell.

use std::collections::{BTreeSet, HashSet};

use model::{Change, Op};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value as Json, json};
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::cell::RowRef;
use crate::error::{Error, failure};
use crate::query::{BatchRow, LogEntry, NewChange, NewField};
use crate::sql::{SqlWriter, Val, system_table};
use crate::tx::Tx;

/// Portable DDL. `name` keeps names of objects and actors, so that the log holds small numbers.
pub(crate) const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {name} (id {serial}, name {text} NOT NULL UNIQUE)",
    "CREATE TABLE IF NOT EXISTS {batch} (no {serial}, id {id} NOT NULL UNIQUE, at BIGINT NOT NULL, \
     actor BIGINT NOT NULL, cause {text} NOT NULL, undoes {id})",
    "CREATE INDEX IF NOT EXISTS batch_by_undone ON {batch} (undoes) WHERE undoes IS NOT NULL",
    "CREATE TABLE IF NOT EXISTS {change} (seq {serial}, batch BIGINT NOT NULL, at BIGINT NOT NULL, \
     actor BIGINT NOT NULL, object BIGINT NOT NULL, record {id} NOT NULL, op BIGINT NOT NULL, parent {id}, \
     fields {text} NOT NULL)",
    "CREATE INDEX IF NOT EXISTS change_by_batch ON {change} (batch, seq)",
    "CREATE INDEX IF NOT EXISTS change_by_record ON {change} (record, at, seq)",
    "CREATE INDEX IF NOT EXISTS change_by_parent ON {change} (parent, at, seq) WHERE parent IS NOT NULL",
];

/// The writing transaction beside each change: numbers of the log are given out of order, so readers follow the
/// order of transactions and stop before the oldest that still runs.
pub(crate) const POSTGRES_DDL: &[&str] = &[
    "ALTER TABLE {change} ADD COLUMN IF NOT EXISTS xid xid8 NOT NULL DEFAULT pg_current_xact_id()",
    "CREATE INDEX IF NOT EXISTS change_by_transaction ON {change} (xid, seq)",
];

/// Changes with their batches, to be followed by a condition. SQLite takes the tables of a cross join in their order:
/// from statistics that are out of date it would walk all batches and look for changes of each.
const CHANGES: &str = "FROM {change} c CROSS JOIN {batch} b WHERE b.no = c.batch AND";

/// The columns of a change, in the order that [`RawChange::read`] expects.
pub(crate) const CHANGE_COLUMNS: &str = "c.seq, b.id, c.at, c.actor, c.object, c.record, c.op, c.fields";

/// A change as it is kept.
pub(crate) struct RawChange {
    seq: i64,
    batch: Uuid,
    at: i64,
    actor: i64,
    object: i64,
    record: Uuid,
    op: i64,
    fields: String,
}

impl RawChange {
    /// The change that stands in a row from column `at` on.
    pub(crate) fn read(row: RowRef<'_>, at: usize) -> Result<Self, Error> {
        Ok(Self {
            seq: row.int(at)?,
            batch: row.id(at + 1)?,
            at: row.int(at + 2)?,
            actor: row.int(at + 3)?,
            object: row.int(at + 4)?,
            record: row.id(at + 5)?,
            op: row.int(at + 6)?,
            fields: row.text(at + 7)?.to_owned(),
        })
    }
}

/// Operations as numbers; the last is a creation whose fields are kept without their `null`s before.
const OPS: [Op; 5] = [Op::Create, Op::Update, Op::Delete, Op::Restore, Op::Erase];
const COMPACT_CREATE: i64 = 5;

pub(crate) fn op_of(number: i64) -> Result<Op, Error> {
    if number == COMPACT_CREATE {
        return Ok(Op::Create);
    }
    let op = usize::try_from(number).ok().and_then(|at| OPS.get(at).copied());
    op.ok_or_else(|| failure(format_args!("operation {number} is unknown")))
}

/// The fields of a change as they are kept: `{"name":[before,after],…}`, of a creation `{"name":after,…}`.
struct Kept<'a> {
    fields: &'a [NewField<'a>],
    only_after: bool,
}

impl Serialize for Kept<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for field in self.fields {
            if self.only_after {
                map.serialize_entry(field.name, field.after)?;
            } else {
                map.serialize_entry(field.name, &(field.before, field.after))?;
            }
        }
        map.end()
    }
}

/// The number and text under which a change's fields are kept.
fn pack(op: Op, fields: &[NewField<'_>]) -> Result<(i64, String), Error> {
    let only_after = op == Op::Create && fields.iter().all(|field| field.before.is_missing());
    let number = OPS.iter().position(|known| *known == op).map_or(0, |at| at as i64);
    let text = serde_json::to_string(&Kept { fields, only_after }).map_err(anyhow::Error::from)?;
    Ok((if only_after { COMPACT_CREATE } else { number }, text))
}

fn unpack(number: i64, text: &str) -> Result<Map<String, Json>, Error> {
    let fields: Map<String, Json> = serde_json::from_str(text).map_err(anyhow::Error::from)?;
    if number != COMPACT_CREATE {
        return Ok(fields);
    }
    Ok(fields.into_iter().map(|(name, after)| (name, json!([null, after]))).collect())
}

fn limit_of(limit: usize) -> Val {
    Val::Int(i64::try_from(limit).unwrap_or(i64::MAX))
}

impl Tx {
    /// Keeps a batch; does nothing when it exists.
    pub fn insert_batch(&mut self, batch: &BatchRow) -> Result<(), Error> {
        let actor = self.number_of(&batch.actor)?;
        self.note_written();
        let number = self.query_with(
            "INSERT INTO {batch} (id, at, actor, cause, undoes) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO NOTHING RETURNING no",
            &[
                Val::Id(batch.id),
                Val::Int(batch.at),
                Val::Int(actor),
                batch.cause.as_str().into(),
                Val::id_or_null(batch.undoes),
            ],
            |row| row.int(0),
        )?;
        if let Some(number) = number.first() {
            self.last_batch = Some((batch.id, *number));
        }
        Ok(())
    }

    /// One batch.
    pub fn find_batch(&mut self, id: Uuid) -> Result<Option<BatchRow>, Error> {
        Ok(self.load_batches("WHERE id = ?", &[Val::Id(id)])?.into_iter().next())
    }

    /// Batches before one (newest first); `None` starts at the newest.
    pub fn batches(&mut self, before: Option<Uuid>, limit: usize) -> Result<Vec<BatchRow>, Error> {
        match before {
            None => self.load_batches("ORDER BY no DESC LIMIT ?", &[limit_of(limit)]),
            Some(id) => self.load_batches(
                "WHERE no < (SELECT o.no FROM {batch} o WHERE o.id = ?) ORDER BY no DESC LIMIT ?",
                &[Val::Id(id), limit_of(limit)],
            ),
        }
    }

    /// The newest batch that undid this one, if any.
    pub fn find_undo(&mut self, batch: Uuid) -> Result<Option<BatchRow>, Error> {
        Ok(self.load_batches("WHERE undoes = ? ORDER BY no DESC LIMIT 1", &[Val::Id(batch)])?.into_iter().next())
    }

    /// Which of the batches are undone now: an undo that was undone itself does not count. As many statements as the
    /// longest row of undoing and doing again.
    pub fn undone(&mut self, batches: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
        let mut levels: Vec<Vec<(Uuid, Uuid)>> = Vec::new();
        let mut asked = batches.to_vec();
        while !asked.is_empty() {
            let mut sql = self.writer();
            sql.push("SELECT undoes, id FROM ")
                .table(&system_table("batch"))
                .push(" WHERE undoes IS NOT NULL AND undoes");
            sql.in_list(Val::Ids(asked));
            let mut level = Vec::new();
            self.each(&sql.text, &sql.params, &mut |row| {
                level.push((row.id(0)?, row.id(1)?));
                Ok(())
            })?;
            asked = level.iter().map(|(_, undo)| *undo).collect();
            levels.push(level);
        }
        let mut undone = HashSet::new();
        for level in levels.iter().rev() {
            undone = level.iter().filter(|(_, undo)| !undone.contains(undo)).map(|(batch, _)| *batch).collect();
        }
        Ok(undone)
    }

    fn load_batches(&mut self, rest: &str, params: &[Val]) -> Result<Vec<BatchRow>, Error> {
        let rows = self.query(&format!("SELECT id, at, actor, cause, undoes FROM {{batch}} {rest}"), params)?;
        let mut batches = Vec::with_capacity(rows.len());
        for row in rows {
            batches.push(BatchRow {
                id: row.id(0)?,
                at: row.int(1)?,
                actor: self.name_of(row.int(2)?)?.to_string(),
                cause: row.text(3)?,
                undoes: row.id_or_none(4),
            });
        }
        Ok(batches)
    }

    fn batch_number(&mut self, id: Uuid) -> Result<i64, Error> {
        if let Some((known, number)) = self.last_batch
            && known == id
        {
            return Ok(number);
        }
        let rows = self.query_with("SELECT no FROM {batch} WHERE id = ?", &[Val::Id(id)], |row| row.int(0))?;
        let number = rows.first().copied().ok_or_else(|| failure(format_args!("batch {id} was not kept before")))?;
        self.last_batch = Some((id, number));
        Ok(number)
    }

    /// Appends to the log.
    pub fn append(&mut self, changes: &[NewChange<'_>]) -> Result<(), Error> {
        let mut rows = Vec::with_capacity(changes.len());
        for change in changes {
            let (op, fields) = pack(change.op, &change.fields)?;
            rows.push(vec![
                Val::Int(self.batch_number(change.batch)?),
                Val::Int(change.at),
                Val::Int(self.number_of(change.actor)?),
                Val::Int(self.number_of(change.object)?),
                Val::Id(change.record),
                Val::Int(op),
                Val::id_or_null(change.parent),
                Val::Text(fields),
            ]);
        }
        let columns = [
            ("batch", Type::INT8),
            ("at", Type::INT8),
            ("actor", Type::INT8),
            ("object", Type::INT8),
            ("record", Type::UUID),
            ("op", Type::INT8),
            ("parent", Type::UUID),
            ("fields", Type::TEXT),
        ];
        let columns = columns.map(|(name, kind)| (name.into(), kind));
        self.insert_rows(&system_table("change"), &columns, rows.len(), &mut rows.into_iter())
    }

    /// Changes of a batch after a position, in order.
    pub fn changes_of_batch(&mut self, batch: Uuid, after: i64, limit: usize) -> Result<Vec<Change>, Error> {
        self.load_changes(
            "c.batch = (SELECT no FROM {batch} WHERE id = ?) AND c.seq > ? ORDER BY c.seq LIMIT ?",
            &[Val::Id(batch), Val::Int(after), limit_of(limit)],
        )
    }

    /// How many changes a batch made.
    pub fn count_changes(&mut self, batch: Uuid) -> Result<u64, Error> {
        let count = "SELECT count(*) FROM {change} c WHERE c.batch = (SELECT no FROM {batch} WHERE id = ?)";
        let rows = self.query_with(count, &[Val::Id(batch)], |row| row.int(0))?;
        Ok(rows.first().and_then(|count| u64::try_from(*count).ok()).unwrap_or(0))
    }

    /// Changes of a batch before a position (`i64::MAX`: from the newest), newest first: the order of an undo.
    pub fn changes_of_batch_before(&mut self, batch: Uuid, before: i64, limit: usize) -> Result<Vec<Change>, Error> {
        self.load_changes(
            "c.batch = (SELECT no FROM {batch} WHERE id = ?) AND c.seq < ? ORDER BY c.seq DESC LIMIT ?",
            &[Val::Id(batch), Val::Int(before), limit_of(limit)],
        )
    }

    /// The changes behind entries of the log, oldest first.
    pub fn changes_of<'a>(&mut self, entries: impl IntoIterator<Item = &'a LogEntry>) -> Result<Vec<Change>, Error> {
        let seqs: BTreeSet<i64> = entries.into_iter().map(|entry| entry.seq).collect();
        let (Some(first), Some(last)) = (seqs.first(), seqs.last()) else { return Ok(Vec::new()) };
        let span = [Val::Int(*first), Val::Int(*last)];
        let mut changes = self.load_changes("c.seq >= ? AND c.seq <= ? ORDER BY c.seq", &span)?;
        changes.retain(|change| seqs.contains(&change.seq));
        Ok(changes)
    }

    /// Which of the records were changed by another batch since this batch first touched them. A batch that was undone
    /// and the batch that undid it do not count: together they changed nothing.
    pub fn changed_after_batch(&mut self, batch: Uuid, ids: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
        let number = self.batch_number(batch)?;
        let mut sql = self.writer();
        let table = system_table("change");
        sql.push("SELECT DISTINCT c.record FROM ").table(&table).push(" c WHERE c.record");
        sql.in_list(Val::Ids(ids.to_vec())).push(" AND c.batch <> ").param(number);
        sql.push(" AND c.seq > (SELECT min(f.seq) FROM ").table(&table);
        sql.push(" f WHERE f.record = c.record AND f.batch = ").param(number).push(")");
        let batches = system_table("batch");
        sql.push(" AND NOT EXISTS (SELECT 1 FROM ").table(&batches).push(" b WHERE b.no = c.batch AND (");
        sql.push("(b.undoes IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ").table(&batches);
        sql.push(" v WHERE v.undoes = b.id)) OR EXISTS (SELECT 1 FROM ").table(&batches);
        sql.push(" u WHERE u.undoes = b.id AND NOT EXISTS (SELECT 1 FROM ").table(&batches);
        sql.push(" w WHERE w.undoes = u.id))))");
        let mut changed = HashSet::new();
        self.each(&sql.text, &sql.params, &mut |row| {
            changed.insert(row.id(0)?);
            Ok(())
        })?;
        Ok(changed)
    }

    /// Changes of a record before a position (`i64::MAX`: from the newest), newest first.
    pub fn changes_of_record(&mut self, record: Uuid, before_seq: i64, limit: usize) -> Result<Vec<Change>, Error> {
        let before_at = if before_seq == i64::MAX {
            None
        } else {
            self.query_with("SELECT at FROM {change} WHERE seq = ?", &[Val::Int(before_seq)], |row| row.int(0))?
                .first()
                .copied()
        };
        self.load_changes(
            "c.record = ? AND (c.at, c.seq) < (?, ?) ORDER BY c.at DESC, c.seq DESC LIMIT ?",
            &[Val::Id(record), Val::Int(before_at.unwrap_or(i64::MAX)), Val::Int(before_seq), limit_of(limit)],
        )
    }

    /// What happened after a position, in an order that never shows a gap that fills later. On PostgreSQL this is the
    /// order of transactions: numbers may go down from one to the next.
    pub fn entries_after(&mut self, seq: i64, limit: usize) -> Result<Vec<LogEntry>, Error> {
        let entries = format!("SELECT c.seq, b.id, c.actor, c.object, c.record, c.op {CHANGES}");
        let (rest, params) = if self.is_postgres() {
            let rest = "(c.xid, c.seq) > (coalesce((SELECT o.xid FROM {change} o WHERE o.seq = ?), '0'::xid8), ?) \
                        AND c.xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY c.xid, c.seq LIMIT ?";
            (rest, vec![Val::Int(seq), Val::Int(seq), limit_of(limit)])
        } else {
            ("c.seq > ? ORDER BY c.seq LIMIT ?", vec![Val::Int(seq), limit_of(limit)])
        };
        let rows = self.query_with(&format!("{entries} {rest}"), &params, |row| {
            Ok((row.int(0)?, row.id(1)?, row.int(2)?, row.int(3)?, row.id(4)?, row.int(5)?))
        })?;
        rows.into_iter()
            .map(|(seq, batch, actor, object, record, op)| {
                Ok(LogEntry {
                    seq,
                    batch,
                    actor: self.name_of(actor)?.to_string(),
                    object: self.name_of(object)?.to_string(),
                    record,
                    op: op_of(op)?,
                })
            })
            .collect()
    }

    /// Names what this transaction sees: two that give the same number see the same records.
    pub fn snapshot(&mut self) -> Result<i64, Error> {
        if self.is_postgres() {
            self.query_int("SELECT hashtextextended(pg_current_snapshot()::text, 0)", &[])
        } else {
            self.query_int("SELECT max(seq) FROM {change}", &[])
        }
    }

    /// The position of the newest change that [`Tx::entries_after`] would show; 0 when there is none.
    pub fn last_seq(&mut self) -> Result<i64, Error> {
        if self.is_postgres() {
            self.query_int(
                "SELECT seq FROM {change} WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) \
                 ORDER BY xid DESC, seq DESC LIMIT 1",
                &[],
            )
        } else {
            self.query_int("SELECT max(seq) FROM {change}", &[])
        }
    }

    /// Begins a query of changes, to be followed by a condition.
    pub(crate) fn changes_sql(&self) -> SqlWriter {
        let mut sql = self.writer();
        sql.push("SELECT ").push(CHANGE_COLUMNS).push(" FROM ").table(&system_table("change"));
        sql.push(" c CROSS JOIN ").table(&system_table("batch")).push(" b WHERE b.no = c.batch AND");
        sql
    }

    /// The changes that such a query finds.
    pub(crate) fn changes_written(&mut self, sql: &SqlWriter) -> Result<Vec<Change>, Error> {
        let mut raw = Vec::new();
        self.each(&sql.text, &sql.params, &mut |row| {
            raw.push(RawChange::read(row, 0)?);
            Ok(())
        })?;
        raw.into_iter().map(|raw| self.change_of(raw)).collect()
    }

    fn load_changes(&mut self, rest: &str, params: &[Val]) -> Result<Vec<Change>, Error> {
        let sql = format!("SELECT {CHANGE_COLUMNS} {CHANGES} {rest}");
        let raw = self.query_with(&sql, params, |row| RawChange::read(row, 0))?;
        raw.into_iter().map(|raw| self.change_of(raw)).collect()
    }

    pub(crate) fn change_of(&mut self, raw: RawChange) -> Result<Change, Error> {
        Ok(Change {
            seq: raw.seq,
            batch: raw.batch,
            at: raw.at,
            actor: self.name_of(raw.actor)?.to_string(),
            object: self.name_of(raw.object)?.to_string(),
            record: raw.record,
            op: op_of(raw.op)?,
            fields: unpack(raw.op, &raw.fields)?,
        })
    }
}
