//! Where text goes that is read out of a file: white space joined, control characters left out, and no more than a bound.

/// Most bytes of one file's text.
const TEXT_MAX: usize = 200_000;

/// What stands between what was written and what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
}

/// A text that grows up to its bound.
#[derive(Debug, Default)]
pub(super) struct Sink {
    text: String,
    gap: Gap,
    full: bool,
}

impl Sink {
    /// Adds text as it stands.
    pub(super) fn push(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}' => self.line(),
                c if c.is_whitespace() => self.space(),
                // Hyphens that only show where a word may be parted, and what stands for what could not be read.
                '\u{ad}' | '\u{fffd}' | '\u{feff}' | '\u{200b}' => {}
                c if c.is_control() => {}
                c => self.put(c),
            }
            if self.full {
                return;
            }
        }
    }

    /// What comes next is another word.
    pub(super) fn space(&mut self) {
        self.gap = self.gap.max(Gap::Space);
    }

    /// What comes next stands on a line of its own.
    pub(super) fn line(&mut self) {
        self.gap = Gap::Line;
    }

    /// A word that is parted at the end of a line goes on in the next.
    pub(super) fn broken_line(&mut self) {
        let mut last = self.text.chars().rev();
        let is_parted =
            self.gap == Gap::None && last.next() == Some('-') && last.next().is_some_and(char::is_alphabetic);
        if is_parted {
            self.text.pop();
        } else {
            self.line();
        }
    }

    /// Whether nothing more is taken.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    fn put(&mut self, c: char) {
        if self.text.len() + c.len_utf8() + 1 > TEXT_MAX {
            self.full = true;
            return;
        }
        match (self.gap, self.text.is_empty()) {
            (Gap::None, _) | (_, true) => {}
            (Gap::Space, false) => self.text.push(' '),
            (Gap::Line, false) => self.text.push('\n'),
        }
        self.gap = Gap::None;
        self.text.push(c);
    }

    /// The text; empty when there is no word in it.
    pub(super) fn into_text(self) -> String {
        if self.text.contains(char::is_alphanumeric) { self.text } else { String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_blanks_and_ends_at_its_bound() {
        let mut sink = Sink::default();
        sink.push(" \n a\t \u{a0}b\r\n\r\nc\0\u{1b}d\u{ad}e");
        assert_eq!(sink.into_text(), "a b\ncde");
        let mut sink = Sink::default();
        sink.push("--- \u{fffd}\u{fffd}");
        assert_eq!(sink.into_text(), "");
        let mut sink = Sink::default();
        for _ in 0..TEXT_MAX {
            sink.push("é ");
        }
        assert!(sink.is_full() && sink.into_text().len() <= TEXT_MAX);
    }

    #[test]
    fn parted_words_are_one() {
        let mut sink = Sink::default();
        for line in ["Der Miet-", "vertrag", "gilt -", "immer"] {
            sink.push(line);
            sink.broken_line();
        }
        assert_eq!(sink.into_text(), "Der Mietvertrag\ngilt -\nimmer");
    }
}
