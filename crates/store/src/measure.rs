//! Figures over records: counts, aggregations, roll-ups, and which records satisfy a condition.

use std::collections::HashSet;
use std::sync::Arc;

use model::expr::Expr;
use model::field::{Aggregate, Rollup};
use model::{Code, Field, Kind, Object, Problem, Schema, Value};
use uuid::Uuid;

use crate::cell::{Cell, RowRef};
use crate::codec::{ReadPlan, decode_cell};
use crate::cursor::{Order, Part};
use crate::error::{Error, failure};
use crate::filter;
use crate::query::{Aggregation, Count, Deleted, Group, Measure, Select};
use crate::select::push_where;
use crate::sql::{SqlWriter, Val, link_table};
use crate::tx::{Link, Tx};

/// Rows looked at for an estimate.
const SAMPLE: i64 = 1_000;
/// What a mean is made of, in the units of the column (amounts in the base currency).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// The values added up.
    pub sum: i128,
    /// How many values there are.
    pub count: i64,
}

impl Total {
    /// The mean of values of a field, rounded half away from zero; of whole numbers it is a decimal, of nothing it is
    /// missing.
    ///
    /// # Errors
    /// A mean too large for its column.
    pub fn mean(self, field: &Field) -> Result<Value, Error> {
        if self.count < 1 {
            return Ok(Value::Missing);
        }
        let kind = figure_kind(field);
        let whole = matches!(kind, Kind::Integer | Kind::Rating);
        let sum = self.sum * if whole { i128::from(model::SCALE) } else { 1 };
        let mean = fitting(field, divide(sum, i128::from(self.count)))?;
        decode_cell(if whole { Kind::Decimal } else { kind }, Cell::Int(mean))
    }
}

/// Most groups when the selection names no limit.
const GROUPS_MAX: usize = 10_000;

impl Tx {
    /// How many records are selected: exact up to `exact_max`, then estimated. Without a filter it is always exact.
    pub fn count(&mut self, select: &Select, exact_max: u64) -> Result<Count, Error> {
        if select.filter.is_none() {
            let counted = self.counted(&select.object.name)?;
            let count = match select.deleted {
                Deleted::Without => counted.live,
                Deleted::Only => counted.deleted,
                Deleted::With => counted.live + counted.deleted,
            };
            return Ok(Count { count: count.max(0).unsigned_abs(), exact: true });
        }
        let order = Order::new(&select.object, &[])?;
        let mut sql = self.writer();
        sql.push("SELECT count(*) FROM (SELECT 1 FROM ").table(select.object.table()).push(" t");
        push_where(&mut sql, select, &order, Part::All, None)?;
        sql.limit(usize::try_from(exact_max).unwrap_or(usize::MAX - 1).saturating_add(1)).push(") c");
        let count = self.first_int(&sql)?.unsigned_abs();
        if count <= exact_max {
            return Ok(Count { count, exact: true });
        }
        let estimate = match &self.link {
            Link::Sqlite(_) => self.estimate_sqlite(select, &order)?,
            Link::Postgres(_) => self.estimate_postgres(select, &order)?,
        };
        Ok(Count { count: estimate.max(count), exact: false })
    }

    fn first_int(&mut self, sql: &SqlWriter) -> Result<i64, Error> {
        let mut first = 0;
        self.each(&sql.text, &sql.params, &mut |row| {
            first = row.cell(0)?.int().unwrap_or(0);
            Ok(())
        })?;
        Ok(first)
    }

    /// The share of evenly spread rows that are selected, times all rows.
    fn estimate_sqlite(&mut self, select: &Select, order: &Order) -> Result<u64, Error> {
        let mut sql = self.writer();
        sql.push("SELECT max(rowid) FROM ").table(select.object.table());
        let last = self.first_int(&sql)?;
        let step = (last / SAMPLE).max(1);
        let mut sql = self.writer();
        sql.push("WITH RECURSIVE sample(place) AS (SELECT 1 UNION ALL SELECT place + ").param(step);
        sql.push(" FROM sample WHERE place + ").param(step).push(" <= ").param(last);
        sql.push(") SELECT count(*) FROM sample CROSS JOIN ").table(select.object.table());
        sql.push(" t ON t.rowid = sample.place");
        push_where(&mut sql, select, order, Part::All, None)?;
        let selected = self.first_int(&sql)?.unsigned_abs();
        Ok(selected.saturating_mul(step.unsigned_abs()))
    }

    /// What the planner expects.
    fn estimate_postgres(&mut self, select: &Select, order: &Order) -> Result<u64, Error> {
        let mut sql = self.writer();
        sql.push("EXPLAIN (FORMAT JSON) SELECT 1 FROM ").table(select.object.table()).push(" t");
        push_where(&mut sql, select, order, Part::All, None)?;
        let mut rows = 0.0;
        self.each(&sql.text, &sql.params, &mut |row| {
            let plan: serde_json::Value = serde_json::from_str(row.text(0)?).map_err(anyhow::Error::from)?;
            rows = plan.pointer("/0/Plan/Plan Rows").and_then(serde_json::Value::as_f64).unwrap_or(0.0);
            Ok(())
        })?;
        Ok(rows as u64)
    }

    /// Which of the ids satisfy the condition, deleted or not.
    pub fn matches(
        &mut self,
        schema: &Arc<Schema>,
        object: &Arc<Object>,
        ids: &[Uuid],
        filter: &Expr,
    ) -> Result<HashSet<Uuid>, Error> {
        let mut found = HashSet::new();
        if ids.is_empty() {
            return Ok(found);
        }
        let mut sql = self.writer();
        sql.push("SELECT t.\"id\" FROM ").table(object.table()).push(" t WHERE t.\"id\"");
        sql.in_list(Val::Ids(ids.to_vec())).push(" AND (");
        filter::compile(&mut sql, schema, object, "t", filter);
        sql.push(")");
        self.each(&sql.text, &sql.params, &mut |row| {
            found.insert(row.id(0)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Figures over groups of records, the largest groups first.
    pub fn aggregate(&mut self, query: &Aggregation) -> Result<Vec<Group>, Error> {
        let select = &query.select;
        let plan = ReadPlan::new(&select.object, &query.group);
        if !query.group.is_empty() && plan.fields.len() != query.group.len() {
            return Err(failure("a group field does not exist"));
        }
        let group_columns: Vec<&str> =
            if query.group.is_empty() { Vec::new() } else { plan.columns.split(", ").skip(1).collect() };
        let mut sql = self.writer();
        // The id's place is taken by a constant, so that the plan's columns stand where it expects them.
        sql.push("SELECT NULL");
        group_columns.iter().for_each(|column| {
            sql.push(", ").push(column);
        });
        for measure in &query.measures {
            push_measure(&mut sql, &select.object, measure)?;
        }
        sql.push(" FROM ").table(select.object.table()).push(" t");
        push_where(&mut sql, select, &Order::new(&select.object, &[])?, Part::All, None)?;
        if !group_columns.is_empty() {
            sql.push(" GROUP BY ").push(&group_columns.join(", "));
            // Missing keys last, whatever the database thinks of them.
            sql.push(" ORDER BY count(*) DESC");
            group_columns.iter().for_each(|column| {
                sql.push(", ").push(column).push(" NULLS LAST");
            });
        }
        let limit = if select.limit == 0 { GROUPS_MAX } else { select.limit };
        sql.limit(limit);
        if select.offset > 0 {
            sql.push(" OFFSET ").param(i64::try_from(select.offset).unwrap_or(i64::MAX));
        }
        let first_measure = 1 + group_columns.len();
        let mut groups = Vec::new();
        self.each(&sql.text, &sql.params, &mut |row| {
            let keys = if query.group.is_empty() { Vec::new() } else { plan.values(row)? };
            let mut values = Vec::with_capacity(query.measures.len());
            for (at, measure) in query.measures.iter().enumerate() {
                values.push(read_measure(row, first_measure + FIGURE_COLUMNS * at, &select.object, measure)?);
            }
            groups.push(Group { keys, values });
            Ok(())
        })?;
        Ok(groups)
    }

    /// A figure over the live child records of one parent.
    pub fn rollup(
        &mut self,
        schema: &Arc<Schema>,
        child: &Arc<Object>,
        rollup: &Rollup,
        filter: Option<&Expr>,
        parent: Uuid,
    ) -> Result<Value, Error> {
        let measure = measure_of(rollup);
        let sql = self.rollup_sql(schema, child, rollup, filter, parent)?;
        let mut value = Value::Missing;
        self.each(&sql.text, &sql.params, &mut |row| {
            value = read_measure(row, 1, child, &measure)?;
            Ok(())
        })?;
        Ok(value)
    }

    /// What the mean over the live child records of one parent is made of.
    ///
    /// # Errors
    /// A roll-up whose fields do not exist, a database that fails.
    pub fn rollup_total(
        &mut self,
        schema: &Arc<Schema>,
        child: &Arc<Object>,
        rollup: &Rollup,
        filter: Option<&Expr>,
        parent: Uuid,
    ) -> Result<Total, Error> {
        let sql = self.rollup_sql(schema, child, rollup, filter, parent)?;
        let mut total = Total { sum: 0, count: 0 };
        self.each(&sql.text, &sql.params, &mut |row| {
            total = read_total(row, 1)?;
            Ok(())
        })?;
        Ok(total)
    }

    fn rollup_sql(
        &self,
        schema: &Arc<Schema>,
        child: &Arc<Object>,
        rollup: &Rollup,
        filter: Option<&Expr>,
        parent: Uuid,
    ) -> Result<SqlWriter, Error> {
        let via = child.find_field(&rollup.via).ok_or_else(|| failure("a roll-up's field does not exist"))?;
        let mut sql = self.writer();
        sql.push("SELECT NULL");
        push_measure(&mut sql, child, &measure_of(rollup))?;
        sql.push(" FROM ").table(child.table()).push(" t WHERE ");
        match link_table(child, via) {
            Some(table) => {
                sql.push("t.\"id\" IN (SELECT l.\"record\" FROM ").table(&table);
                sql.push(" l WHERE l.\"target\" = ").param(parent).push(")");
            }
            None => {
                sql.column("t", &via.name).push(" = ").param(parent);
            }
        }
        sql.push(" AND t.\"deleted_at\" IS NULL");
        if let Some(filter) = filter {
            sql.push(" AND (");
            filter::compile(&mut sql, schema, child, "t", filter);
            sql.push(")");
        }
        Ok(sql)
    }
}

fn measure_of(rollup: &Rollup) -> Measure {
    Measure { aggregate: rollup.aggregate, field: rollup.field.clone() }
}

fn measured<'a>(object: &'a Object, measure: &Measure) -> Result<Option<&'a Field>, Error> {
    match (&measure.field, measure.aggregate) {
        (_, Aggregate::Count) => Ok(None),
        (Some(name), _) => {
            let field = object.find_field(name);
            field.map(Some).ok_or_else(|| failure(format_args!("{} has no field {name}", object.name)))
        }
        (None, _) => Err(failure("this figure needs a field")),
    }
}

/// Columns of a figure: a value, what is above its lowest 32 bits in a sum, and the number of values. Sums come in two
/// parts, since neither database adds beyond 64 bits; means are made exactly, in Rust.
const FIGURE_COLUMNS: usize = 3;

/// Writes the columns of a figure.
fn push_measure(sql: &mut SqlWriter, object: &Object, measure: &Measure) -> Result<(), Error> {
    let Some(field) = measured(object, measure)? else {
        sql.push(", count(*), NULL, count(*)");
        return Ok(());
    };
    let column = match field.value_kind() {
        Kind::Money => format!("{}__base", field.name),
        Kind::Address => return Err(failure("an address has no figure")),
        _ => field.name.clone(),
    };
    match measure.aggregate {
        Aggregate::Sum | Aggregate::Avg => {
            sql.push(", CAST(sum(").column("t", &column).push(" & 4294967295) AS BIGINT), CAST(sum(");
            sql.column("t", &column).push(" >> 32) AS BIGINT)");
        }
        Aggregate::Min => {
            sql.push(", min(").column("t", &column).push("), NULL");
        }
        Aggregate::Max => {
            sql.push(", max(").column("t", &column).push("), NULL");
        }
        Aggregate::Count => {}
    }
    sql.push(", count(").column("t", &column).push(")");
    Ok(())
}

fn read_measure(row: RowRef<'_>, at: usize, object: &Object, measure: &Measure) -> Result<Value, Error> {
    let value = row.cell(at)?;
    let Some(field) = measured(object, measure)? else {
        return Ok(Value::Int(value.int().unwrap_or(0)));
    };
    let kind = figure_kind(field);
    match measure.aggregate {
        Aggregate::Sum => decode_cell(kind, Cell::Int(fitting(field, read_total(row, at)?.sum)?)),
        Aggregate::Avg => read_total(row, at)?.mean(field),
        _ => decode_cell(kind, value),
    }
}

/// Sum and number of values from the columns of a figure.
fn read_total(row: RowRef<'_>, at: usize) -> Result<Total, Error> {
    let int = |at| Ok::<_, Error>(row.cell(at)?.int().unwrap_or(0));
    Ok(Total { sum: (i128::from(int(at + 1)?) << 32) + i128::from(int(at)?), count: int(at + 2)? })
}

/// Figures over amounts are numbers of the base currency.
fn figure_kind(field: &Field) -> Kind {
    match field.value_kind() {
        Kind::Money => Kind::Decimal,
        kind => kind,
    }
}

fn fitting(field: &Field, number: i128) -> Result<i64, Problem> {
    let detail = || format!("The sum of {} is too large to be written. Take fewer records.", field.label);
    i64::try_from(number).map_err(|_| Problem::new(Code::Invalid, detail()))
}

/// Rounded half away from zero.
fn divide(value: i128, by: i128) -> i128 {
    let half = by / 2;
    if value >= 0 { (value + half) / by } else { (value - half) / by }
}
