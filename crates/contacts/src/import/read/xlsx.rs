//! Excel workbooks: the first sheet that has cells, streamed row by row, after a check against decompression bombs.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, Reader as _, Xlsx, open_workbook_from_rs};
use model::{Code, Problem};

use super::{Columns, Row};

/// Most parts of a workbook's archive.
const ENTRIES_MAX: usize = 5_000;
/// Most bytes of a workbook when unpacked.
const UNPACKED_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// Most bytes of the parts that are held in memory (texts, styles).
const HELD_BYTES_MAX: u64 = 96 * 1024 * 1024;
/// XML packs well, but a hundredfold is a bomb.
const RATIO_MAX: u64 = 100;
/// Small parts may pack better than [`RATIO_MAX`].
const SMALL_BYTES: u64 = 4 * 1024 * 1024;
/// Excel's own limits.
const COLUMNS_MAX: usize = 16_384;
const BATCH_ROWS: usize = 200;
/// Longest text of one cell.
const CELL_BYTES_MAX: usize = 1024 * 1024;

type Batch = Result<Vec<(u64, Vec<String>)>, Problem>;

/// Reads rows one by one; a thread of its own walks the sheet, a few batches ahead.
pub struct XlsxReader {
    batches: Receiver<Batch>,
    rows: std::vec::IntoIter<(u64, Vec<String>)>,
    columns: Columns,
}

impl XlsxReader {
    /// Opens a workbook. The first row with cells names the columns.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        check_archive(path)?;
        let (sender, batches) = sync_channel(4);
        let path = path.to_owned();
        std::thread::Builder::new()
            .name("import-xlsx".to_owned())
            .spawn(move || walk(&path, &sender))
            .map_err(|error| unreadable(&error.to_string()))?;
        let mut reader = Self { batches, rows: Vec::new().into_iter(), columns: Columns::default() };
        let header = reader.next_cells()?.map(|(_, cells)| cells).unwrap_or_default();
        reader.columns = Columns::named(header);
        Ok(reader)
    }

    /// The columns.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    fn next_cells(&mut self) -> Result<Option<(u64, Vec<String>)>, Problem> {
        loop {
            if let Some(row) = self.rows.next() {
                return Ok(Some(row));
            }
            match self.batches.recv() {
                Ok(batch) => self.rows = batch?.into_iter(),
                Err(_) => return Ok(None),
            }
        }
    }

    /// The next row, or `None` at the end.
    pub fn next_row(&mut self) -> Result<Option<Row>, Problem> {
        Ok(self.next_cells()?.map(|(number, cells)| Row { number, fault: self.columns.fault_of(&cells), cells }))
    }
}

fn unreadable(why: &str) -> Problem {
    Problem::new(Code::Invalid, format!("The workbook cannot be read: {why}. Save it again as .xlsx or as CSV."))
}

fn bomb(why: &str) -> Problem {
    Problem::new(Code::TooLarge, format!("The workbook {why}. Save its sheet as CSV and import that."))
}

/// Unpacks every part once without keeping it: declared sizes can lie.
fn check_archive(path: &Path) -> Result<(), Problem> {
    let file = File::open(path).map_err(|error| unreadable(&error.to_string()))?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|error| unreadable(&error.to_string()))?;
    if archive.len() > ENTRIES_MAX {
        return Err(bomb("has too many parts"));
    }
    let mut total = 0;
    let mut buffer = vec![0; 64 * 1024];
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|error| unreadable(&error.to_string()))?;
        let name = part.name().map_err(|error| unreadable(&error.to_string()))?.to_lowercase();
        if !name.ends_with(".xml") && !name.ends_with(".rels") {
            continue;
        }
        let held = !name.contains("worksheets/");
        let ratio_limit = (part.compressed_size() * RATIO_MAX).max(SMALL_BYTES);
        let limit = if held { ratio_limit.min(HELD_BYTES_MAX) } else { ratio_limit };
        let mut size = 0;
        loop {
            let read = part.read(&mut buffer).map_err(|error| unreadable(&error.to_string()))?;
            if read == 0 {
                break;
            }
            size += read as u64;
            total += read as u64;
            if size > limit || total > UNPACKED_BYTES_MAX {
                return Err(bomb("unpacks to far more than a table needs"));
            }
        }
    }
    Ok(())
}

fn walk(path: &PathBuf, sender: &SyncSender<Batch>) {
    if let Err(problem) = send_rows(path, sender) {
        // The reader may be gone already; then nobody wants to know.
        let _ = sender.send(Err(problem));
    }
}

fn send_rows(path: &PathBuf, sender: &SyncSender<Batch>) -> Result<(), Problem> {
    let file = File::open(path).map_err(|error| unreadable(&error.to_string()))?;
    let mut book: Xlsx<_> = open_workbook_from_rs(BufReader::new(file))
        .map_err(|error: calamine::XlsxError| unreadable(&error.to_string()))?;
    for sheet in book.sheet_names() {
        let Ok(mut cells) = book.worksheet_cells_reader(&sheet) else {
            continue;
        };
        let mut rows = Rows { sender, batch: Vec::new(), number: 0, cells: Vec::new(), sent: false };
        loop {
            match cells.next_cell() {
                Ok(Some(cell)) => {
                    let (row, column) = cell.get_position();
                    if !rows.put(u64::from(row) + 1, column as usize, text_of(cell.get_value()))? {
                        return Ok(());
                    }
                }
                Ok(None) => break,
                Err(error) => return Err(unreadable(&error.to_string())),
            }
        }
        rows.flush_row();
        rows.flush_batch();
        if rows.sent {
            return Ok(());
        }
    }
    Ok(())
}

/// Collects cells into rows and rows into batches.
struct Rows<'a> {
    sender: &'a SyncSender<Batch>,
    batch: Vec<(u64, Vec<String>)>,
    number: u64,
    cells: Vec<String>,
    sent: bool,
}

impl Rows<'_> {
    /// False when nobody listens any more.
    fn put(&mut self, number: u64, column: usize, text: String) -> Result<bool, Problem> {
        if column >= COLUMNS_MAX || text.len() > CELL_BYTES_MAX {
            return Err(bomb("has a cell beyond Excel's own limits"));
        }
        let mut listening = true;
        if number != self.number {
            self.flush_row();
            self.number = number;
            if self.batch.len() >= BATCH_ROWS {
                listening = self.flush_batch();
            }
        }
        if text.is_empty() {
            return Ok(listening);
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = super::clean_cell(&text);
        }
        Ok(listening)
    }

    fn flush_row(&mut self) {
        if !self.cells.is_empty() {
            self.batch.push((self.number, std::mem::take(&mut self.cells)));
        }
    }

    fn flush_batch(&mut self) -> bool {
        if self.batch.is_empty() {
            return true;
        }
        self.sent = true;
        self.sender.send(Ok(std::mem::take(&mut self.batch))).is_ok()
    }
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float_text(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "true".to_owned(),
        DataRef::Bool(false) => "false".to_owned(),
        DataRef::DateTime(date) if date.is_duration() => float_text(date.as_f64() * 86_400.0),
        DataRef::DateTime(date) => date_text(date.to_ymd_hms_milli(), date.as_f64()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        // A formula that failed has no value to import.
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// 15 significant digits, as Excel shows: 0.1 + 0.2 is 0.3.
fn float_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    format!("{number:.14e}").parse::<f64>().unwrap_or(number).to_string()
}

fn date_text((year, month, day, hour, minute, second, _): (u16, u8, u8, u8, u8, u8, u16), serial: f64) -> String {
    if serial < 1.0 {
        return format!("{hour:02}:{minute:02}:{second:02}");
    }
    if hour == 0 && minute == 0 && second == 0 {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::time::Instant;

    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    use zip::write::SimpleFileOptions;

    use super::*;

    fn rows(path: &Path) -> Result<(Vec<String>, Vec<Row>), Problem> {
        let mut reader = XlsxReader::open(path)?;
        let names = reader.columns().names.clone();
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row()? {
            rows.push(row);
        }
        Ok((names, rows))
    }

    #[test]
    fn the_first_sheet_with_cells_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xlsx");
        let mut book = Workbook::new();
        book.add_worksheet().set_name("Empty").unwrap();
        let sheet = book.add_worksheet();
        let day = Format::new().set_num_format("yyyy-mm-dd");
        for (column, header) in ["Name", "Born", "Amount", "Zip", "Active", "Name"].iter().enumerate() {
            sheet.write(0, column as u16, *header).unwrap();
        }
        sheet.write(1, 0, "Ann").unwrap();
        sheet.write_with_format(1, 1, ExcelDateTime::from_ymd(1980, 3, 22).unwrap(), &day).unwrap();
        sheet.write(1, 2, 0.1 + 0.2).unwrap();
        sheet.write(1, 3, "00123").unwrap();
        sheet.write(1, 4, true).unwrap();
        sheet.write(4, 0, 12345678901.0).unwrap();
        book.save(&path).unwrap();
        let (names, rows) = rows(&path).unwrap();
        assert_eq!(names, ["Name", "Born", "Amount", "Zip", "Active", "Name 2"]);
        assert_eq!(rows[0].cells, ["Ann", "1980-03-22", "0.3", "00123", "true"]);
        assert_eq!((rows[1].number, rows[1].cell(0)), (5, "12345678901"));
    }

    /// A workbook whose parts are given.
    fn archive(folder: &Path, sheet: &mut dyn FnMut(&mut dyn Write)) -> PathBuf {
        let path = folder.join("bomb.xlsx");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        let parts = [
            (
                "[Content_Types].xml",
                r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
            ),
            (
                "xl/workbook.xml",
                r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
            ),
            (
                "xl/_rels/workbook.xml.rels",
                r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
            ),
        ];
        for (name, text) in parts {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
        sheet(&mut zip);
        zip.finish().unwrap();
        path
    }

    #[test]
    fn decompression_bombs_are_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = archive(folder.path(), &mut |out| {
            let blanks = vec![b' '; 1024 * 1024];
            (0..64).for_each(|_| out.write_all(&blanks).unwrap());
        });
        let begun = Instant::now();
        let problem = rows(&path).unwrap_err();
        assert_eq!(problem.code, Code::TooLarge);
        assert!(begun.elapsed().as_secs() < 2);
    }

    #[test]
    fn entities_are_not_resolved() {
        let folder = tempfile::tempdir().unwrap();
        let path = archive(folder.path(), &mut |out| {
            let sheet = r#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>"#;
            out.write_all(sheet.as_bytes()).unwrap();
        });
        match rows(&path) {
            Err(problem) => assert_eq!(problem.code, Code::Invalid),
            Ok((names, rows)) => {
                let all = format!("{names:?} {rows:?}");
                assert!(!all.contains("root:"), "{all}");
            }
        }
    }
}
