//! Postal addresses: parts, with the country as ISO 3166-1 alpha-2.

use serde_json::{Map, Number, Value as Json};

use super::country::find_country;
use super::text::{clean_line, limited};
use super::{problem, quoted, wrong_type};
use crate::column::{ADDRESS_PARTS, COORDINATE_SCALE};
use crate::field::Field;
use crate::limits::TEXT_BYTES_MAX;
use crate::problem::FieldProblem;
use crate::value::Value;

/// The parts in the order they are written in a text.
const TEXT_PARTS: [&str; 7] = ["street", "city", "region", "postal_code", "country", "latitude", "longitude"];

pub(super) fn from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    let map = match json {
        Json::Object(map) => map,
        Json::String(text) => return from_text(field, text),
        other => {
            return Err(wrong_type(field, other, r#"an address like {"street": "…", "city": "…", "country": "FR"}"#));
        }
    };
    if let Some(part) = map.keys().find(|part| !TEXT_PARTS.contains(&part.as_str())) {
        let message = format!("an address has no part {}; it has {}.", quoted(part), TEXT_PARTS.join(", "));
        return Err(problem(field, "wrong_type", message));
    }
    let mut address = Map::with_capacity(map.len());
    for part in ADDRESS_PARTS {
        match map.get(part) {
            None | Some(Json::Null) => {}
            Some(Json::String(text)) => add_part(field, &mut address, part, text)?,
            Some(Json::Number(number)) => add_part(field, &mut address, part, &number.to_string())?,
            Some(other) => return Err(wrong_type(field, other, "texts as the parts of an address")),
        }
    }
    for (part, most) in [("latitude", 90.0), ("longitude", 180.0)] {
        let degrees = match map.get(part) {
            None | Some(Json::Null) => continue,
            Some(Json::Number(number)) => number.as_f64(),
            Some(Json::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        add_coordinate(field, &mut address, part, degrees, most)?;
    }
    Ok(Value::json(Json::Object(address)))
}

fn add_part(field: &Field, address: &mut Map<String, Json>, part: &str, text: &str) -> Result<(), FieldProblem> {
    let clean = if part == "street" { street_line(text) } else { clean_line(text) };
    if clean.is_empty() {
        return Ok(());
    }
    limited(field, &clean, TEXT_BYTES_MAX)?;
    let value = if part == "country" {
        let code = find_country(&clean).ok_or_else(|| {
            let message = format!("{} is no country we know. Use its ISO code, like FR.", quoted(&clean));
            problem(field, "bad_country", message)
        })?;
        code.to_owned()
    } else {
        clean
    };
    address.insert(part.to_owned(), Json::String(value));
    Ok(())
}

/// A street of several lines becomes one, its lines parted by commas.
fn street_line(text: &str) -> String {
    let lines = text.lines().map(clean_line).filter(|line| !line.is_empty());
    lines.map(|line| line.trim_end_matches([',', ' ']).to_owned()).collect::<Vec<_>>().join(", ")
}

/// Rounded to what the columns keep.
fn add_coordinate(
    field: &Field,
    address: &mut Map<String, Json>,
    part: &str,
    degrees: Option<f64>,
    most: f64,
) -> Result<(), FieldProblem> {
    let degrees = degrees
        .filter(|degrees| degrees.abs() <= most)
        .ok_or_else(|| problem(field, "bad_coordinate", format!("the {part} is a number from -{most} to {most}.")))?;
    let scale = COORDINATE_SCALE as f64;
    let rounded = (degrees * scale).round() / scale;
    let number = if rounded.fract() == 0.0 { Some(Number::from(rounded as i64)) } else { Number::from_f64(rounded) };
    if let Some(number) = number {
        address.insert(part.to_owned(), Json::Number(number));
    }
    Ok(())
}

pub(super) fn to_text(json: &Json) -> String {
    let text_of = |part: &str| match json.get(part) {
        Some(Json::String(text)) if text.contains([';', '"', '\\']) => {
            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace(';', "\\;"))
        }
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let parts: Vec<String> = TEXT_PARTS.iter().map(|part| text_of(part)).collect();
    let used = parts.iter().rposition(|part| !part.is_empty()).map_or(0, |at| at + 1);
    let mut text = parts.iter().take(used).map(String::as_str).collect::<Vec<_>>().join("; ");
    if used == 1 {
        text.push(';');
    }
    text
}

/// `street; city; region; postal code; country` as exports write it, or an address as on an envelope.
pub(super) fn from_text(field: &Field, text: &str) -> Result<Value, FieldProblem> {
    let map = if text.contains(';') { positional(text) } else { envelope(text) };
    from_json(field, &Json::Object(map))
}

fn positional(text: &str) -> Map<String, Json> {
    let mut parts = vec![String::new()];
    let mut chars = text.chars();
    let mut is_quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if is_quoted => push(&mut parts, chars.next()),
            '"' if is_quoted => is_quoted = false,
            '"' if parts.last().is_some_and(|part| part.trim().is_empty()) => is_quoted = true,
            ';' if !is_quoted => parts.push(String::new()),
            c => push(&mut parts, Some(c)),
        }
    }
    let pairs = TEXT_PARTS.iter().zip(parts).map(|(part, text)| (part, text.trim().to_owned()));
    pairs.filter(|(_, text)| !text.is_empty()).map(|(part, text)| ((*part).to_owned(), Json::String(text))).collect()
}

fn push(parts: &mut [String], c: Option<char>) {
    if let (Some(part), Some(c)) = (parts.last_mut(), c) {
        part.push(c);
    }
}

/// Lines or parts between commas: the last is the country when it is one, the one with the postal code holds the city.
fn envelope(text: &str) -> Map<String, Json> {
    let mut parts: Vec<&str> = text.split(['\n', ',']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let mut map = Map::new();
    let mut set = |part: &str, text: String| {
        map.insert(part.to_owned(), Json::String(text));
    };
    if parts.len() > 1
        && let Some(code) = parts.last().and_then(|last| find_country(last))
    {
        parts.pop();
        set("country", code.to_owned());
    }
    if parts.len() > 1
        && let Some(at) = parts.iter().rposition(|part| split_postal_code(part).is_some())
        && at > 0
        && let Some((postal_code, rest, is_leading)) = parts.get(at).and_then(|part| split_postal_code(part))
    {
        parts.remove(at);
        set("postal_code", postal_code);
        if is_leading {
            set("city", rest);
        } else {
            // `Springfield, IL 62704`: what stands before the code is the region, the part before it the city.
            let city = if at > 1 { Some(parts.remove(at - 1)) } else { None };
            match city {
                Some(city) => {
                    set("city", city.to_owned());
                    set("region", rest);
                }
                None => set("city", rest),
            }
        }
    } else if parts.len() > 1
        && let Some(city) = parts.pop()
    {
        set("city", city.to_owned());
    }
    set("street", parts.join(", "));
    map
}

/// A postal code at the start or the end of a part, the rest of it, and whether it led.
fn split_postal_code(part: &str) -> Option<(String, String, bool)> {
    let words: Vec<&str> = part.split_whitespace().collect();
    let is_code = |word: &str| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        (4..=10).contains(&word.len())
            && digits >= 4
            && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-' || byte.is_ascii_uppercase())
    };
    match words.as_slice() {
        [first, rest @ ..] if is_code(first) && !rest.is_empty() => Some(((*first).to_owned(), rest.join(" "), true)),
        [rest @ .., last] if is_code(last) && !rest.is_empty() => Some(((*last).to_owned(), rest.join(" "), false)),
        // `SW1A 1AA`
        [rest @ .., outward, inward]
            if !rest.is_empty()
                && inward.len() == 3
                && inward.starts_with(|c: char| c.is_ascii_digit())
                && (2..=4).contains(&outward.len())
                && outward.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) =>
        {
            Some((format!("{outward} {inward}"), rest.join(" "), false))
        }
        _ => None,
    }
}
