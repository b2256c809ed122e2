//! Background work: how far it is.

use axum::extract::State;
use serde_json::json as json_of;

use crate::Api;
use crate::caller::Caller;
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::json;

/// `GET /jobs/{id}`
pub async fn get(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let (workspace, actor, id) = (api.workspace.clone(), caller.actor.clone(), place.id()?);
    let job = api.blocking(move || workspace.find_job(&actor, id)).await?;
    Ok(json(&json_of!({
        "id": job.id,
        "kind": job.kind,
        "status": job.status,
        "progress": job.progress,
        "error": job.error,
    })))
}
