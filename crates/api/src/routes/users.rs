//! Invitations of users. Users themselves are records like any other.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use model::value::instant_to_text;
use serde::Deserialize;
use serde_json::json as json_of;

use crate::body::Body;
use crate::caller::Caller;
use crate::network::Peer;
use crate::params::Params;
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::{json, sessions};
use crate::{Api, accounts};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accept {
    password: String,
}

/// `POST /users/{id}/invite`
pub async fn invite(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let made = accounts::invite(&api, &caller, place.id()?).await?;
    let link = format!("{}/invite/{}", api.options.public_url.trim_end_matches('/'), made.token);
    let expires_at = instant_to_text(made.expires_at);
    Ok(json(&json_of!({ "link": link, "expires_at": expires_at, "mailed": made.mailed })))
}

/// `GET /invitations/{token}`
pub async fn show(State(api): State<Api>, place: Place) -> Answer {
    let (person, reset) = accounts::find_invitation(&api, place.text("token")?).await?;
    Ok(json(&json_of!({ "name": person.name, "email": person.email, "reset": reset })))
}

/// `POST /invitations/{token}`
pub async fn accept(
    State(api): State<Api>,
    Extension(peer): Extension<Peer>,
    place: Place,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let asked: Accept = body.parse()?;
    let token = place.text("token")?;
    let entered = accounts::accept_invitation(&api, peer, sessions::agent_of(&headers), token, asked.password).await?;
    Ok(sessions::entered_answer(peer, &entered))
}

/// Parameters of the question.
pub const ACCESS: &[&str] = &["user"];

/// `GET /{plural}/{id}/access`
pub async fn access(State(api): State<Api>, caller: Caller, place: Place, params: Params) -> Answer {
    let object = place.object(&api)?.name.clone();
    let user = match params.parsed("user")? {
        Some(user) => user,
        None => caller.user()?,
    };
    Ok(json(&json_of!(api.workspace.explain(&caller.actor, user, &object, place.id()?).await?)))
}
