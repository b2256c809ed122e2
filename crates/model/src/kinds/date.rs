//! Days and instants, and the many ways people and programs write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use serde_json::Value as Json;

use super::month::{is_filler, month_of};
use super::{Context, problem, quoted, wrong_type};
use crate::field::Field;
use crate::problem::FieldProblem;
use crate::value::{Value, instant_from_text as instant_from_rfc3339};

/// Years that are kept; outside them order in the databases would differ.
const YEARS: std::ops::RangeInclusive<i16> = 1..=9999;
/// Excel's day numbers that are taken for dates: 1927 to 2119.
const SERIAL_DAYS: std::ops::RangeInclusive<f64> = 10_000.0..=80_000.0;
const DAY_MICROS: f64 = 86_400_000_000.0;

pub(super) fn date_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    match json {
        Json::String(text) => iso_date(text.trim()).map(Value::Date).ok_or_else(|| bad_date(field, text)),
        other => Err(wrong_type(field, other, "a date like \"2026-11-22\"")),
    }
}

pub(super) fn instant_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    match json {
        Json::String(text) => instant_from_rfc3339(text)
            .filter(|micros| in_range(*micros))
            .map(Value::Instant)
            .ok_or_else(|| bad_instant(field, text)),
        other => Err(wrong_type(field, other, "a time like \"2026-11-22T09:30:00Z\"")),
    }
}

pub(super) fn date_from_text(field: &Field, text: &str, context: &Context) -> Result<Value, FieldProblem> {
    let text = text.trim();
    let date = iso_date(text).or_else(|| Some(parse(text, context)?.date)).filter(|date| YEARS.contains(&date.year()));
    date.map(Value::Date).ok_or_else(|| bad_date(field, text))
}

pub(super) fn instant_from_text(field: &Field, text: &str, context: &Context) -> Result<Value, FieldProblem> {
    let text = text.trim();
    let micros = instant_from_rfc3339(text).or_else(|| {
        let when = parse(text, context)?;
        let local = DateTime::from_parts(when.date, when.time);
        let zone = when.offset.map_or_else(|| context.time_zone.clone(), |offset| offset.to_time_zone());
        Some(local.to_zoned(zone).ok()?.timestamp().as_microsecond())
    });
    micros.filter(|micros| in_range(*micros)).map(Value::Instant).ok_or_else(|| bad_instant(field, text))
}

fn in_range(micros: i64) -> bool {
    Timestamp::from_microsecond(micros)
        .is_ok_and(|instant| YEARS.contains(&instant.to_zoned(TimeZone::UTC).date().year()))
}

fn bad_date(field: &Field, text: &str) -> FieldProblem {
    problem(field, "bad_date", format!("{} is no date. Write it like 2026-11-22.", quoted(text)))
}

fn bad_instant(field: &Field, text: &str) -> FieldProblem {
    let message = format!("{} is no time. Write it like 2026-11-22T09:30:00Z, with its zone.", quoted(text));
    problem(field, "bad_date_time", message)
}

/// `YYYY-MM-DD` and nothing else.
fn iso_date(text: &str) -> Option<Date> {
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.strip_prefix('-')?.split_once('-')?;
    if text.len() != 10 || month.len() != 2 {
        return None;
    }
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(year) && digits(month) && digits(day)) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().filter(|d| YEARS.contains(&d.year()))
}

/// A day, a time of day and perhaps its distance from UTC.
struct When {
    date: Date,
    time: Time,
    offset: Option<Offset>,
}

impl When {
    fn utc(micros: i64) -> Option<Self> {
        let zoned = Timestamp::from_microsecond(micros).ok()?.to_zoned(TimeZone::UTC);
        Some(Self { date: zoned.date(), time: zoned.time(), offset: Some(Offset::UTC) })
    }
}

fn parse(text: &str, context: &Context) -> Option<When> {
    if text.len() > 80 {
        return None;
    }
    numeric(text).or_else(|| compact(text)).or_else(|| written(text, context))
}

/// Excel's day numbers and Unix times in seconds or milliseconds.
fn numeric(text: &str) -> Option<When> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    match text.len() {
        13 if !text.contains('.') => When::utc(text.parse::<i64>().ok()?.checked_mul(1_000)?),
        10 if !text.contains('.') => When::utc(text.parse::<i64>().ok()?.checked_mul(1_000_000)?),
        _ => {
            let serial: f64 = text.parse().ok()?;
            if !SERIAL_DAYS.contains(&serial) {
                return None;
            }
            // Day 25,569 is 1970-01-01. Spreadsheets keep local time, to the second.
            let micros = ((serial - 25_569.0) * DAY_MICROS / 1e6).round() * 1e6;
            When::utc(micros as i64).map(|when| When { offset: None, ..when })
        }
    }
}

/// `20261122`, `20261122T143000Z`.
fn compact(text: &str) -> Option<When> {
    let (day, rest) = text.split_at_checked(8)?;
    if !day.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |text: &str| text.parse::<i8>().ok();
    let date = Date::new(day.get(..4)?.parse().ok()?, number(day.get(4..6)?)?, number(day.get(6..8)?)?).ok()?;
    if rest.is_empty() {
        return Some(When { date, time: Time::midnight(), offset: None });
    }
    let (clock, zone) = rest.strip_prefix('T')?.split_at_checked(6)?;
    if !clock.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let time = Time::new(number(clock.get(..2)?)?, number(clock.get(2..4)?)?, number(clock.get(4..6)?)?, 0).ok()?;
    Some(When { date, time, offset: zone_offset(zone)? })
}

/// A date with or without a time of day, in words or numbers.
fn written(text: &str, context: &Context) -> Option<When> {
    let Some((start, end, clock)) = find_clock(text) else {
        let date = written_date(text, context)?;
        return Some(When { date, time: Time::midnight(), offset: None });
    };
    let before = text.get(..start)?.trim_end();
    let before =
        before.strip_suffix(['T', 't']).filter(|rest| rest.ends_with(|c: char| c.is_ascii_digit())).unwrap_or(before);
    let mut date_text = before.to_owned();
    let mut offset = None;
    let mut half = None;
    for word in text.get(end..)?.split_whitespace() {
        let word = word.trim_matches(',');
        match word.to_ascii_lowercase().replace('.', "").as_str() {
            "am" | "a" => half = Some(0),
            "pm" | "p" => half = Some(12),
            _ => match zone_offset(word.trim_matches(['(', ')'])) {
                Some(found) => offset = offset.or(found),
                None => {
                    date_text.push(' ');
                    date_text.push_str(word);
                }
            },
        }
    }
    let (hour, minute, second, nanosecond) = clock;
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(add) => hour % 12 + add,
        None => hour,
    };
    let time = Time::new(hour, minute, second.min(59), nanosecond).ok()?;
    Some(When { date: written_date(&date_text, context)?, time, offset })
}

type Clock = (i8, i8, i8, i32);

/// Start and end of the first `h:mm[:ss[.fff]]` in a text.
fn find_clock(text: &str) -> Option<(usize, usize, Clock)> {
    let colon = text.find(':')?;
    let head = text.get(..colon)?;
    let hour_digits = head.bytes().rev().take_while(u8::is_ascii_digit).count();
    let start = colon - hour_digits;
    let hour: i8 = text.get(start..colon)?.parse().ok()?;
    let (minute, mut end) = two_digits(text, colon + 1)?;
    let mut second = 0;
    let mut nanosecond = 0;
    if text.get(end..)?.starts_with(':') {
        (second, end) = two_digits(text, end + 1)?;
        let rest = text.get(end..)?;
        let fraction = rest.strip_prefix(['.', ',']).unwrap_or_default();
        let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if length > 0 {
            let digits: String = fraction.chars().take(length.min(9)).collect();
            nanosecond = format!("{digits:0<9}").parse().ok()?;
            end += 1 + length;
        }
    }
    // `2:30PM`: the word begins right behind the clock.
    Some((start, end, (hour, minute, second, nanosecond)))
}

fn two_digits(text: &str, at: usize) -> Option<(i8, usize)> {
    let digits = text.get(at..at + 2)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    Some((digits.parse().ok()?, at + 2))
}

/// `Z`, `UTC`, `+02:00`, `+0200`, `+02`, `CET` …: `Some(None)` for an empty text, `None` when it is no zone.
fn zone_offset(word: &str) -> Option<Option<Offset>> {
    let upper = word.to_ascii_uppercase();
    let upper = upper.strip_prefix("UTC").or_else(|| upper.strip_prefix("GMT")).unwrap_or(&upper);
    let hours = match upper {
        "" if word.is_empty() => return Some(None),
        "" | "Z" | "UT" | "WET" => 0,
        "CET" | "MEZ" | "BST" | "WEST" => 1,
        "CEST" | "MESZ" | "EET" => 2,
        "EEST" | "MSK" => 3,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "JST" => 9,
        _ => return numeric_offset(upper).map(Some),
    };
    Some(Offset::from_hours(hours).ok())
}

fn numeric_offset(text: &str) -> Option<Offset> {
    let (sign, digits) = match text.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, text.strip_prefix(['-', '−'])?),
    };
    let digits = digits.replace(':', "");
    if !(1..=4).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let (hours, minutes) = if digits.len() > 2 { (number / 100, number % 100) } else { (number, 0) };
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

fn written_date(text: &str, context: &Context) -> Option<Date> {
    let text = text.replace(['年', '月'], "-").replace('日', " ");
    let mut numbers: Vec<(i32, usize)> = Vec::new();
    let mut month = None;
    for word in words(&text) {
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            if word.len() > 4 {
                return None;
            }
            numbers.push((word.parse().ok()?, word.len()));
        } else if let Some(found) = month_of(word).filter(|_| month.is_none()) {
            month = Some(i32::from(found));
        } else if !is_filler(word) {
            return None;
        }
    }
    let is_year = |(number, digits): (i32, usize)| digits == 4 || number > 31;
    let (year, month, day) = match (numbers.as_slice(), month) {
        ([a, b], Some(month)) if is_year(*a) => (*a, month, b.0),
        ([a, b], Some(month)) => (*b, month, a.0),
        ([a, b, c], None) if is_year(*a) => (*a, b.0, c.0),
        ([a, b, c], None) => {
            let is_dotted = text.contains('.') && !text.contains('/');
            let (day, month) = if is_dotted || context.day_first { (a.0, b.0) } else { (b.0, a.0) };
            if month > 12 { (*c, day, month) } else { (*c, month, day) }
        }
        _ => return None,
    };
    let year = match year {
        (number, 1..=2) if number < 50 => number + 2000,
        (number, 1..=2) => number + 1900,
        (_, 3) => return None,
        (number, _) => number,
    };
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Runs of digits and runs of letters.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_alphanumeric()) {
        rest = rest.get(start..).unwrap_or_default();
        let starts_with_digit = rest.starts_with(|c: char| c.is_ascii_digit());
        let same = |c: char| if starts_with_digit { c.is_ascii_digit() } else { c.is_alphabetic() };
        let end = rest.find(|c: char| !same(c)).unwrap_or(rest.len()).max(1);
        let Some((word, tail)) = rest.split_at_checked(end) else { break };
        words.push(word);
        rest = tail;
    }
    words
}

/// Whether a column of dates such as `3/4/2026` puts the day first; `None` when the samples do not tell.
pub fn guess_day_first<'a>(samples: impl IntoIterator<Item = &'a str>) -> Option<bool> {
    let (mut day_votes, mut month_votes) = (0_u32, 0_u32);
    for sample in samples {
        let mut numbers = sample.split(['/', '-', '.', ' ']).map_while(|part| part.parse::<u32>().ok());
        match (numbers.next(), numbers.next()) {
            (Some(13..=31), Some(1..=12)) => day_votes += 1,
            (Some(1..=12), Some(13..=31)) => month_votes += 1,
            _ => {}
        }
    }
    (day_votes != month_votes).then_some(day_votes > month_votes)
}
