//! Objects and fields: the JSON here is the TOML of the design in another notation.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use engine::SchemaEdit;
use model::{Code, Field, FieldProblem, Object, Problem, Schema, expr};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json as json_of};
use uuid::Uuid;

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::place::{Place, not_found};
use crate::problem_json::{Answer, Failure};
use crate::router;
use crate::routes::{json, json_with};

/// What a change cannot touch: the identity of an object or field, and what the engine sets itself.
const FIXED: [&str; 6] = ["name", "plural", "kind", "fields", "custom", "system"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckRequest {
    object: String,
    source: String,
    #[serde(default)]
    result: Option<model::Kind>,
    #[serde(default, rename = "try")]
    tried: Option<Trial>,
}

/// A formula is tried on a record, or on one that the program chooses.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trial {
    #[serde(default)]
    record: Option<Uuid>,
}

/// `GET /objects`
pub async fn list(State(api): State<Api>) -> Answer {
    let schema = api.workspace.schema();
    let objects: Vec<Json> = schema.objects().iter().map(|object| describe(&schema, object)).collect();
    Ok(json(&json_of!({ "version": schema.version, "objects": objects })))
}

/// `GET /objects/{name}`
pub async fn get(State(api): State<Api>, place: Place) -> Answer {
    let schema = api.workspace.schema();
    Ok(json(&describe(&schema, find(&schema, &place)?)))
}

/// An object as JSON, with the relations that lead to it.
pub fn describe(schema: &Schema, object: &Object) -> Json {
    let mut described = json_of!(object);
    let relations: Vec<Json> = schema
        .relations(&object.name)
        .iter()
        .map(|relation| {
            json_of!({ "name": relation.name, "label": relation.label, "object": relation.object.name, "field": relation.field })
        })
        .collect();
    if let Some(map) = described.as_object_mut() {
        map.insert("relations".to_owned(), Json::Array(relations));
    }
    described
}

/// `POST /objects`
pub async fn create(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let object: Object = body.parse()?;
    let name = object.name.clone();
    if router::operations().iter().any(|operation| operation.path.split('/').nth(3) == Some(&object.plural)) {
        let message = format!("`{}` is an address of the API already; choose another plural.", object.plural);
        return Err(wrong_field("plural", "reserved", &message).into());
    }
    let object = Object { custom: true, internal: false, ..object };
    let (batch, schema) = edit(&api, &caller, vec![SchemaEdit::AddObject(Box::new(object))]).await?;
    Ok(json_with(StatusCode::CREATED, &in_batch(describe(&schema, named(&schema, &name)?), batch)))
}

/// `PATCH /objects/{name}`
pub async fn change(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer {
    let schema = api.workspace.schema();
    let object = find(&schema, &place)?;
    let mut own = (**object).clone();
    own.fields.retain(|field| !field.system);
    let mut members = body.json.clone();
    let order = members.remove("order").map(serde_json::from_value::<Vec<String>>).transpose();
    let order = order.map_err(|_| wrong_field("order", "invalid", "Give `order` as a list of names of fields."))?;
    let changed: Object = merged(&own, &members)?;
    let mut edits = vec![SchemaEdit::ChangeObject(Box::new(changed))];
    edits.extend(order.map(|order| SchemaEdit::OrderFields { object: object.name.clone(), order }));
    let (batch, schema) = edit(&api, &caller, edits).await?;
    Ok(json(&in_batch(describe(&schema, find(&schema, &place)?), batch)))
}

/// `DELETE /objects/{name}`
pub async fn remove(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let object = find(&api.workspace.schema(), &place)?.name.clone();
    let (batch, _) = edit(&api, &caller, vec![SchemaEdit::RemoveObject { object }]).await?;
    Ok(json(&json_of!({ "batch": batch })))
}

/// `GET /objects/{name}/uses`
pub async fn uses(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let object = find(&api.workspace.schema(), &place)?.name.clone();
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let uses = api.blocking(move || workspace.uses(&actor, &object, None)).await?;
    Ok(json(&json_of!({ "uses": uses })))
}

/// `GET /objects/{name}/fields/{field}/uses`
pub async fn uses_of_field(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let schema = api.workspace.schema();
    let object = find(&schema, &place)?;
    let field = object.find_field(place.text("field")?).ok_or_else(not_found)?.name.clone();
    let (workspace, actor, object) = (api.workspace.clone(), caller.actor.clone(), object.name.clone());
    let uses = api.blocking(move || workspace.uses(&actor, &object, Some(&field))).await?;
    Ok(json(&json_of!({ "uses": uses })))
}

/// `POST /objects/{name}/fields`
pub async fn create_field(State(api): State<Api>, caller: Caller, place: Place, mut body: Body) -> Answer {
    let object = find(&api.workspace.schema(), &place)?.name.clone();
    let searched = take_searched(&mut body.json)?;
    let field: Field = body.parse()?;
    let name = field.name.clone();
    let field = Box::new(Field { custom: true, hidden: false, ..field });
    let mut edits = vec![SchemaEdit::AddField { object: object.clone(), field }];
    edits.extend(search_field(&object, &name, searched));
    let (batch, schema) = edit(&api, &caller, edits).await?;
    let made = named(&schema, &object)?.find_field(&name).ok_or_else(not_found)?;
    Ok(json_with(StatusCode::CREATED, &in_batch(json_of!(made), batch)))
}

/// `PATCH /objects/{name}/fields/{field}`
pub async fn change_field(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer {
    let schema = api.workspace.schema();
    let object = find(&schema, &place)?;
    let name = place.text("field")?;
    let field = object.find_field(name).filter(|field| !field.system).ok_or_else(not_found)?;
    let mut members = body.json.clone();
    let searched = take_searched(&mut members)?;
    let changed: Field = merged(field, &members)?;
    let mut edits = vec![SchemaEdit::ChangeField { object: object.name.clone(), field: Box::new(changed) }];
    edits.extend(search_field(&object.name, name, searched));
    let (batch, schema) = edit(&api, &caller, edits).await?;
    let made = find(&schema, &place)?.find_field(name).ok_or_else(not_found)?;
    Ok(json(&in_batch(json_of!(made), batch)))
}

/// Takes `searched` out of a field's definition: whether search looks into it is kept with the object. None: as it was.
fn take_searched(members: &mut Map<String, Json>) -> Result<Option<bool>, Problem> {
    match members.remove("searched") {
        None => Ok(None),
        Some(Json::Bool(searched)) => Ok(Some(searched)),
        Some(_) => Err(wrong_field("searched", "invalid", "Give `searched` as true or false.")),
    }
}

fn search_field(object: &str, field: &str, searched: Option<bool>) -> Option<SchemaEdit> {
    let (object, field) = (object.to_owned(), field.to_owned());
    searched.map(|searched| SchemaEdit::SearchField { object, field, searched })
}

/// `DELETE /objects/{name}/fields/{field}`
pub async fn hide_field(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let object = find(&api.workspace.schema(), &place)?.name.clone();
    let field = place.text("field")?.to_owned();
    let (batch, _) = edit(&api, &caller, vec![SchemaEdit::HideField { object, field }]).await?;
    Ok(json(&json_of!({ "batch": batch })))
}

/// `POST /expressions/check`
pub async fn check(State(api): State<Api>, caller: Caller, body: Body) -> Answer {
    let asked: CheckRequest = body.parse()?;
    let schema = api.workspace.schema();
    let object = named(&schema, &asked.object)?;
    let kind = match asked.result {
        None => {
            expr::parse_condition(&schema, object, &asked.source)?;
            model::Kind::Boolean
        }
        Some(kind) => {
            expr::parse_formula(&schema, object, &asked.source, kind)?;
            kind
        }
    };
    let Some(trial) = asked.tried.filter(|_| asked.result.is_some()) else {
        return Ok(json(&json_of!({ "ok": true, "kind": kind })));
    };
    let tried = api.workspace.try_formula(&caller.actor, &object.name, &asked.source, kind, trial.record).await?;
    Ok(json(&json_of!({ "ok": true, "kind": kind, "tried": tried })))
}

async fn edit(api: &Api, caller: &Caller, edits: Vec<SchemaEdit>) -> Answer<(Option<Uuid>, Arc<Schema>)> {
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    api.blocking(move || workspace.edit_schema(&actor, edits)).await
}

/// A definition with the batch that undoes its change.
fn in_batch(mut definition: Json, batch: Option<Uuid>) -> Json {
    if let Some(members) = definition.as_object_mut() {
        members.insert("batch".to_owned(), json_of!(batch));
    }
    definition
}

fn wrong_field(field: &str, code: &str, message: &str) -> Problem {
    let problem = FieldProblem { field: field.to_owned(), code: code.to_owned(), message: message.to_owned() };
    Problem::invalid(vec![problem])
}

fn find<'a>(schema: &'a Schema, place: &Place) -> Answer<&'a Arc<Object>> {
    named(schema, place.text("name")?)
}

fn named<'a>(schema: &'a Schema, name: &str) -> Answer<&'a Arc<Object>> {
    let found = schema.find_object(name).or_else(|| schema.find_plural(name));
    found.ok_or_else(|| Failure::new(Code::NotFound, "There is no such object. GET /api/v1/objects lists them."))
}

/// A definition with some members replaced; `null` removes one.
fn merged<T: serde::Serialize + serde::de::DeserializeOwned>(old: &T, new: &Map<String, Json>) -> Result<T, Problem> {
    match new.keys().find(|name| FIXED.contains(&name.as_str())) {
        Some(name) => Err(wrong_field(name, "read_only", &format!("`{name}` cannot be changed."))),
        None => engine::overlay(old, new),
    }
}
