//! The OpenAPI 3.1 document of this very instance: the list of operations in `router.rs` over the objects of the
//! schema at this moment, those of the administrators' own included.

pub mod shapes;

use axum::extract::State;
use axum::http::Method;
use engine::Workspace;
use model::{Object, Schema};
use serde_json::{Map, Value as Json, json};

use crate::Api;
use crate::guard::Access;
use crate::problem_json::Answer;
use crate::router::{Operation, operations};
use crate::routes;

/// `GET /api/openapi.json`
pub async fn show(State(api): State<Api>) -> Answer {
    Ok(routes::json(&document(&api.workspace)))
}

/// The document.
pub fn document(workspace: &Workspace) -> Json {
    of_schema(&workspace.schema())
}

/// The document of a schema.
pub fn of_schema(schema: &Schema) -> Json {
    let operations = operations();
    let mut paths = Map::new();
    for operation in operations.iter().filter(|operation| !operation.path.contains("{plural}")) {
        add(&mut paths, operation.path.to_owned(), operation, None);
    }
    for object in schema.objects() {
        for operation in operations.iter().filter(|operation| operation.path.contains("{plural}")) {
            if applies(object, operation) {
                add(&mut paths, operation.path.replace("{plural}", &object.plural), operation, Some(object));
            }
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Rapport",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The API of this instance, objects of its own included. Errors are problem+json (RFC 9457). \
                            Every write answers with its batch, which POST /api/v1/undo/{batch} undoes.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "session": [] }, { "session_tls": [] }, { "key": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": "sid" },
                "session_tls": { "type": "apiKey", "in": "cookie", "name": "__Host-sid" },
                "key": { "type": "http", "scheme": "bearer", "description": "An API key: rk_…" },
            },
            "schemas": shapes::components(schema),
        },
    })
}

/// Whether an object has an operation: files need a files field; what the program keeps for itself has no duplicates.
fn applies(object: &Object, operation: &Operation) -> bool {
    match operation.id {
        "file" => object.fields.iter().any(|field| field.kind == model::Kind::Files),
        "check" | "merge" => !object.internal,
        _ => true,
    }
}

fn add(paths: &mut Map<String, Json>, path: String, operation: &Operation, object: Option<&Object>) {
    let method = operation.method.as_str().to_ascii_lowercase();
    let described = describe(&path, operation, object);
    let entry = paths.entry(path).or_insert_with(|| json!({}));
    if let Some(map) = entry.as_object_mut() {
        map.insert(method, described);
    }
}

fn describe(path: &str, operation: &Operation, object: Option<&Object>) -> Json {
    let (id, tag) = match object {
        Some(object) => (format!("{}_{}", object.plural, operation.id), object.label_plural.clone()),
        None => (operation.id.to_owned(), tag_of(path).to_owned()),
    };
    let plural = object.map_or("records", |object| object.plural.as_str());
    let mut described = Map::from_iter([
        ("operationId".to_owned(), json!(id)),
        ("tags".to_owned(), json!([tag])),
        ("summary".to_owned(), json!(operation.summary.replace("{plural}", plural))),
        ("parameters".to_owned(), Json::Array(parameters(path, operation, object))),
    ]);
    if operation.gate.access == Access::Public {
        described.insert("security".to_owned(), json!([]));
    }
    if let Some(body) = operation.body.content(object) {
        described.insert("requestBody".to_owned(), json!({ "required": true, "content": body }));
    }
    described.insert("responses".to_owned(), responses(operation, object));
    Json::Object(described)
}

fn responses(operation: &Operation, object: Option<&Object>) -> Json {
    // Whoever follows a public link is no program: what is wrong is said on a page.
    let page = operation.path.starts_with("/shared/").then(|| shapes::Shape::Page.content(None)).flatten();
    let problem = |says: &str| {
        let mut content =
            json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
        if let (Some(all), Some(Json::Object(page))) = (content.as_object_mut(), page.clone()) {
            all.extend(page);
        }
        json!({ "description": says, "content": content })
    };
    let mut success = json!({ "description": "Done." });
    if let (Some(content), Some(map)) = (operation.answer.content(object), success.as_object_mut()) {
        map.insert("content".to_owned(), content);
    }
    let mut responses = Map::from_iter([(operation.status.to_string(), success)]);
    if operation.gate.access != Access::Public {
        responses.insert("401".to_owned(), problem("Nobody is logged in."));
        responses.insert("403".to_owned(), problem("Not allowed."));
    }
    if operation.path.contains('{') {
        responses.insert("404".to_owned(), problem("Not there, or not visible."));
    }
    if operation.method == Method::PATCH && object.is_some() {
        responses.insert("412".to_owned(), problem("Someone else changed it; `current` has the record as it is."));
    }
    responses.insert("default".to_owned(), problem("What went wrong and what to do next."));
    Json::Object(responses)
}

/// The heading of operations that belong to no object.
fn tag_of(path: &str) -> &'static str {
    match path.split('/').nth(3).unwrap_or_default() {
        "setup" | "session" | "sessions" | "users" | "invitations" => "Log-in",
        "objects" | "expressions" => "Objects and fields",
        "imports" => "Imports",
        "duplicates" => "Duplicates",
        "" => "The program",
        _ => "Workspace",
    }
}

fn parameters(path: &str, operation: &Operation, object: Option<&Object>) -> Vec<Json> {
    let mut parameters = Vec::new();
    for part in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let schema = match part {
            "id" | "batch" => json!({ "type": "string", "format": "uuid" }),
            "sha256" => json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }),
            _ => json!({ "type": "string" }),
        };
        parameters.push(json!({ "name": part, "in": "path", "required": true, "schema": schema }));
    }
    for name in operation.gate.query {
        let (schema, says) = query_parameter(name);
        let mut parameter = json!({ "name": name, "in": "query", "description": says, "schema": schema });
        narrow(&mut parameter, name, operation, object);
        parameters.push(parameter);
    }
    let is_plain_write = matches!(operation.id, "create" | "update" | "delete" | "restore" | "bulk");
    if is_plain_write {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header",
            "schema": { "type": "string", "pattern": "^[!-~]{1,255}$", "minLength": 1, "maxLength": 255 },
            "description": "Two requests with the same key are one; the second is answered as the first.",
        }));
    }
    if operation.method == Method::PATCH && is_plain_write {
        parameters.push(json!({
            "name": "If-Match", "in": "header", "schema": { "type": "string", "pattern": "^(\"[0-9]{1,18}\"|\\*)$" },
            "description": "The ETag of the record as it was read.",
        }));
    }
    parameters
}

/// What a parameter is for one operation: whether it must be there, how large a page may be, which formats there are.
fn narrow(parameter: &mut Json, name: &str, operation: &Operation, object: Option<&Object>) {
    let mut set = |pointer: &str, value: Json| {
        if let Some(place) = parameter.pointer_mut(pointer).and_then(Json::as_object_mut) {
            let key = if pointer.is_empty() { "required" } else { "maximum" };
            place.insert(key.to_owned(), value);
        }
    };
    match (operation.id, name) {
        ("search", "limit") => set("/schema", json!(50)),
        ("list" | "aggregate" | "listAudit" | "listMails" | "knownRates", "limit") => {}
        (_, "limit") => set("/schema", json!(100)),
        ("checkConsent", "address" | "channel")
        | ("search", "q")
        | ("listOccurrences", "from" | "to")
        | ("uploadFile", "name")
        | ("uploadImport" | "listDuplicates", "object") => set("", json!(true)),
        ("export", "format") => {
            let formats = object.map(shapes::export_formats).unwrap_or_default();
            let names: Vec<&str> = formats.into_iter().map(|(name, _)| name).collect();
            if let Some(schema) = parameter.get_mut("schema") {
                *schema = json!({ "enum": names });
            }
        }
        _ => {}
    }
}

fn query_parameter(name: &str) -> (Json, &'static str) {
    let text = || json!({ "type": "string" });
    match name {
        "filter" => (text(), "A condition in CEL, such as `company.country == 'FR' && owner == me`."),
        "sort" => (text(), "Field names separated by commas; a minus for descending."),
        "fields" => (text(), "Field names separated by commas; without it all that may be seen."),
        "include" => (text(), "References whose titles come along, separated by commas."),
        "depth" => (json!({ "type": "integer", "minimum": 1, "maximum": 2 }), "Steps from the record."),
        "limit" => (json!({ "type": "integer", "minimum": 1, "maximum": 200 }), "Size of the page."),
        "after" => (
            json!({ "type": "integer" }),
            "Position in the change log to go on from, such as that of the start data; a `Last-Event-ID` goes before it.",
        ),
        "cursor" => (text(), "Where the page before ended: its `next`."),
        "offset" => {
            (json!({ "type": "integer", "minimum": 0 }), "Records (or groups) to jump over instead of a cursor.")
        }
        "deleted" => (json!({ "enum": ["without", "only", "with"] }), "The recycle bin."),
        "total" => (json!({ "type": "boolean", "default": true }), "Whether the total is counted."),
        "at" => (json!({ "type": "string", "format": "date-time" }), "The record as it was then."),
        "from" => (json!({ "type": "string", "format": "date-time" }), "The beginning of the range."),
        "to" => (json!({ "type": "string", "format": "date-time" }), "The end of the range, itself not in it."),
        "group" => (text(), "Fields that make the groups, separated by commas."),
        "measures" => (text(), "`count`, `sum:field`, `min:field`, `max:field`, `avg:field`, separated by commas."),
        "kinds" => (text(), "Objects shown, and `change` for changes of fields, separated by commas."),
        "views" => (text(), "Ids of views, separated by commas."),
        "q" => (text(), "What is looked for."),
        "objects" => (text(), "Plurals of the objects to look in, separated by commas."),
        "name" => (text(), "Name of the file."),
        "inline" => (json!({ "type": "boolean" }), "Shown in the page instead of saved; only for images and PDF."),
        "method" => (json!({ "enum": ["publish", "request"] }), "Whether the file shows a meeting or invites to it."),
        "format" => (json!({ "enum": ["csv", "xlsx", "vcf", "jsonl"] }), "Format of the file."),
        "object" => (text(), "Name of the object."),
        "currency" => (text(), "ISO 4217 code of a currency."),
        "into" => (text(), "ISO 4217 code of the currency wanted."),
        "amount" => (text(), "A decimal number."),
        "on" => (json!({ "type": "string", "format": "date" }), "The day; today when it is left out."),
        "since" => (json!({ "type": "string", "format": "date-time" }), "Nothing older."),
        "team" => (text(), "Only people of this team and those below it; `mine` for one's own."),
        "status" => (text(), "Only those of this status."),
        "outcome" => (text(), "Only rows with this outcome."),
        "except" => (text(), "The record being edited, which is no duplicate of itself."),
        _ => (text(), ""),
    }
}
