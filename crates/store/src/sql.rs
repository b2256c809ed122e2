//! SQL text and its parameters: the small vocabulary in which both dialects are written.

use std::fmt::Write as _;

use jiff::civil::Date;
use model::{Column, ColumnType, Field, Kind, Object};
use uuid::Uuid;

/// The database a statement is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite: one file.
    Sqlite,
    /// PostgreSQL: one schema.
    Postgres,
}

/// A value on its way to or from the database.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Val {
    /// NULL.
    #[default]
    Null,
    /// BOOLEAN; 0 or 1 on SQLite.
    Bool(bool),
    /// 64-bit integer.
    Int(i64),
    /// IEEE double.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes: BLOB or BYTEA.
    Bytes(Vec<u8>),
    /// An id: BLOB of 16 bytes or UUID.
    Id(Uuid),
    /// A calendar day: ISO text or DATE.
    Date(Date),
    /// JSON text: TEXT or JSONB.
    Json(String),
    /// A list of ids, for [`SqlWriter::in_list`].
    Ids(Vec<Uuid>),
    /// A list of texts, for [`SqlWriter::in_list`].
    Texts(Vec<String>),
    /// A list of integers, for [`SqlWriter::in_list`].
    Ints(Vec<i64>),
    /// A list of doubles, for [`SqlWriter::in_list`].
    Reals(Vec<f64>),
}

impl Val {
    /// Text, or NULL.
    pub fn text_or_null(text: Option<&str>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text.to_owned()))
    }

    /// An integer, or NULL.
    pub fn int_or_null(value: Option<i64>) -> Self {
        value.map_or(Self::Null, Self::Int)
    }

    /// An id, or NULL.
    pub fn id_or_null(id: Option<Uuid>) -> Self {
        id.map_or(Self::Null, Self::Id)
    }

    /// The PostgreSQL type that a parameter of this value is cast to; empty for NULL, whose place decides.
    pub(crate) fn postgres_type(&self) -> &'static str {
        match self {
            Self::Null => "",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int8",
            Self::Real(_) => "float8",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytea",
            Self::Id(_) => "uuid",
            Self::Date(_) => "date",
            Self::Json(_) => "jsonb",
            Self::Ids(_) => "uuid[]",
            Self::Texts(_) => "text[]",
            Self::Ints(_) => "int8[]",
            Self::Reals(_) => "float8[]",
        }
    }
}

macro_rules! val_from {
    ($($from:ty => $variant:ident),* $(,)?) => {
        $(impl From<$from> for Val {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}

val_from!(bool => Bool, i64 => Int, f64 => Real, String => Text, &str => Text, Uuid => Id, Date => Date, Vec<u8> => Bytes);

/// A statement being written: text and parameters together, so that no value ever becomes text.
#[derive(Debug, Clone)]
pub struct SqlWriter {
    /// Whose SQL this is.
    pub dialect: Dialect,
    /// The statement so far.
    pub text: String,
    /// Its parameters so far.
    pub params: Vec<Val>,
    schema: String,
    aliases: usize,
}

impl SqlWriter {
    /// An empty statement. `schema` is the PostgreSQL schema (unused on SQLite).
    pub fn new(dialect: Dialect, schema: &str) -> Self {
        Self { dialect, text: String::with_capacity(256), params: Vec::new(), schema: schema.to_owned(), aliases: 0 }
    }

    /// Whether this is PostgreSQL's dialect.
    pub fn is_postgres(&self) -> bool {
        self.dialect == Dialect::Postgres
    }

    /// Appends SQL text. Never give it anything a user wrote.
    pub fn push(&mut self, sql: &str) -> &mut Self {
        self.text.push_str(sql);
        self
    }

    /// Appends a quoted identifier.
    pub fn ident(&mut self, name: &str) -> &mut Self {
        quote_into(&mut self.text, name);
        self
    }

    /// Appends `alias."name"`.
    pub fn column(&mut self, alias: &str, name: &str) -> &mut Self {
        if !alias.is_empty() {
            self.text.push_str(alias);
            self.text.push('.');
        }
        self.ident(name)
    }

    /// Appends a table's name, qualified by its schema on PostgreSQL.
    pub fn table(&mut self, table: &str) -> &mut Self {
        if self.is_postgres() {
            quote_into(&mut self.text, &self.schema);
            self.text.push('.');
        }
        self.ident(table)
    }

    /// Appends a placeholder and keeps its value. On PostgreSQL it is cast, so that its type never depends on
    /// the place.
    pub fn param(&mut self, value: impl Into<Val>) -> &mut Self {
        let value = value.into();
        let number = self.params.len() + 1;
        push_placeholder(&mut self.text, self.dialect, number, &value);
        self.params.push(value);
        self
    }

    /// Appends ` IN (…)` of a list value ([`Val::Ids`], [`Val::Texts`], [`Val::Ints`], [`Val::Reals`]): one parameter
    /// whatever its length, so that the statement's text stays the same.
    pub fn in_list(&mut self, list: Val) -> &mut Self {
        if self.is_postgres() {
            self.push(" = ANY(").param(list).push(")")
        } else {
            self.push(" IN (SELECT value FROM rarray(").param(list).push("))")
        }
    }

    /// Appends ` LIMIT n`, as a number in the text: PostgreSQL's planner takes an unknown limit for a tenth of the table,
    /// SQLite's for no limit at all. There are few limits, so there are few texts.
    pub fn limit(&mut self, rows: usize) -> &mut Self {
        self.push(" LIMIT ").push(&i64::try_from(rows).unwrap_or(i64::MAX).to_string())
    }

    /// A table alias that is new in this statement: `t1`, `t2` …
    pub fn new_alias(&mut self) -> String {
        self.aliases += 1;
        format!("t{}", self.aliases)
    }
}

/// `?3` or `$3::int8`.
pub(crate) fn push_placeholder(text: &mut String, dialect: Dialect, number: usize, value: &Val) {
    let written = match (dialect, value.postgres_type()) {
        (Dialect::Sqlite, _) => write!(text, "?{number}"),
        (Dialect::Postgres, "") => write!(text, "${number}"),
        (Dialect::Postgres, cast) => write!(text, "${number}::{cast}"),
    };
    debug_assert!(written.is_ok(), "writing to a String does not fail");
}

/// Appends `"name"` with quotes doubled.
pub(crate) fn quote_into(text: &mut String, name: &str) {
    text.push('"');
    for c in name.chars() {
        if c == '"' {
            text.push('"');
        }
        text.push(c);
    }
    text.push('"');
}

/// The name of a system table: an underscore in front, so that no object of a user can take its place.
pub fn system_table(name: &str) -> String {
    format!("_{name}")
}

/// The table that keeps one row per target of a `references` or `about` field, beside the field's JSON column:
/// columns `record`, `target` and, for `about`, `target_object`. Primary key (record, target), index (target, record).
pub fn link_table(object: &Object, field: &Field) -> Option<String> {
    matches!(field.kind, Kind::References | Kind::About).then(|| format!("{}__{}", object.plural, field.name))
}

/// The native type of a column.
pub(crate) fn native_type(dialect: Dialect, column: &Column) -> &'static str {
    match (dialect, column.column_type) {
        (Dialect::Sqlite, ColumnType::Bool | ColumnType::Int) => "INTEGER",
        (Dialect::Sqlite, ColumnType::Text | ColumnType::Date | ColumnType::Json) => "TEXT",
        (Dialect::Sqlite, ColumnType::Id) => "BLOB",
        (Dialect::Postgres, ColumnType::Bool) => "boolean",
        (Dialect::Postgres, ColumnType::Int) => "bigint",
        (Dialect::Postgres, ColumnType::Text) => "text COLLATE \"C\"",
        (Dialect::Postgres, ColumnType::Date) => "date",
        (Dialect::Postgres, ColumnType::Id) => "uuid",
        (Dialect::Postgres, ColumnType::Json) => "jsonb",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_both_dialects() {
        let write = |dialect| {
            let mut sql = SqlWriter::new(dialect, "acme");
            sql.push("SELECT 1 FROM ").table("people").push(" p WHERE ").column("p", "a\"b").push(" = ").param(5i64);
            sql.push(" AND ").column("p", "id").in_list(Val::Ids(vec![]));
            sql.text
        };
        assert_eq!(
            write(Dialect::Sqlite),
            r#"SELECT 1 FROM "people" p WHERE p."a""b" = ?1 AND p."id" IN (SELECT value FROM rarray(?2))"#
        );
        assert_eq!(
            write(Dialect::Postgres),
            r#"SELECT 1 FROM "acme"."people" p WHERE p."a""b" = $1::int8 AND p."id" = ANY($2::uuid[])"#
        );
    }
}
