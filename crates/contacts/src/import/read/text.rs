//! Bytes to text: finds the encoding of a file and reads it as UTF-8, in constant memory.

use std::io::{self, Read};

use chardetng::EncodingDetector;
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

const CHUNK_BYTES: usize = 64 * 1024;
/// The detector learns nothing more from further bytes.
const DETECTOR_BYTES_MAX: usize = 1024 * 1024;

/// What a look at the whole file says about its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detected {
    /// The encoding.
    pub encoding: &'static Encoding,
    /// Length of the byte order mark in front.
    pub bom_bytes: usize,
    /// Every byte sequence is valid in it, so that nothing needs replacing.
    pub clean: bool,
}

/// Reads the bytes to their end and says how they are encoded: byte order mark, then UTF-16 by its zeros, then UTF-8 by
/// its validity, then a guess among the legacy encodings.
pub fn detect(mut reader: impl Read) -> io::Result<Detected> {
    let mut buffer = vec![0; CHUNK_BYTES];
    let first = fill(&mut reader, &mut buffer)?;
    let head = buffer.get(..first).unwrap_or_default();
    let mut bom_bytes = 0;
    if let Some((encoding, length)) = Encoding::for_bom(head) {
        if encoding != UTF_8 {
            return Ok(Detected { encoding, bom_bytes: length, clean: false });
        }
        bom_bytes = length;
    } else if let Some(encoding) = utf16_by_zeros(head) {
        return Ok(Detected { encoding, bom_bytes: 0, clean: false });
    }
    let mut scan = Scan::new();
    scan.feed(head.get(bom_bytes..).unwrap_or_default());
    loop {
        let length = fill(&mut reader, &mut buffer)?;
        if length == 0 {
            break;
        }
        scan.feed(buffer.get(..length).unwrap_or_default());
    }
    Ok(scan.finish(bom_bytes))
}

/// Reads until the buffer is full or the input ends.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// Western text in UTF-16 has a zero in nearly every pair of bytes, always on the same side.
fn utf16_by_zeros(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    if pairs < 2 {
        return None;
    }
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 > pairs * 3 && even * 20 < pairs {
        return Some(UTF_16LE);
    }
    (even * 10 > pairs * 3 && odd * 20 < pairs).then_some(UTF_16BE)
}

/// Counts valid and invalid UTF-8 over chunks and shows the detector what is not ASCII.
struct Scan {
    detector: EncodingDetector,
    detector_bytes: usize,
    carry: Vec<u8>,
    valid: u64,
    invalid: u64,
}

impl Scan {
    fn new() -> Self {
        Self { detector: EncodingDetector::new(), detector_bytes: 0, carry: Vec::new(), valid: 0, invalid: 0 }
    }

    fn feed(&mut self, chunk: &[u8]) {
        if chunk.is_ascii() && self.carry.is_empty() {
            return;
        }
        if self.detector_bytes < DETECTOR_BYTES_MAX {
            self.detector.feed(chunk, false);
            self.detector_bytes += chunk.len();
        }
        let mut joined = std::mem::take(&mut self.carry);
        joined.extend_from_slice(chunk);
        self.count(&joined);
    }

    fn count(&mut self, mut bytes: &[u8]) {
        loop {
            match std::str::from_utf8(bytes) {
                Ok(text) => {
                    self.valid += text.chars().filter(|c| !c.is_ascii()).count() as u64;
                    return;
                }
                Err(error) => {
                    let (valid, rest) = bytes.split_at(error.valid_up_to());
                    self.valid += valid.iter().filter(|byte| **byte >= 0xC0).count() as u64;
                    let Some(length) = error.error_len() else {
                        self.carry = rest.to_vec();
                        return;
                    };
                    self.invalid += 1;
                    bytes = rest.get(length..).unwrap_or_default();
                }
            }
        }
    }

    fn finish(mut self, bom_bytes: usize) -> Detected {
        self.invalid += u64::from(!self.carry.is_empty());
        if self.invalid == 0 {
            return Detected { encoding: UTF_8, bom_bytes, clean: true };
        }
        // A few broken bytes in a file that is otherwise UTF-8 do not make it Latin-1.
        if bom_bytes > 0 || self.valid > self.invalid * 20 {
            return Detected { encoding: UTF_8, bom_bytes, clean: false };
        }
        self.detector.feed(&[], true);
        Detected { encoding: self.detector.guess(None, false), bom_bytes, clean: false }
    }
}

/// Reads any encoding as UTF-8; what cannot be decoded becomes U+FFFD.
pub struct Utf8Reader<R> {
    inner: R,
    /// `None` when the bytes are known to be clean UTF-8.
    decoder: Option<Decoder>,
    input: Vec<u8>,
    output: Vec<u8>,
    sent: usize,
    ended: bool,
}

impl<R: Read> Utf8Reader<R> {
    /// Starts at the beginning of the file; the byte order mark is skipped.
    pub fn new(mut inner: R, detected: Detected) -> io::Result<Self> {
        let mut bom = [0_u8; 3];
        if let Some(bom) = bom.get_mut(..detected.bom_bytes) {
            inner.read_exact(bom)?;
        }
        let decoder = (!detected.clean).then(|| detected.encoding.new_decoder_without_bom_handling());
        Ok(Self { inner, decoder, input: vec![0; CHUNK_BYTES], output: Vec::new(), sent: 0, ended: false })
    }

    fn refill(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else {
            return Ok(());
        };
        self.output.clear();
        self.sent = 0;
        while self.output.is_empty() && !self.ended {
            let length = fill(&mut self.inner, &mut self.input)?;
            self.ended = length < self.input.len();
            let mut source = self.input.get(..length).unwrap_or_default();
            // A byte may become three, and the decoder may hold some back.
            let mut text = vec![0; length * 3 + 16];
            loop {
                let (result, read, written, _) = decoder.decode_to_utf8(source, &mut text, self.ended);
                self.output.extend_from_slice(text.get(..written).unwrap_or_default());
                source = source.get(read..).unwrap_or_default();
                if result == CoderResult::InputEmpty {
                    break;
                }
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            return self.inner.read(buffer);
        }
        if self.sent == self.output.len() {
            self.refill()?;
        }
        let rest = self.output.get(self.sent..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        if let (Some(target), Some(source)) = (buffer.get_mut(..length), rest.get(..length)) {
            target.copy_from_slice(source);
        }
        self.sent += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, &'static str) {
        let detected = detect(bytes).unwrap();
        let mut text = String::new();
        Utf8Reader::new(bytes, detected).unwrap().read_to_string(&mut text).unwrap();
        (text, detected.encoding.name())
    }

    fn utf16(text: &str, little: bool, bom: bool) -> Vec<u8> {
        let units = bom.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn every_encoding_reads_the_same() {
        let text = "name,city\nJürgen Großmann,Köln\nZoë Ångström,Malmö\nRenée Lefèvre,Orléans\n";
        assert_eq!(read(text.as_bytes()), (text.to_owned(), "UTF-8"));
        assert_eq!(read(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()), (text.to_owned(), "UTF-8"));
        for bom in [true, false] {
            assert_eq!(read(&utf16(text, true, bom)), (text.to_owned(), "UTF-16LE"));
            assert_eq!(read(&utf16(text, false, bom)), (text.to_owned(), "UTF-16BE"));
        }
        let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(text);
        assert_eq!(read(&latin), (text.to_owned(), "windows-1252"));
    }

    #[test]
    fn an_umlaut_late_in_a_large_file_still_counts() {
        let mut bytes = b"plain,ascii\n".repeat(200_000);
        bytes.extend_from_slice(
            "M\u{fc}ller,K\u{f6}ln\nSch\u{f6}n,M\u{fc}nchen\n".chars().map(|c| c as u8).collect::<Vec<_>>().as_slice(),
        );
        let (text, name) = read(&bytes);
        assert_eq!(name, "windows-1252");
        assert!(text.ends_with("Müller,Köln\nSchön,München\n"));
    }

    #[test]
    fn one_broken_byte_does_not_spoil_utf8() {
        let mut bytes = "Müller,Köln\n".repeat(50).into_bytes();
        bytes.extend_from_slice(b"bad \xFF byte\n");
        let (text, name) = read(&bytes);
        assert_eq!(name, "UTF-8");
        assert!(text.ends_with("bad \u{FFFD} byte\n"));
    }

    #[test]
    fn empty_and_tiny_inputs() {
        assert_eq!(read(b"").0, "");
        assert_eq!(read(b"a").0, "a");
        assert_eq!(read(b"\xEF\xBB\xBF").0, "");
    }
}
