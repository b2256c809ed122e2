//! Objects and fields: the JSON here is the TOML of the design in another notation.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use engine::SchemaEdit;
use model::{Code, Field, FieldProblem, Object, Problem, Schema, expr};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json as json_of};

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
        let problem = FieldProblem { field: "plural".to_owned(), code: "reserved".to_owned(), message };
        return Err(Problem::invalid(vec![problem]).into());
    }
    let object = Object { custom: true, internal: false, ..object };
    let schema = edit(&api, &caller, SchemaEdit::AddObject(Box::new(object))).await?;
    Ok(json_with(StatusCode::CREATED, &describe(&schema, named(&schema, &name)?)))
}

/// `PATCH /objects/{name}`
pub async fn change(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer {
    let schema = api.workspace.schema();
    let object = find(&schema, &place)?;
    let mut own = (**object).clone();
    own.fields.retain(|field| !field.system);
    let changed: Object = merged(&own, &body.json)?;
    let schema = edit(&api, &caller, SchemaEdit::ChangeObject(Box::new(changed))).await?;
    Ok(json(&describe(&schema, find(&schema, &place)?)))
}

/// `POST /objects/{name}/fields`
pub async fn create_field(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer {
    let object = find(&api.workspace.schema(), &place)?.name.clone();
    let field: Field = body.parse()?;
    let name = field.name.clone();
    let field = Box::new(Field { custom: true, hidden: false, ..field });
    let schema = edit(&api, &caller, SchemaEdit::AddField { object: object.clone(), field }).await?;
    let made = named(&schema, &object)?.find_field(&name).ok_or_else(not_found)?;
    Ok(json_with(StatusCode::CREATED, &json_of!(made)))
}

/// `PATCH /objects/{name}/fields/{field}`
pub async fn change_field(State(api): State<Api>, caller: Caller, place: Place, body: Body) -> Answer {
    let schema = api.workspace.schema();
    let object = find(&schema, &place)?;
    let name = place.text("field")?;
    let field = object.find_field(name).filter(|field| !field.system).ok_or_else(not_found)?;
    let changed: Field = merged(field, &body.json)?;
    let change = SchemaEdit::ChangeField { object: object.name.clone(), field: Box::new(changed) };
    let schema = edit(&api, &caller, change).await?;
    let made = find(&schema, &place)?.find_field(name).ok_or_else(not_found)?;
    Ok(json(&json_of!(made)))
}

/// `DELETE /objects/{name}/fields/{field}`
pub async fn hide_field(State(api): State<Api>, caller: Caller, place: Place) -> Answer {
    let object = find(&api.workspace.schema(), &place)?.name.clone();
    let field = place.text("field")?.to_owned();
    edit(&api, &caller, SchemaEdit::HideField { object, field }).await?;
    Ok(json(&json_of!({})))
}

/// `POST /expressions/check`
pub async fn check(State(api): State<Api>, body: Body) -> Answer {
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
    Ok(json(&json_of!({ "ok": true, "kind": kind })))
}

async fn edit(api: &Api, caller: &Caller, edit: SchemaEdit) -> Answer<Arc<Schema>> {
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    api.blocking(move || workspace.edit_schema(&actor, edit)).await
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
    let wrong =
        |error: serde_json::Error| Problem::new(Code::Invalid, format!("The definition does not fit: {error}."));
    let mut whole = serde_json::to_value(old).map_err(wrong)?;
    let map = whole.as_object_mut().ok_or_else(|| Problem::new(Code::Invalid, "The definition is no object."))?;
    for (name, value) in new {
        if FIXED.contains(&name.as_str()) {
            let message = format!("`{name}` cannot be changed.");
            let problem = FieldProblem { field: name.clone(), code: "read_only".to_owned(), message };
            return Err(Problem::invalid(vec![problem]));
        }
        if value.is_null() {
            map.remove(name);
        } else {
            map.insert(name.clone(), value.clone());
        }
    }
    serde_json::from_value(whole).map_err(wrong)
}
