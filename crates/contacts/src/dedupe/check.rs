//! "Does this one exist already?": possible duplicates of values that are not stored yet.

use std::collections::{HashMap, HashSet};

use engine::{Workspace, external_key, title_json};
use model::{Actor, Object, Patch, Problem, Record, Value};
use serde_json::{Value as Json, json};
use store::{Error, Pending, Tx};
use uuid::Uuid;

use super::evidence::{Likeness, Scales, compare};
use super::keys::stored_keys;
use super::traits::{Reader, Traits};

/// Records looked at per key: a key that more share says little.
const PER_KEY_MAX: usize = 50;
/// Possible duplicates named to people.
const SHOWN_MAX: usize = 5;
/// How many records one is taken to be among: what a check says must not depend on how much is stored.
pub(super) const POPULATION: usize = 100_000;

/// A stored record that may be the one in question.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The record.
    pub id: Uuid,
    /// How sure it is, and why.
    pub likeness: Likeness,
}

/// Possible duplicates of values that somebody is about to store:
/// `{"duplicates":[{"id","object","title","subtitle","confidence","reasons"}]}`, the likeliest first. Only records that
/// the actor may see are named. `except` is the record being edited.
pub fn check(ws: &Workspace, actor: &Actor, object: &str, values: Patch, except: Option<Uuid>) -> Pending<Json> {
    let (workspace, actor, name) = (ws.clone(), actor.clone(), object.to_owned());
    ws.store().read(move |tx| {
        let schema = workspace.schema();
        let object = schema.find_object(&name).cloned().ok_or_else(|| Problem::not_found("object"))?;
        let reader = Reader::new(&object);
        let scales = Scales::new(&object.duplicates, POPULATION);
        // What stands in a field out of the asker's sight finds nothing: guessing would tell what is there.
        let values = workspace.judge(tx, &actor, |policy| {
            values.into_iter().filter(|(name, _)| policy.can_use(&object, name)).collect::<Patch>()
        })?;
        let wanted = [(reader.read(&values), keys_of(&reader, &values))];
        let mut found = find_many(tx, &object, &reader, &wanted)?.pop().unwrap_or_default();
        found.retain(|found| Some(found.id) != except);
        let mut ids: Vec<Uuid> = found.iter().map(|found| found.id).collect();
        if let Some(among) = &object.duplicates.among {
            ids = workspace.matching(tx, &name, &ids, among)?;
        }
        let visible: HashMap<Uuid, Record> =
            workspace.visible_many(tx, &actor, &name, &ids)?.into_iter().map(|record| (record.id, record)).collect();
        let traits = wanted.first().map(|(traits, _)| traits);
        let shown = found.into_iter().filter_map(|found| {
            let record = visible.get(&found.id)?;
            // Compared again by what the actor may read: a field out of sight is no reason.
            let likeness = compare(traits?, &reader.read(&record.values), &scales);
            let mut shown = title_json(&object, record);
            if let Json::Object(map) = &mut shown {
                map.insert("confidence".to_owned(), json!(rounded(likeness.confidence)));
                map.insert("reasons".to_owned(), json!(likeness.reasons));
            }
            (likeness.confidence >= scales.from).then_some(shown)
        });
        Ok(json!({ "duplicates": shown.take(SHOWN_MAX).collect::<Vec<Json>>() }))
    })
}

/// Stored records that may be one with each of these rows, the likeliest first, whoever may see them. One look-up of
/// keys and one of records, however many rows: imports ask for thousands at once.
pub fn find_many(
    tx: &mut Tx,
    object: &Object,
    reader: &Reader,
    rows: &[(Traits, Vec<String>)],
) -> Result<Vec<Vec<Found>>, Error> {
    let mut wanted: Vec<String> = rows.iter().flat_map(|(_, keys)| keys.iter().cloned()).collect();
    wanted.sort();
    wanted.dedup();
    let mut by_key: HashMap<String, Vec<Uuid>> = HashMap::new();
    for (key, id) in tx.find_by_keys(&object.name, &wanted, PER_KEY_MAX)? {
        by_key.entry(key).or_default().push(id);
    }
    let mut ids: Vec<Uuid> = by_key.values().flatten().copied().collect();
    ids.sort_unstable();
    ids.dedup();
    let stored: HashMap<Uuid, Traits> = tx
        .find_many(object, &ids)?
        .into_iter()
        .filter(|record| record.get("deleted_at").is_missing())
        .map(|record| (record.id, reader.read(&record.values)))
        .collect();
    let scales = Scales::new(&object.duplicates, POPULATION);
    let found = rows.iter().map(|(traits, keys)| {
        let candidates: HashSet<Uuid> = keys.iter().filter_map(|key| by_key.get(key)).flatten().copied().collect();
        let mut found: Vec<Found> = candidates
            .into_iter()
            .filter_map(|id| Some(Found { id, likeness: compare(traits, stored.get(&id)?, &scales) }))
            .filter(|found| found.likeness.confidence >= scales.from)
            .collect();
        found.sort_by(|a, b| b.likeness.confidence.total_cmp(&a.likeness.confidence).then(a.id.cmp(&b.id)));
        found
    });
    Ok(found.collect())
}

/// Every key by which values can be looked up: those of their traits and those of their ids in other systems.
pub fn keys_of(reader: &Reader, values: &Patch) -> Vec<String> {
    let mut keys = stored_keys(&reader.read(values));
    let external = values.get("external_ids").and_then(Value::as_json).and_then(Json::as_object);
    for (source, id) in external.into_iter().flatten() {
        keys.push(external_key(source, &id.as_str().map_or_else(|| id.to_string(), str::to_owned)));
    }
    keys
}

/// Two places are all that a confidence is worth.
pub(super) fn rounded(confidence: f64) -> f64 {
    (confidence * 100.0).round() / 100.0
}
