//! Records and patches: field → value, from socket to SQL.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::value::Value;

/// One record: its id and its values by field name. Fields that were not loaded are absent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// UUIDv7.
    pub id: Uuid,
    /// Values by field name; system fields included.
    pub values: BTreeMap<String, Value>,
}

impl Record {
    /// The value of a field; missing when it was not loaded.
    pub fn get(&self, field: &str) -> &Value {
        self.values.get(field).unwrap_or(&Value::Missing)
    }

    /// The record as one JSON object, `id` first.
    pub fn to_json(&self) -> serde_json::Value {
        let mut map = serde_json::Map::with_capacity(self.values.len() + 1);
        map.insert("id".to_owned(), serde_json::Value::String(self.id.to_string()));
        for (name, value) in &self.values {
            map.insert(name.clone(), value.to_json());
        }
        serde_json::Value::Object(map)
    }
}

/// New values by field name; [`Value::Missing`] clears a field, an absent field stays.
pub type Patch = BTreeMap<String, Value>;
