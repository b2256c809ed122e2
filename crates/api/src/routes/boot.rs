//! Everything a user interface needs to start, in one answer.

use axum::extract::State;
use engine::Query;
use model::{Code, Problem, Record, Value};
use serde_json::{Value as Json, json as json_of};
use uuid::Uuid;

use crate::Api;
use crate::caller::Caller;
use crate::params::{Params, bad_parameter};
use crate::problem_json::{Answer, Failure};
use crate::routes::metadata::describe;
use crate::routes::{json, json_bytes};

/// Most views sent along.
const VIEWS_MAX: usize = 200;

/// `GET /boot`
pub async fn boot(State(api): State<Api>, caller: Caller) -> Answer {
    let user = caller.user()?;
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let found = api.workspace.store().read(move |tx| {
        let unread = workspace.unread(tx, &actor, user)?;
        let schema = workspace.schema();
        let mut find = |object: &str, id| {
            let object = schema.find_object(object).ok_or_else(|| Problem::not_found("object"))?;
            tx.find(object, id)
        };
        let user = find("user", user)?;
        let role = user.as_ref().and_then(|user| user.get("role").as_id());
        let role = role.map(|role| find("role", role)).transpose()?.flatten();
        // Read before everything else: what comes later is told by the event stream.
        Ok((tx.last_seq()?, user, role, unread))
    });
    let (position, user, role, unread) = found.await?;
    let user = user.ok_or_else(|| Failure::new(Code::NotFound, "This user is gone."))?;
    let objects = objects(&api, &caller).await?;
    let views = views(&api, &caller).await?;
    let settings = api.workspace.settings();
    let role = role.as_ref();
    let rights = role.map_or(Json::Null, |role| role.get("rights").to_json());
    let head = json_of!({
        "viewing": caller.viewer.is_some(),
        "user": shown(&user, &["name", "email", "locale", "time_zone", "team", "pins"]),
        "role": {
            "id": role.map(|role| role.id),
            "name": role.map(|role| role.get("name").to_json()),
            "admin": rights.get("admin") == Some(&Json::Bool(true)),
            "rights": if rights.is_null() { json_of!({}) } else { rights },
        },
        "workspace": {
            "name": settings.name,
            "base_currency": settings.base_currency,
            "default_country": settings.default_country,
            "time_zone": settings.time_zone,
            "second_factor_required": settings.second_factor_required,
            "version": env!("CARGO_PKG_VERSION"),
            "schema_version": api.workspace.schema().version,
        },
        "position": position,
        "unread": unread,
        "objects": objects,
    });
    // The views are JSON text already; they take the place of the closing brace.
    let mut body = head.to_string().into_bytes();
    body.pop();
    body.extend_from_slice(b",\"views\":");
    body.extend_from_slice(&views);
    body.push(b'}');
    Ok(json_bytes(body))
}

fn shown(record: &Record, fields: &[&str]) -> Json {
    let mut map = serde_json::Map::new();
    map.insert("id".to_owned(), json_of!(record.id));
    for field in fields {
        let value = match record.get(field) {
            Value::Missing => Json::Null,
            value => value.to_json(),
        };
        map.insert((*field).to_owned(), value);
    }
    Json::Object(map)
}

/// Every object with its fields, relations, what the caller may do and the layouts that their role can meet.
async fn objects(api: &Api, caller: &Caller) -> Answer<Vec<Json>> {
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    api.blocking(move || {
        let schema = workspace.schema();
        let mut layouts = workspace.layouts(&actor)?;
        workspace.with_policy(&actor, move |policy| {
            let described = schema.objects().iter().map(|object| {
                let mut json = describe(&schema, object);
                if let Some(map) = json.as_object_mut() {
                    map.insert("can".to_owned(), policy.abilities(object));
                    map.insert("layouts".to_owned(), json_of!(layouts.remove(&object.name).unwrap_or_default()));
                    let visible = |field: &Json| {
                        field.get("name").and_then(Json::as_str).is_some_and(|name| policy.can_reveal(object, name))
                    };
                    if let Some(Json::Array(fields)) = map.get_mut("fields") {
                        fields.retain(visible);
                    }
                }
                json
            });
            Ok(described.collect())
        })
    })
    .await
}

/// The records of the views that the caller may see, as a JSON array.
async fn views(api: &Api, caller: &Caller) -> Answer<Vec<u8>> {
    let query = Query {
        object: "view".to_owned(),
        sort: Some("position,name".to_owned()),
        limit: VIEWS_MAX,
        ..Query::default()
    };
    let page = api.workspace.list_json(&caller.actor, query).await?;
    let page: std::collections::HashMap<String, Box<serde_json::value::RawValue>> =
        serde_json::from_slice(&page).map_err(anyhow::Error::from)?;
    let records = page.get("records").map_or("[]", |records| records.get());
    Ok(records.as_bytes().to_vec())
}

/// Parameters of the counts of views.
pub const VIEW_COUNTS: &[&str] = &["views"];

/// `GET /view-counts`
pub async fn view_counts(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    caller.user()?;
    let wrong = || bad_parameter("views", "bad_value", "It is a list of the ids of views.");
    let ids: Result<Vec<Uuid>, Problem> =
        params.list("views").iter().map(|text| Uuid::parse_str(text).map_err(|_| wrong())).collect();
    Ok(json(&api.workspace.view_counts(&caller.actor, ids?).await?))
}
