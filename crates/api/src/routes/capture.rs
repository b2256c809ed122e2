//! Public forms of web pages: enquiries of strangers, who learn nothing but that theirs has come.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{Code, Problem, value};
use sales::capture::{self, Form, KEPT_DAYS, Said};
use serde_json::{Value as Json, json as json_of};

use crate::Api;
use crate::body::{parse_object, read_all};
use crate::caller::Caller;
use crate::headers::FILE_POLICY;
use crate::network::Peer;
use crate::place::{Place, not_found};
use crate::problem_json::{Answer, Failure};
use crate::routes::json;

/// Largest enquiry.
const BYTES_MAX: usize = 32_768;
/// Where stamps are sealed for: table and column that name them.
const STAMP: (&str, &str) = ("capture_form", "stamp");
/// Said to a browser that was led here by a form without scripts.
const THANKS: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Thank you</title><p>Thank you. \
                      <span lang=\"de\">Vielen Dank.</span>";

/// `OPTIONS /public/leads/{id}`: what a browser asks before a script of another site may send (Fetch, section 3.2).
pub async fn preflight(
    State(api): State<Api>,
    Extension(peer): Extension<Peer>,
    place: Place,
    headers: HeaderMap,
) -> Answer {
    let form = asked_for(&api, peer, &place, &headers).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    let plain = [
        ("access-control-allow-methods", "GET, POST"),
        ("access-control-allow-headers", "content-type"),
        ("access-control-max-age", "600"),
    ];
    for (name, text) in plain {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(text));
    }
    Ok(readable(response, &form, &headers))
}

/// `GET /public/leads/{id}`: a stamp that says when the form was shown, sealed so that nobody makes one.
pub async fn show(
    State(api): State<Api>,
    Extension(peer): Extension<Peer>,
    place: Place,
    headers: HeaderMap,
) -> Answer {
    let form = asked_for(&api, peer, &place, &headers).await?;
    let now = api.workspace.now().to_be_bytes();
    let stamp = URL_SAFE_NO_PAD.encode(api.workspace.seal(STAMP.0, STAMP.1, &form.id.to_string(), &now)?);
    let mut shown = json_of!({ "stamp": stamp, "fields": form.fields() });
    if let (Some(wording), Json::Object(shown)) = (&form.consent_wording, &mut shown) {
        shown.insert("consent".to_owned(), json_of!(wording));
    }
    Ok(readable(json(&shown), &form, &headers))
}

/// `POST /public/leads/{id}`: the answer is the same whoever it was, and whatever became of it.
pub async fn receive(
    State(api): State<Api>,
    Extension(peer): Extension<Peer>,
    place: Place,
    request: Request,
) -> Answer {
    take_turn(&api, peer)?;
    let form = find(&api, &place).await?;
    api.form_limits.take(form.id)?;
    let headers = request.headers().clone();
    check_origin(&api, &form, &headers)?;
    let is_json = check_media(&headers)?;
    let bytes = read_all(request, BYTES_MAX).await?;
    let members = if is_json { members_of_json(&bytes)? } else { members_of_form(&bytes) };
    let waited = members.get("stamp").and_then(|stamp| waited(&api, &form, stamp));
    let address = peer.address.to_string();
    let done = capture::receive(&api.workspace, form.clone(), Said::read(&members), waited, &address).await;
    match done {
        Ok(_) => {}
        Err(store::Error::Problem(problem)) => {
            return Ok(readable(Failure::from(problem).into_response(), &form, &headers));
        }
        Err(error) => return Err(error.into()),
    }
    let response = if is_json { json(&json_of!({ "received": true })) } else { thanks(&form) };
    Ok(readable(response, &form, &headers))
}

/// `GET /capture/held`
pub async fn list(State(api): State<Api>, caller: Caller) -> Answer {
    let held = capture::held(&api.workspace, &caller.actor)?.await?;
    let held: Vec<Json> = held
        .into_iter()
        .map(|held| {
            let said: Said = serde_json::from_value(held.said).unwrap_or_default();
            json_of!({
                "id": held.id, "form": held.form, "at": value::instant_to_text(held.at),
                "reason": held.reason, "address": held.address, "said": said.shown(),
            })
        })
        .collect();
    Ok(json(&json_of!({ "held": held, "days": KEPT_DAYS })))
}

/// `POST /capture/held/{id}`
pub async fn release(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let (batch, lead) = capture::release(&api.workspace, &caller.actor, place.id()?).await?;
    let (lead, _) = api.workspace.get_json(&caller.actor, "lead", lead.id, &[], None).await?;
    let lead: Json = serde_json::from_slice(&lead).map_err(anyhow::Error::from)?;
    Ok(json(&json_of!({ "lead": lead, "batch": batch })))
}

/// `DELETE /capture/held/{id}`
pub async fn discard(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    capture::discard(&api.workspace, &caller.actor, place.id()?)?.await?;
    Ok(json(&json_of!({})))
}

/// Whoever sends too often from one address waits, before anything is looked up.
fn take_turn(api: &Api, peer: Peer) -> Answer<()> {
    api.capture_limits.take(peer.bucket()).map(drop)
}

/// The form that a page asks about, where it may.
async fn asked_for(api: &Api, peer: Peer, place: &Place, headers: &HeaderMap) -> Answer<Form> {
    take_turn(api, peer)?;
    let form = find(api, place).await?;
    check_origin(api, &form, headers)?;
    Ok(form)
}

async fn find(api: &Api, place: &Place) -> Answer<Form> {
    let (workspace, key) = (api.workspace.clone(), place.id()?);
    let found = api.workspace.store().read(move |tx| Form::open(tx, &workspace.schema(), key)).await?;
    found.ok_or_else(not_found)
}

/// A page that a form does not name may not send for it, where it names any. Our own pages may always.
fn check_origin(api: &Api, form: &Form, headers: &HeaderMap) -> Answer<()> {
    let Some(origin) = origin_of(headers) else { return Ok(()) };
    let same = headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
    let own = api.options.public_url.trim_end_matches('/') == origin;
    if form.origins.is_empty() || same || own || form.origins.iter().any(|known| known == origin) {
        return Ok(());
    }
    Err(Failure::new(Code::Forbidden, "This page may not send this form. Its address is not among those of the form."))
}

fn origin_of(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok())
}

/// Lets scripts of the pages that the form names read the answer, and no others.
fn readable(mut response: Response, form: &Form, headers: &HeaderMap) -> Response {
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Origin"));
    let named = form.origins.iter().find(|known| origin_of(headers) == Some(known));
    if let Some(origin) = named.and_then(|origin| HeaderValue::try_from(origin).ok()) {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response
}

/// Whether the body is JSON; a form otherwise.
fn check_media(headers: &HeaderMap) -> Answer<bool> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" => Ok(true),
        "application/x-www-form-urlencoded" => Ok(false),
        _ => Err(Failure::new(Code::UnsupportedMedia, "Send JSON, or a form as browsers encode it without files.")),
    }
}

fn members_of_json(bytes: &[u8]) -> Result<BTreeMap<String, String>, Problem> {
    let text = |value: Json| match value {
        Json::String(text) => Some(text),
        Json::Bool(_) | Json::Number(_) => Some(value.to_string()),
        _ => None,
    };
    Ok(parse_object(bytes)?.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect())
}

/// Of a name that comes twice the first counts.
fn members_of_form(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut members = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(bytes) {
        members.entry(name.into_owned()).or_insert_with(|| value.into_owned());
    }
    members
}

/// How long ago the stamp was given, when it is one of ours and of this form; in microseconds.
fn waited(api: &Api, form: &Form, stamp: &str) -> Option<i64> {
    let sealed = URL_SAFE_NO_PAD.decode(stamp).ok()?;
    let plain = api.workspace.open_sealed(STAMP.0, STAMP.1, &form.id.to_string(), &sealed).ok()?;
    Some(api.workspace.now() - i64::from_be_bytes(plain.try_into().ok()?))
}

/// Where a browser goes after a form without scripts.
fn thanks(form: &Form) -> Response {
    if let Some(page) = form.thanks.as_deref().and_then(|page| HeaderValue::try_from(page).ok()) {
        return (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response();
    }
    let plain = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, FILE_POLICY),
    ];
    (plain, THANKS).into_response()
}
