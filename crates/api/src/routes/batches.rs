//! What was done, and undoing it.

use axum::extract::State;
use serde_json::json as json_of;

use crate::Api;
use crate::caller::Caller;
use crate::params::Params;
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::json;

/// Parameters of the list.
pub const LIST: &[&str] = &["limit", "cursor"];

/// `GET /batches`
pub async fn list(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let (before, limit) = (params.parsed("cursor")?, params.limit(30, 100)?);
    Ok(json(&api.workspace.batches(&caller.actor, before, limit).await?))
}

/// `POST /undo/{batch}`
pub async fn undo(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let (workspace, batch) = (api.workspace.clone(), place.uuid("batch")?);
    let undone = api.blocking(move || workspace.undo_soon(&caller.actor, batch)).await?;
    api.callers.forget();
    Ok(json(&json_of!(undone)))
}
