//! Who stands how to whom: the graph around a person or company, and the tree of companies.

use axum::extract::State;
use contacts::relations;

use crate::Api;
use crate::caller::Caller;
use crate::params::{Params, bad_parameter};
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::json;

/// Parameters of the graph.
pub const MAP: &[&str] = &["depth"];

/// `GET /people/{id}/relations`, `GET /companies/{id}/relations`
pub async fn map(State(api): State<Api>, caller: Caller, place: Place, params: Params) -> Answer {
    let (object, id) = (place.object(&api)?, place.id()?.to_string());
    let depth = params.parsed::<usize>("depth")?.unwrap_or(1);
    if !(1..=relations::DEPTH_MAX).contains(&depth) {
        let message = format!("`depth` is between 1 and {}.", relations::DEPTH_MAX);
        return Err(bad_parameter("depth", "out_of_range", &message).into());
    }
    let workspace = api.workspace.clone();
    let found = api.blocking(move || relations::map(&workspace, &caller.actor, &object.name, &id, depth));
    Ok(json(&found.await?))
}

/// `GET /companies/{id}/tree`
pub async fn tree(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let (workspace, id) = (api.workspace.clone(), place.id()?.to_string());
    Ok(json(&api.blocking(move || relations::tree(&workspace, &caller.actor, &id)).await?))
}
