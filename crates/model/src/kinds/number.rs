//! Integers, decimals, percents and ratings, and the many ways people write numbers.

use serde_json::{Number, Value as Json};

use super::{Context, problem, quoted, wrong_type};
use crate::field::Field;
use crate::problem::FieldProblem;
use crate::value::{SCALE, Value, scaled_from_text};

pub(super) fn integer_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    let number = match json {
        Json::Number(number) => number.clone(),
        Json::String(text) => text
            .trim()
            .parse::<i64>()
            .map(Number::from)
            .map_err(|_| problem(field, "bad_number", format!("{} is no whole number.", quoted(text))))?,
        other => return Err(wrong_type(field, other, "a whole number")),
    };
    if let Some(whole) = number.as_i64() {
        return Ok(Value::Int(whole));
    }
    match number.as_f64() {
        Some(double) if double.fract() == 0.0 && double.abs() < 9.0e15 => Ok(Value::Int(double as i64)),
        Some(double) if double.fract() == 0.0 => Err(out_of_range(field)),
        _ => Err(problem(field, "bad_number", format!("{number} is no whole number."))),
    }
}

pub(super) fn decimal_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    scaled_from_json(field, json).map(Value::Dec)
}

/// The scaled integer of a JSON number, or of a text in plain decimal notation.
pub(super) fn scaled_from_json(field: &Field, json: &Json) -> Result<i64, FieldProblem> {
    match json {
        Json::Number(number) => match number.as_i64() {
            Some(whole) => whole.checked_mul(SCALE).ok_or_else(|| out_of_range(field)),
            None => scaled_from_text(&number.to_string()).ok_or_else(|| out_of_range(field)),
        },
        Json::String(text) => scaled_from_text(text).ok_or_else(|| bad_number(field, text)),
        other => Err(wrong_type(field, other, "a number")),
    }
}

pub(super) fn rating_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    match integer_from_json(field, json)? {
        Value::Int(stars @ 1..=5) => Ok(Value::Int(stars)),
        _ => Err(problem(field, "out_of_range", "give 1 to 5.")),
    }
}

pub(super) fn integer_from_text(field: &Field, text: &str, context: &Context) -> Result<Value, FieldProblem> {
    if let Ok(whole) = text.trim().parse::<i64>() {
        return Ok(Value::Int(whole));
    }
    match parse_scaled(text, context.decimal_comma) {
        Some(scaled) if scaled % SCALE == 0 => Ok(Value::Int(scaled / SCALE)),
        _ => Err(problem(field, "bad_number", format!("{} is no whole number.", quoted(text)))),
    }
}

pub(super) fn decimal_from_text(field: &Field, text: &str, context: &Context) -> Result<Value, FieldProblem> {
    let text = text.trim();
    let number = text.strip_suffix('%').unwrap_or(text);
    parse_scaled(number, context.decimal_comma).map(Value::Dec).ok_or_else(|| bad_number(field, text))
}

pub(super) fn rating_from_text(field: &Field, text: &str) -> Result<Value, FieldProblem> {
    let text = text.trim();
    let filled = text.chars().filter(|c| matches!(c, '★' | '⭐' | '*')).count();
    let stars = match text.split_once('/') {
        _ if filled > 0 => i64::try_from(filled).ok(),
        Some((stars, "5")) => stars.trim().parse().ok(),
        _ => parse_scaled(text, false).filter(|scaled| scaled % SCALE == 0).map(|scaled| scaled / SCALE),
    };
    match stars {
        Some(stars @ 1..=5) => Ok(Value::Int(stars)),
        _ => Err(problem(field, "out_of_range", format!("{} is no rating; give 1 to 5.", quoted(text)))),
    }
}

fn bad_number(field: &Field, text: &str) -> FieldProblem {
    problem(field, "bad_number", format!("{} is no number, or too large. Write it like 1234.5.", quoted(text)))
}

fn out_of_range(field: &Field) -> FieldProblem {
    problem(field, "out_of_range", "the number is too large.")
}

/// The scaled integer of a number as people write it: `1,234.56`, `1.234,56`, `1 234,56`, `1'234.56`, `(12.00)`,
/// `12-`, `1.5E+3`. One separator followed by exactly three digits is a thousands mark when it is the grouping
/// mark of the context, else a decimal mark.
pub(super) fn parse_scaled(text: &str, decimal_comma: bool) -> Option<i64> {
    let text = text.trim();
    if !decimal_comma && let Some(scaled) = scaled_from_text(text) {
        return Some(scaled);
    }
    let (negative, digits) = match text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => (true, inner.trim()),
        None => match text.strip_suffix(['-', '−']) {
            Some(inner) => (true, inner.trim()),
            None => match text.strip_prefix(['-', '−']) {
                Some(inner) => (true, inner.trim()),
                None => (false, text.strip_prefix('+').unwrap_or(text)),
            },
        },
    };
    let plain = plain_digits(digits, decimal_comma)?;
    let scaled = scaled_from_text(&plain)?;
    if negative { scaled.checked_neg() } else { Some(scaled) }
}

/// Digits with at most one point as the decimal mark.
fn plain_digits(text: &str, decimal_comma: bool) -> Option<String> {
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\'' | '’' | '_');
    let compact: String = text.chars().filter(|c| !is_space(*c)).collect();
    if compact.is_empty() || !compact.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',') {
        return None;
    }
    let decimal_mark = match (compact.rfind('.'), compact.rfind(',')) {
        (Some(point), Some(comma)) => Some(if point > comma { '.' } else { ',' }),
        (Some(_), None) => single_mark(&compact, '.', !decimal_comma),
        (None, Some(_)) => single_mark(&compact, ',', decimal_comma),
        (None, None) => None,
    };
    let mut plain = String::with_capacity(compact.len());
    for c in compact.chars() {
        if c.is_ascii_digit() {
            plain.push(c);
        } else if Some(c) == decimal_mark {
            if plain.contains('.') {
                return None;
            }
            plain.push('.');
        }
    }
    plain.chars().any(|c| c.is_ascii_digit()).then_some(plain)
}

/// Whether the only sort of mark in a number is its decimal mark.
fn single_mark(compact: &str, mark: char, is_usual: bool) -> Option<char> {
    let mut parts = compact.split(mark);
    let head = parts.next().unwrap_or_default();
    let tails: Vec<&str> = parts.collect();
    match tails.as_slice() {
        [tail] => {
            let looks_grouped = tail.len() == 3 && (1..=3).contains(&head.len()) && !head.starts_with('0');
            (is_usual || !looks_grouped).then_some(mark)
        }
        _ => None,
    }
}

/// Whether a column of numbers is written with a decimal comma; `None` when the samples do not tell.
pub fn guess_decimal_comma<'a>(samples: impl IntoIterator<Item = &'a str>) -> Option<bool> {
    let (mut comma_votes, mut point_votes) = (0_u32, 0_u32);
    for sample in samples {
        match (sample.rfind('.'), sample.rfind(',')) {
            (Some(point), Some(comma)) if comma > point => comma_votes += 1,
            (Some(_), Some(_)) => point_votes += 1,
            (None, Some(comma)) if digits_after(sample, comma) != 3 => comma_votes += 1,
            (Some(point), None) if digits_after(sample, point) != 3 => point_votes += 1,
            _ => {}
        }
    }
    (comma_votes != point_votes).then_some(comma_votes > point_votes)
}

fn digits_after(text: &str, at: usize) -> usize {
    text.get(at + 1..).unwrap_or_default().chars().take_while(char::is_ascii_digit).count()
}
