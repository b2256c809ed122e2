//! What a row changes in a record that is already there.

use std::collections::BTreeMap;

use model::fold::fold;
use model::{Kind, Object, Patch, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// What happens with a row whose record is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnMatch {
    /// Take the file's values.
    #[serde(rename = "match", alias = "update")]
    Update,
    /// Take the file's values where the record has none.
    #[serde(rename = "fill")]
    Fill,
    /// Leave the record as it is.
    #[serde(rename = "never", alias = "skip")]
    Skip,
    /// Make a second record.
    #[serde(rename = "create")]
    Create,
}

/// The values of a record, current and to be.
pub type Values = BTreeMap<String, Value>;

/// What of a row's values changes a record. Lists grow; nothing is ever emptied.
pub fn changes(mode: OnMatch, object: &Object, current: &Values, row: &Patch) -> Patch {
    let mut changes = Patch::new();
    if matches!(mode, OnMatch::Skip | OnMatch::Create) {
        return changes;
    }
    for (name, new) in row {
        let old = current.get(name).unwrap_or(&Value::Missing);
        let kind = object.find_field(name).map(|field| field.kind);
        if let Some(value) = settled(mode, kind, old, new) {
            changes.insert(name.clone(), value);
        }
    }
    changes
}

fn settled(mode: OnMatch, kind: Option<Kind>, old: &Value, new: &Value) -> Option<Value> {
    if new.is_missing() {
        return None;
    }
    if old.is_missing() {
        return Some(new.clone());
    }
    let joined = match (kind, old, new) {
        (Some(Kind::Emails | Kind::Phones | Kind::Links), Value::Json(old), Value::Json(new)) => join_entries(old, new),
        (Some(Kind::MultiSelect | Kind::References), Value::Json(old), Value::Json(new)) => join_words(old, new),
        (Some(Kind::Address | Kind::Json), Value::Json(old), Value::Json(new)) => join_parts(mode, old, new)?,
        _ if mode == OnMatch::Fill => return None,
        (_, Value::Money { amount, currency, .. }, Value::Money { amount: new_amount, currency: new_currency, .. }) => {
            return ((amount, currency) != (new_amount, new_currency)).then(|| new.clone());
        }
        _ => return (old != new).then(|| new.clone()),
    };
    let joined = Value::json(joined);
    (joined != *old).then_some(joined)
}

/// The old entries in their order, then those that are new.
fn join_entries(old: &Json, new: &Json) -> Json {
    let mut list: Vec<Json> = old.as_array().cloned().unwrap_or_default();
    let value = |entry: &Json| fold(entry.get("value").and_then(Json::as_str).unwrap_or_default());
    for entry in new.as_array().into_iter().flatten() {
        if !list.iter().any(|known| value(known) == value(entry)) {
            let mut entry = entry.clone();
            if let Json::Object(map) = &mut entry {
                map.insert("primary".to_owned(), Json::Bool(list.is_empty()));
            }
            list.push(entry);
        }
    }
    Json::Array(list)
}

fn join_words(old: &Json, new: &Json) -> Json {
    let mut list: Vec<Json> = old.as_array().cloned().unwrap_or_default();
    for word in new.as_array().into_iter().flatten() {
        if !list.contains(word) {
            list.push(word.clone());
        }
    }
    Json::Array(list)
}

/// Parts of an address, ids of other systems.
fn join_parts(mode: OnMatch, old: &Json, new: &Json) -> Option<Json> {
    let (Json::Object(old), Json::Object(new)) = (old, new) else {
        return (mode == OnMatch::Update).then(|| new.clone());
    };
    let mut parts: Map<String, Json> = old.clone();
    for (part, value) in new {
        if mode == OnMatch::Update || !parts.contains_key(part) {
            parts.insert(part.clone(), value.clone());
        }
    }
    Some(Json::Object(parts))
}

#[cfg(test)]
mod tests {
    use model::Field;
    use serde_json::json;

    use super::*;

    fn object() -> Object {
        let json = json!({ "name": "person", "plural": "people", "label": "P", "label_plural": "P", "title": "name" });
        let mut object: Object = serde_json::from_value(json).unwrap();
        object.fields = vec![
            Field::new("job_title", Kind::Text, "Job title"),
            Field::new("emails", Kind::Emails, "E-mails"),
            Field::new("address", Kind::Address, "Address"),
        ];
        object
    }

    #[test]
    fn lists_grow_and_texts_follow_the_mode() {
        let object = object();
        let emails = |list: &[&str]| {
            let entries = list.iter().enumerate().map(|(at, value)| json!({ "value": value, "primary": at == 0 }));
            Value::json(Json::Array(entries.collect()))
        };
        let current = Values::from([
            ("job_title".to_owned(), Value::text("Clerk")),
            ("emails".to_owned(), emails(&["a@x.com"])),
            ("address".to_owned(), Value::json(json!({ "city": "Bonn" }))),
        ]);
        let row = Patch::from([
            ("job_title".to_owned(), Value::text("Chief")),
            ("emails".to_owned(), emails(&["A@x.com", "b@x.com"])),
            ("address".to_owned(), Value::json(json!({ "city": "Köln", "street": "Domplatz 1" }))),
        ]);
        let update = changes(OnMatch::Update, &object, &current, &row);
        assert_eq!(update["job_title"], Value::text("Chief"));
        assert_eq!(update["emails"], emails(&["a@x.com", "b@x.com"]));
        assert_eq!(update["address"], Value::json(json!({ "city": "Köln", "street": "Domplatz 1" })));
        let fill = changes(OnMatch::Fill, &object, &current, &row);
        assert_eq!(fill.get("job_title"), None);
        assert_eq!(fill["address"], Value::json(json!({ "city": "Bonn", "street": "Domplatz 1" })));
        assert!(changes(OnMatch::Skip, &object, &current, &row).is_empty());
        assert!(changes(OnMatch::Update, &object, &update, &update).is_empty());
    }
}
