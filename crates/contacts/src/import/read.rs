//! Files of records as rows: delimited text, Excel workbooks and vCards, streamed in constant memory, any size.

pub mod csv;
pub mod text;
pub mod vcard;
pub mod xlsx;

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use model::{Code, Problem};
use serde::{Deserialize, Serialize};

pub use super::looks;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Delimited text.
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// One or more vCards.
    Vcard,
}

/// How a file is read: found by looking at it, and kept so that every later pass reads alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// What it is.
    pub format: Format,
    /// Its character encoding; empty for workbooks.
    pub encoding: String,
    /// Between cells of delimited text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// The first row names the columns.
    pub header: bool,
}

/// The names of a file's columns, each different.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// In the order of the file.
    pub names: Vec<String>,
}

impl Columns {
    /// From a header row: empty names get a number, repeated names too.
    pub fn named(header: Vec<String>) -> Self {
        let mut taken = HashSet::new();
        let mut names = Vec::with_capacity(header.len());
        for (at, cell) in header.iter().enumerate() {
            let plain = cell.split_whitespace().collect::<Vec<_>>().join(" ");
            let plain = if plain.is_empty() { format!("Column {}", at + 1) } else { plain };
            let mut name = plain.clone();
            let mut count = 1;
            while !taken.insert(name.clone()) {
                count += 1;
                name = format!("{plain} {count}");
            }
            names.push(name);
        }
        Self { names }
    }

    /// `Column 1` to `Column n`.
    pub fn numbered(count: usize) -> Self {
        Self { names: (1..=count).map(|number| format!("Column {number}")).collect() }
    }

    /// What is wrong with a row of these cells.
    pub fn fault_of(&self, cells: &[String]) -> Option<RowFault> {
        let columns = self.names.len();
        let surplus = cells.iter().skip(columns).any(|cell| !cell.trim().is_empty());
        surplus.then_some(RowFault::TooManyCells { cells: cells.len(), columns })
    }
}

/// One row: a line of a table or a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As people count: the header of a table is row 1.
    pub number: u64,
    /// Its cells in the order of the columns; missing ones at the end are empty.
    pub cells: Vec<String>,
    /// Why it cannot be understood.
    pub fault: Option<RowFault>,
}

impl Row {
    /// The text of a cell; empty when the row is too short.
    pub fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }

    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Why a row cannot be understood as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFault {
    /// More cells than columns: probably a delimiter inside a text without quotation marks.
    TooManyCells {
        /// Cells of the row.
        cells: usize,
        /// Columns of the file.
        columns: usize,
    },
    /// A quotation mark is opened and never closed.
    OpenQuote,
    /// A card without its end.
    OpenCard,
    /// Lines that belong to no card.
    OutsideCard,
    /// More different properties than can be kept.
    TooManyProperties,
}

impl RowFault {
    /// What to do about it.
    pub fn message(self) -> String {
        match self {
            Self::TooManyCells { cells, columns } => format!(
                "This row has {cells} cells, but there are {columns} columns. Put text that contains the delimiter in quotation marks."
            ),
            Self::OpenQuote => {
                "A quotation mark is opened in this row and never closed, so everything after it became one cell."
                    .to_owned()
            }
            Self::OpenCard => "This card has no END:VCARD; the file seems to be cut off.".to_owned(),
            Self::OutsideCard => "These lines belong to no card.".to_owned(),
            Self::TooManyProperties => "This file has more different properties than can be imported.".to_owned(),
        }
    }
}

/// A file being read.
pub enum Reader {
    /// Delimited text.
    Csv(Box<csv::CsvReader>),
    /// A workbook.
    Xlsx(xlsx::XlsxReader),
    /// Cards.
    Vcard(vcard::VcardReader),
}

impl Reader {
    /// Looks at a file and opens it at its first row. Give the shape that an earlier look found to read alike.
    pub fn open(path: &Path, shape: Option<&Shape>) -> Result<(Self, Shape), Problem> {
        let unreadable =
            |error: std::io::Error| Problem::new(Code::Invalid, format!("The file cannot be read: {error}."));
        let mut head = [0; 8];
        let length = File::open(path).and_then(|file| file.take(8).read(&mut head)).map_err(unreadable)?;
        let head = head.get(..length).unwrap_or_default();
        if head.starts_with(b"PK\x03\x04") {
            let shape = Shape { format: Format::Xlsx, encoding: String::new(), delimiter: None, header: true };
            return Ok((Self::Xlsx(xlsx::XlsxReader::open(path)?), shape));
        }
        if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) || head.starts_with(b"%PDF") {
            return Err(Problem::new(
                Code::UnsupportedMedia,
                "This kind of file cannot be imported. Save it as .xlsx or as CSV first.",
            ));
        }
        let detected = File::open(path).and_then(text::detect).map_err(unreadable)?;
        let encoding = detected.encoding.name().to_owned();
        if begins_card(path, detected).map_err(unreadable)? {
            let shape = Shape { format: Format::Vcard, encoding, delimiter: None, header: false };
            return Ok((Self::Vcard(vcard::VcardReader::open(path, detected)?), shape));
        }
        let mut reader = csv::CsvReader::open(path, detected, None)?;
        let found = reader.dialect();
        let wanted = shape.and_then(|shape| {
            let delimiter = shape.delimiter.and_then(|c| u8::try_from(c).ok())?;
            Some(csv::Dialect { delimiter, header: shape.header, ..found })
        });
        if let Some(wanted) = wanted.filter(|wanted| *wanted != found) {
            reader = csv::CsvReader::open(path, detected, Some(wanted))?;
        }
        let dialect = reader.dialect();
        let delimiter = Some(char::from(dialect.delimiter));
        Ok((Self::Csv(Box::new(reader)), Shape { format: Format::Csv, encoding, delimiter, header: dialect.header }))
    }

    /// The columns of the file.
    pub fn columns(&self) -> &Columns {
        match self {
            Self::Csv(reader) => reader.columns(),
            Self::Xlsx(reader) => reader.columns(),
            Self::Vcard(reader) => reader.columns(),
        }
    }

    /// The next row that is not empty, or `None` at the end of the file.
    pub fn next_row(&mut self) -> Result<Option<Row>, Problem> {
        loop {
            let row = match self {
                Self::Csv(reader) => reader.next_row(),
                Self::Xlsx(reader) => reader.next_row(),
                Self::Vcard(reader) => reader.next_row(),
            }?;
            if row.as_ref().is_none_or(|row| !row.is_empty()) {
                return Ok(row);
            }
        }
    }
}

impl Reader {
    /// Counts the rows that are left.
    pub fn count_rest(&mut self) -> Result<u64, Problem> {
        if let Self::Csv(reader) = self {
            return reader.count_rest();
        }
        let mut count = 0;
        while self.next_row()?.is_some() {
            count += 1;
        }
        Ok(count)
    }
}

/// Whether the first line with text opens a card.
fn begins_card(path: &Path, detected: text::Detected) -> std::io::Result<bool> {
    let mut head = Vec::new();
    text::Utf8Reader::new(File::open(path)?, detected)?.take(4096).read_to_end(&mut head)?;
    let head = String::from_utf8_lossy(&head);
    let first = head.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    Ok(first.eq_ignore_ascii_case("BEGIN:VCARD"))
}

/// A cell as it can be stored: no NUL, which no database keeps.
pub fn clean_cell(cell: &str) -> String {
    if cell.contains('\0') { cell.replace('\0', "") } else { cell.to_owned() }
}
