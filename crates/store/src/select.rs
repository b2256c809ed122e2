//! Selections: one statement per page, keyset cursors, rows streamed to whoever asks.
//!
//! Missing values come last in both directions on both databases. So that indexes serve the order, an order by a
//! field that may be missing runs in two parts: first the rows that have a value, then, when the page is not full yet,
//! the rows that have none.

use std::collections::HashMap;
use std::sync::Arc;

use model::{ColumnType, Field, Kind, Object, Record};
use uuid::Uuid;

use crate::cell::RowRef;
use crate::codec::{ReadPlan, fingerprint, postgres_type};
use crate::cursor::{Cursor, Order, Part};
use crate::error::Error;
use crate::filter;
use crate::query::{Deleted, Page, Select};
use crate::records::{InsertColumn, insert_text};
use crate::sql::{Dialect, SqlWriter};
use crate::tx::Tx;

/// Plans kept per connection.
const PLANS_MAX: usize = 256;

/// Read plans by object and fields, so that a list does not start by writing names.
#[derive(Debug, Default)]
pub(crate) struct Plans {
    plans: HashMap<(u64, Vec<String>), Arc<ReadPlan>>,
    find_one: HashMap<u64, Arc<str>>,
    insert: HashMap<u64, Arc<InsertPlan>>,
    /// By table, with how many columns it had.
    insert_into: HashMap<String, (usize, Arc<str>)>,
}

/// The columns of an object's rows and the statement that inserts one.
#[derive(Debug)]
pub(crate) struct InsertPlan {
    pub(crate) columns: Vec<InsertColumn>,
    pub(crate) text: String,
}

impl Plans {
    /// The plan for some fields of an object.
    pub(crate) fn of(&mut self, object: &Object, fields: &[String]) -> Arc<ReadPlan> {
        let key = (fingerprint(object), fields.to_vec());
        if let Some(plan) = self.plans.get(&key) {
            return plan.clone();
        }
        if self.plans.len() >= PLANS_MAX {
            self.plans.clear();
        }
        let plan = Arc::new(ReadPlan::new(object, fields));
        self.plans.insert(key, plan.clone());
        plan
    }

    /// The plan for all fields of an object.
    pub(crate) fn all_fields(&mut self, object: &Object) -> Arc<ReadPlan> {
        self.of(object, &[])
    }

    /// The plan and the statement that finds one record.
    pub(crate) fn find_one(&mut self, object: &Object, schema: &str, dialect: Dialect) -> (Arc<ReadPlan>, Arc<str>) {
        let plan = self.all_fields(object);
        if self.find_one.len() >= PLANS_MAX {
            self.find_one.clear();
        }
        let text = self.find_one.entry(fingerprint(object)).or_insert_with(|| {
            let mut sql = SqlWriter::new(dialect, schema);
            sql.push("SELECT ").push(&plan.columns).push(" FROM ").table(object.table()).push(" t WHERE t.\"id\" = ");
            sql.param(Uuid::nil());
            sql.text.into()
        });
        (plan.clone(), text.clone())
    }

    /// The plan that inserts rows of an object.
    pub(crate) fn insert(&mut self, object: &Object, schema: &str, dialect: Dialect) -> Arc<InsertPlan> {
        if self.insert.len() >= PLANS_MAX {
            self.insert.clear();
        }
        let make = || {
            let mut columns: Vec<InsertColumn> = vec![("id".into(), postgres_type(ColumnType::Id))];
            for column in object.fields.iter().flat_map(Field::columns) {
                columns.push((column.name.into(), postgres_type(column.column_type)));
            }
            let text = insert_text(SqlWriter::new(dialect, schema), object.table(), &columns);
            Arc::new(InsertPlan { columns, text })
        };
        self.insert.entry(fingerprint(object)).or_insert_with(make).clone()
    }

    /// The statement that inserts one row into a table.
    pub(crate) fn insert_into(&mut self, table: &str, columns: &[InsertColumn], writer: SqlWriter) -> Arc<str> {
        match self.insert_into.get(table) {
            Some((width, text)) if *width == columns.len() => return text.clone(),
            _ => {}
        }
        if self.insert_into.len() >= PLANS_MAX {
            self.insert_into.clear();
        }
        let text: Arc<str> = insert_text(writer, table, columns).into();
        self.insert_into.insert(table.to_owned(), (columns.len(), text.clone()));
        text
    }
}

/// What a row is wanted for.
enum Want<'a> {
    Record(&'a mut dyn FnMut(Record) -> Result<(), Error>),
    Json(&'a mut Vec<u8>),
    /// The row as JSON, and some of its fields as values.
    Both(&'a mut Vec<u8>, &'a [&'a str], &'a mut Option<Record>),
    Id(&'a mut Vec<Uuid>),
}

impl Tx {
    /// Gives each selected record to `each`; returns the cursor of the next page.
    pub fn select(
        &mut self,
        select: &Select,
        each: &mut dyn FnMut(Record) -> Result<(), Error>,
    ) -> Result<Option<String>, Error> {
        let plan = self.plans.of(&select.object, &select.fields);
        Ok(self.select_rows(select, &plan, Want::Record(each))?.next)
    }

    /// Appends the selected records as JSON objects separated by commas, straight from the rows.
    pub fn select_json(&mut self, select: &Select, out: &mut Vec<u8>) -> Result<Page, Error> {
        let plan = self.plans.of(&select.object, &select.fields);
        self.select_rows(select, &plan, Want::Json(out))
    }

    /// Appends the first selected record as a JSON object, straight from its row; answers with these of its fields.
    ///
    /// # Errors
    /// A database that fails.
    pub fn select_one_json(
        &mut self,
        select: &Select,
        wanted: &[&str],
        out: &mut Vec<u8>,
    ) -> Result<Option<Record>, Error> {
        let plan = self.plans.of(&select.object, &select.fields);
        let mut found = None;
        self.select_rows(select, &plan, Want::Both(out, wanted, &mut found))?;
        Ok(found)
    }

    /// The ids of the selected records, in order.
    pub fn select_ids(&mut self, select: &Select) -> Result<Vec<Uuid>, Error> {
        let plan = ReadPlan { fields: Vec::new(), columns: "t.\"id\"".to_owned(), width: 1 };
        let mut ids = Vec::new();
        self.select_rows(select, &plan, Want::Id(&mut ids))?;
        Ok(ids)
    }

    fn select_rows(&mut self, select: &Select, plan: &ReadPlan, want: Want<'_>) -> Result<Page, Error> {
        let order = Order::of(select)?;
        let cursor = select.cursor.as_deref().map(|text| Cursor::parse(text, &order)).transpose()?;
        let mut walk = Walk { plan, order: &order, want, limit: select.limit, rows: 0, last: None, next: None };
        let mut part = cursor.as_ref().map_or(order.first_part(), |cursor| cursor.part);
        let mut after = cursor.as_ref();
        let mut skip = if cursor.is_some() { 0 } else { select.offset };
        loop {
            let before = walk.rows;
            let sql = self.page_sql(select, plan, &order, part, after, skip, walk.wanted())?;
            self.each(&sql.text, &sql.params, &mut |row| walk.take(row, part))?;
            if part != Part::Present || walk.is_full() {
                break;
            }
            if skip > 0 && walk.rows == before {
                skip = skip.saturating_sub(self.count_part(select, Part::Present)?);
            } else {
                skip = 0;
            }
            (part, after) = (Part::Missing, None);
        }
        Ok(Page { rows: walk.rows, next: walk.next })
    }

    /// SQLite's plan for the first statement of a selection, one step a line: for tests and for finding out why a list
    /// is slow. Empty on PostgreSQL.
    pub fn explain(&mut self, select: &Select) -> Result<String, Error> {
        let plan = self.plans.of(&select.object, &select.fields);
        let order = Order::of(select)?;
        let cursor = select.cursor.as_deref().map(|text| Cursor::parse(text, &order)).transpose()?;
        let part = cursor.as_ref().map_or(order.first_part(), |cursor| cursor.part);
        let wanted = (select.limit > 0).then_some(select.limit + 1);
        let sql = self.page_sql(select, &plan, &order, part, cursor.as_ref(), select.offset, wanted)?;
        self.explain_sql(&sql)
    }

    /// SQLite's plan for a statement, one step a line. Empty on PostgreSQL.
    pub(crate) fn explain_sql(&mut self, sql: &SqlWriter) -> Result<String, Error> {
        let mut steps = String::new();
        if !self.is_postgres() {
            self.each(&format!("EXPLAIN QUERY PLAN {}", sql.text), &sql.params, &mut |row| {
                steps.push_str(row.text(3)?);
                steps.push('\n');
                Ok(())
            })?;
        }
        Ok(steps)
    }

    fn count_part(&mut self, select: &Select, part: Part) -> Result<u64, Error> {
        let order = Order::of(select)?;
        let mut sql = self.writer();
        sql.push("SELECT count(*) FROM ").table(select.object.table()).push(" t");
        push_where(&mut sql, select, &order, part, None)?;
        let mut count = 0;
        self.each(&sql.text, &sql.params, &mut |row| {
            count = row.int(0)?;
            Ok(())
        })?;
        Ok(count.unsigned_abs())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one statement")]
    fn page_sql(
        &mut self,
        select: &Select,
        plan: &ReadPlan,
        order: &Order,
        part: Part,
        after: Option<&Cursor>,
        skip: u64,
        wanted: Option<usize>,
    ) -> Result<SqlWriter, Error> {
        let mut sql = self.writer();
        sql.push("SELECT ").push(&plan.columns);
        order.push_columns(&mut sql);
        if skip == 0 {
            sql.push(" FROM ").table(select.object.table()).push(" t");
            push_where(&mut sql, select, order, part, after)?;
            order.push_order(&mut sql, part, false);
            push_limit(&mut sql, wanted, 0);
            return Ok(sql);
        }
        // A jump: only ids are skipped, over the index alone, and from the nearer end.
        let total = self.jump_total(select, order)?;
        let (reversed, skip, wanted) = match (total, wanted) {
            (Some(total), Some(wanted)) if skip > total / 2 => {
                let rest = total.saturating_sub(skip);
                let wanted = u64::try_from(wanted).unwrap_or(u64::MAX).min(rest);
                (true, rest - wanted, Some(usize::try_from(wanted).unwrap_or(usize::MAX)))
            }
            (_, wanted) => (false, skip, wanted),
        };
        sql.push(" FROM (SELECT t.\"id\" AS jump FROM ").table(select.object.table()).push(" t");
        push_where(&mut sql, select, order, part, None)?;
        order.push_order(&mut sql, part, reversed);
        push_limit(&mut sql, wanted, skip);
        sql.push(") j JOIN ").table(select.object.table()).push(" t ON t.\"id\" = j.jump");
        order.push_order(&mut sql, part, false);
        Ok(sql)
    }

    /// The number of rows a jump runs over, when it is known without counting and all of them have a value to sort by.
    fn jump_total(&mut self, select: &Select, order: &Order) -> Result<Option<u64>, Error> {
        if select.filter.is_some() || order.first_part() != Part::All {
            return Ok(None);
        }
        let counted = self.counted(&select.object.name)?;
        Ok(Some(match select.deleted {
            Deleted::Without => counted.live.unsigned_abs(),
            Deleted::Only => counted.deleted.unsigned_abs(),
            Deleted::With => (counted.live + counted.deleted).unsigned_abs(),
        }))
    }
}

/// Writes the condition of a selection.
pub(crate) fn push_where(
    sql: &mut SqlWriter,
    select: &Select,
    order: &Order,
    part: Part,
    after: Option<&Cursor>,
) -> Result<(), Error> {
    let mut word = " WHERE ";
    let mut next = |sql: &mut SqlWriter| {
        sql.push(std::mem::replace(&mut word, " AND "));
    };
    match select.deleted {
        Deleted::Without => {
            next(sql);
            sql.push("t.\"deleted_at\" IS NULL");
        }
        Deleted::Only => {
            next(sql);
            sql.push("t.\"deleted_at\" IS NOT NULL");
        }
        Deleted::With => {}
    }
    if let Some(expr) = &select.filter {
        next(sql);
        sql.push("(");
        filter::compile(sql, &select.schema, &select.object, "t", expr);
        sql.push(")");
    }
    if order.has_part_condition(part) {
        next(sql);
        order.push_part(sql, part);
    }
    if let Some(cursor) = after {
        next(sql);
        order.push_after(sql, cursor)?;
    }
    Ok(())
}

fn push_limit(sql: &mut SqlWriter, wanted: Option<usize>, skip: u64) {
    match wanted {
        Some(wanted) => {
            sql.limit(wanted);
        }
        None if skip > 0 && !sql.is_postgres() => {
            sql.push(" LIMIT -1");
        }
        None => {}
    }
    if skip > 0 {
        sql.push(" OFFSET ").param(i64::try_from(skip).unwrap_or(i64::MAX));
    }
}

/// A walk over the rows of a page: one row more than the page tells whether there is a next one.
struct Walk<'a, 'w> {
    plan: &'a ReadPlan,
    order: &'a Order,
    want: Want<'w>,
    limit: usize,
    rows: usize,
    last: Option<Cursor>,
    next: Option<String>,
}

impl Walk<'_, '_> {
    /// How many rows are still wanted; `None`: all.
    fn wanted(&self) -> Option<usize> {
        (self.limit > 0).then(|| self.limit + 1 - self.rows)
    }

    fn is_full(&self) -> bool {
        self.next.is_some()
    }

    fn take(&mut self, row: RowRef<'_>, part: Part) -> Result<(), Error> {
        if self.limit > 0 && self.rows == self.limit {
            self.next = self.last.take().map(|last| last.to_text(self.order));
            return Ok(());
        }
        match &mut self.want {
            Want::Record(each) => each(self.plan.record(row)?)?,
            Want::Json(out) => {
                if self.rows > 0 {
                    out.push(b',');
                }
                self.plan.push_json(out, row)?;
            }
            Want::Both(out, wanted, found) => {
                if found.is_none() {
                    self.plan.push_json(out, row)?;
                    **found = Some(self.plan.some_of(row, wanted)?);
                }
            }
            Want::Id(ids) => ids.push(row.id(0)?),
        }
        self.rows += 1;
        if self.rows == self.limit {
            self.last = Some(Cursor::of_row(row, self.plan.width, self.order, part)?);
        }
        Ok(())
    }
}

/// Whether a kind's main column can be sorted by.
pub(crate) fn is_sortable(kind: Kind, column_type: ColumnType) -> bool {
    column_type != ColumnType::Json || matches!(kind, Kind::Emails | Kind::Phones | Kind::Links)
}
