//! The SQL columns a field is kept in, the same on every database.

use crate::field::{Field, Kind};

/// The native type of a column; a store maps it to its dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// 0 or 1; BOOLEAN.
    Bool,
    /// 64-bit integer.
    Int,
    /// Text in binary collation.
    Text,
    /// A calendar day: ISO text on SQLite, DATE on PostgreSQL.
    Date,
    /// A 128-bit id: BLOB on SQLite, UUID on PostgreSQL.
    Id,
    /// JSON: TEXT on SQLite, JSONB on PostgreSQL.
    Json,
}

/// One column of a record's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name in SQL: the field's name, or `field__part`.
    pub name: String,
    /// Native type.
    pub column_type: ColumnType,
}

/// The text parts of an address, in order; each has a folded key column except `country`.
pub const ADDRESS_PARTS: [&str; 5] = ["street", "city", "region", "postal_code", "country"];

/// Latitude and longitude are kept in units of 1/COORDINATE_SCALE degree (about 0.1 m).
pub const COORDINATE_SCALE: i64 = 1_000_000;

impl Field {
    /// The type of the main column, or `None` for an address, which has only parts.
    pub fn column_type(&self) -> Option<ColumnType> {
        Some(match self.value_kind() {
            Kind::Text | Kind::LongText | Kind::Select | Kind::AutoNumber | Kind::Rank | Kind::Actor => {
                ColumnType::Text
            }
            Kind::Integer
            | Kind::Decimal
            | Kind::Percent
            | Kind::Money
            | Kind::DateTime
            | Kind::Duration
            | Kind::Rating => ColumnType::Int,
            Kind::Boolean => ColumnType::Bool,
            Kind::Date => ColumnType::Date,
            Kind::Reference | Kind::User => ColumnType::Id,
            Kind::MultiSelect
            | Kind::Emails
            | Kind::Phones
            | Kind::Links
            | Kind::References
            | Kind::About
            | Kind::Files
            | Kind::Json => ColumnType::Json,
            Kind::Address => return None,
            Kind::Formula | Kind::Rollup => ColumnType::Text,
        })
    }

    /// Whether a folded key column `name__key` stands beside the main column: texts (folded text) and lists of
    /// e-mails, phones and links (folded primary value).
    pub fn has_key(&self) -> bool {
        matches!(
            self.value_kind(),
            Kind::Text | Kind::LongText | Kind::AutoNumber | Kind::Emails | Kind::Phones | Kind::Links
        )
    }

    /// Every column of the field, in a stable order. The main column comes first.
    pub fn columns(&self) -> Vec<Column> {
        let column = |name: String, column_type| Column { name, column_type };
        let mut columns = Vec::new();
        if let Some(column_type) = self.column_type() {
            columns.push(column(self.name.clone(), column_type));
        }
        if self.has_key() {
            columns.push(column(format!("{}__key", self.name), ColumnType::Text));
        }
        match self.value_kind() {
            Kind::Money => {
                columns.push(column(format!("{}__currency", self.name), ColumnType::Text));
                columns.push(column(format!("{}__base", self.name), ColumnType::Int));
            }
            Kind::Address => {
                for part in ADDRESS_PARTS {
                    columns.push(column(format!("{}__{part}", self.name), ColumnType::Text));
                    if part != "country" {
                        columns.push(column(format!("{}__{part}__key", self.name), ColumnType::Text));
                    }
                }
                columns.push(column(format!("{}__latitude", self.name), ColumnType::Int));
                columns.push(column(format!("{}__longitude", self.name), ColumnType::Int));
            }
            _ => {}
        }
        columns
    }

    /// The column that lists sort and ranges compare on.
    pub fn sort_column(&self) -> String {
        match self.value_kind() {
            Kind::Money => format!("{}__base", self.name),
            Kind::Address => format!("{}__city__key", self.name),
            _ if self.has_key() => format!("{}__key", self.name),
            _ => self.name.clone(),
        }
    }
}
