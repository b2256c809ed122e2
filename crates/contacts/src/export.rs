//! Export: records as CSV, Excel workbook, vCard or JSON Lines, written as they are read, in constant memory.

mod rows;
mod run;
mod vcard;
mod xlsx;

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use model::{Code, Field, Kind, Object, Problem, Record};
use uuid::Uuid;

pub use run::{Wanted, run};

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// RFC 4180, UTF-8, guarded against formula injection.
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// vCard 4.0; people and companies only.
    Vcard,
    /// One JSON object per line.
    Jsonl,
}

impl ExportFormat {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Xlsx, Self::Vcard, Self::Jsonl];

    /// Whether records of an object can be written so.
    pub fn suits(self, object: &Object) -> bool {
        self != Self::Vcard || ["person", "company"].contains(&object.name.as_str())
    }

    /// `csv`, `xlsx`, `vcf` or `jsonl`.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "csv" => Self::Csv,
            "xlsx" => Self::Xlsx,
            "vcf" => Self::Vcard,
            "jsonl" => Self::Jsonl,
            _ => return None,
        })
    }

    /// Ending of file names.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Vcard => "vcf",
            Self::Jsonl => "jsonl",
        }
    }

    /// Media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Vcard => "text/vcard; charset=utf-8",
            Self::Jsonl => "application/jsonl",
        }
    }
}

/// Titles of the records that others refer to.
pub type Titles = HashMap<Uuid, String>;

/// One column of a table: a field, or one part of an address.
#[derive(Debug, Clone)]
struct TableColumn {
    header: String,
    field: Field,
    part: Option<&'static str>,
}

/// Writes records one by one; [`Writer::finish`] ends the file.
pub struct Writer<W: Write + Send> {
    out: W,
    object: Arc<Object>,
    columns: Vec<TableColumn>,
    form: Form,
}

enum Form {
    Csv,
    Xlsx(Box<xlsx::Sheets>),
    Vcard,
    Jsonl,
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file. `fields` are the fields to write, in order; empty for all.
    ///
    /// # Errors
    /// vCard of something that is neither a person nor a company; an output that fails.
    pub fn new(mut out: W, format: ExportFormat, object: Arc<Object>, fields: &[String]) -> anyhow::Result<Self> {
        let columns = table_columns(&object, fields);
        let form = match format {
            ExportFormat::Csv => {
                let headers: Vec<&str> = columns.iter().map(|column| column.header.as_str()).collect();
                // Excel reads UTF-8 only behind a byte order mark.
                out.write_all("\u{feff}".as_bytes())?;
                rows::write_csv_row(&mut out, std::iter::once("id").chain(headers))?;
                Form::Csv
            }
            ExportFormat::Xlsx => Form::Xlsx(Box::new(xlsx::Sheets::new(&columns)?)),
            ExportFormat::Vcard if format.suits(&object) => Form::Vcard,
            ExportFormat::Vcard => {
                let detail =
                    format!("{} cannot be written as vCards; only people and companies can.", object.label_plural);
                return Err(Problem::new(Code::BadRequest, detail).into());
            }
            ExportFormat::Jsonl => Form::Jsonl,
        };
        Ok(Self { out, object, columns, form })
    }

    /// Writes one record. `titles` name the records it refers to.
    ///
    /// # Errors
    /// An output that fails.
    pub fn write(&mut self, record: &Record, titles: &Titles) -> anyhow::Result<()> {
        match &mut self.form {
            Form::Csv => {
                let id = record.id.to_string();
                let cells = self.columns.iter().map(|column| rows::csv_cell(column, record, titles));
                rows::write_csv_row(&mut self.out, std::iter::once(id).chain(cells))
            }
            Form::Xlsx(sheets) => sheets.write(&self.columns, record, titles),
            Form::Vcard => vcard::write(&mut self.out, &self.object, record, titles),
            Form::Jsonl => {
                serde_json::to_writer(&mut self.out, &record.to_json())?;
                Ok(self.out.write_all(b"\n")?)
            }
        }
    }

    /// Ends the file and gives the output back.
    ///
    /// # Errors
    /// An output that fails.
    pub fn finish(mut self) -> anyhow::Result<W> {
        if let Form::Xlsx(sheets) = self.form {
            sheets.save(&mut self.out)?;
        }
        self.out.flush()?;
        Ok(self.out)
    }
}

/// The columns of a table: hidden fields are left out, an address has a column per part.
fn table_columns(object: &Object, fields: &[String]) -> Vec<TableColumn> {
    let wanted: Vec<&Field> = if fields.is_empty() {
        object.fields.iter().filter(|field| !field.hidden && field.name != "deleted_at").collect()
    } else {
        fields.iter().filter_map(|name| object.find_field(name)).collect()
    };
    let mut columns: Vec<TableColumn> = Vec::new();
    for field in wanted {
        // Two fields of one label are told apart by their names.
        let twice = columns.iter().any(|column| column.field.label == field.label);
        let header = if twice { field.name.clone() } else { field.label.clone() };
        if field.kind == Kind::Address {
            for (part, label) in rows::ADDRESS_LABELS {
                let header = format!("{header} - {label}");
                columns.push(TableColumn { header, field: field.clone(), part: Some(part) });
            }
        } else {
            columns.push(TableColumn { header, field: field.clone(), part: None });
        }
    }
    columns
}
