//! Imports: a file comes in, its columns are mapped, a dry run says what would happen, a job does it.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use contacts::import::{self, Import};
use engine::Workspace;
use model::Actor;
use model::limits::FILE_BYTES_MAX;
use serde_json::{Value as Json, json as json_of};
use uuid::Uuid;

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::headers::{clean_name, disposition};
use crate::params::Params;
use crate::place::Place;
use crate::problem_json::{Answer, Failure};
use crate::routes::{files, json, json_bytes, json_with};

/// Parameters of an upload.
pub const UPLOAD: &[&str] = &["object", "name"];
/// Parameters of the list.
pub const LIST: &[&str] = &["limit"];
/// Parameters of the ledger.
pub const ROWS: &[&str] = &["outcome", "cursor", "limit"];

/// `POST /imports`
pub async fn upload(State(api): State<Api>, caller: Caller, params: Params, request: Request) -> Answer {
    let object = params.required("object")?.to_owned();
    let name = clean_name(params.text("name").unwrap_or("file"));
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    // Before the file is taken in: whoever may not import may not fill the disk.
    api.blocking(move || workspace.check_special(&actor, "import")).await?;
    let (blob, _) = files::take_in(&api, request, FILE_BYTES_MAX).await?;
    let lost = || Failure::internal(&anyhow::anyhow!("an uploaded file is not where it was put"));
    let path = api.blobs.local_path(&blob.id).ok_or_else(lost)?;
    let workspace = api.workspace.clone();
    let made = api.blocking(move || import::upload(&workspace, &caller.actor, &object, &name, &path)).await?;
    Ok(json_with(StatusCode::CREATED, &made.to_json()))
}

/// `GET /imports`
pub async fn list(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let limit = params.limit(50, 100)?;
    let workspace = api.workspace.clone();
    let imports = api.blocking(move || import::list(&workspace, &caller.actor)).await?;
    let imports: Vec<Json> = imports.iter().take(limit).map(Import::to_json).collect();
    Ok(json(&json_of!({ "imports": imports })))
}

/// `GET /imports/{id}`
pub async fn get(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    act(&api, &caller, &place, import::load).await
}

/// `PATCH /imports/{id}`
pub async fn change(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer {
    let change = Json::Object(body.json);
    act(&api, &caller, &place, move |workspace, actor, id| import::set_mapping(workspace, actor, id, &change)).await
}

/// `POST /imports/{id}/check`
pub async fn check(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    act(&api, &caller, &place, import::check).await
}

/// `POST /imports/{id}/start`
pub async fn start(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    act(&api, &caller, &place, import::start).await
}

/// `POST /imports/{id}/cancel`
pub async fn cancel(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    act(&api, &caller, &place, import::cancel).await
}

async fn act(
    api: &Api,
    caller: &Caller,
    place: &Place,
    action: impl FnOnce(&Workspace, &Actor, Uuid) -> Result<Import, store::Error> + Send + 'static,
) -> Answer<Response> {
    let (workspace, actor, id) = (api.workspace.clone(), caller.actor.clone(), place.id()?);
    let import = api.blocking(move || action(&workspace, &actor, id)).await?;
    Ok(json(&import.to_json()))
}

/// `GET /imports/{id}/rows`
pub async fn rows(State(api): State<Api>, caller: Caller, place: Place, params: Params) -> Answer {
    let (workspace, id) = (api.workspace.clone(), place.id()?);
    let (outcome, cursor) = (params.owned("outcome"), params.owned("cursor"));
    let rows = api.blocking(move || import::rows(&workspace, &caller.actor, id, outcome.as_deref(), cursor.as_deref()));
    Ok(json(&rows.await?))
}

/// `GET /imports/{id}/errors.csv`
pub async fn errors(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let (workspace, id) = (api.workspace.clone(), place.id()?);
    let csv = api.blocking(move || {
        let mut csv = Vec::new();
        import::errors_csv(&workspace, &caller.actor, id, &mut csv)?;
        Ok(csv)
    });
    let mut response = json_bytes(csv.await?);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, disposition(false, "errors.csv"));
    Ok(response)
}
