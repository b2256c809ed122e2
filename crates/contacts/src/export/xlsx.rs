//! Excel workbooks: texts are typed as texts, so that no cell is ever a formula; rows go to disk as they come.

use std::io::Write;

use model::{Kind, Record, Value};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::rows::cell;
use super::{TableColumn, Titles};

/// Excel's own limits.
const ROWS_MAX: u32 = 1_048_576;
const CELL_CHARS_MAX: usize = 32_767;

/// A workbook with as many sheets as its rows need.
pub(super) struct Sheets {
    book: Workbook,
    current: Worksheet,
    headers: Vec<String>,
    row: u32,
    bold: Format,
    day: Format,
}

impl Sheets {
    pub(super) fn new(columns: &[TableColumn]) -> anyhow::Result<Self> {
        let mut book = Workbook::new();
        let current = book.new_worksheet_with_constant_memory()?;
        let headers =
            std::iter::once("id".to_owned()).chain(columns.iter().map(|column| column.header.clone())).collect();
        let mut sheets = Self {
            book,
            current,
            headers,
            row: 0,
            bold: Format::new().set_bold(),
            day: Format::new().set_num_format("yyyy-mm-dd"),
        };
        sheets.write_header()?;
        Ok(sheets)
    }

    fn write_header(&mut self) -> anyhow::Result<()> {
        for (at, header) in self.headers.iter().enumerate() {
            self.current.write_string_with_format(0, column_number(at)?, header, &self.bold)?;
        }
        self.current.set_freeze_panes(1, 0)?;
        self.row = 1;
        Ok(())
    }

    pub(super) fn write(&mut self, columns: &[TableColumn], record: &Record, titles: &Titles) -> anyhow::Result<()> {
        if self.row == ROWS_MAX {
            let next = self.book.new_worksheet_with_constant_memory()?;
            let full = std::mem::replace(&mut self.current, next);
            self.book.push_worksheet(full);
            self.write_header()?;
        }
        self.current.write_string(self.row, 0, record.id.to_string())?;
        for (at, column) in columns.iter().enumerate() {
            let number = column_number(at + 1)?;
            let value = record.get(&column.field.name);
            match (column.field.value_kind(), value) {
                (_, Value::Missing) => {}
                (Kind::Integer | Kind::Rating, Value::Int(whole)) if whole.unsigned_abs() < 1 << 53 => {
                    self.current.write_number(self.row, number, *whole as f64)?;
                }
                (Kind::Decimal | Kind::Percent, Value::Dec(scaled)) if scaled.unsigned_abs() < 1 << 53 => {
                    self.current.write_number(self.row, number, *scaled as f64 / model::SCALE as f64)?;
                }
                (_, Value::Bool(truth)) => {
                    self.current.write_boolean(self.row, number, *truth)?;
                }
                (_, Value::Date(day)) if day.year() >= 1900 => {
                    let date = ExcelDateTime::from_ymd(
                        day.year().unsigned_abs(),
                        day.month().unsigned_abs(),
                        day.day().unsigned_abs(),
                    )?;
                    self.current.write_datetime_with_format(self.row, number, date, &self.day)?;
                }
                _ => {
                    let text = shortened(cell(column, record, titles));
                    if !text.is_empty() {
                        self.current.write_string(self.row, number, text)?;
                    }
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    pub(super) fn save(mut self: Box<Self>, out: &mut (impl Write + Send)) -> anyhow::Result<()> {
        self.book.push_worksheet(self.current);
        Ok(self.book.save_to_writer(out)?)
    }
}

fn column_number(at: usize) -> anyhow::Result<u16> {
    Ok(u16::try_from(at)?)
}

/// Excel refuses longer texts.
fn shortened(text: String) -> String {
    if text.len() <= CELL_CHARS_MAX {
        return text;
    }
    match text.char_indices().nth(CELL_CHARS_MAX - 1) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
