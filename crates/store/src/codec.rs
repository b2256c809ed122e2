//! Fields and their columns: values to parameters, rows to values, rows straight to JSON.

use std::hash::{DefaultHasher, Hash, Hasher};

use model::column::{ADDRESS_PARTS, COORDINATE_SCALE};
use model::fold::fold;
use model::{Column, ColumnType, Field, Kind, Object, Value, kinds};
use serde_json::{Map, Value as Json};

use crate::cell::{Cell, RowRef, date_of};
use crate::error::{Error, failure};
use crate::json;
use crate::sql::{Val, quote_into};

/// How a field stands in a row that is read: which columns, and how they become a value.
#[derive(Debug, Clone)]
pub(crate) struct ReadField {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// `,"name":`
    key: Vec<u8>,
    /// Its first column in the row.
    at: usize,
}

/// Which columns a query reads, and what they mean. Column 0 is the id.
#[derive(Debug, Clone)]
pub(crate) struct ReadPlan {
    pub(crate) fields: Vec<ReadField>,
    /// `t."id", t."name", …`
    pub(crate) columns: String,
    /// How many columns that is.
    pub(crate) width: usize,
}

/// The columns that a value is read from: without keys, which are made from it.
fn read_columns(field: &Field) -> Vec<Column> {
    field.columns().into_iter().filter(|column| !column.name.ends_with("__key")).collect()
}

impl ReadPlan {
    /// A plan for these fields; empty: all that are not hidden. Unknown names are left out.
    pub(crate) fn new(object: &Object, names: &[String]) -> Self {
        let mut plan = Self { fields: Vec::new(), columns: "t.\"id\"".to_owned(), width: 1 };
        if names.is_empty() {
            object.fields.iter().filter(|field| !field.hidden).for_each(|field| plan.push(field));
        } else {
            names.iter().for_each(|name| match (object.find_field(name), name.split_once('.')) {
                (Some(field), _) => plan.push(field),
                (None, Some((address, part))) => plan.push_part(object, name, address, part),
                (None, None) => {}
            });
        }
        plan
    }

    /// A part of an address as a text of its own: `billing_address.country`.
    fn push_part(&mut self, object: &Object, name: &str, address: &str, part: &str) {
        let is_address = |field: &&Field| field.value_kind() == Kind::Address;
        if ADDRESS_PARTS.contains(&part)
            && let Some(field) = object.find_field(address).filter(is_address)
        {
            self.push_as(name, Kind::Text, &[format!("{}__{part}", field.name)]);
        }
    }

    fn push(&mut self, field: &Field) {
        let columns: Vec<String> = read_columns(field).into_iter().map(|column| column.name).collect();
        self.push_as(&field.name, field.value_kind(), &columns);
    }

    fn push_as(&mut self, name: &str, kind: Kind, columns: &[String]) {
        let mut key = vec![b','];
        json::push_text(&mut key, name.as_bytes());
        key.push(b':');
        self.fields.push(ReadField { name: name.to_owned(), kind, key, at: self.width });
        for column in columns {
            self.columns.push_str(", t.");
            quote_into(&mut self.columns, column);
            self.width += 1;
        }
    }

    /// The record of a row.
    pub(crate) fn record(&self, row: RowRef<'_>) -> Result<model::Record, Error> {
        Self::record_of(row, self.fields.iter())
    }

    /// The record of a row with only these of the fields.
    pub(crate) fn some_of(&self, row: RowRef<'_>, names: &[&str]) -> Result<model::Record, Error> {
        Self::record_of(row, self.fields.iter().filter(|field| names.contains(&field.name.as_str())))
    }

    fn record_of<'a>(row: RowRef<'_>, fields: impl Iterator<Item = &'a ReadField>) -> Result<model::Record, Error> {
        let mut record = model::Record { id: row.id(0)?, ..model::Record::default() };
        for field in fields {
            let value = decode(field, row)?;
            if !value.is_missing() {
                record.values.insert(field.name.clone(), value);
            }
        }
        Ok(record)
    }

    /// The values of a row, in the order of the fields.
    pub(crate) fn values(&self, row: RowRef<'_>) -> Result<Vec<Value>, Error> {
        self.fields.iter().map(|field| decode(field, row)).collect()
    }

    /// The row as one JSON object.
    pub(crate) fn push_json(&self, out: &mut Vec<u8>, row: RowRef<'_>) -> Result<(), Error> {
        out.extend_from_slice(b"{\"id\":");
        push_cell(out, Kind::Reference, row.cell(0)?);
        for field in &self.fields {
            out.extend_from_slice(&field.key);
            match field.kind {
                Kind::Money => push_money(out, row.cell(field.at)?, row.cell(field.at + 1)?),
                Kind::Address => push_address(out, field.at, row)?,
                kind => push_cell(out, kind, row.cell(field.at)?),
            }
        }
        out.push(b'}');
        Ok(())
    }
}

/// A number that changes whenever the columns of an object change.
pub(crate) fn fingerprint(object: &Object) -> u64 {
    let mut hasher = DefaultHasher::new();
    object.plural.hash(&mut hasher);
    for field in &object.fields {
        field.name.hash(&mut hasher);
        field.kind.hash(&mut hasher);
        field.result.hash(&mut hasher);
        field.hidden.hash(&mut hasher);
    }
    hasher.finish()
}

/// The parameters of a field's columns, in the order of [`Field::columns`].
pub(crate) fn encode(field: &Field, value: &Value, out: &mut Vec<Val>) {
    if field.value_kind() == Kind::Address {
        return encode_address(value, out);
    }
    out.push(match value {
        Value::Missing if is_never_null(field) => Val::Int(0),
        Value::Missing => Val::Null,
        Value::Bool(value) => Val::Bool(*value),
        Value::Int(value) | Value::Duration(value) | Value::Dec(value) | Value::Instant(value) => Val::Int(*value),
        Value::Text(text) => Val::Text(clean(text)),
        Value::Date(date) => Val::Date(*date),
        Value::Id(id) => Val::Id(*id),
        Value::Money { amount, .. } => Val::Int(*amount),
        Value::Json(json) => Val::Json(json.to_string()),
    });
    if field.has_key() {
        out.push(kinds::key_of(field, value).map_or(Val::Null, |key| Val::Text(clean(&key))));
    }
    if field.value_kind() == Kind::Money {
        let (currency, base) = match value {
            Value::Money { currency, base, .. } => (Val::Text(currency.clone()), Val::int_or_null(*base)),
            _ => (Val::Null, Val::Null),
        };
        out.push(currency);
        out.push(base);
    }
}

/// PostgreSQL keeps no NUL in texts.
fn clean(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text.to_owned() }
}

/// The system fields that every row has; their columns are NOT NULL, which keeps orders by them simple.
pub(crate) fn is_never_null(field: &Field) -> bool {
    field.system && matches!(field.name.as_str(), "version" | "created_at" | "updated_at")
}

fn encode_address(value: &Value, out: &mut Vec<Val>) {
    let address = value.as_json().and_then(Json::as_object);
    let part = |name: &str| address.and_then(|address| address.get(name));
    for name in ADDRESS_PARTS {
        let text = part(name).and_then(Json::as_str);
        out.push(text.map_or(Val::Null, |text| Val::Text(clean(text))));
        if name != "country" {
            out.push(text.map_or(Val::Null, |text| Val::Text(fold(text))));
        }
    }
    for name in ["latitude", "longitude"] {
        let degrees = part(name).and_then(Json::as_f64);
        out.push(Val::int_or_null(degrees.map(|degrees| (degrees * COORDINATE_SCALE as f64).round() as i64)));
    }
}

/// The value of a field of a row.
fn decode(field: &ReadField, row: RowRef<'_>) -> Result<Value, Error> {
    if field.kind == Kind::Address {
        return decode_address(field.at, row);
    }
    let cell = row.cell(field.at)?;
    if field.kind == Kind::Money {
        let (currency, base) = (row.cell(field.at + 1)?, row.cell(field.at + 2)?);
        return Ok(match (cell.int(), currency.text()) {
            (Some(amount), Some(currency)) => Value::Money { amount, currency: currency.to_owned(), base: base.int() },
            _ => Value::Missing,
        });
    }
    decode_cell(field.kind, cell)
}

/// The value of a main column.
pub(crate) fn decode_cell(kind: Kind, cell: Cell<'_>) -> Result<Value, Error> {
    let wrong = || failure(format_args!("a column of kind {kind:?} holds {cell:?}"));
    if cell == Cell::Null {
        return Ok(Value::Missing);
    }
    Ok(match kind {
        Kind::Boolean => Value::Bool(cell.int().ok_or_else(wrong)? != 0),
        Kind::Integer | Kind::Rating => Value::Int(cell.int().ok_or_else(wrong)?),
        Kind::Duration => Value::Duration(cell.int().ok_or_else(wrong)?),
        Kind::Decimal | Kind::Percent => Value::Dec(cell.int().ok_or_else(wrong)?),
        Kind::DateTime => Value::Instant(cell.int().ok_or_else(wrong)?),
        Kind::Date => match cell {
            Cell::Days(days) => date_of(days).map(Value::Date).ok_or_else(wrong)?,
            _ => Value::Date(cell.text().and_then(|text| text.parse().ok()).ok_or_else(wrong)?),
        },
        Kind::Reference | Kind::User => Value::Id(cell.id().ok_or_else(wrong)?),
        Kind::MultiSelect
        | Kind::Emails
        | Kind::Phones
        | Kind::Links
        | Kind::References
        | Kind::About
        | Kind::Files
        | Kind::Json => {
            let text = cell.text().ok_or_else(wrong)?;
            Value::json(serde_json::from_str(text).map_err(anyhow::Error::from)?)
        }
        Kind::Money | Kind::Address => return Err(wrong()),
        Kind::Text
        | Kind::LongText
        | Kind::Select
        | Kind::AutoNumber
        | Kind::Rank
        | Kind::Actor
        | Kind::Formula
        | Kind::Rollup => Value::text(cell.text().ok_or_else(wrong)?),
    })
}

fn decode_address(at: usize, row: RowRef<'_>) -> Result<Value, Error> {
    let mut map = Map::new();
    for (offset, name) in ADDRESS_PARTS.iter().enumerate() {
        if let Some(text) = row.cell(at + offset)?.text() {
            map.insert((*name).to_owned(), Json::from(text));
        }
    }
    for (offset, name) in ["latitude", "longitude"].iter().enumerate() {
        if let Some(units) = row.cell(at + ADDRESS_PARTS.len() + offset)?.int() {
            map.insert((*name).to_owned(), Json::from(units as f64 / COORDINATE_SCALE as f64));
        }
    }
    Ok(Value::json(Json::Object(map)))
}

/// Writes a main column as JSON.
pub(crate) fn push_cell(out: &mut Vec<u8>, kind: Kind, cell: Cell<'_>) {
    match (kind, cell) {
        (_, Cell::Null) => out.extend_from_slice(b"null"),
        (Kind::Boolean, Cell::Int(value)) => out.extend_from_slice(if value != 0 { b"true" } else { b"false" }),
        (Kind::Decimal | Kind::Percent | Kind::Money, Cell::Int(value)) => json::push_scaled(out, value, 4),
        (Kind::Duration, Cell::Int(micros)) => json::push_scaled(out, micros, 6),
        (Kind::DateTime, Cell::Int(micros)) => json::push_instant(out, micros),
        (_, Cell::Bool(value)) => out.extend_from_slice(if value { b"true" } else { b"false" }),
        (_, Cell::Int(value)) => json::push_int(out, value),
        (_, Cell::Real(value)) => out.extend_from_slice(Json::from(value).to_string().as_bytes()),
        (_, Cell::Days(days)) => {
            out.push(b'"');
            json::push_date(out, days);
            out.push(b'"');
        }
        (_, Cell::Id(id)) => push_id(out, id),
        (_, Cell::Bytes(bytes)) => push_id(out, uuid::Uuid::from_slice(bytes).unwrap_or_default()),
        (_, Cell::Json(text)) => json::push_compact(out, text),
        (
            Kind::MultiSelect
            | Kind::Emails
            | Kind::Phones
            | Kind::Links
            | Kind::References
            | Kind::About
            | Kind::Files
            | Kind::Json,
            Cell::Text(text),
        ) => out.extend_from_slice(text),
        (_, Cell::Text(text)) => json::push_text(out, text),
    }
}

fn push_id(out: &mut Vec<u8>, id: uuid::Uuid) {
    let mut buffer = uuid::Uuid::encode_buffer();
    out.push(b'"');
    out.extend_from_slice(id.as_hyphenated().encode_lower(&mut buffer).as_bytes());
    out.push(b'"');
}

fn push_money(out: &mut Vec<u8>, amount: Cell<'_>, currency: Cell<'_>) {
    let (Cell::Int(amount), Cell::Text(currency)) = (amount, currency) else {
        return out.extend_from_slice(b"null");
    };
    out.extend_from_slice(b"{\"amount\":");
    json::push_scaled(out, amount, 4);
    out.extend_from_slice(b",\"currency\":");
    json::push_text(out, currency);
    out.push(b'}');
}

fn push_address(out: &mut Vec<u8>, at: usize, row: RowRef<'_>) -> Result<(), Error> {
    let start = out.len();
    let mut separator = b'{';
    for (offset, name) in ADDRESS_PARTS.iter().enumerate() {
        if let Cell::Text(text) = row.cell(at + offset)? {
            push_key(out, &mut separator, name);
            json::push_text(out, text);
        }
    }
    for (offset, name) in ["latitude", "longitude"].iter().enumerate() {
        if let Cell::Int(units) = row.cell(at + ADDRESS_PARTS.len() + offset)? {
            push_key(out, &mut separator, name);
            json::push_scaled(out, units, COORDINATE_SCALE.ilog10());
        }
    }
    out.extend_from_slice(if out.len() == start { b"null" } else { b"}" });
    Ok(())
}

fn push_key(out: &mut Vec<u8>, separator: &mut u8, name: &str) {
    out.push(*separator);
    *separator = b',';
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

/// The PostgreSQL type of a column, for `COPY`.
pub(crate) fn postgres_type(column_type: ColumnType) -> tokio_postgres::types::Type {
    use tokio_postgres::types::Type;
    match column_type {
        ColumnType::Bool => Type::BOOL,
        ColumnType::Int => Type::INT8,
        ColumnType::Text => Type::TEXT,
        ColumnType::Date => Type::DATE,
        ColumnType::Id => Type::UUID,
        ColumnType::Json => Type::JSONB,
    }
}
