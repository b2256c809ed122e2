//! Search across objects.

use axum::extract::State;
use model::{Code, Problem};

use crate::Api;
use crate::caller::Caller;
use crate::params::Params;
use crate::problem_json::Answer;
use crate::routes::json;

/// Parameters.
pub const SEARCH: &[&str] = &["q", "objects", "filter", "limit"];
/// Longest text searched for.
const TEXT_CHARACTERS_MAX: usize = 200;

/// `GET /search`
pub async fn search(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let text: String = params.required("q")?.chars().take(TEXT_CHARACTERS_MAX).collect();
    let schema = api.workspace.schema();
    let mut objects = Vec::new();
    for name in params.list("objects") {
        let object = schema.find_plural(&name).or_else(|| schema.find_object(&name));
        let unknown = || Problem::new(Code::BadRequest, format!("There is no object `{name}` to search in."));
        objects.push(object.ok_or_else(unknown)?.name.clone());
    }
    let (filter, limit) = (params.owned("filter"), params.limit(10, 50)?);
    Ok(json(&api.workspace.search(&caller.actor, &text, objects, filter, limit).await?))
}
