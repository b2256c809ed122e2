//! Rich text format: a stream of words behind backslashes, in groups; only what is shown is kept.

use encoding_rs::{Encoding, WINDOWS_1252};

use super::sink::Sink;

/// Groups that hold no text of the document.
const UNSEEN: [&str; 22] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "generator",
    "info",
    "pict",
    "object",
    "objdata",
    "themedata",
    "colorschememapping",
    "datastore",
    "latentstyles",
    "xmlnstbl",
    "filetbl",
    "revtbl",
    "mmathPr",
    "fldinst",
    "bkmkstart",
    "bkmkend",
];
/// Deepest nesting of groups that is kept apart.
const DEPTH_MAX: usize = 1_000;

/// What holds within a group.
#[derive(Debug, Clone, Copy)]
struct Group {
    unseen: bool,
    /// Characters that stand for a Unicode character where it is not known.
    skip: usize,
}

/// Reads the text that is shown.
pub(super) fn read(bytes: &[u8], sink: &mut Sink) {
    let mut reader = Reader {
        bytes,
        at: 0,
        encoding: WINDOWS_1252,
        group: Group { unseen: false, skip: 1 },
        outer: Vec::new(),
        to_skip: 0,
        pending: Vec::new(),
        high: None,
    };
    while let Some(byte) = reader.next() {
        match byte {
            b'{' => reader.open(sink),
            b'}' => reader.close(sink),
            b'\\' => reader.control(sink),
            b'\r' | b'\n' => {}
            byte => reader.byte(byte),
        }
        if sink.is_full() {
            return;
        }
    }
    reader.flush(sink);
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    encoding: &'static Encoding,
    group: Group,
    outer: Vec<Group>,
    to_skip: usize,
    /// Bytes in the encoding of the document: some characters take two.
    pending: Vec<u8>,
    /// The first half of a character beyond the basic plane.
    high: Option<u16>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if !self.group.unseen {
            self.pending.push(byte);
        }
    }

    fn flush(&mut self, sink: &mut Sink) {
        if !self.pending.is_empty() {
            sink.push(&self.encoding.decode_without_bom_handling(&self.pending).0);
            self.pending.clear();
        }
    }

    fn open(&mut self, sink: &mut Sink) {
        self.flush(sink);
        self.to_skip = 0;
        if self.outer.len() < DEPTH_MAX {
            self.outer.push(self.group);
        }
    }

    fn close(&mut self, sink: &mut Sink) {
        self.flush(sink);
        self.to_skip = 0;
        self.group = self.outer.pop().unwrap_or(Group { unseen: false, skip: 1 });
    }

    /// What follows a backslash.
    fn control(&mut self, sink: &mut Sink) {
        match self.next() {
            Some(b'\'') => {
                let digits = self.bytes.get(self.at..self.at + 2).and_then(|two| std::str::from_utf8(two).ok());
                if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    self.at += 2;
                    self.byte(byte);
                }
            }
            Some(byte @ (b'{' | b'}' | b'\\')) => self.byte(byte),
            Some(b'~') => self.byte(b' '),
            Some(b'_') => self.byte(b'-'),
            Some(b'*') => self.group.unseen = true,
            Some(byte) if byte.is_ascii_alphabetic() => {
                self.at -= 1;
                self.word(sink);
            }
            _ => {}
        }
    }

    fn word(&mut self, sink: &mut Sink) {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphabetic()) {
            self.at += 1;
        }
        let name = std::str::from_utf8(self.bytes.get(start..self.at).unwrap_or_default()).unwrap_or_default();
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit() || (byte == b'-' && self.at == start)) {
            self.at += 1;
        }
        let digits = std::str::from_utf8(self.bytes.get(start..self.at).unwrap_or_default()).unwrap_or_default();
        let number = digits.parse::<i64>().ok();
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        if name != "u" {
            self.flush(sink);
        }
        match name {
            "par" | "line" | "row" | "page" | "sect" if !self.group.unseen => sink.line(),
            "tab" | "cell" | "emspace" | "enspace" if !self.group.unseen => sink.space(),
            "u" => self.unicode(number.unwrap_or(0), sink),
            "uc" => self.group.skip = number.and_then(|count| usize::try_from(count).ok()).unwrap_or(1).min(10),
            "ansicpg" => {
                let label = format!("windows-{}", number.unwrap_or(1252));
                self.encoding = Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252);
            }
            "bin" => {
                let length = number.and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
                self.at = self.at.saturating_add(length).min(self.bytes.len());
            }
            name if UNSEEN.contains(&name) => self.group.unseen = true,
            _ => {}
        }
    }

    fn unicode(&mut self, number: i64, sink: &mut Sink) {
        self.flush(sink);
        self.to_skip = self.group.skip;
        if self.group.unseen {
            return;
        }
        // Written as a signed number of 16 bits.
        let Ok(unit) = u16::try_from(number & 0xffff) else { return };
        let high = self.high.take();
        if (0xd800..0xdc00).contains(&unit) {
            self.high = Some(unit);
            return;
        }
        for c in char::decode_utf16(high.into_iter().chain([unit])).flatten() {
            sink.push(c.encode_utf8(&mut [0; 4]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rtf: &str, expected: &str) {
        let mut sink = Sink::default();
        read(rtf.as_bytes(), &mut sink);
        assert_eq!(sink.into_text(), expected);
    }

    #[test]
    fn shows_what_is_shown() {
        check(
            r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator x;}\f0 Ja, M\'fcller\par{\b fett} \u8364?5\tab a\{b\}}",
            "Ja, Müller\nfett €5 a{b}",
        );
        check(r"{\rtf1\ansicpg1251 \'cc\'ee\'f1\'ea\'e2\'e0}", "Москва");
        check(r"{\rtf1 \u-10179?\u-8704? smile}", "😀 smile");
        check(r"{\rtf1 a\bin5 }}}}}b}", "ab");
    }

    #[test]
    fn broken_text_ends_somewhere() {
        check(&format!("{{\\rtf1 a{}", "{".repeat(100_000)), "a");
        check(&format!("{{\\rtf1 a{}b", "}".repeat(100_000)), "ab");
        check("{\\rtf1 a\\", "a");
        check("{\\rtf1 a\\'", "a");
        check("{\\rtf1 a\\u99999999999999999999 ?b", "ab");
    }
}
