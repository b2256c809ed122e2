//! Values on the wire: how [`Val`] is bound and how columns are read, on both drivers.

use std::error::Error as StdError;
use std::rc::Rc;

use bytes::{BufMut, BytesMut};
use jiff::civil::Date;
use rusqlite::types::{ToSqlOutput, Value as SqliteValue, ValueRef};
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type};
use uuid::Uuid;

use crate::error::{Error, failure};
use crate::json::{civil_from_days, days_from_civil};
use crate::sql::Val;

/// Days between 1970-01-01 and 2000-01-01, where PostgreSQL's dates start.
const POSTGRES_EPOCH_DAYS: i64 = 10_957;

impl rusqlite::ToSql for Val {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let borrowed = |value| Ok(ToSqlOutput::Borrowed(value));
        match self {
            Self::Null => borrowed(ValueRef::Null),
            Self::Bool(value) => borrowed(ValueRef::Integer(i64::from(*value))),
            Self::Int(value) => borrowed(ValueRef::Integer(*value)),
            Self::Real(value) => borrowed(ValueRef::Real(*value)),
            Self::Text(text) | Self::Json(text) => borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => borrowed(ValueRef::Blob(bytes)),
            Self::Id(id) => borrowed(ValueRef::Blob(id.as_bytes())),
            Self::Date(date) => Ok(ToSqlOutput::Owned(SqliteValue::Text(date.to_string()))),
            Self::Ids(list) => Ok(array(list.iter().map(|id| SqliteValue::Blob(id.as_bytes().to_vec())))),
            Self::Texts(list) => Ok(array(list.iter().map(|text| SqliteValue::Text(text.clone())))),
            Self::Ints(list) => Ok(array(list.iter().map(|value| SqliteValue::Integer(*value)))),
            Self::Reals(list) => Ok(array(list.iter().map(|value| SqliteValue::Real(*value)))),
        }
    }
}

fn array(values: impl Iterator<Item = SqliteValue>) -> ToSqlOutput<'static> {
    ToSqlOutput::from_rc(Rc::new(values.collect::<Vec<SqliteValue>>()), c"rarray")
}

impl ToSql for Val {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Bool(value) => return value.to_sql(ty, out),
            Self::Int(value) => match *ty {
                Type::INT4 => return i32::try_from(*value)?.to_sql(ty, out),
                Type::INT2 => return i16::try_from(*value)?.to_sql(ty, out),
                Type::FLOAT8 => out.put_f64(*value as f64),
                _ => out.put_i64(*value),
            },
            Self::Real(value) => out.put_f64(*value),
            Self::Text(text) => out.put_slice(text.as_bytes()),
            Self::Bytes(bytes) => out.put_slice(bytes),
            Self::Id(id) => out.put_slice(id.as_bytes()),
            Self::Date(date) => out.put_i32(i32::try_from(days_of(*date) - POSTGRES_EPOCH_DAYS)?),
            Self::Json(text) => {
                if *ty == Type::JSONB {
                    out.put_u8(1);
                }
                out.put_slice(text.as_bytes());
            }
            Self::Ids(list) => put_array(out, Type::UUID, list, |id, out| out.put_slice(id.as_bytes()))?,
            Self::Texts(list) => put_array(out, Type::TEXT, list, |text, out| out.put_slice(text.as_bytes()))?,
            Self::Ints(list) => put_array(out, Type::INT8, list, |value, out| out.put_i64(*value))?,
            Self::Reals(list) => put_array(out, Type::FLOAT8, list, |value, out| out.put_f64(*value))?,
        }
        Ok(IsNull::No)
    }

    fn accepts(_ty: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

/// A one-dimensional array in PostgreSQL's binary form.
fn put_array<T>(
    out: &mut BytesMut,
    element: Type,
    list: &[T],
    put: impl Fn(&T, &mut BytesMut),
) -> Result<(), Box<dyn StdError + Sync + Send>> {
    out.put_i32(i32::from(!list.is_empty()));
    out.put_i32(0);
    out.put_u32(element.oid());
    if list.is_empty() {
        return Ok(());
    }
    out.put_i32(i32::try_from(list.len())?);
    out.put_i32(1);
    let mut one = BytesMut::new();
    for value in list {
        one.clear();
        put(value, &mut one);
        out.put_i32(i32::try_from(one.len())?);
        out.put_slice(&one);
    }
    Ok(())
}

/// Days since 1970-01-01.
pub(crate) fn days_of(date: Date) -> i64 {
    days_from_civil(i64::from(date.year()), i64::from(date.month()), i64::from(date.day()))
}

/// The date of a number of days since 1970-01-01.
pub(crate) fn date_of(days: i64) -> Option<Date> {
    let (year, month, day) = civil_from_days(days);
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// One column of one row, not yet decoded: it borrows from the driver's buffer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(&'a [u8]),
    Bytes(&'a [u8]),
    Id(Uuid),
    /// Days since 1970-01-01.
    Days(i64),
    Json(&'a [u8]),
}

impl<'a> Cell<'a> {
    /// The integer, also of a truth value.
    pub(crate) fn int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::Bool(value) => Some(i64::from(*value)),
            _ => None,
        }
    }

    /// The id of a UUID or a BLOB of 16 bytes.
    pub(crate) fn id(&self) -> Option<Uuid> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Bytes(bytes) => Uuid::from_slice(bytes).ok(),
            _ => None,
        }
    }

    /// The text of a text or JSON column.
    pub(crate) fn text(&self) -> Option<&'a str> {
        match self {
            Self::Text(bytes) | Self::Json(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    /// An owned copy.
    pub(crate) fn to_val(self) -> Val {
        match self {
            Self::Null => Val::Null,
            Self::Bool(value) => Val::Bool(value),
            Self::Int(value) => Val::Int(value),
            Self::Real(value) => Val::Real(value),
            Self::Text(bytes) => Val::Text(String::from_utf8_lossy(bytes).into_owned()),
            Self::Bytes(bytes) => Val::Bytes(bytes.to_vec()),
            Self::Id(id) => Val::Id(id),
            Self::Days(days) => date_of(days).map_or(Val::Null, Val::Date),
            Self::Json(bytes) => Val::Json(String::from_utf8_lossy(bytes).into_owned()),
        }
    }
}

impl<'a> From<ValueRef<'a>> for Cell<'a> {
    fn from(value: ValueRef<'a>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(value) => Self::Int(value),
            ValueRef::Real(value) => Self::Real(value),
            ValueRef::Text(bytes) => Self::Text(bytes),
            ValueRef::Blob(bytes) => Self::Bytes(bytes),
        }
    }
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *ty {
            Type::BOOL => Self::Bool(raw.first().is_some_and(|byte| *byte != 0)),
            Type::INT8 => Self::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Self::Int(i64::from(i32::from_be_bytes(raw.try_into()?))),
            Type::INT2 => Self::Int(i64::from(i16::from_be_bytes(raw.try_into()?))),
            Type::FLOAT8 => Self::Real(f64::from_be_bytes(raw.try_into()?)),
            Type::FLOAT4 => Self::Real(f64::from(f32::from_be_bytes(raw.try_into()?))),
            Type::UUID => Self::Id(Uuid::from_slice(raw)?),
            Type::DATE => Self::Days(i64::from(i32::from_be_bytes(raw.try_into()?)) + POSTGRES_EPOCH_DAYS),
            Type::JSONB => Self::Json(raw.get(1..).unwrap_or_default()),
            Type::JSON => Self::Json(raw),
            Type::BYTEA => Self::Bytes(raw),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::BPCHAR | Type::UNKNOWN => Self::Text(raw),
            _ => return Err(format!("a column of type {} has no counterpart", ty.name()).into()),
        })
    }

    fn from_sql_null(_ty: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Simple)
    }
}

/// The row a statement stands on.
#[derive(Clone, Copy)]
pub(crate) enum RowRef<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl<'a> RowRef<'a> {
    /// Column `at`, not yet decoded.
    #[inline]
    pub(crate) fn cell(&self, at: usize) -> Result<Cell<'a>, Error> {
        match self {
            Self::Sqlite(row) => Ok(Cell::from(row.get_ref(at).map_err(anyhow::Error::from)?)),
            Self::Postgres(row) => Ok(row.try_get::<_, Cell<'a>>(at).map_err(anyhow::Error::from)?),
        }
    }

    /// An integer column that is never NULL.
    pub(crate) fn int(&self, at: usize) -> Result<i64, Error> {
        self.cell(at)?.int().ok_or_else(|| failure(format_args!("column {at} is no integer")))
    }

    /// An id column that is never NULL.
    pub(crate) fn id(&self, at: usize) -> Result<Uuid, Error> {
        self.cell(at)?.id().ok_or_else(|| failure(format_args!("column {at} is no id")))
    }

    /// A text column; empty when NULL.
    pub(crate) fn text(&self, at: usize) -> Result<&'a str, Error> {
        Ok(self.cell(at)?.text().unwrap_or_default())
    }
}

/// One row of [`crate::Tx::query`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// The columns, in order.
    pub values: Vec<Val>,
}

impl Row {
    /// All columns of a row.
    pub(crate) fn read(row: RowRef<'_>) -> Result<Self, Error> {
        let columns = match row {
            RowRef::Sqlite(row) => row.as_ref().column_count(),
            RowRef::Postgres(row) => row.len(),
        };
        let values = (0..columns).map(|at| Ok(row.cell(at)?.to_val())).collect::<Result<_, Error>>()?;
        Ok(Self { values })
    }

    fn value(&self, at: usize) -> &Val {
        self.values.get(at).unwrap_or(&Val::Null)
    }

    fn found<T>(&self, at: usize, value: Option<T>, what: &str) -> Result<T, Error> {
        value.ok_or_else(|| failure(format_args!("column {at} is no {what}: {:?}", self.value(at))))
    }

    /// An integer, also of a truth value.
    pub fn int(&self, at: usize) -> Result<i64, Error> {
        self.found(at, self.int_or_none(at), "integer")
    }

    /// An integer, or `None` when it is NULL.
    pub fn int_or_none(&self, at: usize) -> Option<i64> {
        match self.value(at) {
            Val::Int(value) => Some(*value),
            Val::Bool(value) => Some(i64::from(*value)),
            _ => None,
        }
    }

    /// A double, also of an integer.
    pub fn real(&self, at: usize) -> Result<f64, Error> {
        match self.value(at) {
            Val::Real(value) => Ok(*value),
            _ => self.int(at).map(|value| value as f64),
        }
    }

    /// A truth value.
    pub fn bool(&self, at: usize) -> Result<bool, Error> {
        self.int(at).map(|value| value != 0)
    }

    /// Text, also of a JSON column.
    pub fn text(&self, at: usize) -> Result<String, Error> {
        self.found(at, self.text_or_none(at)?, "text")
    }

    /// Text, or `None` when it is NULL.
    pub fn text_or_none(&self, at: usize) -> Result<Option<String>, Error> {
        match self.value(at) {
            Val::Text(text) | Val::Json(text) => Ok(Some(text.clone())),
            Val::Null => Ok(None),
            other => Err(failure(format_args!("column {at} is no text: {other:?}"))),
        }
    }

    /// An id.
    pub fn id(&self, at: usize) -> Result<Uuid, Error> {
        self.found(at, self.id_or_none(at), "id")
    }

    /// An id, or `None` when it is NULL.
    pub fn id_or_none(&self, at: usize) -> Option<Uuid> {
        match self.value(at) {
            Val::Id(id) => Some(*id),
            Val::Bytes(bytes) => Uuid::from_slice(bytes).ok(),
            _ => None,
        }
    }

    /// Bytes, or `None` when it is NULL.
    pub fn bytes_or_none(&self, at: usize) -> Result<Option<Vec<u8>>, Error> {
        if matches!(self.value(at), Val::Null) { Ok(None) } else { self.bytes(at).map(Some) }
    }

    /// Bytes, also of an id.
    pub fn bytes(&self, at: usize) -> Result<Vec<u8>, Error> {
        match self.value(at) {
            Val::Bytes(bytes) => Ok(bytes.clone()),
            Val::Id(id) => Ok(id.as_bytes().to_vec()),
            other => Err(failure(format_args!("column {at} is no bytes: {other:?}"))),
        }
    }
}
