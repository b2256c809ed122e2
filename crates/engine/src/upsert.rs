//! Matching records by a key of the client's: a field, the id, or an id in another system.

use std::collections::HashMap;

use model::{Code, Patch, Problem, Record, Value, expr};
use serde_json::Value as Json;
use store::{Error, Select};
use uuid::Uuid;

use crate::batch::Batch;
use crate::effects::record_keys;
use crate::policy::Right;

/// Records looked at for one key: a key that more share says little.
const SHARING_MAX: usize = 50;

/// Records found by key.
#[derive(Default)]
pub(crate) struct Known {
    ids: HashMap<String, Uuid>,
    externals: HashMap<Uuid, Json>,
}

impl Known {
    pub(crate) fn get(&self, key: &str) -> Option<&Uuid> {
        self.ids.get(key)
    }

    pub(crate) fn externals(&self, id: Uuid) -> Option<&Json> {
        self.externals.get(&id)
    }
}

/// The key of a patch: the folded text of the field, the primary address of a list, the id in another system.
pub(crate) fn key_of(patch: &Patch, by: &str) -> Option<String> {
    if let Some(source) = by.strip_prefix("external_ids.") {
        let id = patch.get("external_ids")?.as_json()?.get(source)?;
        return Some(id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    }
    key_of_value(patch.get(by)?)
}

fn key_of_value(value: &Value) -> Option<String> {
    match value {
        Value::Missing => None,
        Value::Text(text) => Some(model::fold::fold(text)),
        Value::Json(json) => json
            .as_array()?
            .iter()
            .find(|entry| entry.get("primary") == Some(&Json::Bool(true)))
            .or_else(|| json.as_array()?.first())
            .and_then(|entry| entry.get("value"))
            .and_then(Json::as_str)
            .map(model::fold::fold),
        other => other.to_json().as_str().map(str::to_owned).or_else(|| Some(other.to_json().to_string())),
    }
}

/// The blocking key of an id in another system.
pub fn external_key(source: &str, id: &str) -> String {
    format!("x:{source}:{id}")
}

/// The blocking keys of every id that a record has in other systems.
pub(crate) fn external_keys(ids: &Value) -> Vec<String> {
    let map = ids.as_json().and_then(Json::as_object);
    map.into_iter()
        .flatten()
        .map(|(source, id)| external_key(source, &id.as_str().map_or_else(|| id.to_string(), str::to_owned)))
        .collect()
}

/// An upsert names one source; ids of other sources stay.
pub(crate) fn keep_other_sources(patch: &mut Patch, stored: Option<&Json>) {
    let (Some(Value::Json(new)), Some(Json::Object(old))) = (patch.get_mut("external_ids"), stored) else { return };
    if let Json::Object(new) = &mut **new {
        for (source, id) in old {
            new.entry(source.clone()).or_insert_with(|| id.clone());
        }
    }
}

/// A key as the value that a condition compares with.
fn value_of(field: &model::Field, key: &str) -> Value {
    match model::kinds::from_text(field, key, &model::kinds::Context::default()) {
        Ok(value) if !matches!(value, Value::Json(_)) => value,
        _ => Value::text(key),
    }
}

impl Batch<'_> {
    /// Live records that share a blocking key with these values, each once with the keys that they share; whoever may see
    /// them. What shares a key may be the same, and need not be.
    ///
    /// # Errors
    /// An object that is not there; a database that fails.
    pub fn sharing_keys(&mut self, object: &str, values: &Patch) -> Result<Vec<(Record, Vec<String>)>, Error> {
        let compiled = self.compiled.clone();
        let rules = compiled.rules(object)?;
        let asked = Record { id: Uuid::nil(), values: values.clone() };
        let keys = record_keys(rules, &asked).keys;
        let mut shared: HashMap<Uuid, Vec<String>> = HashMap::new();
        for (key, id) in self.tx.find_by_keys(object, &keys, SHARING_MAX)? {
            shared.entry(id).or_default().push(key);
        }
        let mut ids: Vec<Uuid> = shared.keys().copied().collect();
        ids.sort_unstable();
        let records = self.tx.find_many(&rules.object, &ids)?.into_iter();
        let live = records.filter(|record| record.get("deleted_at").is_missing());
        let with_keys = |record: Record| {
            let keys = shared.remove(&record.id).unwrap_or_default();
            (record, keys)
        };
        Ok(live.map(with_keys).collect())
    }

    /// Live records by key, of those that the actor may see: what is hidden is not there, and a unique value that it
    /// holds is taken. Of several with the same key the oldest is taken.
    pub(crate) fn find_by(&mut self, object: &str, by: &str, keys: &[String]) -> Result<Known, Error> {
        let object = self.load_object(object)?;
        let schema = self.schema();
        let field = by.split('.').next().unwrap_or(by);
        if by != "id" && object.find_field(field).is_none() {
            return Err(Problem::new(Code::BadRequest, format!("{} has no field `{field}`.", object.label)).into());
        }
        if by != "id" {
            self.policy().check_use(&object, field)?;
        }
        let Ok(scope) = self.policy().scope(&object, Right::Read) else { return Ok(Known::default()) };
        let filter = match by.strip_prefix("external_ids.") {
            Some(source) => {
                let wanted: Vec<String> = keys.iter().map(|key| external_key(source, key)).collect();
                let found = self.tx.find_by_keys(&object.name, &wanted, 8)?;
                expr::id_in(found.into_iter().map(|(_, id)| id).collect())
            }
            None if by == "id" => expr::id_in(keys.iter().filter_map(|key| Uuid::parse_str(key).ok()).collect()),
            None => match object.find_field(field) {
                Some(matched) => {
                    expr::field_in(&object, matched, keys.iter().map(|key| value_of(matched, key)).collect())
                }
                None => expr::Expr::never(),
            },
        };
        let select = Select {
            filter: Some(scope.into_iter().fold(filter, expr::and)),
            fields: vec![field.to_owned(), "external_ids".to_owned()],
            limit: model::limits::BULK_MAX,
            ..Select::all(&schema, &object)
        };
        let mut known = Known::default();
        self.tx.select(&select, &mut |record| {
            let key = match by {
                "id" => Some(record.id.to_string()),
                _ => key_of(&record.values, by),
            };
            if let Some(key) = key {
                known.ids.entry(key).or_insert(record.id);
            }
            if let Value::Json(json) = record.get("external_ids") {
                known.externals.insert(record.id, (**json).clone());
            }
            Ok(())
        })?;
        Ok(known)
    }
}
