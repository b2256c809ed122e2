//! The second factor: one's own, the second step of a log-in, and its removal by an administrator.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::json as json_of;

use crate::Api;
use crate::accounts::check_password;
use crate::body::Body;
use crate::caller::Caller;
use crate::headers::session_token;
use crate::network::Peer;
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::{json, sessions};
use crate::second_factor::{self, Deed};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    password: String,
    code: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WithCode {
    code: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Challenge {
    challenge: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Enter {
    challenge: String,
    code: String,
}

/// `GET /session/second_factor`
pub async fn show(State(api): State<Api>, caller: Caller) -> Answer {
    Ok(json(&json_of!(second_factor::status(&api, &caller).await?)))
}

/// `POST /session/second_factor`
pub async fn begin(State(api): State<Api>, Extension(peer): Extension<Peer>, caller: Caller, body: Body) -> Answer {
    let asked: Begin = body.parse()?;
    let person = check_password(&api, &caller, peer, asked.password).await?;
    Ok(json(&json_of!(second_factor::begin(&api, &caller, person, asked.code).await?)))
}

/// `POST /session/second_factor/confirm`
pub async fn confirm(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    with_code(&api, &caller, body, Deed::Confirm).await
}

/// `POST /session/second_factor/codes`
pub async fn renew(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    with_code(&api, &caller, body, Deed::Renew).await
}

/// `POST /session/second_factor/remove`
pub async fn remove(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    with_code(&api, &caller, body, Deed::Remove).await
}

async fn with_code(api: &Api, caller: &Caller, body: Body, deed: Deed) -> Answer {
    let asked: WithCode = body.parse()?;
    let codes = second_factor::with_code(api, caller, asked.code, deed).await?;
    Ok(json(&json_of!({ "recovery_codes": codes })))
}

/// `POST /session/set_up`
pub async fn offer(State(api): State<Api>, body: Body) -> Answer {
    let asked: Challenge = body.parse()?;
    Ok(json(&json_of!(second_factor::offer_for(&api, &asked.challenge).await?)))
}

/// `POST /session/code`
pub async fn enter(State(api): State<Api>, Extension(peer): Extension<Peer>, headers: HeaderMap, body: Body) -> Answer {
    let asked: Enter = body.parse()?;
    let (agent, old) = (sessions::agent_of(&headers), session_token(&headers, peer.tls));
    let (opened, codes) = second_factor::enter(&api, peer, agent, &asked.challenge, asked.code, old).await?;
    Ok(sessions::logged_in_with(peer, &opened, codes))
}

/// `DELETE /users/{id}/second_factor`
pub async fn remove_of(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    second_factor::remove_of(&api, &caller, place.id()?).await?;
    Ok(json(&json_of!({})))
}

/// `GET /second_factors`
pub async fn list(State(api): State<Api>, caller: Caller) -> Answer {
    Ok(json(&json_of!({ "users": second_factor::users(&api, &caller).await? })))
}
