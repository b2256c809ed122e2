//! Durations: microseconds inside, seconds in JSON, `1:30:00` in exports.

use serde_json::Value as Json;

use super::number::parse_scaled;
use super::{Context, problem, quoted, wrong_type};
use crate::field::Field;
use crate::problem::FieldProblem;
use crate::value::{SCALE, Value};

const SECOND: i64 = 1_000_000;

pub(super) fn from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    let Json::Number(number) = json else {
        return Err(wrong_type(field, json, "seconds, as a number"));
    };
    let micros = match number.as_i64() {
        Some(seconds) => seconds.checked_mul(SECOND),
        None => number.as_f64().map(|seconds| (seconds * SECOND as f64).round()).and_then(whole),
    };
    micros.map(Value::Duration).ok_or_else(|| problem(field, "out_of_range", "the duration is too long."))
}

fn whole(double: f64) -> Option<i64> {
    (double.abs() < 9.2e18).then_some(double as i64)
}

pub(super) fn from_text(field: &Field, text: &str, context: &Context) -> Result<Value, FieldProblem> {
    let typed = text.trim();
    let (negative, positive) = match typed.strip_prefix('-') {
        Some(rest) => (true, rest.trim()),
        None => (false, typed),
    };
    let micros = clock(positive).or_else(|| units(positive, context));
    match micros {
        Some(micros) => Ok(Value::Duration(if negative { -micros } else { micros })),
        None => {
            let message = format!("{} is no duration. Write it like 1:30:00 or 1h 30m.", quoted(typed));
            Err(problem(field, "bad_duration", message))
        }
    }
}

/// `h:mm`, `h:mm:ss`, `h:mm:ss.ffffff`.
fn clock(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let hours: i64 = digits(parts.next()?)?;
    let minutes: i64 = digits(parts.next()?)?;
    let seconds = parts.next().unwrap_or("0");
    if parts.next().is_some() {
        return None;
    }
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let seconds: i64 = digits(seconds)?;
    digits::<i64>(fraction)?;
    let micros: i64 = format!("{:0<6}", fraction.get(..fraction.len().min(6))?).parse().ok()?;
    let whole = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?;
    whole.checked_mul(SECOND)?.checked_add(micros)
}

fn digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// `90`, `90 min`, `1h 30m`, `1.5 hours`, `PT1H30M`, `2 days`.
fn units(text: &str, context: &Context) -> Option<i64> {
    let lower = text.to_lowercase();
    let text = if lower.starts_with('p') { lower.replacen('p', "", 1).replace('t', " ") } else { lower };
    let mut rest = text.trim();
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let number_end = rest.find(|c: char| c.is_alphabetic()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(number_end);
        let unit_end = tail.find(|c: char| !c.is_alphabetic() && c != '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_end);
        let scaled = parse_scaled(number, context.decimal_comma)?;
        let unit = unit_seconds(unit.trim_end_matches('.'))?;
        let micros = i128::from(scaled) * i128::from(unit) * i128::from(SECOND) / i128::from(SCALE);
        total = total.checked_add(i64::try_from(micros).ok()?)?;
        rest = tail.trim_start_matches([' ', ',']).trim();
    }
    (!text.trim().is_empty()).then_some(total)
}

fn unit_seconds(unit: &str) -> Option<i64> {
    Some(match unit {
        "" | "s" | "sec" | "secs" | "second" | "seconds" | "sek" | "sekunde" | "sekunden" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" | "minuten" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" | "std" | "stunde" | "stunden" | "heure" | "heures" => 3_600,
        "d" | "day" | "days" | "tag" | "tage" | "jour" | "jours" => 86_400,
        "w" | "week" | "weeks" | "woche" | "wochen" => 604_800,
        _ => return None,
    })
}

pub(super) fn to_text(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let total = micros.unsigned_abs();
    let (seconds, fraction) = (total / 1_000_000, total % 1_000_000);
    let clock = format!("{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 { clock } else { format!("{clock}.{fraction:06}") }
}
