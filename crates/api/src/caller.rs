//! Who calls: a browser with a session cookie or a program with a key. One place reads credentials.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::{Actor, ActorKind, Code};
use parking_lot::Mutex;
use uuid::Uuid;

use crate::headers::session_token;
use crate::network::Peer;
use crate::problem_json::{Answer, Failure};
use crate::tokens::{API_KEY_PREFIX, hash_of};
use crate::{Api, accounts};

/// How long a credential that was looked up is believed: the time within which a lost right is lost everywhere.
const BELIEF: Duration = Duration::from_secs(2);
/// Most credentials remembered.
const REMEMBERED_MAX: usize = 10_000;

/// Someone with valid credentials.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whose rights count.
    pub actor: Arc<Actor>,
    /// The person behind the session, when it sees as somebody else.
    pub viewer: Option<Arc<Actor>>,
    /// The session, when it came with a cookie.
    pub session: Option<Uuid>,
    /// What is kept of the token.
    pub token_hash: Arc<str>,
}

impl Caller {
    /// Who it really is, whosever rights count.
    pub fn person(&self) -> &Arc<Actor> {
        self.viewer.as_ref().unwrap_or(&self.actor)
    }

    /// The user behind a session; keys have none.
    pub fn user(&self) -> Answer<Uuid> {
        match (self.actor.kind, self.actor.user) {
            (ActorKind::User, Some(user)) => Ok(user),
            _ => Err(Failure::new(Code::Forbidden, "This is for people who are logged in, not for API keys.")),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(not_authenticated)
    }
}

/// 401.
pub fn not_authenticated() -> Failure {
    Failure::new(Code::NotAuthenticated, "Log in, or send an API key as `Authorization: Bearer rk_…`.")
}

/// Credentials that were looked up a moment ago.
#[derive(Debug, Default)]
pub struct Callers {
    known: Mutex<HashMap<Arc<str>, (Instant, Caller)>>,
}

impl Callers {
    /// Someone who was looked up a moment ago.
    pub(crate) fn find(&self, hash: &str) -> Option<Caller> {
        let known = self.known.lock();
        known.get(hash).filter(|(since, _)| since.elapsed() < BELIEF).map(|(_, caller)| caller.clone())
    }

    /// Remembers someone for a moment.
    pub(crate) fn keep(&self, caller: &Caller) {
        let mut known = self.known.lock();
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert(caller.token_hash.clone(), (Instant::now(), caller.clone()));
    }

    /// Forgets everyone: after a log-out, a new password, a revoked key.
    pub fn forget(&self) {
        self.known.lock().clear();
    }
}

/// What a request brings to say who it is.
enum Credential {
    Session(String),
    Key(String),
}

fn credential(headers: &HeaderMap, peer: Peer) -> Answer<Option<Credential>> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        // A wrong key never falls back to a cookie.
        let token = value.to_str().ok().and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let hash = token.filter(|token| token.starts_with(API_KEY_PREFIX)).and_then(hash_of);
        return hash.map(|hash| Some(Credential::Key(hash))).ok_or_else(not_authenticated);
    }
    Ok(session_token(headers, peer.tls).as_deref().and_then(hash_of).map(Credential::Session))
}

/// Middleware: finds the caller, refuses forged requests of browsers and callers that come too often.
pub async fn authenticate(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let Some(peer) = request.extensions().get::<Peer>().copied() else {
        return Failure::internal(&anyhow::anyhow!("the request has no peer")).into_response();
    };
    let found = match credential(request.headers(), peer) {
        Ok(found) => found,
        Err(failure) => return failure.into_response(),
    };
    let by_key = matches!(found, Some(Credential::Key(_)));
    // Forms of other sites are what `/public/` is there for; whose session comes along means nothing there.
    let from_anywhere = request.uri().path().starts_with("/public/");
    if !by_key
        && !from_anywhere
        && let Err(failure) = check_origin(request.method(), request.headers(), found.is_some())
    {
        return failure.into_response();
    }
    let mut left = None;
    if let Some(found) = found {
        match look_up(&api, found).await {
            Ok(Some(mut caller)) => {
                caller.actor = from_address(&caller.actor, peer);
                caller.viewer = caller.viewer.map(|viewer| from_address(&viewer, peer));
                if by_key {
                    match api.rate_limits.take(caller.actor.id) {
                        Ok(state) => left = state,
                        Err(failure) => return failure.into_response(),
                    }
                }
                request.extensions_mut().insert(caller);
            }
            Ok(None) if by_key => return not_authenticated().into_response(),
            Ok(None) => {}
            Err(failure) => return failure.into_response(),
        }
    }
    let mut response = next.run(request).await;
    if let Some(left) = left {
        left.write(response.headers_mut());
    }
    response
}

/// The actor with the address of this request: the one that is remembered may have come from another.
fn from_address(actor: &Arc<Actor>, peer: Peer) -> Arc<Actor> {
    let address = peer.address.to_string();
    if actor.address.as_deref() == Some(address.as_str()) {
        return actor.clone();
    }
    Arc::new(Actor::clone(actor).at(&address))
}

/// A request that changes something must come from our own page. With a cookie it must prove it; without one it must
/// not say the opposite.
fn check_origin(method: &Method, headers: &HeaderMap, with_cookie: bool) -> Answer<()> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    let ours = matches!(site, Some("same-origin" | "none"));
    let marked = headers.get("x-rapport").is_some_and(|value| value == "1");
    if ours || marked || (!with_cookie && site.is_none()) {
        return Ok(());
    }
    Err(Failure::new(
        Code::Forbidden,
        "This request came from another site. Programs send an API key, or the header `X-Rapport: 1` with the cookie.",
    ))
}

async fn look_up(api: &Api, credential: Credential) -> Answer<Option<Caller>> {
    let (hash, is_key) = match credential {
        Credential::Session(hash) => (hash, false),
        Credential::Key(hash) => (hash, true),
    };
    if let Some(caller) = api.callers.find(&hash) {
        return Ok(Some(caller));
    }
    let caller = if is_key { accounts::find_key(api, hash).await? } else { accounts::find_session(api, hash).await? };
    if let Some(caller) = &caller {
        api.callers.keep(caller);
    }
    Ok(caller)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: Method, site: Option<&str>, marked: bool, cookie: bool) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(site) = site {
            headers.insert("sec-fetch-site", site.parse().unwrap());
        }
        if marked {
            headers.insert("x-rapport", "1".parse().unwrap());
        }
        check_origin(&method, &headers, cookie).is_ok()
    }

    #[test]
    fn unsafe_requests_prove_that_they_are_ours() {
        assert!(check(Method::GET, Some("cross-site"), false, true));
        assert!(check(Method::POST, Some("same-origin"), false, true));
        assert!(check(Method::POST, None, true, true));
        assert!(!check(Method::POST, None, false, true));
        assert!(!check(Method::DELETE, Some("same-site"), false, true));
        assert!(!check(Method::POST, Some("cross-site"), false, false));
        assert!(check(Method::POST, None, false, false));
    }

    #[test]
    fn a_bad_key_never_falls_back_to_the_cookie() {
        let peer = Peer { address: "127.0.0.1".parse().unwrap(), tls: false };
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("sid={}", "a".repeat(43)).parse().unwrap());
        assert!(matches!(credential(&headers, peer), Ok(Some(Credential::Session(_)))));
        headers.insert(header::AUTHORIZATION, "Bearer nonsense".parse().unwrap());
        assert!(credential(&headers, peer).is_err());
    }
}
