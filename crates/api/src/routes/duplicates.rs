//! Duplicates: a check before something is made, a search through all, the queue of pairs, and merging.

use std::sync::Arc;

use axum::extract::State;
use contacts::{dedupe, merge as merging};
use engine::Right;
use model::{Object, Patch, kinds};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json as json_of};
use uuid::Uuid;

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::params::{Params, bad_parameter};
use crate::place::{Place, not_found};
use crate::problem_json::Answer;
use crate::routes::json;

/// Parameters of a check.
pub const CHECK: &[&str] = &["except"];
/// Parameters of the queue.
pub const LIST: &[&str] = &["object", "status", "limit", "cursor"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scan {
    object: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    keep: Uuid,
    merge: Vec<Uuid>,
    #[serde(default)]
    values: Map<String, Json>,
}

/// `POST /{plural}/check`
pub async fn check(State(api): State<Api>, caller: Caller, place: Place, params: Params, body: Body) -> Answer {
    let object = comparable(&api, &place)?;
    check_reader(&api, &caller, &object).await?;
    let values = what_fits(&api, &object, &body.json);
    let except = params.parsed("except")?;
    Ok(json(&dedupe::check(&api.workspace, &caller.actor, &object.name, values, except).await?))
}

/// The object of a place, unless it is one that the program keeps for itself.
fn comparable(api: &Api, place: &Place) -> Answer<Arc<Object>> {
    let object = place.object(api)?;
    if object.internal { Err(not_found()) } else { Ok(object) }
}

/// Whoever may see no record of an object is not told what it is like.
async fn check_reader(api: &Api, caller: &Caller, object: &Arc<Object>) -> Answer<()> {
    let (workspace, actor, object) = (api.workspace.clone(), caller.actor.clone(), object.clone());
    api.blocking(move || {
        workspace.with_policy(&actor, move |policy| {
            policy.scope(&object, Right::Read)?;
            Ok(())
        })
    })
    .await
}

/// The values that can be read: whoever is still typing has not finished every field.
fn what_fits(api: &Api, object: &Object, json: &Map<String, Json>) -> Patch {
    let context = api.workspace.context();
    let fits = |(name, json): (&String, &Json)| {
        let value = kinds::from_json(object.find_field(name)?, json, &context).ok()?;
        Some((name.clone(), value))
    };
    json.iter().filter_map(fits).collect()
}

/// `POST /{plural}/merge`
pub async fn merge(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer {
    let object = comparable(&api, &place)?;
    let asked: Merge = body.parse()?;
    let values = kinds::patch_from_json(&object, &asked.values, &api.workspace.context())?;
    let merged = merging::merge(&api.workspace, &caller.actor, &object.name, asked.keep, asked.merge, values);
    let (batch, record) = merged.await?;
    // Read again, so that only what the caller may see goes out.
    let read = api.workspace.get_json(&caller.actor, &object.name, record.id, &[], None);
    let (record, _) = read.await?;
    let record: Json = serde_json::from_slice(&record).map_err(anyhow::Error::from)?;
    Ok(json(&json_of!({ "record": record, "batch": batch })))
}

/// `POST /duplicates/scan`
pub async fn scan(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let asked: Scan = body.parse()?;
    let (_, job) = dedupe::start_scan(&api.workspace, &caller.actor, &asked.object).await?;
    Ok(json(&json_of!({ "job": job })))
}

/// `POST /duplicates/scan/cancel`
pub async fn cancel_scan(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let asked: Scan = body.parse()?;
    dedupe::cancel_scan(&api.workspace, &caller.actor, &asked.object).await?;
    Ok(json(&json_of!({})))
}

/// `GET /duplicates`
pub async fn list(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let object = params.required("object")?;
    let status = params.text("status").unwrap_or("open");
    if !["open", "dismissed", "merged"].contains(&status) {
        return Err(bad_parameter("status", "bad_value", "It is `open`, `dismissed` or `merged`.").into());
    }
    let limit = params.limit(20, 100)?;
    let pairs = dedupe::list_pairs(&api.workspace, &caller.actor, object, status, params.text("cursor"), limit);
    Ok(json(&pairs.await?))
}

/// `POST /duplicates/{id}/dismiss`
pub async fn dismiss(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    dedupe::set_pair_status(&api.workspace, &caller.actor, place.id()?, "dismissed").await?;
    Ok(json(&json_of!({})))
}

/// `POST /duplicates/{id}/reopen`
pub async fn reopen(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    dedupe::set_pair_status(&api.workspace, &caller.actor, place.id()?, "open").await?;
    Ok(json(&json_of!({})))
}
