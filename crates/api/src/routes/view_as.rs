//! Begins and ends seeing the workspace as somebody else.

use axum::extract::State;
use serde::Deserialize;
use serde_json::json as json_of;
use uuid::Uuid;

use crate::body::Body;
use crate::caller::Caller;
use crate::place::not_found;
use crate::problem_json::Answer;
use crate::routes::json;
use crate::{Api, view_as};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ViewAs {
    user: Uuid,
}

/// `POST /session/view_as`
pub async fn begin(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    view_as::check_right(&api, &caller).await?;
    let asked: ViewAs = body.parse()?;
    view_as::begin(&api, &caller, asked.user).await?;
    Ok(json(&json_of!({})))
}

/// `DELETE /session/view_as`
pub async fn end(State(api): State<Api>, caller: Caller) -> Answer {
    if view_as::end(&api, &caller).await? { Ok(json(&json_of!({}))) } else { Err(not_found()) }
}
