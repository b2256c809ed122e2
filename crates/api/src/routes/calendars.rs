//! Calendars elsewhere: meetings as files, files as meetings, and the feed that other programs subscribe to.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use contacts::calendar::{self, Method, TasksAs};
use model::{Code, FieldProblem, Problem, value};
use serde::Deserialize;
use serde_json::{Value as Json, json as json_of};
use sha2::{Digest, Sha256};
use store::Priority;
use store::tables::calendar_feeds::{self, CalendarFeed};
use uuid::Uuid;

use crate::Api;
use crate::body::{Body, read_all};
use crate::caller::Caller;
use crate::headers::{FILE_POLICY, disposition};
use crate::params::{Params, bad_parameter};
use crate::place::{Place, not_found};
use crate::problem_json::{Answer, Failure};
use crate::routes::json;
use crate::tokens::{hash_of, hex, new_token};

/// Parameters of the file of a meeting.
pub const FILE: &[&str] = &["method"];

/// Parameters of the times of series.
pub const OCCURRENCES: &[&str] = &["from", "to", "filter"];

/// Largest calendar that is taken in.
pub(super) const FILE_BYTES_MAX: usize = 8 * 1_048_576;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    tasks: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Moved {
    at: String,
    starts_at: String,
    #[serde(default)]
    ends_at: Option<String>,
}

/// The range of the parameters `from` and `to`.
pub(super) fn range_of(params: &Params) -> Result<(i64, i64), Problem> {
    let read = |name: &str| {
        let wrong = || bad_parameter(name, "bad_value", "It is an instant such as 2026-11-22T08:00:00Z.");
        value::instant_from_text(params.required(name)?).ok_or_else(wrong)
    };
    Ok((read("from")?, read("to")?))
}

/// `GET /meetings/occurrences`
pub async fn occurrences(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let (window, filter) = (range_of(&params)?, params.owned("filter"));
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let found = api.blocking(move || calendar::occurrences(&workspace, &actor, filter.as_deref(), window)).await?;
    let times = found.list.iter().map(|one| {
        let ends_at = one.ends_at.map(value::instant_to_text);
        json_of!({ "id": one.id, "starts_at": value::instant_to_text(one.starts_at), "ends_at": ends_at })
    });
    Ok(json(&json_of!({ "occurrences": times.collect::<Vec<Json>>(), "all": found.all })))
}

/// `POST /meetings/{id}/occurrences`: one time of a series is moved, the others stay.
pub async fn move_one(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer {
    let id = place.id()?;
    let asked: Moved = body.parse()?;
    let read = |field: &str, text: &str| {
        let message = "It is an instant such as 2026-11-22T08:00:00Z.".to_owned();
        let fault = FieldProblem { field: field.to_owned(), code: "bad_value".to_owned(), message };
        value::instant_from_text(text).ok_or_else(|| Problem::invalid(vec![fault]))
    };
    let at = read("at", &asked.at)?;
    let ends_at = asked.ends_at.map(|text| read("ends_at", &text)).transpose()?;
    let to = (read("starts_at", &asked.starts_at)?, ends_at);
    let (batch, record) = calendar::move_occurrence(&api.workspace, &caller.actor, id, at, to).await?;
    Ok(json(&json_of!({ "record": record, "batch": batch })))
}

/// `GET /meetings/{id}/ics`
pub async fn file(State(api): State<Api>, caller: Caller, place: Place, params: Params) -> Answer {
    let method = match params.given("method").unwrap_or("publish") {
        "publish" => Method::Publish,
        "request" => Method::Request,
        _ => return Err(one_of("method", "`publish` or `request`").into()),
    };
    let id = place.id()?;
    let text = calendar::meeting_file(&api.workspace, &caller.actor, id, method).await?;
    let mut response = calendar_answer(text);
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition(false, "meeting.ics"));
    Ok(response)
}

fn one_of(field: &str, words: &str) -> Problem {
    let fault = FieldProblem {
        field: field.to_owned(),
        code: "bad_value".to_owned(),
        message: format!("It is one of {words}."),
    };
    Problem { fields: vec![fault], ..Problem::new(Code::BadRequest, format!("`{field}` cannot be read.")) }
}

fn calendar_answer(text: String) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, FILE_POLICY);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

/// `POST /meetings/ics`
pub async fn take_in(State(api): State<Api>, caller: Caller, request: Request) -> Answer {
    let bytes = read_all(request, FILE_BYTES_MAX).await?;
    let text = String::from_utf8_lossy(&bytes);
    let (batch, taken) = calendar::take_in(&api.workspace, &caller.actor, &text)?.await?;
    let left_out = taken.left_out.iter().map(|(title, reason)| json_of!({ "title": title, "reason": reason }));
    Ok(json(&json_of!({
        "created": taken.created,
        "updated": taken.updated,
        "unchanged": taken.unchanged,
        "left_out": left_out.collect::<Vec<Json>>(),
        "ids": taken.ids,
        "batch": batch,
    })))
}

/// `GET /calendar_feed`
pub async fn show(State(api): State<Api>, caller: Caller) -> Answer {
    let user = caller.user()?;
    let feed = api.workspace.store().read(move |tx| calendar_feeds::find_of_user(tx, user)).await?;
    Ok(json(&state_of(feed.as_ref())))
}

fn state_of(feed: Option<&CalendarFeed>) -> Json {
    json_of!({
        "on": feed.is_some(),
        "tasks": feed.map_or(TasksAs::ToDos.name(), |feed| feed.tasks.as_str()),
        "created_at": feed.map(|feed| value::instant_to_text(feed.created_at)),
    })
}

/// `POST /calendar_feed`: a new address; the one before stops working.
pub async fn make(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let user = caller.user()?;
    let asked: Wanted = body.parse()?;
    let tasks = asked.tasks.as_deref().unwrap_or(TasksAs::ToDos.name());
    let tasks = TasksAs::parse(tasks).ok_or_else(|| one_of("tasks", "`todos`, `days` or `none`"))?;
    let token = new_token()?;
    let secret = hash_of(&token).ok_or_else(not_found)?;
    let created_at = api.workspace.now();
    let feed = CalendarFeed { user, secret, tasks: tasks.name().to_owned(), created_at };
    let mut answer = state_of(Some(&feed));
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let kept = api.workspace.store().write(Priority::Interactive, move |tx| {
        workspace.audit_in(tx, &actor, "calendar_feed.made", None, json_of!({}));
        calendar_feeds::set(tx, &feed)
    });
    kept.await?;
    if let Some(map) = answer.as_object_mut() {
        let base = api.options.public_url.trim_end_matches('/');
        map.insert("url".to_owned(), Json::from(format!("{base}/feeds/calendar/{token}.ics")));
    }
    Ok(json(&answer))
}

/// `DELETE /calendar_feed`
pub async fn remove(State(api): State<Api>, caller: Caller) -> Answer {
    let user = caller.user()?;
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let gone = api.workspace.store().write(Priority::Interactive, move |tx| {
        workspace.audit_in(tx, &actor, "calendar_feed.removed", None, json_of!({}));
        calendar_feeds::delete(tx, user)
    });
    gone.await?;
    Ok(json(&json_of!({})))
}

/// `GET /feeds/calendar/{secret}`: without a session; the secret stands for one user, whose rights count now.
pub async fn feed(State(api): State<Api>, place: Place, request: HeaderMap) -> Answer {
    let name = place.text("secret")?;
    let secret = hash_of(name.strip_suffix(".ics").unwrap_or(name)).ok_or_else(not_found)?;
    // Who polls too often waits, before anything is looked up.
    let bucket = secret.get(..32).and_then(|start| Uuid::try_parse(start).ok()).ok_or_else(not_found)?;
    api.feed_limits.take(bucket)?;
    let workspace = api.workspace.clone();
    let found = api.workspace.store().read(move |tx| {
        let Some(feed) = calendar_feeds::find(tx, &secret)? else { return Ok(None) };
        Ok(workspace.find_user_actor(tx, feed.user)?.map(|actor| (actor, feed.tasks)))
    });
    let (actor, tasks) = found.await?.ok_or_else(not_found)?;
    let tasks = TasksAs::parse(&tasks).unwrap_or(TasksAs::ToDos);
    let workspace = api.workspace.clone();
    let feed = api.blocking(move || calendar::feed(&workspace, &actor, tasks)).await?;
    let tag = hex(&Sha256::digest(feed.text.as_bytes()));
    let tag = format!("\"{}\"", tag.get(..32).unwrap_or_default());
    let known = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let same = known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let mut response = if same { StatusCode::NOT_MODIFIED.into_response() } else { calendar_answer(feed.text) };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::try_from(tag).map_err(|error| Failure::internal(&error.into()))?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Some(at) = http_date(feed.modified) {
        headers.insert(header::LAST_MODIFIED, at);
    }
    Ok(response)
}

/// `Sun, 22 Nov 2026 09:30:00 GMT`.
fn http_date(micros: i64) -> Option<HeaderValue> {
    let at = jiff::Timestamp::from_microsecond(micros).ok()?;
    HeaderValue::try_from(at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}
