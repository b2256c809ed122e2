//! Fields as columns: which column of which row, and how entries of lists are taken apart.

use model::Kind;
use model::column::{ADDRESS_PARTS, COORDINATE_SCALE};
use model::expr::{FieldRef, Part, Type};
use model::value::SCALE;

use super::Compiler;

impl Compiler<'_> {
    /// The value as it is kept; NULL exactly when there is none. Not for a whole address.
    pub(super) fn raw(&mut self, field: &FieldRef) {
        match &field.part {
            Part::Whole if field.kind == Kind::Address => self.any_part(field),
            Part::Whole | Part::Amount => self.column(field, &field.field),
            Part::Primary => self.primary(field),
            Part::Currency => self.column(field, &format!("{}__currency", field.field)),
            Part::Address(part) | Part::Coordinate(part) => {
                self.column(field, &format!("{}__{part}", field.field));
            }
            Part::Member(member) => self.member_text(field, member),
            Part::EntryText(part) => self.entry_text(field, part),
            Part::EntryFlag(part) => self.entry_cast(field, part, "boolean"),
            Part::EntryNumber(part) => self.entry_cast(field, part, "bigint"),
            Part::EntryId(part) => self.entry_id(field, part),
        }
    }

    /// The folded key.
    pub(super) fn key_column(&mut self, field: &FieldRef) {
        match &field.part {
            Part::Whole | Part::Primary => self.column(field, &format!("{}__key", field.field)),
            Part::Address(part) if part != "country" => {
                self.column(field, &format!("{}__{part}__key", field.field));
            }
            _ => self.raw(field),
        }
    }

    /// The exact whole number: of money its amount in the base currency.
    pub(super) fn number_column(&mut self, field: &FieldRef) {
        match (&field.part, field.kind) {
            (Part::Whole, Kind::Money) => self.column(field, &format!("{}__base", field.field)),
            _ => self.raw(field),
        }
    }

    /// The double.
    pub(super) fn float_column(&mut self, field: &FieldRef) {
        let divisor = match (&field.part, field.kind) {
            (Part::Coordinate(_), _) => Some(COORDINATE_SCALE),
            (Part::Amount, _) => Some(SCALE),
            (Part::Whole, kind) if kind.is_scaled() => Some(SCALE),
            _ => None,
        };
        if field.result_type() == Type::Date {
            let is_postgres = self.sql.is_postgres();
            self.push(if is_postgres { "CAST((" } else { "CAST(unixepoch(" });
            self.raw(field);
            return self.push(if is_postgres {
                " - DATE '1970-01-01') AS double precision)"
            } else {
                ") / 86400 AS double precision)"
            });
        }
        self.push(if divisor.is_some() { "(CAST(" } else { "CAST(" });
        self.number_column(field);
        self.push(" AS double precision)");
        if let Some(divisor) = divisor {
            self.push(&format!(" / {divisor}.0)"));
        }
    }

    /// Whether any part of an address is there.
    pub(super) fn any_part(&mut self, field: &FieldRef) {
        self.push("COALESCE(");
        for part in ADDRESS_PARTS {
            self.column(field, &format!("{}__{part}", field.field));
            self.push(", ");
        }
        for part in ["latitude", "longitude"] {
            self.push("CAST(");
            self.column(field, &format!("{}__{part}", field.field));
            self.push(if part == "latitude" { " AS text), " } else { " AS text))" });
        }
    }

    /// A column of the row, or of the row that references lead to.
    fn column(&mut self, field: &FieldRef, column: &str) {
        if field.hops.is_empty() {
            let alias = self.alias(field.scope);
            self.sql.column(&alias, column);
            return;
        }
        let start = self.sql.text.len();
        // The column stands before the tables whose aliases it needs, so it is written last and moved.
        self.target_rows(field.scope, &field.hops);
        let rows = self.sql.text.split_off(start);
        let alias = self.frames.pop().unwrap_or_default();
        self.sql.push("(SELECT ").column(&alias, column).push(&rows).push(")");
    }

    /// The entries of a list field as a table with the column `value`.
    pub(super) fn entries(&mut self, owner: &str, field: &str, kind: Kind, alias: &str) {
        let function = match (self.sql.is_postgres(), kind) {
            (false, _) => "json_each(",
            (true, Kind::MultiSelect) => "jsonb_array_elements_text(",
            (true, _) => "jsonb_array_elements(",
        };
        self.sql.push(function).column(owner, field).push(&format!(") {alias}"));
        if self.sql.is_postgres() {
            self.push("(value)");
        }
    }

    fn primary(&mut self, field: &FieldRef) {
        if self.sql.is_postgres() {
            self.push("(");
            self.column(field, &field.field);
            self.push("->0->>'value') COLLATE \"C\"");
        } else {
            self.push("json_extract(");
            self.column(field, &field.field);
            self.push(", '$[0].value')");
        }
    }

    /// A text of a JSON object; other types of values count as missing.
    fn member_text(&mut self, field: &FieldRef, member: &str) {
        if !is_word(member) {
            return self.push("CAST(NULL AS text)");
        }
        let (test, get, end) = if self.sql.is_postgres() {
            (
                "NULLIF(CASE jsonb_typeof(",
                format!("->'{member}') WHEN 'string' THEN "),
                format!("->>'{member}' END, '') COLLATE \"C\""),
            )
        } else {
            (
                "NULLIF(CASE json_type(",
                format!(", '$.\"{member}\"') WHEN 'text' THEN json_extract("),
                format!(", '$.\"{member}\"') END, '')"),
            )
        };
        self.push(test);
        self.column(field, &field.field);
        self.push(&get);
        self.column(field, &field.field);
        self.push(&end);
    }

    fn entry_text(&mut self, field: &FieldRef, part: &str) {
        let alias = self.alias(field.scope);
        let value = self.entry_part(&alias, part);
        let collate = if self.sql.is_postgres() { " COLLATE \"C\"" } else { "" };
        self.push(&format!("NULLIF({value}, ''){collate}"));
    }

    fn entry_cast(&mut self, field: &FieldRef, part: &str, sql_type: &str) {
        let alias = self.alias(field.scope);
        let value = self.entry_part(&alias, part);
        self.push(&if self.sql.is_postgres() { format!("CAST({value} AS {sql_type})") } else { value });
    }

    fn entry_id(&mut self, field: &FieldRef, part: &str) {
        let alias = self.alias(field.scope);
        let value = self.entry_part(&alias, part);
        self.push(&if self.sql.is_postgres() {
            format!("CAST({value} AS uuid)")
        } else {
            format!("unhex(replace({value}, '-', ''))")
        });
    }

    /// The entry itself, or a part of it as text.
    fn entry_part(&self, alias: &str, part: &str) -> String {
        match (part, self.sql.is_postgres()) {
            ("", _) => format!("{alias}.value"),
            (part, true) => format!("({alias}.value->>'{part}')"),
            (part, false) => format!("json_extract({alias}.value, '$.{part}')"),
        }
    }
}

/// Whether a name can stand in a JSON path as it is.
fn is_word(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
