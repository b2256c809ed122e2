//! The board of data quality, what it asks for, and corrections of many records at once.

use axum::extract::State;
use contacts::quality::{self, Checks, Fix};
use serde_json::json as json_of;

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::problem_json::Answer;
use crate::routes::json;

/// `GET /quality`: of each object what the caller may see.
pub async fn board(State(api): State<Api>, caller: Caller) -> Answer {
    let workspace = api.workspace.clone();
    Ok(json(&api.blocking(move || quality::board(&workspace, &caller.actor)).await?))
}

/// `PUT /quality`
pub async fn change(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let workspace = api.workspace.clone();
    let checks = api.blocking(move || {
        workspace.check_special(&caller.actor, "configure")?;
        let checks: Checks = body.parse()?;
        quality::set_checks(&workspace, &caller.actor, &checks)?;
        Ok(checks)
    });
    Ok(json(&json_of!(checks.await?)))
}

/// `POST /quality/preview`
pub async fn preview(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let workspace = api.workspace.clone();
    let found = api.blocking(move || {
        workspace.check_special(&caller.actor, "bulk")?;
        quality::preview(&workspace, &caller.actor, &body.parse::<Fix>()?)
    });
    Ok(json(&found.await?))
}

/// `POST /quality/fix`
pub async fn fix(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let workspace = api.workspace.clone();
    let done = api.blocking(move || {
        workspace.check_special(&caller.actor, "bulk")?;
        quality::apply(&workspace, &caller.actor, &body.parse::<Fix>()?)
    });
    Ok(json(&done.await?))
}
