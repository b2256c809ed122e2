//! First-run set-up.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::json as json_of;

use crate::Api;
use crate::accounts::{self, SetUp};
use crate::body::Body;
use crate::network::Peer;
use crate::problem_json::Answer;
use crate::routes::{json, sessions};

/// `GET /setup`
pub async fn show(State(api): State<Api>) -> Answer {
    let workspace = api.workspace.clone();
    let found =
        api.workspace.store().read(move |tx| Ok((accounts::needs_set_up(&workspace, tx)?, workspace.has_mail(tx)?)));
    let (needed, mail) = found.await?;
    Ok(json(&json_of!({ "needed": needed, "mail": mail })))
}

/// `POST /setup`
pub async fn run(State(api): State<Api>, Extension(peer): Extension<Peer>, headers: HeaderMap, body: Body) -> Answer {
    let asked: SetUp = body.parse()?;
    let opened = accounts::set_up(&api, peer, sessions::agent_of(&headers), asked).await?;
    Ok(sessions::logged_in(StatusCode::CREATED, peer, &opened))
}
