//! Random operations of the API.

use axum::http::Method;
use model::Schema;
use serde_json::{Value as Json, json};
use testkit::expressions::Writer;
use testkit::nasty::TEXTS;
use testkit::random::Random;
use uuid::Uuid;

use super::values::{FIELDS, id, value, values};
use super::{Pair, named};

/// One request, with names in place of ids.
#[derive(Debug)]
pub struct Operation {
    pub who: usize,
    pub method: Method,
    pub path: String,
    pub params: Vec<(&'static str, String)>,
    pub body: Option<Json>,
    pub if_match: Option<String>,
    /// The object whose records it makes.
    pub object: &'static str,
}

fn get(path: impl Into<String>) -> Operation {
    Operation {
        who: 0,
        method: Method::GET,
        path: path.into(),
        params: Vec::new(),
        body: None,
        if_match: None,
        object: "",
    }
}

fn send(method: Method, path: impl Into<String>, body: Json, object: &'static str) -> Operation {
    Operation { method, body: Some(body), object, ..get(path) }
}

/// Rights of somebody who may do some things.
pub fn few() -> Json {
    json!({ "objects": {
        "parcel": { "read": "age < 50 || company.employees > 5", "create": true, "update": "stage == 'open'", "delete": "all",
                    "fields": { "budget": "none", "wait": "read" } },
        "company": { "read": "all", "create": true, "update": "all", "delete": "none" } }, "special": ["bulk", "export"] })
}

fn definition() -> Json {
    let mut fields: Vec<Json> = FIELDS.iter().map(|(name, kind)| field(name, kind)).collect();
    fields.push(
        json!({ "name": "twice", "kind": "formula", "label": "Twice", "result": "decimal", "formula": "score * 2" }),
    );
    fields.push(json!({ "name": "weight", "kind": "rollup", "label": "Weight", "result": "decimal",
        "rollup": { "object": "parcel", "via": "parent", "aggregate": "sum", "field": "score" } }));
    fields.push(json!({ "name": "kids_count", "kind": "rollup", "label": "Kids", "result": "integer",
        "rollup": { "object": "parcel", "via": "parent", "aggregate": "count" } }));
    json!({ "name": "parcel", "plural": "parcels", "label": "Parcel", "label_plural": "Parcels", "title": "name",
        "subtitle": "code", "search": ["name", "bio", "emails", "phones", "code"], "fields": fields })
}

fn field(name: &str, kind: &str) -> Json {
    let (kind, target) = kind.split_once(':').map_or((kind, None), |(kind, target)| (kind, Some(target)));
    let mut field = json!({ "name": name, "kind": kind, "label": name });
    if let Some(target) = target {
        field["target"] = json!(target);
    }
    let options = |values: &[&str]| {
        json!(values.iter().map(|value| json!({ "value": value, "label": value })).collect::<Vec<_>>())
    };
    match name {
        "stage" => field["options"] = options(&["open", "won", "lost"]),
        "langs" => field["options"] = options(&["de", "fr"]),
        "code" => field["unique"] = json!(true),
        "extra" => field["sensitive"] = json!(true),
        "parent" => field["inverse"] = json!({ "name": "kids", "label": "Kids" }),
        "friends" => field["inverse"] = json!({ "name": "friend_of", "label": "Friend of" }),
        "company" => field["inverse"] = json!({ "name": "parcels", "label": "Parcels" }),
        _ => {}
    }
    field
}

/// What every pair of workspaces begins with.
pub fn first() -> Vec<Operation> {
    let companies: Vec<Json> = (0..8)
        .map(|at| json!({ "name": TEXTS[at], "employees": at * 3, "domains": [format!("d{at}.example")] }))
        .collect();
    vec![
        send(Method::POST, "/objects", definition(), ""),
        send(Method::POST, "/companies/bulk", json!({ "create": companies }), "company"),
    ]
}

/// What every pair of workspaces ends with: everything there is.
pub fn last() -> Vec<Operation> {
    let whole = |plural: &str| {
        let params = vec![("deleted", "with".to_owned()), ("sort", "id".to_owned()), ("limit", "200".to_owned())];
        Operation { params, ..get(format!("/{plural}")) }
    };
    vec![whole("companies"), whole("parcels"), whole("notes"), get("/batches"), get("/objects")]
}

fn object(random: &mut Random) -> (&'static str, &'static str) {
    *random.pick(&[
        ("parcel", "parcels"),
        ("parcel", "parcels"),
        ("parcel", "parcels"),
        ("company", "companies"),
        ("note", "notes"),
    ])
}

/// Any operation.
pub fn random(random: &mut Random, schema: &Schema, pair: &Pair) -> Operation {
    let (name, plural) = object(random);
    let one = format!("/{plural}/{}", id(random, pair, name));
    let mut operation = match random.below(41) {
        0..=5 => send(Method::POST, format!("/{plural}"), values(random, pair, name, 10), name),
        6..=10 => {
            let version = random.chance(3).then(|| format!("\"{}\"", 1 + random.below(3)));
            Operation { if_match: version, ..send(Method::PATCH, one, values(random, pair, name, 3), name) }
        }
        11 | 12 => Operation { method: Method::DELETE, ..get(one) },
        13 => send(Method::POST, format!("{one}/restore"), json!({}), name),
        14..=17 => bulk(random, schema, pair, name, plural),
        18 | 19 => undo(random, pair),
        20 => schema_edit(random, pair),
        21..=28 => list(random, schema, pair, name, plural),
        29 | 30 => aggregate(random, schema, pair, name, plural),
        31 | 32 => search(random),
        33 => Operation { params: page(random), ..get(format!("{one}/timeline")) },
        34 => Operation { params: page(random), ..get(format!("{one}/history")) },
        35 => export(random, schema, pair, name, plural),
        36 => Operation { params: vec![("include", "owner".to_owned())], ..get(one) },
        37 => merge(random, pair, name, plural),
        39 => send(Method::POST, format!("{one}/reveal"), json!({ "fields": ["extra"] }), ""),
        38 => send(Method::POST, "/people/check", json!({ "family_name": *random.pick(TEXTS) }), ""),
        _ => bad(random, plural),
    };
    operation.who = usize::from(random.chance(5));
    operation
}

fn page(random: &mut Random) -> Vec<(&'static str, String)> {
    vec![("limit", (*random.pick(&["1", "3", "10", "100"])).to_owned())]
}

/// A condition over records as random expressions say it, with names in place of ids.
fn condition(random: &mut Random, schema: &Schema, pair: &Pair, object: &str) -> String {
    let ids: Vec<Uuid> = pair.records.values().flatten().map(|at| named(*at).parse().unwrap()).collect();
    let depth = random.below(3);
    Writer::new(schema, object, random, &ids).condition(depth)
}

fn sort(random: &mut Random) -> String {
    let fields = ["created_at", "version", "id", "twice", "weight", "owner", "deleted_at"];
    let parts: Vec<String> = (0..1 + random.below(3))
        .map(|_| {
            let field = if random.chance(3) { *random.pick(&fields) } else { random.pick(FIELDS).0 };
            format!("{}{field}", if random.chance(2) { "-" } else { "" })
        })
        .collect();
    parts.join(",")
}

fn filtered(random: &mut Random, schema: &Schema, pair: &Pair, object: &str) -> Vec<(&'static str, String)> {
    let mut params = Vec::new();
    if !random.chance(4) {
        params.push(("filter", condition(random, schema, pair, object)));
    }
    if random.chance(4) {
        params.push(("deleted", (*random.pick(&["with", "only", "without"])).to_owned()));
    }
    params
}

fn list(random: &mut Random, schema: &Schema, pair: &Pair, object: &str, plural: &str) -> Operation {
    let mut params = filtered(random, schema, pair, object);
    if !random.chance(3) {
        params.push(("sort", sort(random)));
    }
    params.push(("limit", (*random.pick(&["1", "2", "5", "50"])).to_owned()));
    if random.chance(4) {
        params.push(("offset", random.below(12).to_string()));
    }
    if random.chance(5) {
        params.push(("include", (*random.pick(&["company", "parent", "friends", "owner"])).to_owned()));
    }
    if random.chance(5) {
        params.push(("fields", format!("{},version", random.pick(FIELDS).0)));
    }
    Operation { params, ..get(format!("/{plural}")) }
}

fn aggregate(random: &mut Random, schema: &Schema, pair: &Pair, object: &str, plural: &str) -> Operation {
    let mut params = filtered(random, schema, pair, object);
    let measured: Vec<String> = (0..1 + random.below(3))
        .map(|_| match random.below(4) {
            0 => "count".to_owned(),
            _ => format!("{}:{}", random.pick(&["sum", "min", "max", "avg"]), random.pick(FIELDS).0),
        })
        .collect();
    params.push(("measures", measured.join(",")));
    if !random.chance(3) {
        // Groups of lists come in an order of the database's own.
        let lists = ["emails", "phones", "links", "address", "extra", "friends", "about", "langs"];
        let plain: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).filter(|name| !lists.contains(name)).collect();
        let groups: Vec<&str> = (0..1 + random.below(2)).map(|_| *random.pick(&plain)).collect();
        params.push(("group", groups.join(",")));
    }
    Operation { params, ..get(format!("/{plural}/aggregate")) }
}

fn export(random: &mut Random, schema: &Schema, pair: &Pair, object: &str, plural: &str) -> Operation {
    let mut params = filtered(random, schema, pair, object);
    params.push(("format", (*random.pick(&["jsonl", "csv"])).to_owned()));
    params.push(("sort", sort(random)));
    Operation { params, ..get(format!("/{plural}/export")) }
}

fn search(random: &mut Random) -> Operation {
    let text = *random.pick(TEXTS);
    let part: String = text.chars().take(1 + random.below(8)).collect();
    let both = format!("{text} {}", random.pick(TEXTS));
    let typed = random.pick(&[text.to_owned(), part, both, "1234567".to_owned()]).clone();
    Operation { params: vec![("q", typed), ("limit", (*random.pick(&["3", "20"])).to_owned())], ..get("/search") }
}

fn bulk(random: &mut Random, schema: &Schema, pair: &Pair, name: &'static str, plural: &str) -> Operation {
    let count = 1 + random.below(5);
    let ids = |random: &mut Random| (0..count).map(|_| id(random, pair, name)).collect::<Vec<_>>();
    let body = match random.below(8) {
        0 | 1 => json!({ "create": (0..count).map(|_| values(random, pair, name, 8)).collect::<Vec<_>>() }),
        2 => {
            let rows = (0..count).map(|_| {
                let mut row = values(random, pair, name, 3);
                row["id"] = json!(id(random, pair, name));
                row
            });
            json!({ "update": rows.collect::<Vec<_>>() })
        }
        3 => {
            let by = if name == "parcel" { *random.pick(&["code", "name", "external_ids.shop"]) } else { "name" };
            let rows = (0..count).map(|_| {
                let mut row = values(random, pair, name, 4);
                row["external_ids"] = json!({ "shop": format!("s{}", random.below(6)) });
                if by == "code" {
                    row["code"] = json!(format!("{}{}", random.pick(TEXTS), random.below(4)));
                }
                row
            });
            json!({ "upsert": { "by": by, "records": rows.collect::<Vec<_>>() } })
        }
        4 => json!({ "delete": ids(random) }),
        5 => json!({ "restore": ids(random) }),
        6 => json!({ "filter": condition(random, schema, pair, name), "set": values(random, pair, name, 1) }),
        _ => json!({ "filter": format!("({}) && version > 2", condition(random, schema, pair, name)), "delete": true }),
    };
    send(Method::POST, format!("/{plural}/bulk"), body, name)
}

fn merge(random: &mut Random, pair: &Pair, name: &'static str, plural: &str) -> Operation {
    let body = json!({ "keep": id(random, pair, name), "merge": [id(random, pair, name)] });
    send(Method::POST, format!("/{plural}/merge"), body, name)
}

fn undo(random: &mut Random, pair: &Pair) -> Operation {
    let from = pair.batches.len().saturating_sub(15);
    // The first batches made the object and the companies.
    let batch = pair.batches.get(from.max(2)..).filter(|batches| !batches.is_empty());
    let batch = batch.map_or_else(|| named(0xffff_ffff), |batches| named(*random.pick(batches)));
    send(Method::POST, format!("/undo/{batch}"), json!({}), "")
}

fn schema_edit(random: &mut Random, pair: &Pair) -> Operation {
    let added = format!("added_{}", random.below(pair.fields.max(1)));
    match random.below(6) {
        0 | 1 => {
            let (_, kind) = random.pick(FIELDS);
            let mut definition = field(&format!("added_{}", pair.fields), kind);
            if matches!(*kind, "select" | "multi_select") {
                definition["options"] = json!([{ "value": "a", "label": "A" }]);
            }
            send(Method::POST, "/objects/parcel/fields", definition, "")
        }
        2 => {
            send(Method::PATCH, format!("/objects/parcel/fields/{added}"), json!({ "label": *random.pick(TEXTS) }), "")
        }
        3 => Operation { method: Method::DELETE, ..get(format!("/objects/parcel/fields/{added}")) },
        4 => send(Method::PATCH, "/objects/parcel", json!({ "icon": "box", "label": *random.pick(TEXTS) }), ""),
        _ => get("/objects/parcel"),
    }
}

/// What no client should send.
fn bad(random: &mut Random, plural: &str) -> Operation {
    let cursor = *random.pick(&["x", "e30", "AAAA", "MSAyIDMgNA"]);
    match random.below(7) {
        0 => Operation {
            params: vec![("cursor", cursor.to_owned()), ("sort", sort(random))],
            ..get(format!("/{plural}"))
        },
        1 => Operation { params: vec![("filter", (*random.pick(TEXTS)).to_owned())], ..get(format!("/{plural}")) },
        2 => Operation { params: vec![("sort", (*random.pick(TEXTS)).to_owned())], ..get(format!("/{plural}")) },
        3 => {
            send(Method::POST, format!("/{plural}/bulk"), json!({ "create": value(random, &Pair::new(), "json") }), "")
        }
        4 => send(Method::POST, format!("/{plural}/bulk"), json!({ "filter": *random.pick(TEXTS), "set": {} }), ""),
        5 => get(format!("/{plural}/not-an-id")),
        _ => Operation {
            params: vec![("offset", (*random.pick(&["-1", "99999999999999999999", "1000000"])).to_owned())],
            ..get(format!("/{plural}"))
        },
    }
}
