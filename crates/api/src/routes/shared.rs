//! What a public link of a document opens: a page that says what the file is, and the file. No session, no script; the
//! document is read with the rights that the maker of the link has at that moment.

mod page;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::Actor;
use serde_json::{Value as Json, json as json_of};
use store::Priority;
use store::tables::document_links::{self, DocumentLink};
use store::tables::throttle;

use self::page::{Said, page};
use crate::Api;
use crate::accounts::SECOND;
use crate::body::read_all;
use crate::log_in::count_attempt;
use crate::network::Peer;
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::files::served;
use crate::throttle::Verdict;
use crate::tokens::{hash_of, new_token};

/// Largest form: a password.
const FORM_BYTES_MAX: usize = 8_192;

/// A link that works, with the newest version of its document.
struct Opened {
    link: DocumentLink,
    id: String,
    name: String,
    size: u64,
    media: String,
}

/// `GET /shared/{secret}`: says what there is; nothing is counted, so that previews of messengers count nothing.
pub async fn show(
    State(api): State<Api>,
    Extension(peer): Extension<Peer>,
    place: Place,
    headers: HeaderMap,
) -> Answer {
    take_turn(&api, peer)?;
    let found = find(&api, place.text("secret")?).await?;
    answer(&headers, StatusCode::OK, found.as_ref(), None)
}

/// `POST /shared/{secret}`: the file, when the password is right.
pub async fn open(State(api): State<Api>, Extension(peer): Extension<Peer>, place: Place, request: Request) -> Answer {
    take_turn(&api, peer)?;
    let headers = request.headers().clone();
    let Some(found) = find(&api, place.text("secret")?).await? else {
        return answer(&headers, StatusCode::NOT_FOUND, None, None);
    };
    if let Some(hash) = found.link.password.clone() {
        let body = read_all(request, FORM_BYTES_MAX).await?;
        let given = url::form_urlencoded::parse(&body).find(|(name, _)| name == "password").map(|(_, value)| value);
        let given = given.unwrap_or_default().into_owned();
        if let Some(refusal) = refused(&api, &found, peer, given, hash).await? {
            let status = if refusal == Said::TooOften { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::FORBIDDEN };
            return answer(&headers, status, Some(&found), Some(refusal));
        }
    }
    let Some((size, pieces)) = api.blobs.read(&found.id).await? else {
        return answer(&headers, StatusCode::NOT_FOUND, None, None);
    };
    note(&api, &found, peer, "document_link.opened").await?;
    let mut response = served(Body::from_stream(pieces), size, &found.name, &found.media, false);
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}

/// Whoever asks too often from one address waits, before anything is looked up.
fn take_turn(api: &Api, peer: Peer) -> Answer<()> {
    api.shared_limits.take(peer.bucket()).map(drop)
}

/// The link of a secret with its file; none when it is over, or its maker may no longer see the document.
async fn find(api: &Api, token: &str) -> Answer<Option<Opened>> {
    let Some(secret) = hash_of(token) else { return Ok(None) };
    let workspace = api.workspace.clone();
    let found = api.workspace.store().read(move |tx| {
        let now = workspace.now();
        let Some(link) = document_links::find(tx, &secret)?.filter(|link| link.expires_at > now) else {
            return Ok(None);
        };
        let Some(maker) = workspace.find_user_actor(tx, link.created_by)? else { return Ok(None) };
        let records = match workspace.visible_many(tx, &maker, "document", &[link.document]) {
            Ok(records) => records,
            // Who may see no document any more shares none.
            Err(store::Error::Problem(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let files = records.first().and_then(|record| record.get("files").as_json()).and_then(Json::as_array);
        let Some(file) = files.and_then(|files| files.first()) else { return Ok(None) };
        let text = |name: &str| file.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let size = file.get("size").and_then(Json::as_u64).unwrap_or_default();
        Ok(Some(Opened { link, id: text("id"), name: text("name"), size, media: text("type") }))
    });
    Ok(found.await?)
}

/// Counts the attempt before the password is looked at; none when it is right.
async fn refused(api: &Api, found: &Opened, peer: Peer, given: String, hash: String) -> Answer<Option<Said>> {
    let names = (format!("link:{}", found.link.id), format!("link-address:{}", peer.address));
    let (workspace, asked) = (api.workspace.clone(), names.clone());
    let counted = api
        .workspace
        .store()
        .write(Priority::Interactive, move |tx| count_attempt(tx, &asked, workspace.now() / SECOND));
    if !matches!(counted.await?, Verdict::Try(_)) {
        return Ok(Some(Said::TooOften));
    }
    if !api.passwords.verify(given, Some(hash)).await? {
        note(api, found, peer, "document_link.refused").await?;
        return Ok(Some(Said::WrongPassword));
    }
    let cleared = api.workspace.store().write(Priority::Interactive, move |tx| {
        throttle::clear(tx, &names.0)?;
        throttle::give_back(tx, &names.1)
    });
    cleared.await?;
    Ok(None)
}

/// Writes into the audit log what became of the link; what was taken is counted with it.
async fn note(api: &Api, found: &Opened, peer: Peer, kind: &'static str) -> Answer<()> {
    let actor = Actor::system("public link").at(&peer.address.to_string());
    let (workspace, link) = (api.workspace.clone(), found.link.clone());
    let file = found.id.clone();
    let written = api.workspace.store().write(Priority::Interactive, move |tx| {
        if kind == "document_link.opened" {
            document_links::count(tx, link.id, workspace.now())?;
        }
        let details = json_of!({ "link": link.id, "file": file });
        workspace.audit_in(tx, &actor, kind, Some(format!("document:{}", link.document)), details);
        Ok(())
    });
    Ok(written.await?)
}

/// The page, with a policy under which nothing runs and nothing is fetched.
fn answer(request: &HeaderMap, status: StatusCode, found: Option<&Opened>, said: Option<Said>) -> Answer {
    let nonce = new_token()?;
    let language = request.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let status = if found.is_none() { StatusCode::NOT_FOUND } else { status };
    let mut response: Response = (status, page(language, &nonce, found, said)).into_response();
    let headers = response.headers_mut();
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let plain = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    for (name, value) in plain {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}
