//! Text and long text: NFC, no control characters, within its limit. Also the nearest name for "did you mean".

use std::borrow::Cow;

use serde_json::Value as Json;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::{problem, wrong_type};
use crate::field::Field;
use crate::limits::{LONG_TEXT_BYTES_MAX, TEXT_BYTES_MAX};
use crate::problem::FieldProblem;
use crate::value::Value;

pub(super) fn line_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    match json {
        Json::String(text) => line(field, text),
        other => Err(wrong_type(field, other, "a text")),
    }
}

pub(super) fn block_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    match json {
        Json::String(text) => block(field, text),
        other => Err(wrong_type(field, other, "a text")),
    }
}

pub(super) fn line(field: &Field, text: &str) -> Result<Value, FieldProblem> {
    let clean = clean_line(text);
    limited(field, &clean, TEXT_BYTES_MAX)?;
    Ok(Value::text(clean))
}

pub(super) fn block(field: &Field, text: &str) -> Result<Value, FieldProblem> {
    let clean = clean_block(text);
    limited(field, &clean, LONG_TEXT_BYTES_MAX)?;
    Ok(Value::text(clean))
}

pub(super) fn limited(field: &Field, text: &str, bytes_max: usize) -> Result<(), FieldProblem> {
    if text.len() <= bytes_max {
        return Ok(());
    }
    let message = format!("too long by {} bytes; shorten it to {bytes_max}.", text.len() - bytes_max);
    Err(problem(field, "too_long", message))
}

/// One line: white space of every sort becomes a space, control characters and direction overrides go, the ends are
/// trimmed, letters are composed (NFC).
pub(super) fn clean_line(text: &str) -> String {
    let text = text.trim();
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.to_owned();
    }
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if c == ' ' {
            clean.push(' ');
        } else if c.is_whitespace() {
            if !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if !is_unwanted(c) {
            clean.push(c);
        }
    }
    let clean = composed(&clean);
    clean.trim().to_owned()
}

/// Several lines: line ends become `\n`, tabs stay, the end is trimmed; otherwise as [`clean_line`].
pub(super) fn clean_block(text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    let mut clean = String::with_capacity(text.len());
    let mut previous = '\0';
    for c in text.chars() {
        match c {
            '\n' if previous == '\r' => {}
            '\r' | '\n' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' => clean.push('\t'),
            c if is_unwanted(c) => {}
            c => clean.push(c),
        }
        previous = c;
    }
    let clean = composed(&clean);
    let clean = clean.trim_end();
    if clean.trim().is_empty() { String::new() } else { clean.to_owned() }
}

fn is_unwanted(c: char) -> bool {
    c.is_control() || matches!(c, '\u{FEFF}' | '\u{202D}' | '\u{202E}')
}

fn composed(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    }
}

/// The name most like a mistyped one, if any is near enough to be meant.
pub(crate) fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed: String = typed.to_lowercase().chars().take(60).collect();
    let allowed = typed.chars().count().div_ceil(3).clamp(1, 3);
    names
        .map(|name| (edit_distance(&typed, name), name))
        .filter(|(distance, name)| *distance <= allowed || (typed.len() >= 3 && name.contains(&typed)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Distance in characters inserted, left out, changed, or swapped with their neighbour.
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (line, from) in a.chars().enumerate() {
        let mut row = Vec::with_capacity(above.len());
        row.push(line + 1);
        for (column, to) in b.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX - 1);
            let mut least = (at(&row, column) + 1).min(at(&above, column + 1) + 1);
            least = least.min(at(&above, column) + usize::from(from != *to));
            let is_swapped = column > 0 && previous == Some(*to) && b.get(column - 1) == Some(&from);
            if is_swapped {
                least = least.min(at(&before, column - 1) + 1);
            }
            row.push(least);
        }
        previous = Some(from);
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}
