//! After how many days without contact people and companies want some; for those who configure the workspace.

use axum::extract::State;
use contacts::signals::{self, Pace};
use serde_json::{Value as Json, json as json_of};

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::json;

/// `GET /signals`
pub async fn list(State(api): State<Api>, caller: Caller) -> Answer {
    let workspace = api.workspace.clone();
    let found = api.blocking(move || {
        workspace.check_special(&caller.actor, "configure")?;
        let one = |(object, choice)| {
            Ok(json_of!({ "object": object, "choice": choice, "pace": signals::pace(&workspace, object)? }))
        };
        signals::OBJECTS.into_iter().map(one).collect::<Result<Vec<Json>, store::Error>>()
    });
    Ok(json(&json_of!({ "signals": found.await? })))
}

/// `PUT /signals/{name}`
pub async fn change(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer {
    let (workspace, object) = (api.workspace.clone(), place.text("name")?.to_owned());
    let batch = api.blocking(move || {
        workspace.check_special(&caller.actor, "configure")?;
        signals::set_pace(&workspace, &caller.actor, &object, &body.parse::<Pace>()?)
    });
    Ok(json(&json_of!({ "batch": batch.await? })))
}
