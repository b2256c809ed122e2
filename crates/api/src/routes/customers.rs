//! The health of customers: of one with its reasons, and what it is made of for those who configure the workspace.

use axum::extract::State;
use contacts::health::{self, Setting};
use serde_json::{Value as Json, json as json_of};

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::json;

/// `GET /companies/{id}/health`
pub async fn health(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let (workspace, id) = (api.workspace.clone(), place.id()?);
    Ok(json(&api.blocking(move || health::explain(&workspace, &caller.actor, id)).await?))
}

/// `GET /health`
pub async fn show(State(api): State<Api>, caller: Caller) -> Answer {
    let workspace = api.workspace.clone();
    let found = api.blocking(move || {
        workspace.check_special(&caller.actor, "configure")?;
        answer(&workspace)
    });
    Ok(json(&found.await?))
}

/// `PUT /health`
pub async fn change(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let workspace = api.workspace.clone();
    let found = api.blocking(move || {
        workspace.check_special(&caller.actor, "configure")?;
        health::set_setting(&workspace, &caller.actor, &body.parse::<Setting>()?)?;
        answer(&workspace)
    });
    Ok(json(&found.await?))
}

/// The setting, and its parts in the order in which they are shown.
fn answer(workspace: &engine::Workspace) -> Result<Json, store::Error> {
    let order: Vec<&str> = health::shipped_parts(workspace).map(|part| part.name).collect();
    Ok(json_of!({ "setting": health::setting(workspace)?, "order": order }))
}
