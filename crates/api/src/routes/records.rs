//! Records of every object: list, get, create, change, delete, restore, figures, timeline, history.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::{Command, Edit, Outcome, Query, Shown};
use model::limits::{PAGE_DEFAULT, PAGE_MAX};
use model::{Code, Object, Problem, kinds};
use serde::Deserialize;
use serde_json::json as json_of;
use store::Deleted;

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::idempotency::{Promise, mark};
use crate::params::{Params, bad_parameter};
use crate::place::Place;
use crate::problem_json::{Answer, Failure};
use crate::routes::{api_keys, etag, json, json_bytes};

/// Parameters of a list.
pub const LIST: &[&str] = &["filter", "sort", "fields", "include", "limit", "cursor", "offset", "deleted", "total"];
/// Parameters of one record.
pub const GET: &[&str] = &["include", "at"];
/// Parameters of figures.
pub const AGGREGATE: &[&str] = &["filter", "group", "measures", "deleted", "limit", "offset"];
/// Parameters of a timeline.
pub const TIMELINE: &[&str] = &["kinds", "limit", "cursor"];
/// Parameters of a history.
pub const HISTORY: &[&str] = &["limit", "cursor"];

/// Which sensitive fields are to be shown.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Revealing {
    fields: Vec<String>,
}

/// The query of a list's parameters.
pub fn query_of(object: &Object, params: &Params) -> Result<Query, Problem> {
    let deleted = match params.given("deleted") {
        None | Some("without") => Deleted::Without,
        Some("only") => Deleted::Only,
        Some("with") => Deleted::With,
        Some(_) => return Err(bad_parameter("deleted", "bad_value", "It is `without`, `only` or `with`.")),
    };
    if params.text("cursor").is_some() && params.text("offset").is_some() {
        return Err(bad_parameter("offset", "bad_value", "Give `cursor` or `offset`, not both."));
    }
    Ok(Query {
        object: object.name.clone(),
        filter: params.owned("filter"),
        sort: params.owned("sort"),
        fields: params.list("fields"),
        include: params.list("include"),
        limit: params.limit(PAGE_DEFAULT, PAGE_MAX)?,
        cursor: params.owned("cursor"),
        offset: params.parsed("offset")?.unwrap_or(0),
        deleted,
        total: params.flag("total", true)?,
    })
}

/// `GET /{plural}`
pub async fn list(State(api): State<Api>, caller: Caller, place: Place, params: Params) -> Answer {
    let query = query_of(&*place.object(&api)?, &params)?;
    Ok(json_bytes(api.workspace.list_json(&caller.actor, query).await?))
}

/// `GET /{plural}/{id}`
pub async fn get(State(api): State<Api>, caller: Caller, place: Place, params: Params, headers: HeaderMap) -> Answer {
    let object = place.object(&api)?;
    let at = params
        .given("at")
        .map(|text| {
            let wrong = || bad_parameter("at", "bad_value", "It is an instant such as 2026-11-22T08:00:00Z.");
            model::value::instant_from_text(text).ok_or_else(wrong)
        })
        .transpose()?;
    let include = params.list("include");
    let read = api.workspace.get_json(&caller.actor, &object.name, place.id()?, &include, at);
    let (body, version) = read.await?;
    let tag = etag(version);
    if at.is_none() && include.is_empty() && headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let mut response = json_bytes(body);
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}

/// `POST /{plural}`
pub async fn create(State(api): State<Api>, caller: Caller, place: Place, promise: Promise, body: Body) -> Answer {
    let object = place.object(&api)?;
    if object.name == "api_key" {
        return api_keys::create(&api, &caller, body).await;
    }
    let key = promise.key(&caller, &body.bytes);
    let values = kinds::patch_from_json(&object, &body.json, &api.workspace.context())?;
    let command = Command::Create { object: object.name.clone(), values: vec![values], strict: true };
    let outcome = write(&api, &caller, command, key).await?;
    let mut response = written(StatusCode::CREATED, &outcome);
    if let Some(id) = outcome.ids.first()
        && let Ok(location) = format!("/api/v1/{}/{id}", object.plural).parse()
    {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(mark(response, outcome.replayed))
}

/// `PATCH /{plural}/{id}`
pub async fn update(
    State(api): State<Api>,
    caller: Caller,
    place: Place,
    headers: HeaderMap,
    promise: Promise,
    body: Body,
) -> Answer {
    let object = place.object(&api)?;
    let key = promise.key(&caller, &body.bytes);
    let patch = kinds::patch_from_json(&object, &body.json, &api.workspace.context())?;
    let edit = Edit { id: place.id()?, patch, if_version: if_match(&headers)? };
    let command = Command::Update { object: object.name.clone(), edits: vec![edit], strict: true };
    let outcome = write(&api, &caller, command, key).await?;
    forget_callers(&api, &object);
    Ok(mark(written(StatusCode::OK, &outcome), outcome.replayed))
}

/// `DELETE /{plural}/{id}`
pub async fn delete(State(api): State<Api>, caller: Caller, place: Place, promise: Promise) -> Answer {
    let object = place.object(&api)?;
    let key = promise.key(&caller, &bytes::Bytes::new());
    let command = Command::Delete { object: object.name.clone(), ids: vec![place.id()?], strict: true };
    let outcome = write(&api, &caller, command, key).await?;
    forget_callers(&api, &object);
    Ok(mark(json(&json_of!({ "batch": outcome.batch })), outcome.replayed))
}

/// `POST /{plural}/{id}/restore`
pub async fn restore(State(api): State<Api>, caller: Caller, place: Place, promise: Promise) -> Answer {
    let object = place.object(&api)?;
    let key = promise.key(&caller, &bytes::Bytes::new());
    let command = Command::Restore { object: object.name.clone(), ids: vec![place.id()?], strict: true };
    let outcome = write(&api, &caller, command, key).await?;
    Ok(mark(written(StatusCode::OK, &outcome), outcome.replayed))
}

/// `POST /{plural}/{id}/reveal`
pub async fn reveal(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer {
    let object = place.object(&api)?;
    let Revealing { fields } = body.parse()?;
    Ok(json(&api.workspace.reveal(&caller.actor, &object.name, place.id()?, fields).await?))
}

/// `GET /{plural}/aggregate`
pub async fn aggregate(State(api): State<Api>, caller: Caller, place: Place, params: Params) -> Answer {
    let object = place.object(&api)?;
    let query = query_of(&object, &params)?;
    let mut measures = params.list("measures");
    if measures.is_empty() {
        measures.push("count".to_owned());
    }
    Ok(json(&api.workspace.aggregate(&caller.actor, query, params.list("group"), measures).await?))
}

/// `GET /{plural}/{id}/timeline`
pub async fn timeline(State(api): State<Api>, caller: Caller, place: Place, params: Params) -> Answer {
    let object = place.object(&api)?;
    let kinds = Some(params.list("kinds")).filter(|kinds| !kinds.is_empty());
    let (limit, cursor) = (params.limit(30, 100)?, params.owned("cursor"));
    Ok(json(&api.workspace.timeline(&caller.actor, &object.name, place.id()?, kinds, cursor, limit).await?))
}

/// `GET /{plural}/{id}/history`
pub async fn history(State(api): State<Api>, caller: Caller, place: Place, params: Params) -> Answer {
    let object = place.object(&api)?;
    let (before, limit) = (params.parsed("cursor")?, params.limit(50, 100)?);
    Ok(json(&api.workspace.history(&caller.actor, &object.name, place.id()?, before, limit).await?))
}

/// Runs a command. Two requests with one idempotency key at the same moment: the later one finds the key taken, runs
/// again and is answered from the first.
pub async fn write(
    api: &Api,
    caller: &Caller,
    command: Command,
    key: Option<engine::IdempotencyKey>,
) -> Answer<Outcome> {
    for _ in 0..3 {
        match api.workspace.write(&caller.actor, command.clone(), key.clone()).await {
            Ok((_, outcome)) => return Ok(outcome),
            Err(store::Error::Unique { column }) if key.is_some() && column.contains("idempotency") => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Failure::new(Code::Busy, "Another request with this Idempotency-Key is running. Try again in a moment."))
}

/// Whoever lost a right just now has lost it everywhere.
pub fn forget_callers(api: &Api, object: &Object) {
    if matches!(object.name.as_str(), "api_key" | "user" | "team" | "role") {
        api.callers.forget();
    }
}

/// `{"record","batch"}` with the record's ETag.
fn written(status: StatusCode, outcome: &Outcome) -> Response {
    #[derive(serde::Serialize)]
    struct Written<'a> {
        record: Option<&'a Shown>,
        batch: uuid::Uuid,
    }
    let record = outcome.records.first();
    // Values are texts, numbers and JSON: there is nothing that cannot be written.
    let body = serde_json::to_vec(&Written { record, batch: outcome.batch }).unwrap_or_default();
    let mut response = json_bytes(body);
    *response.status_mut() = status;
    if let Some(version) = record.and_then(Shown::version) {
        response.headers_mut().insert(header::ETAG, etag(version));
    }
    response
}

/// The version of an `If-Match` header; none for `*` or when it is absent.
fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let version = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    version.map(Some).ok_or_else(|| {
        Problem::new(Code::BadRequest, "`If-Match` is the ETag of the record as you read it, such as \"3\".")
    })
}
