//! Telephone numbers: E.164 where the number is valid somewhere, otherwise as it was typed.

use std::fmt::Write;
use std::str::FromStr;

use phonenumber::country::Id;
use phonenumber::{Mode, metadata::DATABASE};
use unicode_normalization::UnicodeNormalization;

use super::text::clean_line;

/// Longest text that can be a number.
const NUMBER_BYTES_MAX: usize = 48;

/// `+493012345678`, with ` ext. 12` behind it when there is an extension; the typed text when it is no valid number.
/// Numbers without a prefix are read as of `country` (ISO 3166-1 alpha-2, empty when unknown).
pub fn normalise_phone(typed: &str, country: &str) -> String {
    let clean = clean_line(typed);
    let number = plain(&clean);
    let prefixed = number.strip_prefix("00").filter(|rest| !rest.starts_with('0')).map(|rest| format!("+{rest}"));
    let number = prefixed.unwrap_or(number);
    if let Some(e164) = common_number(&number, country) {
        return e164;
    }
    if !could_be_number(&number) {
        return clean;
    }
    let region = Id::from_str(country).ok();
    format_number(region, &number).unwrap_or(clean)
}

/// Digits in ASCII, without `tel:` and without the `(0)` of `+49 (0)30`.
fn plain(typed: &str) -> String {
    let compatible: String = if typed.is_ascii() { typed.to_owned() } else { typed.nfkc().collect() };
    let dashed: String =
        compatible.chars().map(|c| if matches!(c, '‐' | '‑' | '–' | '—' | '−') { '-' } else { c }).collect();
    let number = match dashed.get(..4) {
        Some(head) if head.eq_ignore_ascii_case("tel:") => dashed.get(4..).unwrap_or_default(),
        _ => &dashed,
    };
    let number = number.trim();
    if number.starts_with('+') { number.replacen("(0)", "", 1) } else { number.to_owned() }
}

/// Only such texts are handed to the library: digits, marks between them, an extension.
fn could_be_number(number: &str) -> bool {
    let lower = number.to_ascii_lowercase();
    let without_words = lower.replace("extension", "").replace("ext", "").replace('x', "");
    let digits = without_words.bytes().filter(u8::is_ascii_digit).count();
    number.len() <= NUMBER_BYTES_MAX
        && (4..=22).contains(&digits)
        && without_words
            .bytes()
            .enumerate()
            .all(|(at, byte)| byte.is_ascii_digit() || b" -./()".contains(&byte) || (byte == b'+' && at == 0))
}

fn format_number(region: Option<Id>, number: &str) -> Option<String> {
    let parsed = phonenumber::parse(region, number).ok()?;
    if !parsed.is_valid_with(&DATABASE) {
        return None;
    }
    let mut text = String::new();
    write!(text, "{}", parsed.format().mode(Mode::E164)).ok()?;
    if let Some(extension) = parsed.extension() {
        write!(text, " ext. {extension}").ok()?;
    }
    Some(text)
}

/// The numbers that most lists are full of, without the library's tables: numbers with a common prefix and the right
/// count of digits, and ten-digit numbers of North America.
fn common_number(number: &str, country: &str) -> Option<String> {
    if number.len() > 24 || !number.bytes().all(|byte| byte.is_ascii_digit() || b"+ -.()".contains(&byte)) {
        return None;
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if !number.starts_with('+') {
        let is_local = matches!(country, "US" | "CA") && digits.len() == 10 && is_north_american(&digits);
        return is_local.then(|| format!("+1{digits}"));
    }
    let common = COMMON.iter().find(|(prefix, _)| digits.starts_with(prefix));
    let is_common = match common {
        Some((prefix, lengths)) => {
            let national = digits.get(prefix.len()..)?;
            lengths.contains(&national.len()) && !national.starts_with('0')
        }
        None => digits.strip_prefix('1').is_some_and(is_north_american),
    };
    is_common.then(|| format!("+{digits}"))
}

/// Calling codes with the lengths that their usual numbers have.
const COMMON: &[(&str, &[usize])] = &[
    ("31", &[9]),
    ("33", &[9]),
    ("34", &[9]),
    ("41", &[9]),
    ("44", &[10]),
    ("45", &[8]),
    ("47", &[8]),
    ("48", &[9]),
    ("49", &[10, 11]),
    ("61", &[9]),
    ("351", &[9]),
    ("420", &[9]),
];

/// Ten digits: area and exchange start with 2 to 9, and neither is a service code.
fn is_north_american(digits: &str) -> bool {
    let at = |position: usize| digits.as_bytes().get(position).copied().unwrap_or(b'0');
    digits.len() == 10 && at(0) >= b'2' && at(3) >= b'2' && !(at(1) == b'1' && at(2) == b'1') && at(1) != b'9'
}
