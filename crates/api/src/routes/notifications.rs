//! What the caller was told, and which records the caller follows.

use axum::extract::State;
use serde::Deserialize;
use serde_json::json as json_of;
use store::Priority;
use store::tables::notifications;
use uuid::Uuid;

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::params::Params;
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::json;

/// Parameters of the list.
pub const LIST: &[&str] = &["unread", "limit", "cursor"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    /// Which; all when left out.
    #[serde(default)]
    ids: Option<Vec<Uuid>>,
    #[serde(default = "yes")]
    read: bool,
}

fn yes() -> bool {
    true
}

/// `GET /notifications`
pub async fn list(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let user = caller.user()?;
    let unread = params.parsed::<bool>("unread")?.unwrap_or(false);
    let limit = params.limit(30, 100)?;
    let before = params.parsed("cursor")?;
    Ok(json(&api.workspace.notifications(&caller.actor, user, unread, before, limit).await?))
}

/// `POST /notifications/read`
pub async fn mark(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let user = caller.user()?;
    let asked: Mark = body.parse()?;
    let at = asked.read.then(|| api.workspace.now());
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let work = api.workspace.store().write(Priority::Interactive, move |tx| {
        notifications::mark(tx, user, asked.ids.as_deref(), at)?;
        workspace.unread(tx, &actor, user)
    });
    let unread = work.await?;
    api.workspace.tell(&engine::LiveEvent::Notification { user });
    Ok(json(&json_of!({ "unread": unread })))
}

/// `GET /{plural}/{id}/follow`
pub async fn following(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let (user, _, id) = visible(&api, &caller, &place).await?;
    let followers = api.workspace.store().read(move |tx| notifications::followers(tx, &[id])).await?;
    let followers = followers.get(&id).cloned().unwrap_or_default();
    Ok(json(&json_of!({ "following": followers.contains(&user), "followers": followers })))
}

/// `PUT /{plural}/{id}/follow`
pub async fn follow(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    set(&api, &caller, &place, true).await
}

/// `DELETE /{plural}/{id}/follow`
pub async fn unfollow(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    set(&api, &caller, &place, false).await
}

async fn set(api: &Api, caller: &Caller, place: &Place, on: bool) -> Answer {
    let (user, object, id) = visible(api, caller, place).await?;
    let at = on.then(|| api.workspace.now());
    let work = move |tx: &mut store::Tx| notifications::follow(tx, user, &object, id, at);
    api.workspace.store().write(Priority::Interactive, work).await?;
    Ok(json(&json_of!({ "following": on })))
}

/// The caller, and a record that the caller may see.
async fn visible(api: &Api, caller: &Caller, place: &Place) -> Answer<(Uuid, String, Uuid)> {
    let (user, object, id) = (caller.user()?, place.object(api)?.name.clone(), place.id()?);
    api.workspace.load(&caller.actor, &object, id).await?;
    Ok((user, object, id))
}
