//! What colleagues did lately.

use axum::extract::State;
use engine::{FeedQuery, Who};

use crate::Api;
use crate::caller::Caller;
use crate::params::{Params, bad_parameter};
use crate::problem_json::Answer;
use crate::routes::json;

/// Parameters of the list.
pub const LIST: &[&str] = &["team", "user", "object", "since", "limit", "cursor"];

/// `GET /activity`
pub async fn list(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let who = match (params.text("team"), params.parsed("user")?) {
        (Some(_), Some(_)) => {
            return Err(bad_parameter("user", "bad_value", "Ask for a team or for a person, not for both.").into());
        }
        (Some("mine"), None) => Who::Mine,
        (Some(_), None) => params.parsed("team")?.map(Who::Team).unwrap_or_default(),
        (None, Some(user)) => Who::User(user),
        (None, None) => Who::All,
    };
    let since = params
        .given("since")
        .map(|text| model::value::instant_from_text(text).ok_or_else(not_an_instant))
        .transpose()?;
    let query = FeedQuery {
        who,
        object: params.owned("object"),
        since,
        before: params.parsed("cursor")?,
        limit: params.limit(30, 100)?,
    };
    Ok(json(&api.workspace.feed(&caller.actor, query).await?))
}

fn not_an_instant() -> model::Problem {
    bad_parameter("since", "bad_value", "`since` is an instant, like 2026-11-22T08:00:00Z.")
}
