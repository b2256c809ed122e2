//! Content lines: folded and escaped on the way out, unfolded and taken apart on the way in.

/// Longest line, in bytes, without its end.
const LINE_BYTES: usize = 75;
/// Most lines of a file that are read.
const LINES_MAX: usize = 400_000;

/// A calendar being written.
#[derive(Debug, Default)]
pub(super) struct Lines {
    text: String,
}

impl Lines {
    /// A line whose value is written as it is: names, times, rules.
    pub(super) fn push(&mut self, name: &str, value: &str) {
        let mut room = LINE_BYTES;
        for c in name.chars().chain(std::iter::once(':')).chain(value.chars()).filter(|c| !c.is_control()) {
            if c.len_utf8() > room {
                self.text.push_str("\r\n ");
                room = LINE_BYTES - 1;
            }
            self.text.push(c);
            room -= c.len_utf8();
        }
        self.text.push_str("\r\n");
    }

    /// A line whose value is free text; nothing when it is empty.
    pub(super) fn push_text(&mut self, name: &str, value: &str) {
        if !value.trim().is_empty() {
            self.push(name, &escape(value));
        }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }
}

pub(super) fn escape(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A parameter's value between quotes; what cannot stand there is left out.
pub(super) fn quoted(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control() && *c != '"').take(200).collect();
    format!("\"{plain}\"")
}

pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(c) => out.push(c),
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    out
}

/// One line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Upper-case name.
    pub(super) name: String,
    params: Vec<(String, String)>,
    /// The value, still escaped.
    pub(super) value: String,
}

impl Line {
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Takes a line apart; `None` when it is no property.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let (mut begin, mut quoted, mut colon) = (0, false, None);
        for (at, c) in text.char_indices() {
            match c {
                '"' => quoted = !quoted,
                ';' | ':' if !quoted => {
                    parts.push(text.get(begin..at)?);
                    begin = at + 1;
                    if c == ':' {
                        colon = Some(at);
                        break;
                    }
                }
                _ => {}
            }
        }
        let value = text.get(colon? + 1..)?.to_owned();
        let mut parts = parts.into_iter();
        let name = parts.next()?.trim().to_ascii_uppercase();
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let params = parts.filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            Some((name.trim().to_ascii_uppercase(), value.trim_matches('"').to_owned()))
        });
        is_name.then(|| Self { name, params: params.collect(), value })
    }
}

/// The lines of a file, unfolded.
pub(super) fn read(text: &str) -> Vec<Line> {
    let mut whole: Vec<String> = Vec::new();
    for raw in text.split('\n').take(LINES_MAX) {
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        match (raw.strip_prefix([' ', '\t']), whole.last_mut()) {
            (Some(rest), Some(line)) => line.push_str(rest),
            _ => whole.push(raw.to_owned()),
        }
    }
    whole.iter().filter_map(|line| Line::parse(line)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters_and_come_back_whole() {
        let text = "Größe, Gewicht; und \"alles\" \\ andere\nim Überblick – ".repeat(9);
        let mut lines = Lines::default();
        lines.push_text("SUMMARY", &text);
        let written = lines.into_text();
        assert!(written.ends_with("\r\n"));
        assert!(written.split("\r\n").all(|line| line.len() <= LINE_BYTES), "{written}");
        let read = read(&written);
        assert_eq!(unescape(&read.first().unwrap().value), text);
        assert_eq!(read.len(), 1);
    }

    #[test]
    fn a_text_cannot_become_a_line_of_its_own() {
        let mut lines = Lines::default();
        lines.push_text("SUMMARY", "a\r\nATTACH:http://evil\rX:1");
        lines.push(&format!("ATTENDEE;CN={}", quoted("Ann\"\r\nX:1")), "mailto:a@b.c\nX:2");
        assert_eq!(read(&lines.into_text()).len(), 2);
    }

    #[test]
    fn parameters_may_hold_marks() {
        let line = Line::parse("attendee;CN=\"Meyer; Ann: x\";PARTSTAT=ACCEPTED:mailto:ann@x.de").unwrap();
        assert_eq!((line.name.as_str(), line.param("CN")), ("ATTENDEE", Some("Meyer; Ann: x")));
        assert_eq!((line.param("PARTSTAT"), line.value.as_str()), (Some("ACCEPTED"), "mailto:ann@x.de"));
        assert_eq!(Line::parse("no property"), None);
    }
}
