//! What a feed of activity reads of the log: batches by who made them, newest first, and what each of them holds. Every
//! statement walks an index and stops after a page, however long the log is.

use model::expr::Expr;
use model::{Change, Object, Op, Schema};
use uuid::Uuid;

use crate::error::Error;
use crate::filter;
use crate::log::op_of;
use crate::query::BatchRow;
use crate::sql::{SqlWriter, Val, system_table};
use crate::tx::Tx;

/// Portable DDL.
pub(crate) const DDL: &[&str] = &["CREATE INDEX IF NOT EXISTS batch_by_actor ON {batch} (actor, no)"];

/// Each actor's batches are walked on their own up to this many actors; beyond, all batches are.
const BRANCHES_MAX: usize = 60;

/// A batch with its number in the log.
#[derive(Debug, Clone)]
pub struct FeedBatch {
    /// Its number.
    pub no: i64,
    /// The batch.
    pub batch: BatchRow,
}

/// A change by the batch's own actor, without what changed.
#[derive(Debug, Clone)]
pub struct FeedChange {
    /// Number of its batch.
    pub no: i64,
    /// Position in the log.
    pub seq: i64,
    /// Object name.
    pub object: String,
    /// Record.
    pub record: Uuid,
    /// What happened.
    pub op: Op,
}

impl Tx {
    /// The number of a batch.
    pub fn number_of_batch(&mut self, id: Uuid) -> Result<Option<i64>, Error> {
        let rows = self.query("SELECT no FROM {batch} WHERE id = ?", &[Val::Id(id)])?;
        rows.first().map(|row| row.int(0)).transpose()
    }

    /// Batches before a number (`i64::MAX`: from the newest), newest first; of these actors, or of everybody.
    pub fn feed_batches(
        &mut self,
        actors: Option<&[String]>,
        before: i64,
        limit: usize,
    ) -> Result<Vec<FeedBatch>, Error> {
        let Some(sql) = self.feed_sql(actors, before, limit)? else { return Ok(Vec::new()) };
        let mut batches = Vec::new();
        for row in self.query_written(&sql)? {
            let batch = BatchRow {
                id: row.id(1)?,
                at: row.int(2)?,
                actor: self.name_of(row.int(3)?)?.to_string(),
                cause: row.text(4)?,
                undoes: row.id_or_none(5),
            };
            batches.push(FeedBatch { no: row.int(0)?, batch });
        }
        Ok(batches)
    }

    fn feed_sql(&mut self, actors: Option<&[String]>, before: i64, limit: usize) -> Result<Option<SqlWriter>, Error> {
        let table = system_table("batch");
        let mut sql = self.writer();
        let columns = "SELECT b.no, b.id, b.at, b.actor, b.cause, b.undoes FROM ";
        let mut numbers = Vec::new();
        for actor in actors.into_iter().flatten() {
            numbers.extend(self.find_number(actor)?);
        }
        if actors.is_some() && numbers.is_empty() {
            return Ok(None);
        }
        if actors.is_none() || numbers.len() > BRANCHES_MAX {
            sql.push(columns).table(&table).push(" b WHERE b.no < ").param(before);
            if actors.is_some() {
                // The plus keeps the index of actors out: the newest are looked for, not all of theirs.
                sql.push(" AND +b.actor").in_list(Val::Ints(numbers));
            }
            sql.push(" ORDER BY b.no DESC").limit(limit);
            return Ok(Some(sql));
        }
        sql.push("SELECT * FROM (");
        for (at, number) in numbers.into_iter().enumerate() {
            sql.push(if at == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
            sql.push(columns).table(&table).push(" b WHERE b.actor = ").param(number);
            sql.push(" AND b.no < ").param(before).push(" ORDER BY b.no DESC").limit(limit);
            sql.push(&format!(") b{at}"));
        }
        sql.push(") m ORDER BY m.no DESC").limit(limit);
        Ok(Some(sql))
    }

    /// The first changes of each of these batches, at most `limit` of each, in order.
    pub fn feed_changes(&mut self, batches: &[FeedBatch], limit: usize) -> Result<Vec<FeedChange>, Error> {
        if batches.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = self.writer();
        sql.push("SELECT x.no, x.seq, x.object, x.record, x.op, x.own FROM (");
        self.push_heads(&mut sql, batches, limit)?;
        sql.push(") x ORDER BY x.no DESC, x.seq");
        let mut changes = Vec::new();
        for row in self.query_written(&sql)? {
            // What the program did on the way is nobody's doing.
            if row.int(5)? == 1 {
                changes.push(FeedChange {
                    no: row.int(0)?,
                    seq: row.int(1)?,
                    object: self.name_of(row.int(2)?)?.to_string(),
                    record: row.id(3)?,
                    op: op_of(row.int(4)?)?,
                });
            }
        }
        Ok(changes)
    }

    fn push_heads(&mut self, sql: &mut SqlWriter, batches: &[FeedBatch], limit: usize) -> Result<(), Error> {
        for (at, FeedBatch { no, batch }) in batches.iter().enumerate() {
            let actor = self.find_number(&batch.actor)?.unwrap_or_default();
            sql.push(if at == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
            sql.push("SELECT c.batch AS no, c.seq, c.object, c.record, c.op, CASE WHEN c.actor = ").param(actor);
            sql.push(" THEN CAST(1 AS bigint) ELSE CAST(0 AS bigint) END AS own FROM ");
            sql.table(&system_table("change")).push(" c WHERE c.batch = ").param(*no);
            sql.push(" ORDER BY c.seq").limit(limit).push(&format!(") b{at}"));
        }
        Ok(())
    }

    /// How many records of an object each batch touched, by what happened, of those for which a condition holds: counted
    /// over the first `limit` changes of each.
    pub fn feed_counts(
        &mut self,
        schema: &Schema,
        object: &Object,
        batches: &[FeedBatch],
        scope: &Expr,
        limit: usize,
    ) -> Result<Vec<(i64, Op, u64)>, Error> {
        let Some(number) = self.find_number(&object.name)?.filter(|_| !batches.is_empty()) else {
            return Ok(Vec::new());
        };
        let mut sql = self.writer();
        sql.push("SELECT x.no, x.op, count(DISTINCT x.record) FROM (");
        self.push_heads(&mut sql, batches, limit)?;
        sql.push(") x JOIN ").table(object.table()).push(" t ON t.\"id\" = x.record WHERE x.own = 1 AND x.object = ");
        sql.param(number).push(" AND ");
        filter::compile(&mut sql, schema, object, "t", scope);
        sql.push(" GROUP BY x.no, x.op");
        let mut counts = Vec::new();
        for row in self.query_written(&sql)? {
            counts.push((row.int(0)?, op_of(row.int(1)?)?, row.int(2)?.unsigned_abs()));
        }
        Ok(counts)
    }

    /// The changes at these positions, with what changed.
    pub fn changes_at(&mut self, positions: Vec<i64>) -> Result<Vec<Change>, Error> {
        if positions.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = self.changes_sql();
        sql.push(" c.seq").in_list(Val::Ints(positions));
        self.changes_written(&sql)
    }

    /// SQLite's plan of the statements of a feed, one step a line: for tests. Empty on PostgreSQL.
    pub fn explain_feed(&mut self, actors: Option<&[String]>, limit: usize) -> Result<String, Error> {
        let batches = self.feed_batches(actors, i64::MAX, limit)?;
        let mut heads = self.writer();
        heads.push("SELECT x.no, x.seq FROM (");
        self.push_heads(&mut heads, &batches, limit)?;
        heads.push(") x");
        let mut fields = self.changes_sql();
        fields.push(" c.seq").in_list(Val::Ints(vec![1, 2, 3]));
        let mut steps = String::new();
        for sql in self.feed_sql(actors, i64::MAX, limit)?.into_iter().chain([heads, fields]) {
            steps.push_str(&self.explain_sql(&sql)?);
        }
        Ok(steps)
    }
}
