//! Quotes that are made of a deal, or of the version before.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use model::{Problem, Record, kinds};
use sales::quotes;
use serde_json::json;
use uuid::Uuid;

use super::leads::{Said, as_seen};
use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::json_with;

/// `POST /deals/{id}/quote`
pub async fn of_deal(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer<Response> {
    let said: Said = body.parse()?;
    let quote = api.workspace.schema().find_object("quote").cloned().ok_or_else(|| Problem::not_found("object"))?;
    let values = kinds::patch_from_json(&quote, &said.values, &api.workspace.context())?;
    let made = quotes::from_deal(&api.workspace, &caller.actor, place.id()?, values).await?;
    answer(&api, &caller, made).await
}

/// `POST /quotes/{id}/version`
pub async fn version(State(api): State<Api>, caller: Caller, place: Place) -> Answer<Response> {
    let made = quotes::new_version(&api.workspace, &caller.actor, place.id()?).await?;
    answer(&api, &caller, made).await
}

async fn answer(api: &Api, caller: &Caller, (batch, made): (Uuid, Record)) -> Answer<Response> {
    let quote = as_seen(api, caller, "quote", made.id).await?;
    Ok(json_with(StatusCode::CREATED, &json!({ "quote": quote, "batch": batch })))
}
