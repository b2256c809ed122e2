//! Values as the cells of a table, and cells as a line of CSV.

use std::io::Write;

use model::kinds;
use model::{Kind, Record, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{TableColumn, Titles};
use crate::import::guard::guard;

/// The parts of an address and what their columns are called.
pub(super) const ADDRESS_LABELS: [(&str, &str); 5] = [
    ("street", "Street"),
    ("city", "City"),
    ("region", "Region"),
    ("postal_code", "Postal code"),
    ("country", "Country"),
];

/// The text of a cell, as people read it and import reads it back.
pub(super) fn cell(column: &TableColumn, record: &Record, titles: &Titles) -> String {
    let value = record.get(&column.field.name);
    if let Some(part) = column.part {
        let text = value.as_json().and_then(|json| json.get(part)).and_then(Json::as_str);
        return text.unwrap_or_default().to_owned();
    }
    match (column.field.kind, value) {
        (Kind::Reference | Kind::User, Value::Id(id)) => titles.get(id).cloned().unwrap_or_else(|| id.to_string()),
        (Kind::Actor, Value::Text(actor)) => {
            let title = actor.split_once(':').and_then(|(_, id)| titles.get(&Uuid::parse_str(id).ok()?));
            title.cloned().unwrap_or_else(|| actor.clone())
        }
        _ => kinds::to_text(&column.field, value),
    }
}

/// The text of a cell in CSV: guarded, unless it is a number that only looks like a formula.
pub(super) fn csv_cell(column: &TableColumn, record: &Record, titles: &Titles) -> String {
    let text = cell(column, record, titles);
    let is_number = matches!(
        column.field.value_kind(),
        Kind::Integer | Kind::Decimal | Kind::Percent | Kind::Rating | Kind::Duration
    );
    if is_number { text } else { guard(&text).into_owned() }
}

/// One line of RFC 4180: quotes where they are needed, CRLF at the end.
pub(super) fn write_csv_row(out: &mut impl Write, cells: impl Iterator<Item = impl AsRef<str>>) -> anyhow::Result<()> {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        let cell = cell.as_ref();
        // A lone empty cell in quotes keeps its line from looking empty; `;` and tabs mislead guessing readers.
        let quoted =
            cell.contains([',', '"', '\n', '\r', ';', '\t', '|']) || cell.starts_with(' ') || cell.ends_with(' ');
        if quoted {
            out.write_all(b"\"")?;
            out.write_all(cell.replace('"', "\"\"").as_bytes())?;
            out.write_all(b"\"")?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    Ok(out.write_all(b"\r\n")?)
}
