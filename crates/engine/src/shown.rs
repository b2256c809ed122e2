//! Records in the answers to writes: kept as they are, and made into JSON by whoever sends the answer, not by the
//! writer that others wait for.

use std::sync::Arc;

use model::{Object, Record, Value};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value as Json;

use crate::batch::Batch;

/// A record as an actor may see it.
#[derive(Debug, Clone)]
pub enum Shown {
    /// Just written.
    Record {
        /// Its object.
        object: Arc<Object>,
        /// The record, only with what the actor may see.
        record: Box<Record>,
        /// The fields that the actor may not see.
        unseen: Vec<String>,
    },
    /// As it was answered before.
    Json(Json),
}

impl Batch<'_> {
    /// A record as the actor may see it.
    pub fn visible(&self, object: &Arc<Object>, mut record: Record) -> Shown {
        let unseen = self.policy().unseen(object);
        for name in &unseen {
            record.values.remove(name);
        }
        Shown::Record { object: object.clone(), record: Box::new(record), unseen }
    }
}

impl Shown {
    /// The version that the record has now.
    pub fn version(&self) -> Option<i64> {
        match self {
            Self::Record { record, .. } => match record.get("version") {
                Value::Int(version) => Some(*version),
                _ => None,
            },
            Self::Json(json) => json.get("version").and_then(Json::as_i64),
        }
    }

    /// The record as one JSON object.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// `id` first, then every field in use that the actor may see, in the object's order.
impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (object, record, unseen) = match self {
            Self::Record { object, record, unseen } => (object, record, unseen),
            Self::Json(json) => return json.serialize(serializer),
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &record.id)?;
        for field in object.fields.iter().filter(|field| !field.hidden && !unseen.contains(&field.name)) {
            map.serialize_entry(&field.name, record.get(&field.name))?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Json::deserialize(deserializer).map(Self::Json)
    }
}
