//! Small helpers to put records together.

use model::{Patch, Value};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::country::City;
use super::dice::Dice;

/// Adds a value unless it is missing.
pub(super) fn add(patch: &mut Patch, field: &str, value: Value) {
    if !value.is_missing() {
        patch.insert(field.to_owned(), value);
    }
}

/// A list of e-mails, phones or links with their labels, the first one primary.
pub(super) fn contact_list(entries: &[(String, &str)]) -> Value {
    let list = entries.iter().enumerate().map(|(at, (value, label))| {
        let mut entry = Map::with_capacity(3);
        entry.insert("value".to_owned(), Json::String(value.clone()));
        if !label.is_empty() {
            entry.insert("label".to_owned(), Json::from(*label));
        }
        entry.insert("primary".to_owned(), Json::Bool(at == 0));
        Json::Object(entry)
    });
    Value::json(Json::Array(list.collect()))
}

pub(super) fn address(street: &str, city: &City, postal_code: &str, country: &str) -> Value {
    let mut parts = Map::with_capacity(5);
    for (part, text) in [
        ("street", street),
        ("city", city.name),
        ("region", city.region),
        ("postal_code", postal_code),
        ("country", country),
    ] {
        if !text.is_empty() {
            parts.insert(part.to_owned(), Json::from(text));
        }
    }
    Value::json(Json::Object(parts))
}

/// One of the users, for seven of ten records.
pub(super) fn owner(dice: &mut Dice, users: &[Uuid]) -> Value {
    if dice.percent(70) { dice.pick(users).map_or(Value::Missing, |user| Value::Id(*user)) } else { Value::Missing }
}
