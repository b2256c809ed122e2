//! A lead becomes a deal.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use model::{Problem, kinds};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::json_with;

/// What is said of the record that is made; the rest is taken over.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    #[serde(default)]
    pub(super) values: Map<String, Json>,
}

/// `POST /leads/{id}/convert`
pub async fn convert(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer<Response> {
    let asked: Said = body.parse()?;
    let deal = api.workspace.schema().find_object("deal").cloned().ok_or_else(|| Problem::not_found("object"))?;
    let values = kinds::patch_from_json(&deal, &asked.values, &api.workspace.context())?;
    let converted = sales::convert::convert(&api.workspace, &caller.actor, place.id()?, values);
    let (batch, made) = converted.await?;
    let lead = as_seen(&api, &caller, "lead", made.lead.id).await?;
    let deal = as_seen(&api, &caller, "deal", made.deal.id).await?;
    Ok(json_with(StatusCode::CREATED, &json!({ "lead": lead, "deal": deal, "batch": batch })))
}

/// Read again, so that only what the caller may see goes out.
pub(super) async fn as_seen(api: &Api, caller: &Caller, object: &str, id: Uuid) -> Answer<Json> {
    let (record, _) = api.workspace.get_json(&caller.actor, object, id, &[], None).await?;
    Ok(serde_json::from_slice(&record).map_err(anyhow::Error::from)?)
}
