//! The shapes of bodies and answers, as JSON Schema.

mod access;
mod activity;
mod calendars;
mod care;
mod company;
mod documents;
mod leads;
mod mail;
mod metadata;
mod territories;
mod told;

use contacts::export::ExportFormat;
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
    /// A file as it was uploaded, of whatever type it is.
    File,
    /// A CSV file.
    Csv,
    /// An iCalendar file.
    Calendar,
    /// A form of a page without scripts.
    Form,
    /// A page for people without an account.
    Page,
    /// Records as a file in one of the formats that the object has.
    Exported,
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
            Self::Exported => {
                let formats = object.map(export_formats).unwrap_or_default();
                return Some(formats.iter().map(|(_, media)| ((*media).to_owned(), json!({ "schema": {} }))).collect());
            }
            Self::File => ("*/*", json!({})),
            Self::Csv => ("text/csv", json!({ "type": "string" })),
            Self::Calendar => ("text/calendar", json!({ "type": "string" })),
            Self::Form => ("application/x-www-form-urlencoded", json!({ "type": "object" })),
            Self::Page => ("text/html", json!({ "type": "string" })),
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

/// The formats in which records of an object can be exported, each with its media type.
pub fn export_formats(object: &Object) -> Vec<(&'static str, &'static str)> {
    let media = |format: &ExportFormat| format.media_type().split(';').next().unwrap_or_default();
    let formats = ExportFormat::ALL.iter().filter(|format| format.suits(object));
    formats.map(|format| (format.extension(), media(format))).collect()
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
    let has_no_default = |field: &&Field| {
        field.required && field.default.is_none() && !field.hidden && !field.read_only && !field.is_derived()
    };
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
    let with_id = reference(&format!("{name}Edit"));
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
        all.insert(format!("{name}Edit"), edit_of(object));
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

/// Values with the record that they are for, and the version that they were made from.
fn edit_of(object: &Object) -> Json {
    let mut schema = values_of(object);
    if let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) {
        properties.insert("id".to_owned(), id());
        properties.insert("version".to_owned(), json!({ "type": ["integer", "null"] }));
    }
    if let Some(map) = schema.as_object_mut() {
        map.insert("required".to_owned(), json!(["id"]));
    }
    schema
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
            let one = json!({ "anyOf": [reference("Labelled"), { "type": "string" }] });
            json!({ "anyOf": [list_of(one.clone()), one] })
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
    let mut all = Map::new();
    values(&mut all);
    people(&mut all);
    second_factor(&mut all);
    access::add_all(&mut all);
    calendars::add_all(&mut all);
    documents::add_all(&mut all);
    leads::add_all(&mut all);
    territories::add_all(&mut all);
    audit(&mut all);
    workspace(&mut all);
    many_records(&mut all);
    duplicates(&mut all);
    consents(&mut all);
    care::customer_care(&mut all);
    mail::mail(&mut all);
    told::told(&mut all);
    company::add_all(&mut all);
    activity::activity(&mut all);
    imports(&mut all);
    metadata::add_all(&mut all);
    all
}

fn text() -> Json {
    json!({ "type": "string" })
}

fn maybe() -> Json {
    json!({ "type": ["string", "null"] })
}

fn id() -> Json {
    json!({ "type": "string", "format": "uuid" })
}

fn instant() -> Json {
    json!({ "type": "string", "format": "date-time" })
}

fn count() -> Json {
    json!({ "type": "integer", "minimum": 0 })
}

fn share() -> Json {
    json!({ "type": "number", "minimum": 0, "maximum": 1 })
}

fn truth() -> Json {
    json!({ "type": "boolean" })
}

fn any() -> Json {
    json!({ "type": "object" })
}

fn list(items: Json) -> Json {
    json!({ "type": "array", "items": items })
}

fn add(all: &mut Map<String, Json>, name: &str, members: &[(&str, Json)]) {
    all.insert(name.to_owned(), object(members));
}

/// Problems, and values that are objects.
fn values(all: &mut Map<String, Json>) {
    let number = || json!({ "type": ["number", "null"] });
    let fault = object(&[("field", text()), ("code", text()), ("message", text())]);
    let problem = [("type", text()), ("title", text()), ("status", count()), ("code", text()), ("detail", text())];
    add(all, "Problem", &[&problem[..], &[("fields", list(fault))]].concat());
    add(all, "Total", &[("count", count()), ("exact", truth())]);
    add(all, "Money", &[("amount", json!({ "type": "number" })), ("currency", text())]);
    add(all, "Labelled", &[("value", text()), ("label?", maybe()), ("primary?", truth())]);
    let lines = ["street?", "city?", "region?", "postal_code?", "country?"].map(|name| (name, maybe()));
    let place = [("latitude?", number()), ("longitude?", number())];
    add(all, "Address", &[&lines[..], &place[..]].concat());
    add(all, "RecordLink", &[("object", text()), ("id", id())]);
    add(all, "File", &[("id", text()), ("name", text()), ("size", count()), ("type", text())]);
    add(all, "Done", &[("batch", id())]);
}

/// Set-up, log-in, sessions, invitations, keys.
fn people(all: &mut Map<String, Json>) {
    let password = || json!({ "type": "string", "format": "password", "minLength": 8 });
    add(all, "SetupState", &[("needed", truth()), ("mail", truth())]);
    let set_up = [("company", text()), ("name", text()), ("email", text()), ("password", password())];
    add(all, "SetupRequest", &set_up);
    add(all, "ViewAsRequest", &[("user", id())]);
    add(all, "LogInRequest", &[("email", text()), ("password", text())]);
    let user = object(&[("id", id()), ("name", text()), ("email", text())]);
    let second = [("challenge?", text()), ("set_up?", truth()), ("recovery_codes?", list(text()))];
    add(all, "LoggedIn", &[&[("user?", user)][..], &second[..]].concat());
    add(all, "Ended", &[("ended", count())]);
    add(all, "PasswordRequest", &[("current", text()), ("new", password())]);
    add(all, "AcceptRequest", &[("password", password())]);
    add(all, "Invitation", &[("link", text()), ("expires_at", instant()), ("mailed", truth())]);
    add(all, "Invited", &[("name", text()), ("email", text()), ("reset", truth())]);
    add(all, "ApiKeyRequest", &[("name", text()), ("role", id()), ("expires_at?", instant())]);
    let times = ["created_at", "seen_at", "expires_at"].map(|name| (name, instant()));
    let others = [("id", id()), ("address", text()), ("agent", text()), ("current", truth())];
    add(all, "Sessions", &[("sessions", list(object(&[&others[..], &times[..]].concat())))]);
}

/// The second factor.
fn second_factor(all: &mut Map<String, Json>) {
    let status = [("enabled", truth()), ("since", maybe()), ("codes_left", count()), ("required", truth())];
    add(all, "SecondFactor", &status);
    add(all, "SecondFactors", &[("users", list(id()))]);
    add(all, "BeginSecondFactor", &[("password", text()), ("code?", text())]);
    let qr = object(&[("size", count()), ("path", text())]);
    add(all, "SecondFactorOffer", &[("secret", text()), ("uri", text()), ("qr", qr)]);
    add(all, "Code", &[("code", text())]);
    add(all, "CodeRequest", &[("challenge", text()), ("code", text())]);
    add(all, "ChallengeRequest", &[("challenge", text())]);
    add(all, "RecoveryCodes", &[("recovery_codes", list(text()))]);
}

/// The audit log.
fn audit(all: &mut Map<String, Json>) {
    let entry = object(&[
        ("index", count()),
        ("at", instant()),
        ("kind", text()),
        ("actor", text()),
        ("subject", maybe()),
        ("address", maybe()),
        ("details", any()),
    ]);
    let next = json!({ "type": ["integer", "null"] });
    add(all, "AuditEntries", &[("entries", list(entry)), ("next", next.clone()), ("names", any())]);
    let faults = list(object(&[("index", count()), ("why", text())]));
    let counts = ["entries", "heads", "signed_to"].map(|name| (name, count()));
    let rest = [("ok", truth()), ("first_fault", next), ("faults", faults), ("notes", list(text()))];
    add(all, "AuditReport", &[&counts[..], &rest[..]].concat());
}

/// Start, search, batches, jobs, expressions.
fn workspace(all: &mut Map<String, Json>) {
    let parts = ["user", "role", "workspace"].map(|name| (name, any()));
    add(
        all,
        "Boot",
        &[
            &parts[..],
            &[
                ("viewing", truth()),
                ("position", count()),
                ("unread", count()),
                ("objects", list(any())),
                ("views", list(any())),
            ],
        ]
        .concat(),
    );
    add(all, "ViewCounts", &[("counts", any())]);
    let parts = [("object", text()), ("id", id()), ("title", maybe()), ("subtitle?", maybe()), ("excerpt?", text())];
    let hit = object(&parts);
    add(all, "SearchResults", &[("results", list(hit))]);
    let batch = [("id", id()), ("at", instant()), ("actor", text()), ("cause", text()), ("undoes", maybe())];
    add(all, "Batches", &[("batches", list(object(&batch))), ("next", maybe()), ("actors", any())]);
    let kept = object(&[("object", text()), ("id", id()), ("field", maybe()), ("reason", text())]);
    let undone = [("batch", id()), ("undone", count()), ("kept", list(kept)), ("kept_count", count()), ("job?", id())];
    add(all, "Undone", &undone);
    let window = json!({ "type": ["string", "null"], "format": "uuid" });
    add(all, "PresenceSaid", &[("editing?", maybe()), ("window?", window), ("here?", truth())]);
    let there = object(&[("user", id()), ("editing", maybe())]);
    add(all, "Presence", &[("people", list(there)), ("stays", count())]);
    let job = [("id", id()), ("kind", text()), ("status", text()), ("progress", share()), ("error", maybe())];
    add(all, "Job", &[&job[..], &[("result", any())]].concat());
    add(all, "Jobs", &[("jobs", list(reference("Job")))]);
    add(all, "BulkStarted", &[("job", id()), ("batch", id()), ("total", count())]);
    let lists =
        || json!({ "type": "object", "additionalProperties": { "type": "array", "items": { "type": "string" } } });
    let ids = json!({ "type": "array", "items": id(), "maxItems": 10_000 });
    let which = [("filter?", text()), ("ids?", ids), ("delete?", truth())];
    let path = object(&[("from", text()), ("to", text())]);
    let moves = json!({ "type": "object", "additionalProperties": path });
    let what = [("set?", json!({ "type": "object" })), ("add?", lists()), ("remove?", lists()), ("move?", moves)];
    add(all, "BulkWork", &[&which[..], &what[..]].concat());
    let kinds = [("kind", text()), ("object", text()), ("name", text()), ("label", text()), ("id", maybe())];
    add(all, "Uses", &[("uses", list(object(&kinds)))]);
    add(all, "Undoable", &[("batch", maybe())]);
    let trial = object(&[("record?", maybe())]);
    add(all, "CheckRequest", &[("object", text()), ("source", text()), ("result?", text()), ("try?", trial)]);
    add(all, "Checked", &[("ok", truth()), ("kind", text()), ("tried?", any())]);
}

/// Bulk results, figures, timelines, histories.
fn many_records(all: &mut Map<String, Json>) {
    let counts = ["created", "updated", "deleted", "restored"].map(|name| (name, count()));
    let error = object(&[("index", count()), ("problem", reference("Problem"))]);
    let rest = [("batch", id()), ("ids", list(id())), ("errors", list(error))];
    add(all, "BulkResult", &[&counts[..], &rest[..]].concat());
    add(all, "Groups", &[("groups", list(object(&[("keys", any())]))), ("more", truth())]);
    add(all, "Timeline", &[("entries", list(any())), ("next", maybe()), ("actors", any())]);
    let who = [("seq", count()), ("batch", id()), ("at", instant()), ("actor", text())];
    let change = object(&[&who[..], &[("op", text()), ("fields", any())]].concat());
    let next = json!({ "type": ["integer", "null"] });
    add(all, "History", &[("changes", list(change)), ("next", next), ("actors", any())]);
}

/// Possible duplicates and merging.
fn duplicates(all: &mut Map<String, Json>) {
    let ids = json!({ "type": "array", "items": id(), "minItems": 1, "maxItems": 20 });
    add(all, "MergeRequest", &[("keep", id()), ("merge", ids), ("values?", any())]);
    add(all, "PossibleDuplicates", &[("duplicates", list(any()))]);
    add(all, "ScanRequest", &[("object", text())]);
    add(all, "Scanning", &[("job", id())]);
    add(all, "Pairs", &[("pairs", list(any())), ("next", maybe()), ("total", count()), ("search", any())]);
}

/// Whether something may be sent, and lifting what forbids it.
fn consents(all: &mut Map<String, Json>) {
    let says = [("code", text()), ("message", text()), ("allows", truth()), ("at?", instant())];
    let about = [("reason?", text()), ("scope?", text()), ("object?", text()), ("id?", id())];
    let reason = object(&[&says[..], &about[..]].concat());
    let states = json!({ "enum": ["allowed", "refused", "unknown"] });
    let answer = [("allowed", truth()), ("state", states), ("address", text()), ("why", list(reason))];
    add(all, "ConsentVerdict", &answer);
    let one = object(&[&answer[..], &[("channel", text())]].concat());
    add(all, "ConsentVerdicts", &[("channels", list(one))]);
    add(all, "LiftRequest", &[("reason", text())]);
    add(all, "Lifted", &[("record", any()), ("batch", id())]);
}

/// Imports, their changes and their rows.
fn imports(all: &mut Map<String, Json>) {
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
        ("read", any()),
        ("record", maybe()),
    ]);
    all.insert("Import".to_owned(), import);
    all.insert("Imports".to_owned(), object(&[("imports", list(reference("Import")))]));
    let mapping = json!({ "type": ["object", "array"] });
    all.insert("ImportChange".to_owned(), object(&[("mapping?", mapping), ("options?", any())]));
    all.insert("ImportRows".to_owned(), object(&[("rows", list(row)), ("next", maybe())]));
}
