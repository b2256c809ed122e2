//! The caller's own devices: the browsers in which the caller is told while the application is closed.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use engine::push::{Pushed, Subscription};
use model::Code;
use serde::Deserialize;
use serde_json::json as json_of;

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::place::Place;
use crate::problem_json::{Answer, Failure};
use crate::routes::sessions::agent_of;
use crate::routes::{json, json_with};

/// What `PushSubscription.toJSON()` gives, and what it takes the place of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    endpoint: String,
    keys: Keys,
    /// The address that the browser had before.
    #[serde(default)]
    replaces: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    p256dh: String,
    auth: String,
}

/// `GET /devices`
pub async fn list(State(api): State<Api>, caller: Caller) -> Answer {
    let (workspace, user) = (api.workspace.clone(), caller.user()?);
    Ok(json(&api.blocking(move || workspace.list_devices(user, caller.session)).await?))
}

/// `POST /devices`
pub async fn add(State(api): State<Api>, caller: Caller, headers: HeaderMap, body: Body) -> Answer {
    let New { endpoint, keys, replaces } = body.parse()?;
    let none = || Failure::new(Code::Forbidden, "This is for people who are logged in, not for API keys.");
    let session = caller.session.ok_or_else(none)?;
    let (workspace, agent) = (api.workspace.clone(), agent_of(&headers));
    let new = Subscription { endpoint, p256dh: keys.p256dh, auth: keys.auth };
    let made = api.blocking(move || workspace.add_device(&caller.actor, session, &agent, &new, replaces.as_deref()));
    Ok(json_with(StatusCode::CREATED, &made.await?))
}

/// `DELETE /devices/{id}`
pub async fn remove(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let (workspace, id) = (api.workspace.clone(), place.id()?);
    api.blocking(move || workspace.remove_device(&caller.actor, id)).await?;
    Ok(json(&json_of!({})))
}

/// `POST /devices/{id}/test`
pub async fn test(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    api.trial_limits.take(caller.actor.id)?;
    let (workspace, id) = (api.workspace.clone(), place.id()?);
    let (went, gone, answer) = match api.blocking(move || workspace.test_device(&caller.actor, id)).await? {
        Pushed::Accepted(words) => (true, false, words),
        Pushed::Gone(words) => (false, true, words),
        Pushed::Later(_, words) | Pushed::Refused(words) | Pushed::TooLong(words) => (false, false, words),
    };
    Ok(json(&json_of!({ "went": went, "gone": gone, "answer": answer })))
}
