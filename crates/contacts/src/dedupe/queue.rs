//! The review queue: pairs that a scan found, for people to merge or dismiss.

use std::collections::HashMap;

use engine::{Plan, Workspace, title_json};
use model::{Actor, Code, Object, Problem, Record, limits};
use serde_json::{Value as Json, json};
use store::tables::duplicates::{self, After, Pair};
use store::{Error, Pending, Tx};
use uuid::Uuid;

use super::check::{POPULATION, rounded};
use super::evidence::{Scales, compare};
use super::scan;
use super::traits::Reader;

/// Pages looked through for one that shows something: pairs whose records are gone or hidden are passed over.
const PAGES_MAX: usize = 20;

/// A page of the queue of an object, the surest pairs first:
/// `{"pairs":[{"id","a":{…},"b":{…},"confidence","reasons","weights","status"}],"next","total","search"}`. Only pairs of
/// which the actor may see both records; the weights are those of the fields that the actor may see.
pub fn list_pairs(
    ws: &Workspace,
    actor: &Actor,
    object: &str,
    status: &str,
    cursor: Option<&str>,
    limit: usize,
) -> Pending<Json> {
    let (workspace, actor, name, status) = (ws.clone(), actor.clone(), object.to_owned(), status.to_owned());
    let cursor = cursor.map(str::to_owned);
    let limit = if limit == 0 { limits::PAGE_DEFAULT } else { limit.min(limits::PAGE_MAX) };
    ws.store().read(move |tx| {
        let schema = workspace.schema();
        let object = schema.find_object(&name).cloned().ok_or_else(|| Problem::not_found("object"))?;
        let mut after = cursor.as_deref().map(read_cursor).transpose()?;
        let mut shown = Vec::new();
        let mut more = false;
        for _ in 0..PAGES_MAX {
            let pairs = duplicates::page(tx, &name, &status, after, limit)?;
            more = pairs.len() == limit;
            let records = load_records(tx, &workspace, &actor, &name, &pairs)?;
            for pair in pairs {
                after = Some(After { confidence: pair.confidence, id: pair.id });
                shown.extend(show(&object, &records, &pair));
                if shown.len() == limit {
                    more = true;
                    break;
                }
            }
            if !more || shown.len() == limit {
                break;
            }
        }
        let next = after.filter(|_| more).map(|after| format!("{}.{}", after.confidence, after.id));
        let total = duplicates::count(tx, &name, &status)?;
        let search = scan::describe(tx, &name, workspace.now())?;
        Ok(json!({ "pairs": shown, "next": next, "total": total, "search": search }))
    })
}

fn load_records(
    tx: &mut Tx,
    workspace: &Workspace,
    actor: &Actor,
    object: &str,
    pairs: &[Pair],
) -> Result<HashMap<Uuid, Record>, Error> {
    let mut ids: Vec<Uuid> = pairs.iter().flat_map(|pair| [pair.a, pair.b]).collect();
    ids.sort_unstable();
    ids.dedup();
    let records = workspace.visible_many(tx, actor, object, &ids)?;
    Ok(records.into_iter().map(|record| (record.id, record)).collect())
}

fn show(object: &Object, records: &HashMap<Uuid, Record>, pair: &Pair) -> Option<Json> {
    let side = |id: &Uuid| {
        let record = records.get(id)?;
        let mut shown = record.to_json();
        let title = title_json(object, record);
        if let (Json::Object(map), Json::Object(title)) = (&mut shown, title) {
            map.extend(title.into_iter().filter(|(key, _)| matches!(key.as_str(), "title" | "subtitle")));
        }
        Some(shown)
    };
    let reader = Reader::new(object);
    let traits = |id: &Uuid| records.get(id).map(|record| reader.read(&record.values));
    let likeness = compare(&traits(&pair.a)?, &traits(&pair.b)?, &Scales::new(&object.duplicates, POPULATION));
    let weights: Vec<Json> =
        likeness.weights.iter().map(|(reason, bits)| json!({ "reason": reason, "bits": rounded(*bits) })).collect();
    Some(json!({
        "id": pair.id,
        "a": side(&pair.a)?,
        "b": side(&pair.b)?,
        "confidence": rounded(pair.confidence as f64 / 1_000_000.0),
        "reasons": pair.reasons,
        "weights": weights,
        "status": pair.status,
    }))
}

fn read_cursor(cursor: &str) -> Result<After, Problem> {
    cursor
        .split_once('.')
        .and_then(|(confidence, id)| Some(After { confidence: confidence.parse().ok()?, id: id.parse().ok()? }))
        .ok_or_else(|| Problem::new(Code::BadRequest, "This cursor is none of ours. Start at the first page."))
}

/// Takes a pair out of the queue for good (`dismissed`: these two are not one), or puts it back (`open`).
pub fn set_pair_status(ws: &Workspace, actor: &Actor, pair: Uuid, status: &'static str) -> Pending<(Uuid, ())> {
    let workspace = ws.clone();
    ws.transact(actor, Plan::new("judge a pair of duplicates"), move |batch| {
        batch.policy().check_special("merge")?;
        let missing = || Error::from(Problem::not_found("pair"));
        let found = duplicates::find(batch.tx(), pair)?.ok_or_else(missing)?;
        let actor = batch.actor().clone();
        let seen = workspace.visible_many(batch.tx(), &actor, &found.object, &[found.a, found.b])?;
        if seen.len() < 2 {
            return Err(missing());
        }
        duplicates::set_status(batch.tx(), pair, status)
    })
}
