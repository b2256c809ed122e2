//! The content lines of one vCard, versions 2.1 to 4.0: unfolded, decoded, with their parameters.

use encoding_rs::Encoding;

/// One property of a card. Nothing of it is thrown away.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// `item1` of `item1.TEL`.
    pub group: String,
    /// Upper-case name.
    pub name: String,
    /// Lower-case types: `home`, `work`, `pref` …; parameters without a name (2.1) are types too.
    pub types: Vec<String>,
    /// The other parameters, names in upper case.
    pub params: Vec<(String, String)>,
    /// Decoded but still escaped text; of binary values the base64 without white space.
    pub value: String,
    /// The value is base64.
    pub binary: bool,
}

impl Line {
    /// A parameter's value.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the property is marked as the preferred one of its kind.
    pub fn is_preferred(&self) -> bool {
        self.types.iter().any(|kind| kind == "pref") || self.param("PREF") == Some("1")
    }

    /// The whole value as text.
    pub fn text(&self) -> String {
        unescape(&self.value)
    }

    /// The parts of a structured value (`N`, `ADR`, `ORG`), each with its list of values.
    pub fn parts(&self) -> Vec<Vec<String>> {
        split(&self.value, ';')
            .iter()
            .map(|part| split(part, ',').iter().map(|text| unescape(text)).collect())
            .collect()
    }

    /// The entries of a list value (`CATEGORIES`, `NICKNAME`).
    pub fn list(&self) -> Vec<String> {
        split(&self.value, ',')
            .iter()
            .map(|text| unescape(text).trim().to_owned())
            .filter(|text| !text.is_empty())
            .collect()
    }
}

/// Splits at a separator that no backslash escapes.
fn split(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for c in text.chars() {
        if c == separator && !escaped {
            parts.push(String::new());
            continue;
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    parts
}

fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some('n' | 'N')) => {
                plain.push('\n');
                chars.next();
            }
            ('\\', Some(next @ ('\\' | ',' | ';' | ':' | '"'))) => {
                plain.push(next);
                chars.next();
            }
            _ => plain.push(c),
        }
    }
    plain
}

/// The properties of one card, from the raw lines between `BEGIN` and `END`. Lines that are no properties come back as
/// `X-UNREADABLE`.
pub fn parse(raw: &[Vec<u8>], fallback: &'static Encoding) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = 0;
    while let Some(first) = raw.get(at) {
        at += 1;
        if first.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let mut logical = first.clone();
        let quoted = is_encoded(first, &[b"QUOTED-PRINTABLE"]);
        let binary = is_encoded(first, &[b"BASE64", b"ENCODING=B"]);
        while let Some(next) = raw.get(at) {
            if quoted && logical.last() == Some(&b'=') {
                logical.pop();
                logical.extend_from_slice(if next.starts_with(b" =") {
                    next.get(1..).unwrap_or_default()
                } else {
                    next
                });
            } else if let Some((b' ' | b'\t', rest)) = next.split_first() {
                logical.extend_from_slice(rest);
            } else if binary && !next.is_empty() && !next.contains(&b':') {
                logical.extend_from_slice(next);
            } else {
                break;
            }
            at += 1;
        }
        lines.push(parse_line(&logical, fallback));
    }
    lines
}

/// Whether the head of a raw line (before its value) names one of the encodings.
fn is_encoded(line: &[u8], marks: &[&[u8]]) -> bool {
    let head = line.split(|byte| *byte == b':').next().unwrap_or_default().to_ascii_uppercase();
    marks.iter().any(|mark| {
        head.split(|byte| *byte == b';').skip(1).any(|param| param == *mark || param.ends_with(&[b"=", *mark].concat()))
    })
}

fn parse_line(logical: &[u8], fallback: &'static Encoding) -> Line {
    let Some(colon) = find_colon(logical) else {
        return unreadable(logical, fallback);
    };
    let (head, value) = logical.split_at(colon);
    let value = value.get(1..).unwrap_or_default();
    let head = decode(head, None, fallback);
    let mut pieces = split_head(&head).into_iter();
    let full_name = pieces.next().unwrap_or_default();
    let (group, name) = full_name.rsplit_once('.').unwrap_or(("", &full_name));
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        return unreadable(logical, fallback);
    }
    let mut line = Line { group: group.to_owned(), name: name.to_ascii_uppercase(), ..Line::default() };
    for piece in pieces {
        add_param(&mut line, &piece);
    }
    line.value = decode_value(&mut line.binary, &line.params, value, fallback);
    line
}

fn unreadable(logical: &[u8], fallback: &'static Encoding) -> Line {
    Line { name: "X-UNREADABLE".to_owned(), value: decode(logical, None, fallback), ..Line::default() }
}

/// The first colon outside quotation marks.
fn find_colon(line: &[u8]) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in line.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b':' if !quoted => return Some(at),
            _ => {}
        }
    }
    // A stray quotation mark must not hide the value.
    line.iter().position(|byte| *byte == b':')
}

fn split_head(head: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut quoted = false;
    for c in head.chars() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => pieces.push(String::new()),
            _ => {
                if let Some(piece) = pieces.last_mut() {
                    piece.push(c);
                }
            }
        }
    }
    pieces
}

fn add_param(line: &mut Line, piece: &str) {
    let (name, value) = match piece.split_once('=') {
        Some((name, value)) => (name.trim().to_ascii_uppercase(), value.trim()),
        None => {
            let word = piece.trim();
            let name = match word.to_ascii_uppercase().as_str() {
                "QUOTED-PRINTABLE" | "BASE64" | "8BIT" | "7BIT" => "ENCODING",
                _ => "TYPE",
            };
            (name.to_owned(), word)
        }
    };
    if name == "TYPE" {
        let words = value.split(',').map(|word| word.trim().to_lowercase());
        line.types.extend(words.filter(|word| !word.is_empty()));
    } else if !value.is_empty() {
        line.params.push((name, value.to_owned()));
    }
}

fn decode_value(binary: &mut bool, params: &[(String, String)], value: &[u8], fallback: &'static Encoding) -> String {
    let find = |name: &str| params.iter().find(|(key, _)| key == name).map(|(_, value)| value.to_ascii_uppercase());
    let charset = find("CHARSET").and_then(|name| Encoding::for_label(name.as_bytes()));
    match find("ENCODING").as_deref() {
        Some("B" | "BASE64") => {
            *binary = true;
            value.iter().filter(|byte| !byte.is_ascii_whitespace()).map(|byte| char::from(*byte)).collect()
        }
        Some("QUOTED-PRINTABLE") => {
            let text = decode(&unquote(value), charset, fallback);
            text.replace("\r\n", "\n").trim_end_matches('\n').to_owned()
        }
        _ => decode(value, charset, fallback),
    }
}

fn decode(bytes: &[u8], charset: Option<&'static Encoding>, fallback: &'static Encoding) -> String {
    // Many exporters name a character set and write UTF-8.
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    charset.unwrap_or(fallback).decode_without_bom_handling(bytes).0.into_owned()
}

/// Quoted-printable; what is no valid escape stays as it is.
fn unquote(value: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut plain = Vec::with_capacity(value.len());
    let mut at = 0;
    while let Some(byte) = value.get(at) {
        at += 1;
        if *byte == b'='
            && let (Some(high), Some(low)) = (digit(value.get(at)), digit(value.get(at + 1)))
        {
            plain.push((high * 16 + low) as u8);
            at += 2;
            continue;
        }
        plain.push(*byte);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line> {
        let raw: Vec<Vec<u8>> = text.lines().map(|line| line.as_bytes().to_vec()).collect();
        parse(&raw, encoding_rs::WINDOWS_1252)
    }

    #[test]
    fn folded_quoted_and_typed() {
        let all = lines(
            "FN:Ann\n  Lee\nTEL;TYPE=\"work,cell\";PREF=1:+49 30 1\nitem1.EMAIL;type=INTERNET;HOME:a@b.c\n\
             NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0A=\ntwo=C3=BC\nnonsense\nADR:;;1 Main\\, St;A\\;B;C,D",
        );
        let texts: Vec<String> = all.iter().map(|line| format!("{}={}", line.name, line.text())).collect();
        assert_eq!(texts[0], "FN=Ann Lee");
        assert_eq!(all[1].types, ["work", "cell"]);
        assert!(all[1].is_preferred());
        assert_eq!((all[2].group.as_str(), all[2].types.clone()), ("item1", vec!["internet".into(), "home".into()]));
        assert_eq!(texts[3], "NOTE=one\ntwoü");
        assert_eq!(texts[4], "X-UNREADABLE=nonsense");
        assert_eq!(all[5].parts()[2..5], [vec!["1 Main, St"], vec!["A;B"], vec!["C", "D"]]);
    }

    #[test]
    fn photos_without_indents() {
        let all = lines("PHOTO;JPEG;BASE64:/9j/\nAAAA\n  BBBB\n\nTITLE:x");
        assert_eq!((all[0].binary, all[0].value.as_str()), (true, "/9j/AAAABBBB"));
        assert_eq!(all[1].name, "TITLE");
    }

    #[test]
    fn latin_bytes() {
        let line = parse(&[b"FN:J\xFCrgen".to_vec()], encoding_rs::WINDOWS_1252);
        assert_eq!(line[0].value, "Jürgen");
        let line = parse(&[b"N;CHARSET=ISO-8859-2:\xA3ukasz".to_vec()], encoding_rs::WINDOWS_1252);
        assert_eq!(line[0].value, "Łukasz");
    }
}
