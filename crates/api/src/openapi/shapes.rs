//! The shapes of bodies and answers, as JSON Schema.

use model::{Field, Kind, Object, Schema};
use serde_json::{Map, Value as Json, json};

/// What an operation takes or answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Nothing is sent.
    None,
    /// An empty JSON object.
    Empty,
    /// Raw bytes.
    Bytes,
    /// Plain text.
    Text,
    /// Server-sent events.
    EventStream,
    /// Any JSON object.
    AnyObject,
    /// A schema of this file.
    Named(&'static str),
    /// A page of the object's records.
    PageOf,
    /// Values of a new record.
    New,
    /// New values of some fields.
    Changes,
    /// A record and the batch that wrote it.
    Written,
    /// Many records.
    BulkOf,
    /// One record.
    Record,
}

impl Shape {
    /// The `content` of OpenAPI; none when there is no body.
    pub fn content(self, object: Option<&Object>) -> Option<Json> {
        let name = object.map(type_name).unwrap_or_default();
        let (media, schema) = match self {
            Self::None => return None,
            Self::Empty => ("application/json", json!({ "type": "object", "additionalProperties": false })),
            Self::Bytes => ("application/octet-stream", json!({})),
            Self::Text => ("text/plain", json!({ "type": "string" })),
            Self::EventStream => ("text/event-stream", json!({ "type": "string" })),
            Self::AnyObject => ("application/json", json!({ "type": "object" })),
            Self::Named(name) => ("application/json", reference(name)),
            Self::PageOf => ("application/json", page_of(&name)),
            Self::New => ("application/json", new_of(object, &name)),
            Self::Changes => ("application/json", reference(&format!("{name}Values"))),
            Self::Written => ("application/json", written_of(object, &name)),
            Self::BulkOf => ("application/json", bulk_of(&name)),
            Self::Record => ("application/json", reference(&name)),
        };
        Some(json!({ media: { "schema": schema } }))
    }
}

/// `PersonNote` of `person_note`.
pub fn type_name(object: &Object) -> String {
    object
        .name
        .split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
        })
        .collect()
}

fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn page_of(name: &str) -> Json {
    json!({
        "type": "object",
        "required": ["records", "next"],
        "properties": {
            "records": { "type": "array", "items": reference(name) },
            "next": { "type": ["string", "null"] },
            "total": reference("Total"),
            "included": { "type": "object" },
        },
    })
}

/// Values of a new record: those of fields that are required must be there.
fn new_of(object: Option<&Object>, name: &str) -> Json {
    if object.is_some_and(|object| object.name == "api_key") {
        return reference("ApiKeyRequest");
    }
    let has_no_default = |field: &&Field| field.required && field.default.is_none() && !field.hidden;
    let required: Vec<&str> = object
        .map(|object| object.fields.iter().filter(has_no_default).map(|field| field.name.as_str()).collect())
        .unwrap_or_default();
    if required.is_empty() {
        return reference(&format!("{name}Values"));
    }
    json!({ "allOf": [reference(&format!("{name}Values")), { "required": required }] })
}

fn written_of(object: Option<&Object>, name: &str) -> Json {
    let mut properties = Map::from_iter([
        ("record".to_owned(), reference(name)),
        ("batch".to_owned(), json!({ "type": "string", "format": "uuid" })),
    ]);
    if object.is_some_and(|object| object.name == "api_key") {
        let says = "The key, in the answer to its making only.";
        properties.insert("key".to_owned(), json!({ "type": "string", "description": says }));
    }
    json!({ "type": "object", "required": ["record", "batch"], "properties": properties })
}

fn bulk_of(name: &str) -> Json {
    let values = reference(&format!("{name}Values"));
    let ids = json!({ "type": "array", "items": { "type": "string", "format": "uuid" }, "maxItems": 10_000 });
    let with_id = json!({ "allOf": [values, {
        "required": ["id"],
        "properties": { "id": { "type": "string", "format": "uuid" }, "version": { "type": "integer" } },
    }] });
    let form = |members: Json, required: Json| json!({ "type": "object", "properties": members, "required": required, "additionalProperties": false });
    json!({ "oneOf": [
        form(json!({ "create": { "type": "array", "items": values, "maxItems": 10_000 } }), json!(["create"])),
        form(json!({ "update": { "type": "array", "items": with_id, "maxItems": 10_000 } }), json!(["update"])),
        form(
            json!({ "upsert": form(
                json!({ "by": { "type": "string" }, "records": { "type": "array", "items": values } }),
                json!(["by", "records"]),
            ) }),
            json!(["upsert"]),
        ),
        form(json!({ "delete": ids }), json!(["delete"])),
        form(json!({ "restore": ids }), json!(["restore"])),
        form(json!({ "filter": { "type": "string" }, "set": values }), json!(["filter", "set"])),
        form(json!({ "filter": { "type": "string" }, "delete": { "const": true } }), json!(["filter", "delete"])),
    ] })
}

/// All named schemas: the fixed ones and two per object.
pub fn components(schema: &Schema) -> Json {
    let mut all = fixed();
    for object in schema.objects() {
        let name = type_name(object);
        all.insert(name.clone(), record_of(object));
        all.insert(format!("{name}Values"), values_of(object));
    }
    Json::Object(all)
}

fn record_of(object: &Object) -> Json {
    let mut properties = Map::from_iter([("id".to_owned(), json!({ "type": "string", "format": "uuid" }))]);
    for field in object.fields.iter().filter(|field| !field.hidden) {
        properties.insert(field.name.clone(), described(field, true));
    }
    let mut schema = json!({ "type": "object", "required": ["id"], "properties": properties });
    if let (Some(says), Some(map)) = (&object.description, schema.as_object_mut()) {
        map.insert("description".to_owned(), json!(says));
    }
    schema
}

fn values_of(object: &Object) -> Json {
    let writable = |field: &&Field| !field.hidden && !field.read_only && !field.is_derived();
    let properties: Map<String, Json> =
        object.fields.iter().filter(writable).map(|field| (field.name.clone(), described(field, false))).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn described(field: &Field, read: bool) -> Json {
    let mut schema = value_of(field, read);
    if let Some(map) = schema.as_object_mut() {
        map.insert("title".to_owned(), json!(field.label));
        if let Some(help) = &field.help {
            map.insert("description".to_owned(), json!(help));
        }
    }
    schema
}

/// The JSON of a field's value; everything may be null, which is a missing value.
fn value_of(field: &Field, read: bool) -> Json {
    let options = || field.options.iter().map(|option| option.value.as_str()).collect::<Vec<_>>();
    let list_of = |items: Json| json!({ "type": ["array", "null"], "items": items });
    let id = || json!({ "type": "string", "format": "uuid" });
    match field.value_kind() {
        Kind::Text | Kind::LongText | Kind::AutoNumber | Kind::Rank | Kind::Actor => {
            json!({ "type": ["string", "null"] })
        }
        Kind::Integer => json!({ "type": ["integer", "null"] }),
        Kind::Rating => json!({ "type": ["integer", "null"], "minimum": 1, "maximum": 5 }),
        Kind::Decimal | Kind::Percent => json!({ "type": ["number", "null"] }),
        Kind::Duration => json!({ "type": ["number", "null"], "description": "Seconds." }),
        Kind::Money if read => nullable("Money"),
        Kind::Money => json!({ "anyOf": [reference("Money"), { "type": ["number", "null"] }] }),
        Kind::Date => json!({ "type": ["string", "null"], "format": "date" }),
        Kind::DateTime => json!({ "type": ["string", "null"], "format": "date-time" }),
        Kind::Boolean => json!({ "type": ["boolean", "null"] }),
        Kind::Select => {
            let mut values: Vec<Json> = options().into_iter().map(Json::from).collect();
            values.push(Json::Null);
            json!({ "enum": values })
        }
        Kind::MultiSelect if field.open || field.options.is_empty() => list_of(json!({ "type": "string" })),
        Kind::MultiSelect => list_of(json!({ "enum": options() })),
        Kind::Emails | Kind::Phones | Kind::Links if read => list_of(reference("Labelled")),
        Kind::Emails | Kind::Phones | Kind::Links => {
            list_of(json!({ "anyOf": [reference("Labelled"), { "type": "string" }] }))
        }
        Kind::Address => nullable("Address"),
        Kind::Reference | Kind::User => json!({ "type": ["string", "null"], "format": "uuid" }),
        Kind::References => list_of(id()),
        Kind::About => list_of(reference("RecordLink")),
        Kind::Files => list_of(reference("File")),
        Kind::Json | Kind::Formula | Kind::Rollup => json!({}),
    }
}

fn nullable(name: &str) -> Json {
    json!({ "anyOf": [reference(name), { "type": "null" }] })
}

/// An object schema from `name: schema` pairs; a name with a question mark may be absent.
fn object(members: &[(&str, Json)]) -> Json {
    let properties: Map<String, Json> =
        members.iter().map(|(name, schema)| (name.trim_end_matches('?').to_owned(), schema.clone())).collect();
    let required: Vec<&str> = members.iter().map(|(name, _)| *name).filter(|name| !name.ends_with('?')).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// The schemas that do not depend on the objects.
fn fixed() -> Map<String, Json> {
    let text = || json!({ "type": "string" });
    let maybe = || json!({ "type": ["string", "null"] });
    let id = || json!({ "type": "string", "format": "uuid" });
    let instant = || json!({ "type": "string", "format": "date-time" });
    let count = || json!({ "type": "integer", "minimum": 0 });
    let truth = || json!({ "type": "boolean" });
    let any = || json!({ "type": "object" });
    let list = |items: Json| json!({ "type": "array", "items": items });
    let password = || json!({ "type": "string", "format": "password", "minLength": 15 });
    let mut all = Map::new();
    let mut add = |name: &str, schema: Json| all.insert(name.to_owned(), schema);
    let fault = object(&[("field", text()), ("code", text()), ("message", text())]);
    add(
        "Problem",
        object(&[
            ("type", text()),
            ("title", text()),
            ("status", count()),
            ("code", text()),
            ("detail", text()),
            ("fields", list(fault)),
        ]),
    );
    add("Total", object(&[("count", count()), ("exact", truth())]));
    add("Money", object(&[("amount", json!({ "type": "number" })), ("currency", text())]));
    add("Labelled", object(&[("value", text()), ("label?", maybe()), ("primary?", truth())]));
    let number = || json!({ "type": ["number", "null"] });
    add(
        "Address",
        object(&[
            ("street?", maybe()),
            ("city?", maybe()),
            ("region?", maybe()),
            ("postal_code?", maybe()),
            ("country?", maybe()),
            ("latitude?", number()),
            ("longitude?", number()),
        ]),
    );
    add("RecordLink", object(&[("object", text()), ("id", id())]));
    add("File", object(&[("id", text()), ("name", text()), ("size", count()), ("type", text())]));
    add("Done", object(&[("batch", id())]));
    add("SetupState", object(&[("needed", truth())]));
    add("SetupRequest", object(&[("company", text()), ("name", text()), ("email", text()), ("password", password())]));
    add("LogInRequest", object(&[("email", text()), ("password", text())]));
    add("LoggedIn", object(&[("user", object(&[("id", id()), ("name", text()), ("email", text())]))]));
    add("PasswordRequest", object(&[("current", text()), ("new", password())]));
    add("AcceptRequest", object(&[("password", password())]));
    add("Invitation", object(&[("link", text()), ("expires_at", instant())]));
    add("Invited", object(&[("name", text()), ("email", text())]));
    add("ApiKeyRequest", object(&[("name", text()), ("role", id()), ("expires_at?", instant())]));
    let session = object(&[
        ("id", id()),
        ("created_at", instant()),
        ("seen_at", instant()),
        ("expires_at", instant()),
        ("address", text()),
        ("agent", text()),
        ("current", truth()),
    ]);
    add("Sessions", object(&[("sessions", list(session))]));
    add(
        "Boot",
        object(&[
            ("user", any()),
            ("role", any()),
            ("workspace", any()),
            ("objects", list(any())),
            ("views", list(any())),
        ]),
    );
    let hit = object(&[("object", text()), ("id", id()), ("title", maybe()), ("subtitle?", maybe())]);
    add("SearchResults", object(&[("results", list(hit))]));
    let batch = object(&[("id", id()), ("at", instant()), ("actor", text()), ("cause", text()), ("undoes", maybe())]);
    add("Batches", object(&[("batches", list(batch)), ("next", maybe()), ("actors", any())]));
    let kept = object(&[("object", text()), ("id", id()), ("field", maybe()), ("reason", text())]);
    add("Undone", object(&[("batch", id()), ("undone", count()), ("kept", list(kept)), ("kept_count", count())]));
    let progress = json!({ "type": "number", "minimum": 0, "maximum": 1 });
    add(
        "Job",
        object(&[("id", id()), ("kind", text()), ("status", text()), ("progress", progress), ("error", maybe())]),
    );
    let error = object(&[("index", count()), ("problem", reference("Problem"))]);
    add(
        "BulkResult",
        object(&[
            ("batch", id()),
            ("created", count()),
            ("updated", count()),
            ("deleted", count()),
            ("restored", count()),
            ("ids", list(id())),
            ("errors", list(error)),
        ]),
    );
    add("Groups", object(&[("groups", list(object(&[("keys", any())])))]));
    add("Timeline", object(&[("entries", list(any())), ("next", maybe()), ("actors", any())]));
    let change = object(&[
        ("seq", count()),
        ("batch", id()),
        ("at", instant()),
        ("actor", text()),
        ("op", text()),
        ("fields", any()),
    ]);
    let next = json!({ "type": ["integer", "null"] });
    add("History", object(&[("changes", list(change)), ("next", next), ("actors", any())]));
    let ids =
        json!({ "type": "array", "items": { "type": "string", "format": "uuid" }, "minItems": 1, "maxItems": 20 });
    add("MergeRequest", object(&[("keep", id()), ("merge", ids), ("values?", any())]));
    add("PossibleDuplicates", object(&[("duplicates", list(any()))]));
    add("ScanRequest", object(&[("object", text())]));
    add("Scanning", object(&[("job", id())]));
    add("Pairs", object(&[("pairs", list(any())), ("next", maybe()), ("total", count())]));
    add("CheckRequest", object(&[("object", text()), ("source", text()), ("result?", text())]));
    add("Checked", object(&[("ok", truth()), ("kind", text())]));
    metadata(&mut all);
    imports(&mut all);
    all
}

/// Imports, their changes and their rows.
fn imports(all: &mut Map<String, Json>) {
    let text = || json!({ "type": "string" });
    let maybe = || json!({ "type": ["string", "null"] });
    let any = || json!({ "type": "object" });
    let list = |items: Json| json!({ "type": "array", "items": items });
    let statuses = json!({ "enum": ["mapping", "checking", "checked", "running", "done", "failed", "cancelled"] });
    let import = object(&[
        ("id", json!({ "type": "string", "format": "uuid" })),
        ("object", text()),
        ("name", text()),
        ("status", statuses),
        ("format", text()),
        ("columns", list(any())),
        ("options", any()),
        ("source", maybe()),
        ("counts", any()),
        ("progress", json!({ "type": "number", "minimum": 0, "maximum": 1 })),
        ("batch?", maybe()),
    ]);
    let row = object(&[
        ("row", json!({ "type": "integer" })),
        ("outcome", text()),
        ("reason", text()),
        ("values", any()),
        ("record", maybe()),
    ]);
    all.insert("Import".to_owned(), import);
    all.insert("Imports".to_owned(), object(&[("imports", list(reference("Import")))]));
    let mapping = json!({ "type": ["object", "array"] });
    all.insert("ImportChange".to_owned(), object(&[("mapping?", mapping), ("options?", any())]));
    all.insert("ImportRows".to_owned(), object(&[("rows", list(row)), ("next", maybe())]));
}

/// Objects and fields, as administrators define them.
fn metadata(all: &mut Map<String, Json>) {
    let text = || json!({ "type": "string" });
    let truth = || json!({ "type": "boolean" });
    let list = |items: Json| json!({ "type": "array", "items": items });
    let any = || json!({ "type": "object" });
    let option = object(&[("value", text()), ("label", text()), ("color?", text())]);
    let field = object(&[
        ("name", text()),
        ("kind", text()),
        ("label", text()),
        ("help?", text()),
        ("group?", text()),
        ("required?", truth()),
        ("unique?", truth()),
        ("default?", json!({})),
        ("options?", list(option)),
        ("open?", truth()),
        ("target?", text()),
        ("inverse?", any()),
        ("validation?", text()),
        ("validation_message?", text()),
        ("read_only?", truth()),
        ("visible_if?", text()),
        ("required_if?", text()),
        ("sensitive?", truth()),
        ("formula?", text()),
        ("result?", text()),
        ("rollup?", any()),
        ("pattern?", text()),
    ]);
    let definition = object(&[
        ("name", text()),
        ("plural", text()),
        ("label", text()),
        ("label_plural", text()),
        ("description?", text()),
        ("icon?", text()),
        ("color?", text()),
        ("title", text()),
        ("subtitle?", text()),
        ("search?", list(text())),
        ("parent?", text()),
        ("timeline?", any()),
        ("columns?", list(text())),
        ("owned?", truth()),
        ("fields?", list(reference("FieldDefinition"))),
    ]);
    all.insert("FieldDefinition".to_owned(), field);
    all.insert("ObjectDefinition".to_owned(), definition);
    let objects =
        object(&[("version", json!({ "type": "integer" })), ("objects", list(reference("ObjectDefinition")))]);
    all.insert("Objects".to_owned(), objects);
}
