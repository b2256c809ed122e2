//! Log-in, log-out, password, list of sessions.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use model::value::instant_to_text;
use serde::Deserialize;
use serde_json::{Value as Json, json as json_of};
use store::Priority;
use store::tables::sessions;

use crate::accounts::{self, Opened};
use crate::body::Body;
use crate::caller::Caller;
use crate::headers::{clear_cookie, session_cookie, session_token};
use crate::network::Peer;
use crate::place::{Place, not_found};
use crate::problem_json::Answer;
use crate::routes::{json, json_with};
use crate::second_factor::Entered;
use crate::{Api, log_in, view_as};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LogIn {
    email: String,
    password: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    current: String,
    new: String,
}

/// `POST /session`
pub async fn log_in(
    State(api): State<Api>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let asked: LogIn = body.parse()?;
    let old = session_token(&headers, peer.tls);
    let entered = log_in::log_in(&api, peer, agent_of(&headers), &asked.email, asked.password, old).await?;
    Ok(entered_answer(peer, &entered))
}

/// `DELETE /session`
pub async fn log_out(State(api): State<Api>, Extension(peer): Extension<Peer>, caller: Caller) -> Answer {
    let token = caller.token_hash.clone();
    let (workspace, actor) = (api.workspace.clone(), caller.person().clone());
    let written = api.workspace.store().write(Priority::Interactive, move |tx| {
        if let Some(session) = caller.session {
            view_as::end_in(&workspace, tx, &actor, session)?;
        }
        workspace.audit_in(tx, &actor, "logout", None, json_of!({ "session": caller.session }));
        sessions::delete_by_token(tx, &token)
    });
    written.await?;
    api.callers.forget();
    let mut response = json(&json_of!({}));
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, clear_cookie(peer));
    let all = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");
    headers.insert(HeaderName::from_static("clear-site-data"), all);
    Ok(response)
}

/// `PUT /session/password`
pub async fn change_password(
    State(api): State<Api>,
    Extension(peer): Extension<Peer>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let asked: NewPassword = body.parse()?;
    let agent = agent_of(&headers);
    let opened = accounts::change_password(&api, &caller, peer, agent, asked.current, asked.new).await?;
    Ok(logged_in(StatusCode::OK, peer, &opened))
}

/// `GET /sessions`
pub async fn list(State(api): State<Api>, caller: Caller) -> Answer {
    let user = caller.user()?;
    let now = api.workspace.now();
    let rows = api.workspace.store().read(move |tx| sessions::of_user(tx, user)).await?;
    let rows: Vec<Json> = rows
        .iter()
        .filter(|row| row.expires_at > now)
        .map(|row| {
            json_of!({
                "id": row.id,
                "created_at": instant_to_text(row.created_at),
                "seen_at": instant_to_text(row.seen_at),
                "expires_at": instant_to_text(row.expires_at),
                "address": row.address,
                "agent": row.agent,
                "current": Some(row.id) == caller.session,
            })
        })
        .collect();
    Ok(json(&json_of!({ "sessions": rows })))
}

/// `DELETE /sessions/{id}`
pub async fn end(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let (user, id) = (caller.user()?, place.id()?);
    let (workspace, actor) = (api.workspace.clone(), caller.actor);
    let ended = api.workspace.store().write(Priority::Interactive, move |tx| {
        let ended = sessions::delete(tx, user, id)?;
        if ended {
            workspace.audit_in(tx, &actor, "session.ended", Some(format!("session:{id}")), json_of!({}));
        }
        Ok(ended)
    });
    let ended = ended.await?;
    api.callers.forget();
    if ended { Ok(json(&json_of!({}))) } else { Err(not_found()) }
}

/// `DELETE /sessions`
pub async fn end_others(State(api): State<Api>, caller: Caller) -> Answer {
    let user = caller.user()?;
    let (workspace, actor, own) = (api.workspace.clone(), caller.actor, caller.session);
    let ended = api.workspace.store().write(Priority::Interactive, move |tx| {
        let ended = sessions::delete_others(tx, user, own.unwrap_or_default())?;
        if ended > 0 {
            workspace.audit_in(tx, &actor, "session.ended", None, json_of!({ "others": ended }));
        }
        Ok(ended)
    });
    let ended = ended.await?;
    api.callers.forget();
    Ok(json(&json_of!({ "ended": ended })))
}

/// The answer to everything that logs someone in.
pub fn logged_in(status: StatusCode, peer: Peer, opened: &Opened) -> Response {
    let mut response = json_with(status, &json_of!({ "user": opened.person }));
    response.headers_mut().insert(header::SET_COOKIE, session_cookie(peer, &opened.token));
    response
}

/// The answer to a right password: in, or on to the second step.
pub fn entered_answer(peer: Peer, entered: &Entered) -> Response {
    match entered {
        Entered::In(opened) => logged_in(StatusCode::OK, peer, opened),
        Entered::Challenge { token, set_up } => json(&json_of!({ "challenge": token, "set_up": set_up })),
    }
}

/// The answer to a right code; recovery codes that were just made are shown this once.
pub fn logged_in_with(peer: Peer, opened: &Opened, codes: Option<Vec<String>>) -> Response {
    let mut response = match codes {
        Some(codes) => json(&json_of!({ "user": opened.person, "recovery_codes": codes })),
        None => json(&json_of!({ "user": opened.person })),
    };
    response.headers_mut().insert(header::SET_COOKIE, session_cookie(peer, &opened.token));
    response
}

/// What the client says it is, shown in the list of sessions.
pub fn agent_of(headers: &HeaderMap) -> String {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
