//! Office files: archives of XML, of the Office Open XML family (DOCX, XLSX, PPTX) or OpenDocument (ODT, ODS, ODP).

use std::io::{BufReader, Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::State;
use super::sink::Sink;
use super::xml::{Piece, attribute, walk};

/// Most parts of an archive.
const PARTS_MAX: usize = 10_000;
/// Most bytes that are unpacked, of all parts together.
const UNPACKED_MAX: u64 = 96 * 1024 * 1024;
/// XML packs well, but a hundredfold is a bomb; small parts may pack better.
const RATIO_MAX: u64 = 100;
const SMALL: u64 = 4 * 1024 * 1024;

/// Reads whichever of them it is.
pub(super) fn read(bytes: Vec<u8>, sink: &mut Sink) -> Result<(), State> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(fault)?;
    if archive.len() > PARTS_MAX {
        return Err(State::TooLarge);
    }
    let names: Vec<String> = archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
    let mut parts = Parts { archive, names, left: UNPACKED_MAX };
    let has = |name: &str| parts.names.iter().any(|known| known == name);
    if has("word/document.xml") {
        word(&mut parts, sink)
    } else if has("xl/workbook.xml") {
        sheets(&mut parts, sink)
    } else if has("ppt/presentation.xml") {
        slides(&mut parts, sink)
    } else if has("content.xml") && has("mimetype") {
        open_document(&mut parts, sink)
    } else {
        Err(State::Other)
    }
}

/// Office files with a password are no archives but OLE containers around one.
pub(super) fn state_of_ole(bytes: &[u8]) -> State {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|window| window == name) { State::Encrypted } else { State::Other }
}

fn fault(error: ZipError) -> State {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => State::Encrypted,
        _ => State::Damaged,
    }
}

struct Parts {
    archive: ZipArchive<Cursor<Vec<u8>>>,
    names: Vec<String>,
    left: u64,
}

impl Parts {
    /// The parts whose names begin and end so, in the order in which people count: 2 before 10.
    fn named(&self, begin: &str, end: &str) -> Vec<String> {
        let mut found: Vec<String> =
            self.names.iter().filter(|name| name.starts_with(begin) && name.ends_with(end)).cloned().collect();
        found.sort_by_cached_key(|name| {
            let digits: String = name.chars().filter(char::is_ascii_digit).take(9).collect();
            (digits.parse::<u32>().unwrap_or(0), name.clone())
        });
        found
    }

    /// Walks a part; what unpacks to more than it should ends the reading.
    fn walk(&mut self, name: &str, each: &mut dyn FnMut(Piece<'_>) -> bool) -> Result<(), State> {
        let part = self.archive.by_name(name).map_err(fault)?;
        let most = part.compressed_size().saturating_mul(RATIO_MAX).max(SMALL).min(self.left);
        let mut input = Counted { inner: part, left: most, burst: false };
        let walked = walk(BufReader::new(&mut input), each);
        self.left = self.left.saturating_sub(most - input.left);
        if input.burst { Err(State::TooLarge) } else { walked }
    }
}

/// A reader that ends when it gave more than it may.
struct Counted<R> {
    inner: R,
    left: u64,
    burst: bool,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(buffer)?;
        match self.left.checked_sub(length as u64) {
            Some(left) => self.left = left,
            None => {
                (self.left, self.burst) = (0, true);
                return Ok(0);
            }
        }
        Ok(length)
    }
}

/// Text of Office Open XML stands in elements named `t`; paragraphs, breaks and cells part it.
fn runs(parts: &mut Parts, name: &str, sink: &mut Sink) -> Result<(), State> {
    let mut inside = false;
    parts.walk(name, &mut |piece| {
        match piece {
            Piece::Start("t", _) => inside = true,
            Piece::End("t") => inside = false,
            Piece::Text(text) if inside => sink.push(text),
            Piece::Start("tab", _) | Piece::End("tc") => sink.space(),
            Piece::Start("br" | "cr", _) | Piece::End("p") => sink.line(),
            _ => {}
        }
        !sink.is_full()
    })
}

fn word(parts: &mut Parts, sink: &mut Sink) -> Result<(), State> {
    runs(parts, "word/document.xml", sink)?;
    for kind in ["header", "footer", "footnotes", "endnotes", "comments"] {
        for name in parts.named(&format!("word/{kind}"), ".xml") {
            sink.line();
            runs(parts, &name, sink)?;
        }
    }
    Ok(())
}

fn slides(parts: &mut Parts, sink: &mut Sink) -> Result<(), State> {
    for folder in ["ppt/slides/slide", "ppt/notesSlides/notesSlide"] {
        for name in parts.named(folder, ".xml") {
            sink.line();
            runs(parts, &name, sink)?;
        }
    }
    Ok(())
}

/// The names of the sheets, the texts they share, then each sheet's own texts and numbers.
fn sheets(parts: &mut Parts, sink: &mut Sink) -> Result<(), State> {
    parts.walk("xl/workbook.xml", &mut |piece| {
        if let Piece::Start("sheet", element) = piece {
            sink.push(&attribute(element, "name").unwrap_or_default());
            sink.line();
        }
        true
    })?;
    for name in parts.named("xl/sharedStrings", ".xml") {
        let (mut spoken, mut inside) = (false, false);
        parts.walk(&name, &mut |piece| {
            match piece {
                // How a word is spoken stands beside it in Japanese workbooks.
                Piece::Start("rPh", _) => spoken = true,
                Piece::End("rPh") => spoken = false,
                Piece::Start("t", _) => inside = !spoken,
                Piece::End("t") => inside = false,
                Piece::Text(text) if inside => sink.push(text),
                Piece::End("si") => sink.line(),
                _ => {}
            }
            !sink.is_full()
        })?;
    }
    for name in parts.named("xl/worksheets/sheet", ".xml") {
        sink.line();
        cells(parts, &name, sink)?;
    }
    Ok(())
}

fn cells(parts: &mut Parts, name: &str, sink: &mut Sink) -> Result<(), State> {
    let (mut is_own, mut inside) = (false, false);
    parts.walk(name, &mut |piece| {
        match piece {
            // Shared texts were read already; truths and faults are no words.
            Piece::Start("c", element) => {
                let kind = attribute(element, "t").unwrap_or_default();
                is_own = !matches!(kind.as_str(), "s" | "b" | "e");
            }
            Piece::Start("v" | "t", _) => inside = is_own,
            Piece::End("v" | "t") => inside = false,
            Piece::Text(text) if inside => sink.push(text),
            Piece::End("c") => sink.space(),
            Piece::End("row") => sink.line(),
            _ => {}
        }
        !sink.is_full()
    })
}

fn open_document(parts: &mut Parts, sink: &mut Sink) -> Result<(), State> {
    let mut is_sealed = false;
    if parts.names.iter().any(|name| name == "META-INF/manifest.xml") {
        parts.walk("META-INF/manifest.xml", &mut |piece| {
            is_sealed |= matches!(piece, Piece::Start("encryption-data", _));
            !is_sealed
        })?;
    }
    if is_sealed {
        return Err(State::Encrypted);
    }
    for name in ["content.xml", "styles.xml"] {
        if !parts.names.iter().any(|known| known == name) {
            continue;
        }
        sink.line();
        let mut inside = 0_u32;
        parts.walk(name, &mut |piece| {
            match piece {
                Piece::Start("body" | "header" | "footer", _) => inside += 1,
                Piece::End("body" | "header" | "footer") => inside = inside.saturating_sub(1),
                Piece::Text(text) if inside > 0 => sink.push(text),
                Piece::Start("s" | "tab", _) | Piece::End("table-cell") => sink.space(),
                Piece::Start("line-break", _) | Piece::End("p" | "h" | "table-row") => sink.line(),
                _ => {}
            }
            !sink.is_full()
        })?;
    }
    Ok(())
}
