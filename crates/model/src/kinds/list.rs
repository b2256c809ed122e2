//! E-mails, phones and links: lists of values with a label, the primary one first. Also how lists are written as one
//! text: `ann@x.com (work); "with; mark" (home)`.

use std::collections::HashSet;

use serde_json::{Map, Value as Json};

use super::text::{clean_line, limited};
use super::{Context, email, link, phone, problem, quoted, wrong_type};
use crate::field::{Field, Kind};
use crate::fold::fold;
use crate::limits::LIST_ENTRIES_MAX;
use crate::problem::FieldProblem;
use crate::value::Value;

/// Longest label, in characters.
const LABEL_CHARS_MAX: usize = 60;
/// Longest link, in bytes.
const LINK_BYTES_MAX: usize = 2_000;
/// Longest e-mail address or telephone number, in bytes.
const ENTRY_BYTES_MAX: usize = 320;

struct Entry {
    value: String,
    label: String,
    primary: bool,
}

pub(super) fn from_json(field: &Field, json: &Json, context: &Context) -> Result<Value, FieldProblem> {
    let single;
    let list = match json {
        Json::Array(list) => list.as_slice(),
        Json::String(_) | Json::Object(_) => {
            single = [json.clone()];
            &single
        }
        other => return Err(wrong_type(field, other, "a list")),
    };
    let entries = list.iter().map(|entry| entry_from_json(field, entry));
    finish(field, entries.collect::<Result<Vec<_>, _>>()?, context)
}

fn entry_from_json(field: &Field, json: &Json) -> Result<Entry, FieldProblem> {
    let map = match json {
        Json::String(text) => return Ok(Entry { value: text.clone(), label: String::new(), primary: false }),
        Json::Object(map) => map,
        other => return Err(wrong_type(field, other, r#"entries like {"value": "…", "label": "work"}"#)),
    };
    let mut entry = Entry { value: String::new(), label: String::new(), primary: false };
    for (part, json) in map {
        match (part.as_str(), json) {
            ("value", Json::String(text)) => entry.value.clone_from(text),
            ("label", Json::String(text)) => entry.label.clone_from(text),
            ("primary", Json::Bool(primary)) => entry.primary = *primary,
            ("label" | "primary", Json::Null) => {}
            ("value" | "label", other) => return Err(wrong_type(field, other, "a text in each entry")),
            ("primary", other) => return Err(wrong_type(field, other, "true or false for `primary`")),
            (other, _) => {
                let message = format!("an entry has no part {}; give `value`, `label`, `primary`.", quoted(other));
                return Err(problem(field, "wrong_type", message));
            }
        }
    }
    Ok(entry)
}

pub(super) fn from_text(field: &Field, text: &str, context: &Context) -> Result<Value, FieldProblem> {
    let text = text.replace(" ::: ", "\n");
    let separators: &[char] = match field.value_kind() {
        Kind::Emails => &[';', ',', '\n', '|'],
        Kind::Phones => &[';', '\n', '|'],
        _ => &['\n', ' ', ';', ','],
    };
    let entries = if field.value_kind() == Kind::Links && !text.contains('"') && !text.contains(" (") {
        // Addresses may hold any of these marks themselves: only white space surely parts them.
        text.split_whitespace().map(|value| (value.trim_end_matches([';', ',']).to_owned(), String::new())).collect()
    } else if field.value_kind() == Kind::Links {
        parse_entries(&text, &[';', '\n'])
    } else {
        parse_entries(&text, separators)
    };
    let entries = entries.into_iter().map(|(value, label)| Entry { value, label, primary: false });
    finish(field, entries.collect(), context)
}

fn finish(field: &Field, entries: Vec<Entry>, context: &Context) -> Result<Value, FieldProblem> {
    if entries.len() > LIST_ENTRIES_MAX {
        return Err(problem(field, "too_many", format!("at most {LIST_ENTRIES_MAX} entries are allowed.")));
    }
    let mut seen = HashSet::new();
    let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries {
        let value = normalise(field, &entry.value, context)?;
        if !value.is_empty() && seen.insert(fold(&value)) {
            kept.push(Entry { value, label: clean_label(&entry.label), primary: entry.primary });
        }
    }
    if let Some(at) = kept.iter().position(|entry| entry.primary) {
        let primary = kept.remove(at);
        kept.insert(0, primary);
    }
    let list = kept.into_iter().enumerate().map(|(at, entry)| {
        let mut map = Map::with_capacity(3);
        map.insert("value".to_owned(), Json::String(entry.value));
        if !entry.label.is_empty() {
            map.insert("label".to_owned(), Json::String(entry.label));
        }
        map.insert("primary".to_owned(), Json::Bool(at == 0));
        Json::Object(map)
    });
    Ok(Value::json(Json::Array(list.collect())))
}

fn normalise(field: &Field, typed: &str, context: &Context) -> Result<String, FieldProblem> {
    let clean = clean_line(typed);
    if clean.is_empty() {
        return Ok(clean);
    }
    match field.value_kind() {
        Kind::Emails => {
            limited(field, &clean, ENTRY_BYTES_MAX)?;
            email::normalise_email(&clean).ok_or_else(|| {
                let message = format!("{} is no e-mail address. Write it like name@example.com.", quoted(&clean));
                problem(field, "bad_email", message)
            })
        }
        Kind::Phones => {
            limited(field, &clean, ENTRY_BYTES_MAX)?;
            Ok(phone::normalise_phone(&clean, &context.default_country))
        }
        _ => {
            limited(field, &clean, LINK_BYTES_MAX)?;
            link::normalise_link(&clean).ok_or_else(|| {
                let message = format!("{} is no web address. Write it like https://example.com.", quoted(&clean));
                problem(field, "bad_link", message)
            })
        }
    }
}

/// Labels keep clear of the marks that part entries in a text. Cleaned first: normalising makes such marks of others
/// (the Greek question mark becomes a semicolon).
fn clean_label(label: &str) -> String {
    let clean = clean_line(label);
    let plain: String =
        clean.chars().take(LABEL_CHARS_MAX).map(|c| if "()\";,:|".contains(c) { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The value of the primary entry, which is the first.
pub(super) fn primary_of(json: &Json) -> Option<&str> {
    json.as_array()?.first()?.get("value")?.as_str()
}

pub(super) fn to_text(json: &Json) -> String {
    let entries = json.as_array().map(Vec::as_slice).unwrap_or_default();
    join_entries(entries.iter().filter_map(|entry| {
        let label = entry.get("label").and_then(Json::as_str).unwrap_or_default();
        Some((entry.get("value")?.as_str()?, label))
    }))
}

/// Entries as one text; a value with marks of its own is quoted.
pub(super) fn join_entries<'a>(entries: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (value, label) in entries {
        if !text.is_empty() {
            text.push_str("; ");
        }
        let is_plain = !value.contains([';', ',', '"', '|', '\n']) && !value.contains(":::") && !value.ends_with(')');
        if is_plain {
            text.push_str(value);
        } else {
            text.push('"');
            text.push_str(&value.replace('"', "\"\""));
            text.push('"');
        }
        if !label.is_empty() {
            text.push_str(" (");
            text.push_str(label);
            text.push(')');
        }
    }
    text
}

/// The words of a text parted by any of the separators; quotes are taken off, empty words left out.
pub(super) fn split_entries(text: &str, separators: &[char]) -> Vec<String> {
    let tokens = tokens(text, separators).into_iter();
    tokens.map(|(value, rest, _)| if rest.is_empty() { value } else { format!("{value} {rest}") }).collect()
}

/// Values with their labels.
fn parse_entries(text: &str, separators: &[char]) -> Vec<(String, String)> {
    let tokens = tokens(text, separators).into_iter();
    tokens
        .map(|(value, rest, is_quoted)| {
            if is_quoted {
                let label = rest.trim_start_matches('(').trim_end_matches(')').to_owned();
                return (value, label);
            }
            let parted = value.strip_suffix(')').and_then(|open| open.rsplit_once(" ("));
            match parted {
                Some((value, label)) if !value.trim().is_empty() => (value.trim().to_owned(), label.to_owned()),
                _ => (value, String::new()),
            }
        })
        .collect()
}

/// Value, what follows its closing quote, and whether it was quoted.
fn tokens(text: &str, separators: &[char]) -> Vec<(String, String, bool)> {
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (value, tail, is_quoted) = match rest.strip_prefix('"').and_then(unquote) {
            Some((value, tail)) => (value, tail, true),
            None => (String::new(), rest, false),
        };
        let end = tail.find(separators).unwrap_or(tail.len());
        let raw = tail.get(..end).unwrap_or_default().trim().to_owned();
        rest = tail.get(end..).unwrap_or_default().trim_start_matches(separators).trim_start();
        let token = if is_quoted { (value, raw, true) } else { (raw, String::new(), false) };
        if !token.0.is_empty() {
            tokens.push(token);
        }
    }
    tokens
}

/// The text up to the closing quote and what follows; `None` when there is none.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let at = rest.find('"')?;
        value.push_str(rest.get(..at)?);
        rest = rest.get(at + 1..)?;
        match rest.strip_prefix('"') {
            Some(after) => {
                value.push('"');
                rest = after;
            }
            None => return Some((value, rest)),
        }
    }
}
