//! Background work: how far it is, what it did, and its end.

use axum::extract::State;
use model::Actor;
use serde_json::{Value as Json, json as json_of};
use store::tables::jobs::Job;

use crate::Api;
use crate::caller::Caller;
use crate::place::Place;
use crate::problem_json::{self, Answer};
use crate::routes::json;

/// `GET /jobs/{id}`
pub async fn get(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let (workspace, actor, id) = (api.workspace.clone(), caller.actor.clone(), place.id()?);
    let job = api.blocking(move || workspace.find_job(&actor, id)).await?;
    Ok(json(&shown(&api, &caller.actor, &job)))
}

/// `GET /jobs`: one's own changes of many records.
pub async fn list(State(api): State<Api>, caller: Caller) -> Answer {
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let jobs = api.blocking(move || workspace.own_jobs(&actor)).await?;
    let jobs: Vec<Json> = jobs.iter().map(|job| shown(&api, &caller.actor, job)).collect();
    Ok(json(&json_of!({ "jobs": jobs })))
}

/// `POST /jobs/{id}/cancel`
pub async fn cancel(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let (workspace, actor, id) = (api.workspace.clone(), caller.actor.clone(), place.id()?);
    let job = api.blocking(move || workspace.cancel_job(&actor, id)).await?;
    Ok(json(&shown(&api, &caller.actor, &job)))
}

fn shown(api: &Api, actor: &Actor, job: &Job) -> Json {
    let mut result = api.workspace.job_result(actor, job).unwrap_or_default();
    if let Some(reasons) = result.get_mut("reasons").and_then(Json::as_array_mut) {
        for problem in reasons.iter_mut().filter_map(|reason| reason.get_mut("problem")) {
            *problem = problem_json::complete(problem.take());
        }
    }
    if let Some(problem) = result.get_mut("stopped").filter(|problem| problem.is_object()) {
        *problem = problem_json::complete(problem.take());
    }
    json_of!({
        "id": job.id,
        "kind": job.kind,
        "status": job.status,
        "progress": job.progress,
        "error": job.error,
        "result": result,
    })
}
