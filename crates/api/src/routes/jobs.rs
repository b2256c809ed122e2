//! Background work: how far it is.

use axum::extract::State;
use serde_json::json as json_of;

use crate::Api;
use crate::place::{Place, not_found};
use crate::problem_json::Answer;
use crate::routes::json;

/// `GET /jobs/{id}`
pub async fn get(State(api): State<Api>, place: Place) -> Answer {
    let (workspace, id) = (api.workspace.clone(), place.id()?);
    let job = api.blocking(move || workspace.find_job(id)).await?.ok_or_else(not_found)?;
    Ok(json(&json_of!({
        "id": job.id,
        "kind": job.kind,
        "status": job.status,
        "progress": job.progress,
        "error": job.error,
    })))
}
