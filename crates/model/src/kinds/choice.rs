//! Choices: yes and no, one option, several options or free words.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::list::{join_entries, split_entries};
use super::text::{clean_line, nearest};
use super::{problem, quoted, wrong_type};
use crate::field::Field;
use crate::fold::fold;
use crate::limits::LIST_ENTRIES_MAX;
use crate::problem::FieldProblem;
use crate::value::Value;

/// Longest word of an open `multi_select`, in bytes.
const WORD_BYTES_MAX: usize = 200;

const YES: &[&str] = &[
    "true", "t", "yes", "y", "1", "on", "x", "ja", "j", "wahr", "oui", "o", "vrai", "si", "sì", "sí", "sim", "tak",
    "да", "✓", "✔", "☑", "是", "はい", "checked", "active", "enabled",
];
const NO: &[&str] = &[
    "false",
    "f",
    "no",
    "n",
    "0",
    "off",
    "nein",
    "falsch",
    "non",
    "faux",
    "não",
    "nao",
    "nie",
    "нет",
    "✗",
    "✘",
    "☐",
    "否",
    "いいえ",
    "unchecked",
    "inactive",
    "disabled",
];

pub(super) fn boolean_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    match json {
        Json::Bool(value) => Ok(Value::Bool(*value)),
        other => Err(wrong_type(field, other, "true or false")),
    }
}

pub(super) fn boolean_from_text(field: &Field, text: &str) -> Result<Value, FieldProblem> {
    let word = fold(text);
    if YES.contains(&word.as_str()) {
        return Ok(Value::Bool(true));
    }
    if NO.contains(&word.as_str()) {
        return Ok(Value::Bool(false));
    }
    Err(problem(field, "bad_boolean", format!("{} is neither yes nor no.", quoted(text))))
}

pub(super) fn select_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    match json {
        Json::String(text) => exact_option(field, text).map(Value::Text),
        other => Err(wrong_type(field, other, "one of its options, as a text")),
    }
}

pub(super) fn select_from_text(field: &Field, text: &str) -> Result<Value, FieldProblem> {
    lenient_option(field, text).map(Value::Text)
}

pub(super) fn multi_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    let Json::Array(entries) = json else {
        return Err(wrong_type(field, json, "a list of texts"));
    };
    let words = entries.iter().map(|entry| match entry {
        Json::String(text) if field.open => Ok(text.as_str()),
        Json::String(text) => exact_option(field, text).map(|_| text.as_str()),
        other => Err(wrong_type(field, other, "texts in the list")),
    });
    collect(field, words.collect::<Result<Vec<_>, _>>()?.into_iter().map(str::to_owned))
}

pub(super) fn multi_from_text(field: &Field, text: &str) -> Result<Value, FieldProblem> {
    let separator = if split_entries(text, &[';']).len() > 1 || text.trim_end().ends_with(';') { ';' } else { ',' };
    let words = split_entries(text, &[separator, '\n']);
    if field.open {
        return collect(field, words.into_iter());
    }
    let options = words.iter().map(|word| lenient_option(field, word)).collect::<Result<Vec<_>, _>>()?;
    collect(field, options.into_iter())
}

fn collect(field: &Field, words: impl Iterator<Item = String>) -> Result<Value, FieldProblem> {
    let mut seen = HashSet::new();
    let mut list = Vec::new();
    for word in words {
        let word = clean_line(&word);
        if word.len() > WORD_BYTES_MAX {
            let message = format!("{} is too long; shorten it to {WORD_BYTES_MAX} bytes.", quoted(&word));
            return Err(problem(field, "too_long", message));
        }
        if !word.is_empty() && seen.insert(fold(&word)) {
            list.push(Json::String(word));
        }
    }
    if list.len() > LIST_ENTRIES_MAX {
        return Err(problem(field, "too_many", format!("at most {LIST_ENTRIES_MAX} entries are allowed.")));
    }
    Ok(Value::json(Json::Array(list)))
}

pub(super) fn multi_to_text(json: &Json) -> String {
    let words = json.as_array().map(Vec::as_slice).unwrap_or_default();
    let words: Vec<&str> = words.iter().filter_map(Json::as_str).collect();
    join_entries(words.iter().map(|word| (*word, "")))
}

fn exact_option(field: &Field, text: &str) -> Result<String, FieldProblem> {
    match field.options.iter().find(|option| option.value == text) {
        Some(option) => Ok(option.value.clone()),
        None => Err(bad_option(field, text)),
    }
}

/// By value or label, whatever the case and whether words are joined by `_`, `-` or a space.
fn lenient_option(field: &Field, text: &str) -> Result<String, FieldProblem> {
    let simple = |text: &str| fold(text).replace(['_', '-'], " ");
    let typed = simple(text);
    let by_value = field.options.iter().find(|option| option.value == text.trim());
    let found = by_value.or_else(|| {
        field.options.iter().find(|option| simple(&option.value) == typed || simple(&option.label) == typed)
    });
    found.map(|option| option.value.clone()).ok_or_else(|| bad_option(field, text))
}

fn bad_option(field: &Field, text: &str) -> FieldProblem {
    const SHOWN_MAX: usize = 20;
    let values = || field.options.iter().map(|option| option.value.as_str());
    let message = match nearest(text, values()) {
        Some(near) => format!("{} is not among its options. Did you mean `{near}`?", quoted(text)),
        None => {
            let shown: Vec<&str> = values().take(SHOWN_MAX).collect();
            let more = if field.options.len() > SHOWN_MAX { ", …" } else { "" };
            format!("{} is not among its options: {}{more}.", quoted(text), shown.join(", "))
        }
    };
    problem(field, "bad_option", message)
}
