//! Records: found, inserted, changed and erased, with the links of their references to many.

use std::borrow::{Borrow, Cow};

use model::{ColumnType, Field, Kind, Object, Patch, Record, Value};
use serde_json::Value as Json;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::codec::{encode, postgres_type};
use crate::error::{Error, failure};
use crate::sql::{SqlWriter, Val, link_table};
use crate::tx::{Link, Tx};

/// Rows from which `COPY` is faster than statement by statement.
const COPY_MIN: usize = 8;

/// A column of rows to be inserted.
pub(crate) type InsertColumn = (Cow<'static, str>, Type);

impl Tx {
    /// The record with all its fields, deleted or not.
    pub fn find(&mut self, object: &Object, id: Uuid) -> Result<Option<Record>, Error> {
        let dialect = self.dialect();
        let (plan, text) = self.plans.find_one(object, &self.schema, dialect);
        let mut found = None;
        self.each(&text, &[Val::Id(id)], &mut |row| {
            found = Some(plan.record(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The records of these ids that exist, in id order.
    pub fn find_many(&mut self, object: &Object, ids: &[Uuid]) -> Result<Vec<Record>, Error> {
        self.load(object, ids, "")
    }

    /// The same, locked until the end of the transaction.
    pub fn lock_many(&mut self, object: &Object, ids: &[Uuid]) -> Result<Vec<Record>, Error> {
        let lock = if self.is_postgres() { " FOR UPDATE" } else { "" };
        self.load(object, ids, lock)
    }

    /// The records whose references to many in this field name any of these, each once.
    pub fn linking(&mut self, object: &Object, field: &Field, targets: &[Uuid]) -> Result<Vec<Uuid>, Error> {
        let mut found = Vec::new();
        let Some(table) = link_table(object, field).filter(|_| !targets.is_empty()) else { return Ok(found) };
        let mut sql = self.writer();
        sql.push("SELECT DISTINCT l.\"record\" FROM ").table(&table).push(" l WHERE l.\"target\"");
        sql.in_list(Val::Ids(targets.to_vec()));
        self.each(&sql.text, &sql.params, &mut |row| {
            found.push(row.id(0)?);
            Ok(())
        })?;
        Ok(found)
    }

    fn load(&mut self, object: &Object, ids: &[Uuid], lock: &str) -> Result<Vec<Record>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let plan = self.plans.all_fields(object);
        let mut sql = self.writer();
        sql.push("SELECT ").push(&plan.columns).push(" FROM ").table(object.table()).push(" t WHERE t.\"id\"");
        sql.in_list(Val::Ids(ids.to_vec())).push(" ORDER BY t.\"id\"").push(lock);
        let mut records = Vec::with_capacity(ids.len());
        self.each(&sql.text, &sql.params, &mut |row| {
            records.push(plan.record(row)?);
            Ok(())
        })?;
        Ok(records)
    }

    /// Inserts whole records.
    pub fn insert_many<R: Borrow<Record>>(&mut self, object: &Object, records: &[R]) -> Result<(), Error> {
        let dialect = self.dialect();
        let plan = self.plans.insert(object, &self.schema, dialect);
        let width = plan.columns.len();
        let mut rows = records.iter().map(Borrow::borrow).map(|record: &Record| {
            let mut row = Vec::with_capacity(width);
            row.push(Val::Id(record.id));
            for field in &object.fields {
                encode(field, record.get(&field.name), &mut row);
            }
            row
        });
        if self.is_postgres() && records.len() >= COPY_MIN {
            self.insert_rows(object.table(), &plan.columns, records.len(), &mut rows)?;
        } else {
            self.run_many(&plan.text, &mut rows)?;
        }
        let deleted = records
            .iter()
            .map(Borrow::borrow)
            .filter(|record: &&Record| !record.get("deleted_at").is_missing())
            .count() as i64;
        self.count_later(&object.name, records.len() as i64 - deleted, deleted);
        for field in object.fields.iter().filter(|field| is_link(field)) {
            let records = records.iter().map(Borrow::borrow);
            let links =
                records.flat_map(|record: &Record| links_of(field, record.id, record.get(&field.name))).collect();
            self.insert_links(object, field, links)?;
        }
        Ok(())
    }

    /// Changes the fields of the patch.
    pub fn update(&mut self, object: &Object, id: Uuid, patch: &Patch) -> Result<(), Error> {
        let fields: Vec<(&Field, &Value)> =
            object.fields.iter().filter_map(|field| Some((field, patch.get(&field.name)?))).collect();
        if fields.is_empty() {
            return Ok(());
        }
        if let Some(deleted_at) = patch.get("deleted_at") {
            self.count_move(object, id, deleted_at.is_missing())?;
        }
        let mut sql = self.writer();
        sql.push("UPDATE ").table(object.table()).push(" SET ");
        for (at, (field, value)) in fields.iter().enumerate() {
            push_assignments(&mut sql, field, value, at > 0);
        }
        sql.push(" WHERE \"id\" = ").param(id);
        if self.run(&sql.text, &sql.params)? == 0 {
            return Err(failure(format_args!("there is no {} {id}", object.name)));
        }
        for (field, value) in fields.into_iter().filter(|(field, _)| is_link(field)) {
            self.delete_links(object, field, id)?;
            self.insert_links(object, field, links_of(field, id, value))?;
        }
        Ok(())
    }

    /// Removes the row for good.
    pub fn erase(&mut self, object: &Object, id: Uuid) -> Result<(), Error> {
        let Some(live) = self.is_live(object, id)? else {
            return Ok(());
        };
        self.count_later(&object.name, -i64::from(live), -i64::from(!live));
        for field in object.fields.iter().filter(|field| is_link(field)) {
            self.delete_links(object, field, id)?;
        }
        let mut sql = self.writer();
        sql.push("DELETE FROM ").table(object.table()).push(" WHERE \"id\" = ").param(id);
        self.run(&sql.text, &sql.params)?;
        Ok(())
    }

    /// Whether a row is live (`Some(true)`), in the recycle bin (`Some(false)`) or not there.
    fn is_live(&mut self, object: &Object, id: Uuid) -> Result<Option<bool>, Error> {
        let mut sql = self.writer();
        sql.push("SELECT \"deleted_at\" IS NULL FROM ").table(object.table()).push(" WHERE \"id\" = ").param(id);
        let mut live = None;
        self.each(&sql.text, &sql.params, &mut |row| {
            live = row.cell(0)?.int().map(|value| value != 0);
            Ok(())
        })?;
        Ok(live)
    }

    /// Counts a record on its way into or out of the recycle bin.
    fn count_move(&mut self, object: &Object, id: Uuid, to_live: bool) -> Result<(), Error> {
        match (self.is_live(object, id)?, to_live) {
            (Some(true), false) => self.count_later(&object.name, -1, 1),
            (Some(false), true) => self.count_later(&object.name, 1, -1),
            _ => {}
        }
        Ok(())
    }

    fn insert_links(&mut self, object: &Object, field: &Field, rows: Vec<Vec<Val>>) -> Result<(), Error> {
        let Some(table) = link_table(object, field) else {
            return Ok(());
        };
        if rows.is_empty() {
            return Ok(());
        }
        let mut columns = vec![("record".into(), Type::UUID), ("target".into(), Type::UUID)];
        if field.kind == Kind::About {
            columns.push(("target_object".into(), Type::TEXT));
        }
        let count = rows.len();
        self.insert_rows(&table, &columns, count, &mut rows.into_iter())
    }

    fn delete_links(&mut self, object: &Object, field: &Field, id: Uuid) -> Result<(), Error> {
        if let Some(table) = link_table(object, field) {
            let mut sql = self.writer();
            sql.push("DELETE FROM ").table(&table).push(" WHERE \"record\" = ").param(id);
            self.run(&sql.text, &sql.params)?;
        }
        Ok(())
    }

    /// Inserts rows: one prepared statement on SQLite, `COPY` for many on PostgreSQL.
    pub(crate) fn insert_rows(
        &mut self,
        table: &str,
        columns: &[InsertColumn],
        count: usize,
        rows: &mut dyn Iterator<Item = Vec<Val>>,
    ) -> Result<(), Error> {
        if count >= COPY_MIN && self.is_postgres() {
            let mut sql = self.writer();
            sql.push("COPY ").table(table).push(" (");
            push_names(&mut sql, columns);
            sql.push(") FROM STDIN BINARY");
            let types: Vec<Type> = columns.iter().map(|(_, kind)| kind.clone()).collect();
            return match &mut self.link {
                Link::Postgres(session) => session.copy_in(&sql.text, &types, rows),
                Link::Sqlite(_) => Err(failure("COPY is PostgreSQL's")),
            };
        }
        let writer = self.writer();
        let text = self.plans.insert_into(table, columns, writer);
        self.run_many(&text, rows)
    }
}

/// `INSERT` of one row.
pub(crate) fn insert_text(mut sql: SqlWriter, table: &str, columns: &[InsertColumn]) -> String {
    sql.push("INSERT INTO ").table(table).push(" (");
    push_names(&mut sql, columns);
    sql.push(") VALUES (");
    let mark = if sql.is_postgres() { '$' } else { '?' };
    for at in 1..=columns.len() {
        sql.push(if at == 1 { "" } else { ", " }).push(&format!("{mark}{at}"));
    }
    sql.push(")");
    sql.text
}

fn push_names(sql: &mut SqlWriter, columns: &[InsertColumn]) {
    for (at, (name, _)) in columns.iter().enumerate() {
        sql.push(if at == 0 { "" } else { ", " }).ident(name);
    }
}

fn push_assignments(sql: &mut SqlWriter, field: &Field, value: &Value, more: bool) {
    let mut values = Vec::new();
    encode(field, value, &mut values);
    for (at, (column, value)) in field.columns().iter().zip(values).enumerate() {
        sql.push(if more || at > 0 { ", " } else { "" }).ident(&column.name).push(" = ");
        push_typed(sql, column.column_type, value);
    }
}

/// A parameter whose cast does not depend on whether it is NULL, so that the statement's text stays the same.
fn push_typed(sql: &mut SqlWriter, column_type: ColumnType, value: Val) {
    if sql.is_postgres() && value == Val::Null {
        sql.push(&format!("${}::{}", sql.params.len() + 1, postgres_type(column_type).name()));
        sql.params.push(value);
    } else {
        sql.param(value);
    }
}

fn is_link(field: &Field) -> bool {
    matches!(field.kind, Kind::References | Kind::About)
}

/// The link rows of a value, each target once.
pub(crate) fn links_of(field: &Field, record: Uuid, value: &Value) -> Vec<Vec<Val>> {
    let mut seen = Vec::new();
    let mut rows = Vec::new();
    for entry in value.as_json().and_then(Json::as_array).into_iter().flatten() {
        let about = entry.as_object();
        let text = about.map_or(Some(entry), |about| about.get("id")).and_then(Json::as_str);
        let Some(target) = text.and_then(|text| Uuid::parse_str(text).ok()) else {
            continue;
        };
        if seen.contains(&target) {
            continue;
        }
        seen.push(target);
        let mut row = vec![Val::Id(record), Val::Id(target)];
        if field.kind == Kind::About {
            let object = about.and_then(|about| about.get("object")).and_then(Json::as_str).unwrap_or_default();
            row.push(Val::Text(object.to_owned()));
        }
        rows.push(row);
    }
    rows
}
