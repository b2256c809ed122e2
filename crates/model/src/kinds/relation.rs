//! Ids of other records: references, users, `about`, and the actors of system fields. Whether the records exist is
//! for the engine to say.

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::list::split_entries;
use super::{problem, quoted, wrong_type};
use crate::field::Field;
use crate::limits::LIST_ENTRIES_MAX;
use crate::problem::FieldProblem;
use crate::value::Value;

pub(super) fn reference_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    id_from_json(field, json).map(Value::Id)
}

pub(super) fn reference_from_text(field: &Field, text: &str) -> Result<Value, FieldProblem> {
    parse_id(field, text).map(Value::Id)
}

pub(super) fn references_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    let Json::Array(list) = json else {
        return Err(wrong_type(field, json, "a list of ids"));
    };
    let ids = list.iter().map(|json| id_from_json(field, json)).collect::<Result<Vec<_>, _>>()?;
    id_list(field, ids)
}

pub(super) fn references_from_text(field: &Field, text: &str) -> Result<Value, FieldProblem> {
    let words = split_entries(text, &[';', ',', '\n', ' ']);
    let ids = words.iter().map(|word| parse_id(field, word)).collect::<Result<Vec<_>, _>>()?;
    id_list(field, ids)
}

fn id_list(field: &Field, ids: Vec<Uuid>) -> Result<Value, FieldProblem> {
    check_count(field, ids.len())?;
    let mut kept: Vec<Json> = Vec::with_capacity(ids.len());
    for id in ids {
        let id = Json::String(id.to_string());
        if !kept.contains(&id) {
            kept.push(id);
        }
    }
    Ok(Value::json(Json::Array(kept)))
}

pub(super) fn references_to_text(json: &Json) -> String {
    let ids = json.as_array().map(Vec::as_slice).unwrap_or_default();
    ids.iter().filter_map(Json::as_str).collect::<Vec<_>>().join("; ")
}

pub(super) fn about_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    let Json::Array(list) = json else {
        return Err(wrong_type(field, json, r#"a list of {"object": "person", "id": "…"}"#));
    };
    let pairs = list.iter().map(|json| match json {
        Json::String(text) => parse_subject(field, text),
        Json::Object(map) => {
            let object = map.get("object").and_then(Json::as_str).unwrap_or_default();
            let id = map.get("id").and_then(Json::as_str).unwrap_or_default();
            parse_subject(field, &format!("{object}:{id}"))
        }
        other => Err(wrong_type(field, other, r#"entries like {"object": "person", "id": "…"}"#)),
    });
    subject_list(field, pairs.collect::<Result<Vec<_>, _>>()?)
}

pub(super) fn about_from_text(field: &Field, text: &str) -> Result<Value, FieldProblem> {
    let words = split_entries(text, &[';', ',', '\n', ' ']);
    let pairs = words.iter().map(|word| parse_subject(field, word));
    subject_list(field, pairs.collect::<Result<Vec<_>, _>>()?)
}

fn subject_list(field: &Field, pairs: Vec<(String, Uuid)>) -> Result<Value, FieldProblem> {
    check_count(field, pairs.len())?;
    let mut kept: Vec<Json> = Vec::with_capacity(pairs.len());
    for (object, id) in pairs {
        let subject = json!({ "object": object, "id": id.to_string() });
        if !kept.contains(&subject) {
            kept.push(subject);
        }
    }
    Ok(Value::json(Json::Array(kept)))
}

pub(super) fn about_to_text(json: &Json) -> String {
    let subjects = json.as_array().map(Vec::as_slice).unwrap_or_default();
    let words = subjects.iter().filter_map(|subject| {
        let id = subject.get("id")?.as_str()?;
        Some(format!("{}:{id}", subject.get("object")?.as_str()?))
    });
    words.collect::<Vec<_>>().join("; ")
}

pub(super) fn actor_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    match json {
        Json::String(text) => actor_from_text(field, text),
        other => Err(wrong_type(field, other, "an actor like user:<id>")),
    }
}

pub(super) fn actor_from_text(field: &Field, text: &str) -> Result<Value, FieldProblem> {
    let text = super::text::clean_line(text);
    let is_actor = match text.split_once(':') {
        Some(("user" | "api_key", id)) => Uuid::try_parse(id).is_ok(),
        Some(("system", _)) => true,
        _ => false,
    };
    if is_actor && text.len() <= crate::limits::TEXT_BYTES_MAX {
        return Ok(Value::Text(text));
    }
    Err(problem(field, "bad_reference", format!("{} is no actor like user:<id>.", quoted(&text))))
}

fn id_from_json(field: &Field, json: &Json) -> Result<Uuid, FieldProblem> {
    match json {
        Json::String(text) => parse_id(field, text),
        Json::Object(map) => match map.get("id") {
            Some(Json::String(text)) => parse_id(field, text),
            _ => Err(wrong_type(field, json, "the id of a record, as a text")),
        },
        other => Err(wrong_type(field, other, "the id of a record, as a text")),
    }
}

fn parse_id(field: &Field, text: &str) -> Result<Uuid, FieldProblem> {
    let id = Uuid::try_parse(text.trim()).ok().filter(|id| !id.is_nil());
    id.ok_or_else(|| {
        let target = field.target_object().unwrap_or("record");
        problem(field, "bad_reference", format!("{} is no id; give the id of a {target}.", quoted(text)))
    })
}

fn parse_subject(field: &Field, text: &str) -> Result<(String, Uuid), FieldProblem> {
    let (object, id) = text.trim().split_once(':').unwrap_or_default();
    let is_name = !object.is_empty()
        && object.len() <= crate::limits::NAME_BYTES_MAX
        && object.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !is_name {
        let message = format!(r#"{} names no record; give {{"object": "person", "id": "…"}}."#, quoted(text));
        return Err(problem(field, "bad_reference", message));
    }
    Ok((object.to_owned(), parse_id(field, id)?))
}

fn check_count(field: &Field, count: usize) -> Result<(), FieldProblem> {
    if count > LIST_ENTRIES_MAX {
        return Err(problem(field, "too_many", format!("at most {LIST_ENTRIES_MAX} records are allowed.")));
    }
    Ok(())
}
