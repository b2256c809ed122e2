//! Outgoing mail: where it goes out, a test, what was queued and what became of it. And forgotten passwords.

use axum::Extension;
use axum::extract::State;
use engine::mail::{Carried, MailSettings};
use serde::Deserialize;
use serde_json::{Value as Json, json as json_of};

use crate::body::Body;
use crate::caller::Caller;
use crate::network::Peer;
use crate::params::Params;
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::json;
use crate::{Api, forgotten};

/// Parameters of the list.
pub const OUTGOING: &[&str] = &["state", "limit", "cursor"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    settings: MailSettings,
    /// Left out: the one before stays, where it goes to the same user of the same server.
    #[serde(default)]
    password: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    send: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Forgotten {
    email: String,
}

/// `GET /mail`
pub async fn show(State(api): State<Api>, caller: Caller) -> Answer {
    shown(&api, &caller).await
}

async fn shown(api: &Api, caller: &Caller) -> Answer {
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let kept = api.blocking(move || workspace.mail_settings(&actor)).await?;
    let part = |name: &str| kept.get(name).cloned().unwrap_or(Json::Null);
    Ok(json(&json_of!({
        "settings": part("settings"), "has_password": part("has_password") == Json::Bool(true),
        "public_url": api.options.public_url,
    })))
}

/// `PUT /mail`
pub async fn change(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let Change { settings, password } = body.parse()?;
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    api.blocking(move || workspace.set_mail(&actor, Some(settings), password)).await?;
    shown(&api, &caller).await
}

/// `DELETE /mail`
pub async fn remove(State(api): State<Api>, caller: Caller) -> Answer {
    let workspace = api.workspace.clone();
    api.blocking(move || workspace.set_mail(&caller.actor, None, None)).await?;
    Ok(json(&json_of!({})))
}

/// `POST /mail/test`
pub async fn test(State(api): State<Api>, caller: Caller) -> Answer {
    api.trial_limits.take(caller.actor.id)?;
    let workspace = api.workspace.clone();
    let (address, carried) = api.blocking(move || workspace.send_test_mail(&caller.actor)).await?;
    let (went, stage, answer) = match carried {
        Carried::Accepted(words) => (true, None, words),
        Carried::Later(stage, words) | Carried::Refused(stage, words) => (false, Some(stage.name()), words),
        Carried::Unsure(words) => (false, Some("lost"), words),
    };
    Ok(json(&json_of!({ "address": address, "went": went, "stage": stage, "answer": answer })))
}

/// `GET /mail/outgoing`
pub async fn list(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let state = params.text("state").map(str::to_owned);
    let (before, limit) = (params.parsed("cursor")?, params.limit(50, 200)?);
    let workspace = api.workspace.clone();
    let page = api.blocking(move || workspace.list_mails(&caller.actor, state.as_deref(), before, limit));
    Ok(json(&page.await?))
}

/// `POST /mail/outgoing/{id}/retry`
pub async fn retry(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    decide(&api, caller, &place, true).await
}

/// `POST /mail/outgoing/{id}/cancel`
pub async fn cancel(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    decide(&api, caller, &place, false).await
}

async fn decide(api: &Api, caller: Caller, place: &Place, again: bool) -> Answer {
    let (workspace, id) = (api.workspace.clone(), place.id()?);
    Ok(json(&api.blocking(move || workspace.change_mail(&caller.actor, id, again)).await?))
}

/// `POST /mail/outgoing/release`
pub async fn release(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let Release { send } = body.parse()?;
    let workspace = api.workspace.clone();
    let count = api.blocking(move || workspace.release_mail(&caller.actor, send)).await?;
    Ok(json(&json_of!({ "mails": count })))
}

/// `POST /password_reset`
pub async fn forgot(State(api): State<Api>, Extension(peer): Extension<Peer>, body: Body) -> Answer {
    let Forgotten { email } = body.parse()?;
    forgotten::ask(&api, peer, &email).await?;
    Ok(json(&json_of!({})))
}
