//! vCard files, versions 2.1, 3.0 and 4.0 by any exporter: each card is a row, each property a named cell.

mod cells;
mod line;

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use model::{Code, Problem};

use super::text::{Detected, Utf8Reader};
use super::{Columns, Row, RowFault};

/// Largest card: photos are inside.
const CARD_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Most different properties of one file.
const COLUMNS_MAX: usize = 2_000;

/// The lines of one card and what was wrong with its frame.
struct Card {
    lines: Vec<Vec<u8>>,
    fault: Option<RowFault>,
}

/// Cuts a stream into cards.
struct Cards<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
    ended: bool,
}

impl<R: Read> Cards<R> {
    /// Reads the next line without its break, with a limit; carriage returns alone are breaks too.
    fn next_line(&mut self) -> Result<bool, Problem> {
        self.line.clear();
        loop {
            let buffer = self.reader.fill_buf().map_err(|error| unreadable(&error.to_string()))?;
            if buffer.is_empty() {
                return Ok(!self.line.is_empty());
            }
            let end = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let taken = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
            self.line.extend_from_slice(taken);
            let used = taken.len();
            if self.line.len() > CARD_BYTES_MAX {
                return Err(unreadable("a line is longer than 32 MB"));
            }
            let Some(end) = end else {
                self.reader.consume(used);
                continue;
            };
            self.reader.consume(end);
            self.skip_break();
            return Ok(true);
        }
    }

    /// One line break; some exporters write `CR CR LF`.
    fn skip_break(&mut self) {
        while let Some(byte) = self.reader.fill_buf().ok().and_then(|rest| rest.first().copied()) {
            if matches!(byte, b'\n' | b'\r') {
                self.reader.consume(1);
            }
            if byte != b'\r' {
                return;
            }
        }
    }

    fn is(&self, mark: &str) -> bool {
        self.line.trim_ascii().eq_ignore_ascii_case(mark.as_bytes())
    }

    fn next_card(&mut self) -> Result<Option<Card>, Problem> {
        let mut strays = Vec::new();
        while !self.ended {
            self.ended = !self.next_line()?;
            if self.is("BEGIN:VCARD") {
                return self.card_body(strays).map(Some);
            }
            if !self.line.trim_ascii().is_empty() && strays.len() < 100 {
                strays.push(self.line.clone());
            }
        }
        if strays.is_empty() {
            return Ok(None);
        }
        Ok(Some(Card { lines: strays, fault: Some(RowFault::OutsideCard) }))
    }

    fn card_body(&mut self, strays: Vec<Vec<u8>>) -> Result<Card, Problem> {
        let mut card = Card { lines: strays, fault: None };
        let (mut depth, mut bytes) = (0, 0);
        loop {
            if !self.next_line()? {
                self.ended = true;
                card.fault = Some(RowFault::OpenCard);
                return Ok(card);
            }
            if self.is("END:VCARD") {
                if depth == 0 {
                    return Ok(card);
                }
                depth -= 1;
            } else if self.is("BEGIN:VCARD") {
                depth += 1;
            } else if depth == 0 {
                card.lines.push(self.line.clone());
            } else if let Some(agent) = card.lines.last_mut() {
                // A card within a card (AGENT of 2.1) stays with its property as text.
                agent.extend_from_slice(b"\\n");
                agent.extend_from_slice(&self.line);
            }
            bytes += self.line.len();
            if bytes > CARD_BYTES_MAX {
                return Err(unreadable("a card is larger than 32 MB"));
            }
        }
    }
}

fn unreadable(why: &str) -> Problem {
    Problem::new(Code::Invalid, format!("The vCard file cannot be read: {why}."))
}

/// Reads cards as rows.
pub struct VcardReader {
    cards: Cards<Box<dyn Read + Send>>,
    fallback: &'static Encoding,
    columns: Columns,
    positions: HashMap<String, usize>,
    number: u64,
}

impl VcardReader {
    /// Opens a file; a first pass finds the columns, as cards name their own.
    pub fn open(path: &Path, detected: Detected) -> Result<Self, Problem> {
        let fallback = if detected.encoding == UTF_8 { WINDOWS_1252 } else { detected.encoding };
        let mut reader = Self {
            cards: cards(path, detected)?,
            fallback,
            columns: Columns::default(),
            positions: HashMap::new(),
            number: 0,
        };
        while let Some(card) = reader.cards.next_card()? {
            for (name, _) in numbered(cells::cells(&line::parse(&card.lines, fallback))) {
                if reader.positions.contains_key(&name) || reader.columns.names.len() == COLUMNS_MAX {
                    continue;
                }
                reader.positions.insert(name.clone(), reader.columns.names.len());
                reader.columns.names.push(name);
            }
        }
        reader.cards = cards(path, detected)?;
        Ok(reader)
    }

    /// Every property name of the file.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The next card, or `None` at the end.
    pub fn next_row(&mut self) -> Result<Option<Row>, Problem> {
        let Some(card) = self.cards.next_card()? else {
            return Ok(None);
        };
        self.number += 1;
        let mut row =
            Row { number: self.number, cells: vec![String::new(); self.columns.names.len()], fault: card.fault };
        for (name, value) in numbered(cells::cells(&line::parse(&card.lines, self.fallback))) {
            match self.positions.get(&name).and_then(|at| row.cells.get_mut(*at)) {
                Some(cell) => *cell = super::clean_cell(&value),
                None => row.fault = Some(RowFault::TooManyProperties),
            }
        }
        Ok(Some(row))
    }
}

fn cards(path: &Path, detected: Detected) -> Result<Cards<Box<dyn Read + Send>>, Problem> {
    let file = File::open(path).map_err(|error| unreadable(&error.to_string()))?;
    // Legacy bytes are decoded property by property, as each may name its own character set.
    let wide = detected.encoding == UTF_16LE || detected.encoding == UTF_16BE;
    let detected = if wide { detected } else { Detected { encoding: UTF_8, clean: true, ..detected } };
    let reader = Utf8Reader::new(file, detected).map_err(|error| unreadable(&error.to_string()))?;
    Ok(Cards { reader: BufReader::with_capacity(64 * 1024, Box::new(reader)), line: Vec::new(), ended: false })
}

/// Gives the second and later cells of a name their number: `Phone`, `Phone 2`.
fn numbered(cells: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut numbered = Vec::with_capacity(cells.len());
    for (name, value) in cells {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        numbered.push((if *count == 1 { name } else { format!("{name} {count}") }, value));
    }
    numbered
}
