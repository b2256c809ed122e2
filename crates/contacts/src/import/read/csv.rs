//! Delimited text: any delimiter, quotes, line breaks inside cells, ragged rows, with or without a header.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use model::{Code, Problem};

use super::text::{Detected, Utf8Reader};
use super::{Columns, Row, RowFault, looks};

/// Most bytes of one row: beyond it an opened quote is surely never closed.
const ROW_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// How much text the delimiter and the header are found from.
const SAMPLE_BYTES: u64 = 256 * 1024;
const SAMPLE_ROWS: usize = 60;
const DELIMITERS: [u8; 8] = [b',', b';', b'\t', b'|', b'^', b'~', 0x1F, b':'];

/// How a delimited file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Between cells.
    pub delimiter: u8,
    /// The first row names the columns.
    pub header: bool,
    /// Bytes of a `sep=;` line in front.
    pub skip_bytes: usize,
}

/// Counts what was read since the last row, so that one row cannot eat the memory.
struct Guarded<R> {
    inner: R,
    since_row: Arc<AtomicU64>,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row.load(Ordering::Relaxed) > ROW_BYTES_MAX {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "row too long"));
        }
        let read = self.inner.read(buffer)?;
        self.since_row.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Reads rows one by one.
pub struct CsvReader {
    reader: csv::Reader<Guarded<Utf8Reader<File>>>,
    since_row: Arc<AtomicU64>,
    record: csv::StringRecord,
    columns: Columns,
    /// The first row when it is not a header, sent before the others.
    first: Option<Vec<String>>,
    number: u64,
    dialect: Dialect,
}

impl CsvReader {
    /// Opens a file of known encoding; `dialect` overrules what is found.
    pub fn open(path: &Path, detected: Detected, dialect: Option<Dialect>) -> Result<Self, Problem> {
        let open = || -> io::Result<Utf8Reader<File>> { Utf8Reader::new(File::open(path)?, detected) };
        let mut sample = Vec::new();
        open()
            .and_then(|reader| reader.take(SAMPLE_BYTES).read_to_end(&mut sample))
            .map_err(|error| unreadable(&error))?;
        let sample = String::from_utf8_lossy(&sample).into_owned();
        let dialect = dialect.unwrap_or_else(|| sniff(&sample, (sample.len() as u64) < SAMPLE_BYTES - 4));
        let mut text = open().map_err(|error| unreadable(&error))?;
        io::copy(&mut text.by_ref().take(dialect.skip_bytes as u64), &mut io::sink())
            .map_err(|error| unreadable(&error))?;
        let since_row = Arc::new(AtomicU64::new(0));
        let reader = builder(dialect.delimiter).from_reader(Guarded { inner: text, since_row: since_row.clone() });
        let mut csv = Self {
            reader,
            since_row,
            record: csv::StringRecord::new(),
            columns: Columns::default(),
            first: None,
            number: 0,
            dialect,
        };
        let first = csv.read_cells()?.unwrap_or_default();
        if dialect.header {
            csv.columns = Columns::named(first);
        } else {
            csv.columns = Columns::numbered(first.len());
            csv.first = Some(first);
            csv.number = 0;
        }
        Ok(csv)
    }

    /// What was found, or given.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The columns.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    fn read_cells(&mut self) -> Result<Option<Vec<String>>, Problem> {
        self.since_row.store(0, Ordering::Relaxed);
        match self.reader.read_record(&mut self.record) {
            Ok(true) => {
                self.number += 1;
                Ok(Some(self.record.iter().map(super::clean_cell).collect()))
            }
            Ok(false) => Ok(None),
            Err(error) => Err(self.fault(&error)),
        }
    }

    fn fault(&self, error: &csv::Error) -> Problem {
        if matches!(error.kind(), csv::ErrorKind::Io(io) if io.kind() == io::ErrorKind::InvalidData) {
            return Problem::new(
                Code::Invalid,
                format!(
                    "Row {} is longer than {} MB: probably a quotation mark is opened there and never closed.",
                    self.number + 1,
                    ROW_BYTES_MAX / 1024 / 1024
                ),
            );
        }
        Problem::new(Code::Invalid, format!("Row {} cannot be read: {error}.", self.number + 1))
    }

    /// The next row, or `None` at the end.
    pub fn next_row(&mut self) -> Result<Option<Row>, Problem> {
        if let Some(cells) = self.first.take() {
            self.number = 1;
            return Ok(Some(Row { number: 1, cells, fault: None }));
        }
        let Some(cells) = self.read_cells()? else {
            return Ok(None);
        };
        let fault = self.row_fault(&cells);
        Ok(Some(Row { number: self.number, cells, fault }))
    }

    /// Counts the rows that are left, faster than reading them.
    pub fn count_rest(&mut self) -> Result<u64, Problem> {
        let mut count = 0;
        let mut record = csv::ByteRecord::new();
        loop {
            self.since_row.store(0, Ordering::Relaxed);
            match self.reader.read_byte_record(&mut record) {
                Ok(true) if record.iter().all(|cell| cell.trim_ascii().is_empty()) => {}
                Ok(true) => count += 1,
                Ok(false) => return Ok(count),
                Err(error) => return Err(self.fault(&error)),
            }
        }
    }

    fn row_fault(&self, cells: &[String]) -> Option<RowFault> {
        let columns = self.columns.names.len();
        if cells.iter().skip(columns).any(|cell| !cell.trim().is_empty()) {
            return Some(RowFault::TooManyCells { cells: cells.len(), columns });
        }
        // A quote that is never closed swallows every following row into one last cell.
        let swallowed = cells.len() < columns && cells.last().is_some_and(|cell| cell.lines().count() > 20);
        (swallowed && self.reader.is_done()).then_some(RowFault::OpenQuote)
    }
}

fn unreadable(error: &io::Error) -> Problem {
    Problem::new(Code::Invalid, format!("The file cannot be read: {error}."))
}

fn builder(delimiter: u8) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.delimiter(delimiter).flexible(true).has_headers(false).buffer_capacity(128 * 1024);
    builder
}

/// Finds delimiter and header from the beginning of the text. `whole`: the sample is the whole text.
pub fn sniff(sample: &str, whole: bool) -> Dialect {
    if let Some((delimiter, skip_bytes)) = separator_line(sample) {
        let rows = sample_rows(sample.get(skip_bytes..).unwrap_or_default(), delimiter, whole);
        return Dialect { delimiter, header: has_header(&rows), skip_bytes };
    }
    let mut best = (0.0, b',', Vec::new());
    for delimiter in DELIMITERS {
        let rows = sample_rows(sample, delimiter, whole);
        let score = consistency(&rows);
        if score > best.0 {
            best = (score, delimiter, rows);
        }
    }
    if best.2.is_empty() {
        best.2 = sample_rows(sample, b',', whole);
    }
    Dialect { delimiter: best.1, header: has_header(&best.2), skip_bytes: 0 }
}

/// The first line that spreadsheets write to name their delimiter: `sep=;`.
fn separator_line(sample: &str) -> Option<(u8, usize)> {
    let end = sample.find(['\n', '\r'])?;
    let line = sample.get(..end)?.trim().trim_matches('"');
    let mark = line.get(..4).filter(|mark| mark.eq_ignore_ascii_case("sep="))?;
    let delimiter = match line.as_bytes().get(mark.len()) {
        Some(byte) if line.len() == mark.len() + 1 => *byte,
        // A tab may have been trimmed away.
        None => b'\t',
        _ => return None,
    };
    let rest = sample.get(end..)?;
    let breaks = if rest.starts_with("\r\n") { 2 } else { 1 };
    Some((delimiter, end + breaks))
}

fn sample_rows(sample: &str, delimiter: u8, whole: bool) -> Vec<Vec<String>> {
    let mut reader = builder(delimiter).from_reader(sample.as_bytes());
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut record = csv::StringRecord::new();
    while rows.len() <= SAMPLE_ROWS && reader.read_record(&mut record).unwrap_or(false) {
        rows.push(record.iter().map(str::to_owned).collect());
    }
    if !whole && rows.len() > 1 && rows.len() <= SAMPLE_ROWS {
        // The sample ends inside its last row.
        rows.pop();
    }
    rows
}

/// How sure it is that these rows were cut at the right places: the share of rows that are as wide as most, weighed by
/// width, so that a comma inside a text does not win over the real delimiter.
fn consistency(rows: &[Vec<String>]) -> f64 {
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    let Some(median) = widths.get(widths.len() / 2).copied().filter(|width| *width > 1) else {
        return 0.0;
    };
    let alike = widths.iter().filter(|width| **width == median).count() as f64 / widths.len() as f64;
    let header = if rows.first().is_some_and(|row| row.len() == median) { 1.0 } else { 0.6 };
    // Cells that begin or end with stray quotes were cut in the middle.
    let torn = rows.iter().flatten().filter(|cell| cell.matches('"').count() % 2 == 1).count();
    let cells = rows.iter().map(Vec::len).sum::<usize>().max(1);
    alike * alike * header * (1.0 - torn as f64 / cells as f64) * (1.0 + (median as f64).ln() / 4.0)
}

/// A header names things: no cell of it looks like data, and no name stands twice in a row that is otherwise data.
fn has_header(rows: &[Vec<String>]) -> bool {
    let Some((first, rest)) = rows.split_first() else {
        return true;
    };
    if first.iter().any(|cell| looks::is_email(cell) || looks::is_url(cell)) {
        return false;
    }
    let known = first.iter().filter(|cell| looks::is_column_name(cell)).count();
    if known * 2 >= first.len().max(1) {
        return true;
    }
    let numbers = first.iter().filter(|cell| looks::is_number(cell) || looks::is_date(cell)).count();
    if numbers == 0 {
        return true;
    }
    // Years or numbers may head columns of a report: then the rows below have no more figures than the header.
    let below =
        rest.first().map_or(0, |row| row.iter().filter(|cell| looks::is_number(cell) || looks::is_date(cell)).count());
    numbers * 2 < below && known > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(text: &str) -> (char, bool) {
        let dialect = sniff(text, true);
        (dialect.delimiter as char, dialect.header)
    }

    #[test]
    fn finds_the_delimiter() {
        assert_eq!(dialect("a,b,c\n1,2,3\n"), (',', true));
        assert_eq!(dialect("name;price\nCable, long;1,50\nPlug, flat;2,75\n"), (';', true));
        assert_eq!(dialect("name\tnote\nAnn\thello, world\n"), ('\t', true));
        assert_eq!(dialect("first|last\nAnn|Lee\n"), ('|', true));
        assert_eq!(dialect("e-mail\nann@example.com\nbob@example.com\n"), (',', true));
        assert_eq!(dialect("sep=;\r\na;b\r\n1;2\r\n"), (';', true));
        assert_eq!(dialect("name;text\nAnn;\"one, two, three\nfour, five\"\nBob;\"six, seven\"\n"), (';', true));
    }

    #[test]
    fn finds_whether_there_is_a_header() {
        assert_eq!(dialect("Ann,ann@example.com\nBob,bob@example.com\n"), (',', false));
        assert_eq!(dialect("1,2,3\n4,5,6\n"), (',', false));
        assert_eq!(dialect("Name,E-mail\nAnn,ann@example.com\n"), (',', true));
        assert_eq!(dialect("Vorname;Nachname;2023\nAnn;Lee;5\n"), (';', true));
    }
}
