//! Files (by their content's address) and free JSON.

use serde_json::{Map, Value as Json};

use super::text::clean_line;
use super::{problem, quoted, wrong_type};
use crate::field::{Field, Format};
use crate::limits::{FILE_BYTES_MAX, JSON_BYTES_MAX, LIST_ENTRIES_MAX};
use crate::problem::FieldProblem;
use crate::value::Value;

/// Longest file name, in characters.
const NAME_CHARS_MAX: usize = 200;
/// Most steps of a checklist.
const STEPS_MAX: usize = 200;
/// Longest step, in characters.
const STEP_CHARS_MAX: usize = 500;
/// Deepest nesting of free JSON.
const DEPTH_MAX: usize = 32;

pub(super) fn files_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    let Json::Array(list) = json else {
        return Err(wrong_type(field, json, "a list of uploaded files"));
    };
    if list.len() > LIST_ENTRIES_MAX {
        return Err(problem(field, "too_many", format!("at most {LIST_ENTRIES_MAX} files are allowed.")));
    }
    let files = list.iter().map(|json| file_from_json(field, json)).collect::<Result<Vec<_>, _>>()?;
    Ok(Value::json(Json::Array(files)))
}

fn file_from_json(field: &Field, json: &Json) -> Result<Json, FieldProblem> {
    let Json::Object(map) = json else {
        return Err(wrong_type(field, json, "files as `POST /files` answers them"));
    };
    let bad = |message: &str| problem(field, "bad_file", message);
    let text = |part: &str| map.get(part).and_then(Json::as_str).unwrap_or_default();
    let id = text("id").to_ascii_lowercase();
    if id.len() != 64 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(bad("a file's `id` is the SHA-256 that `POST /files` answered; upload it first."));
    }
    let name: String =
        clean_line(text("name")).chars().filter(|c| !matches!(c, '/' | '\\')).take(NAME_CHARS_MAX).collect();
    let name = name.trim().trim_start_matches('.').trim();
    let size = map.get("size").and_then(Json::as_u64).unwrap_or_default();
    if size > FILE_BYTES_MAX {
        return Err(bad("the file is too large."));
    }
    let mime = text("type").to_ascii_lowercase();
    let is_mime = mime.split_once('/').is_some_and(|(kind, sub)| is_mime_part(kind) && is_mime_part(sub));
    let mut file = Map::with_capacity(4);
    file.insert("id".to_owned(), Json::String(id));
    file.insert("name".to_owned(), Json::from(if name.is_empty() { "file" } else { name }));
    file.insert("size".to_owned(), Json::from(size));
    file.insert("type".to_owned(), Json::from(if is_mime { mime.as_str() } else { "application/octet-stream" }));
    Ok(Json::Object(file))
}

fn is_mime_part(part: &str) -> bool {
    let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
    !part.is_empty() && part.len() <= 100 && part.bytes().all(is_sound)
}

pub(super) fn files_from_text(field: &Field, text: &str) -> Result<Value, FieldProblem> {
    let json = serde_json::from_str(text)
        .map_err(|_| problem(field, "bad_file", format!("{} is no list of files in JSON.", quoted(text))))?;
    files_from_json(field, &json)
}

pub(super) fn json_from_text(field: &Field, text: &str) -> Result<Value, FieldProblem> {
    let json = serde_json::from_str(text)
        .map_err(|fault| problem(field, "bad_json", format!("{} is no JSON: {fault}.", quoted(text))))?;
    json_from_json(field, &json)
}

pub(super) fn json_from_json(field: &Field, json: &Json) -> Result<Value, FieldProblem> {
    if json == "" {
        return Ok(Value::Missing);
    }
    let clean = clean(json, 0).ok_or_else(|| {
        problem(field, "bad_json", format!("the JSON is nested too deep; {DEPTH_MAX} levels are allowed."))
    })?;
    let bytes = clean.to_string().len();
    if bytes > JSON_BYTES_MAX {
        return Err(problem(field, "too_long", format!("the JSON is too large; {JSON_BYTES_MAX} bytes are allowed.")));
    }
    if field.system && field.name == "external_ids" {
        return external_ids(field, clean);
    }
    match field.format {
        Some(Format::Checklist) => return checklist(field, clean),
        Some(Format::Replies) => return replies(field, clean),
        _ => {}
    }
    Ok(Value::json(clean))
}

/// The same without NUL characters, which no database keeps in JSON; `None` when nested too deep.
fn clean(json: &Json, depth: usize) -> Option<Json> {
    if depth > DEPTH_MAX {
        return None;
    }
    Some(match json {
        Json::String(text) => Json::String(text.replace('\0', "")),
        Json::Array(list) => Json::Array(list.iter().map(|json| clean(json, depth + 1)).collect::<Option<_>>()?),
        Json::Object(map) => {
            let pairs = map.iter().map(|(key, json)| Some((key.replace('\0', ""), clean(json, depth + 1)?)));
            Json::Object(pairs.collect::<Option<_>>()?)
        }
        other => other.clone(),
    })
}

/// Steps with a mark each; steps without words are left out.
fn checklist(field: &Field, json: Json) -> Result<Value, FieldProblem> {
    let wrong = |json: &Json| wrong_type(field, json, r#"a list of steps like {"text": "…", "done": false}"#);
    let Json::Array(list) = json else { return Err(wrong(&json)) };
    if list.len() > STEPS_MAX {
        return Err(problem(field, "too_many", format!("at most {STEPS_MAX} steps are allowed.")));
    }
    let mut steps = Vec::with_capacity(list.len());
    for step in &list {
        let (text, done) = match step {
            Json::String(text) => (text.as_str(), false),
            Json::Object(map) if map.keys().all(|key| matches!(key.as_str(), "text" | "done")) => {
                let done = map.get("done").map_or(Some(false), Json::as_bool);
                let text = map.get("text").and_then(Json::as_str);
                text.zip(done).ok_or_else(|| wrong(step))?
            }
            other => return Err(wrong(other)),
        };
        let text: String = clean_line(text).chars().take(STEP_CHARS_MAX).collect();
        if !text.is_empty() {
            steps.push(serde_json::json!({ "text": text, "done": done }));
        }
    }
    Ok(if steps.is_empty() { Value::Missing } else { Value::json(Json::Array(steps)) })
}

/// Id of a person or user → what they replied.
fn replies(field: &Field, json: Json) -> Result<Value, FieldProblem> {
    let Json::Object(map) = json else {
        return Err(wrong_type(field, &json, r#"replies by id, like {"<id>": "accepted"}"#));
    };
    if map.len() > LIST_ENTRIES_MAX {
        return Err(problem(field, "too_many", format!("at most {LIST_ENTRIES_MAX} replies are allowed.")));
    }
    let mut replies = Map::with_capacity(map.len());
    for (id, reply) in map {
        let id = uuid::Uuid::try_parse(&id)
            .map_err(|_| problem(field, "bad_id", format!("{} is no id of a person or user.", quoted(&id))))?;
        match reply.as_str() {
            Some("accepted" | "declined" | "tentative") => drop(replies.insert(id.to_string(), reply)),
            Some("none" | "") => {}
            None if reply.is_null() => {}
            _ => {
                let message = format!("{reply} is no reply; it is `accepted`, `declined`, `tentative` or `none`.");
                return Err(problem(field, "bad_option", message));
            }
        }
    }
    Ok(if replies.is_empty() { Value::Missing } else { Value::json(Json::Object(replies)) })
}

/// Source → id, both texts.
fn external_ids(field: &Field, json: Json) -> Result<Value, FieldProblem> {
    let Json::Object(map) = json else {
        return Err(wrong_type(field, &json, r#"ids by source, like {"hubspot": "4711"}"#));
    };
    let mut ids = Map::with_capacity(map.len());
    for (source, id) in map {
        let id = match id {
            Json::String(text) => clean_line(&text),
            Json::Number(number) => number.to_string(),
            Json::Null => String::new(),
            other => return Err(wrong_type(field, &other, "ids as texts")),
        };
        let source = clean_line(&source);
        if !id.is_empty() && !source.is_empty() {
            ids.insert(source, Json::String(id));
        }
    }
    Ok(Value::json(Json::Object(ids)))
}
