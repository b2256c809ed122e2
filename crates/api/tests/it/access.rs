//! Authorisation, taken from the OpenAPI document itself: nothing new can be forgotten.

use axum::http::Method;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::site::{Client, Site, on_both};

/// What strangers may ask. This list may only shrink.
const PUBLIC: &[&str] = &[
    "GET /api/v1/setup",
    "POST /api/v1/setup",
    "POST /api/v1/session",
    // Whoever forgot the password cannot log in: the same answer for every address, 3 mails an hour, 20 questions.
    "POST /api/v1/password_reset",
    "GET /api/v1/invitations/{token}",
    "POST /api/v1/invitations/{token}",
    "POST /api/v1/session/code",
    "POST /api/v1/session/set_up",
    // Calendar programs cannot log in: the address itself is the secret, one a user, kept as its hash, revoked at will.
    "GET /feeds/calendar/{secret}",
    // Whoever was sent a document has no account: the address is the secret, kept as its hash, with an end, taken back at will.
    "GET /shared/{secret}",
    "POST /shared/{secret}",
    // Forms of web pages send what strangers type: they write leads alone, learn nothing, and are counted by address and form.
    "GET /public/leads/{id}",
    "POST /public/leads/{id}",
    "GET /healthz",
    "GET /readyz",
];

/// What a caller without any right may do: look at what everyone may know, find nothing, and check its own words.
/// This list may only shrink.
const WITHOUT_RIGHTS: &[&str] = &[
    "GET /api/openapi.json",
    "GET /api/v1/batches",
    "GET /api/v1/definitions",
    "GET /api/v1/definitions/aggregate",
    "GET /api/v1/duplicates",
    "GET /api/v1/events",
    "GET /api/v1/imports",
    "GET /api/v1/objects",
    "GET /api/v1/objects/{name}",
    "GET /api/v1/roles",
    "GET /api/v1/roles/aggregate",
    "GET /api/v1/search",
    "GET /api/v1/teams",
    "GET /api/v1/teams/aggregate",
    "GET /api/v1/territories",
    "GET /api/v1/territories/aggregate",
    "GET /api/v1/users",
    "GET /api/v1/users/aggregate",
    "GET /api/v1/views",
    "GET /api/v1/views/aggregate",
    "GET /api/v1/work_calendars",
    "GET /api/v1/work_calendars/aggregate",
    "GET /api/v1/workspace",
    "POST /api/v1/expressions/check",
];

/// Every operation with a path that leads somewhere: `(name, method, path, body)`.
async fn operations(site: &Site) -> Vec<(String, Method, String, Json)> {
    let document = site.admin().get("/api/openapi.json").await.is(200).json();
    let ids = some_records(site).await;
    let mut found = Vec::new();
    for (template, methods) in document["paths"].as_object().unwrap() {
        let plural = template.split('/').nth(3).unwrap_or_default();
        let id = ids.iter().find(|(name, _)| name == plural).map_or_else(Uuid::now_v7, |(_, id)| *id);
        let path = template
            .replace("{id}", &id.to_string())
            .replace("{batch}", &Uuid::now_v7().to_string())
            .replace("{token}", &"A".repeat(43))
            .replace("{secret}", &"A".repeat(43))
            .replace("{name}", "person")
            .replace("{link}", &Uuid::now_v7().to_string())
            .replace("{field}", "name")
            .replace("{sha256}", &"0".repeat(64));
        let path = match template.as_str() {
            "/api/v1/search" => format!("{path}?q=canary"),
            "/api/v1/duplicates" => format!("{path}?object=person"),
            "/api/v1/consent/check" => format!("{path}?address=a@example.com&channel=email"),
            "/api/v1/free-busy" => {
                format!("{path}?users={}&from=2099-01-01T00:00:00Z&to=2099-01-02T00:00:00Z", Uuid::now_v7())
            }
            "/api/v1/files" => format!("{path}?name=a.txt"),
            _ => path,
        };
        for method in methods.as_object().unwrap().keys() {
            let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
            let body = body_of(&method, template);
            let path = match (method.as_str(), template.as_str()) {
                ("POST", "/api/v1/imports") => format!("{path}?object=person&name=a.csv"),
                _ => path.clone(),
            };
            found.push((format!("{method} {template}"), method, path, body));
        }
    }
    assert!(found.len() > 150, "the document lists every object's operations: {}", found.len());
    found
}

fn body_of(method: &Method, template: &str) -> Json {
    let last = template.rsplit('/').next().unwrap();
    match (method.as_str(), last) {
        ("POST", "people") => json!({ "family_name": "canary" }),
        ("POST", "bulk") => json!({ "create": [{ "name": "canary" }] }),
        ("POST", "merge") => json!({ "keep": Uuid::now_v7(), "merge": [Uuid::now_v7()] }),
        ("POST", "scan") => json!({ "object": "person" }),
        ("POST", "objects") => {
            json!({ "name": "boat", "plural": "boats", "label": "Boat", "label_plural": "Boats", "title": "name",
                    "fields": [{ "name": "name", "kind": "text", "label": "Name" }] })
        }
        ("POST", "fields") => json!({ "name": "extra", "kind": "text", "label": "Extra" }),
        ("PATCH", "person" | "{name}") => json!({ "label": "Human" }),
        ("PATCH", "{field}") => json!({ "label": "Called" }),
        ("POST", "api_keys") => json!({ "name": "canary", "role": Uuid::now_v7() }),
        ("POST", "check") if template.contains("expressions") => json!({ "object": "person", "source": "true" }),
        ("POST", "devices") => {
            json!({ "endpoint": "https://push.example.com/canary", "keys": { "p256dh": "BA", "auth": "AA" } })
        }
        ("POST", "lift") => json!({ "reason": "canary" }),
        ("PUT", "password") => json!({ "current": "x", "new": "seven purple lamps" }),
        ("POST", "restore" | "convert" | "check" | "dismiss" | "reopen" | "start" | "cancel" | "invite") => json!({}),
        ("POST", "{token}") => json!({ "password": "seven purple lamps" }),
        _ => json!({ "name": "canary" }),
    }
}

async fn some_records(site: &Site) -> Vec<(String, Uuid)> {
    let admin = site.admin();
    let mut ids = Vec::new();
    for plural in ["people", "companies", "tasks", "notes", "tags"] {
        let field = match plural {
            "people" => "family_name",
            "tasks" => "title",
            "notes" => "body",
            _ => "name",
        };
        let answer = admin.post(&format!("/{plural}"), json!({ field: "canary 7b1c" })).await;
        if answer.status == 201 {
            let id = answer.json()["record"]["id"].as_str().unwrap().parse().unwrap();
            ids.push((plural.to_owned(), id));
        }
    }
    assert!(ids.len() >= 3);
    ids
}

async fn ask(client: &Client<'_>, method: &Method, path: &str, body: &Json) -> crate::site::Answer {
    if path.ends_with("/events") {
        let (status, _) = client.stream(path).await;
        return crate::site::Answer { status: status.as_u16(), headers: Default::default(), bytes: Default::default() };
    }
    match *method {
        Method::GET | Method::DELETE => client.send(client.request(method.clone(), path, None)).await,
        _ => client.json(method.clone(), path, body).await,
    }
}

#[test]
fn strangers_get_nothing_but_the_public_list() {
    on_both(async |site| {
        let operations = operations(site).await;
        let before = site.kit.checksum();
        let mut open = Vec::new();
        for (name, method, path, body) in &operations {
            let answer = ask(&site.stranger(), method, path, body).await;
            if PUBLIC.contains(&name.as_str()) {
                open.push(name.as_str());
                assert_ne!(answer.status, 401, "{name}");
            } else {
                assert_eq!(answer.status, 401, "{name}: {}", answer.text());
            }
        }
        open.sort_unstable();
        let mut public = PUBLIC.to_vec();
        public.sort_unstable();
        assert_eq!(open, public, "the list names operations that are gone");
        assert_eq!(site.kit.checksum(), before);
    });
}

#[test]
fn a_role_without_rights_reads_nothing_and_changes_nothing() {
    on_both(async |site| {
        let operations = operations(site).await;
        let nobody = site.program(json!({}));
        let before = site.kit.checksum();
        for (name, method, path, body) in &operations {
            if PUBLIC.contains(&name.as_str()) {
                continue;
            }
            let answer = ask(&nobody, method, path, body).await;
            assert!(!answer.text().contains("canary 7b1c"), "{name} shows a record: {}", answer.text());
            let listed = WITHOUT_RIGHTS.contains(&name.as_str());
            let right = if listed { answer.status == 200 } else { (400..500).contains(&answer.status) };
            assert!(right, "{name}: {} {}", answer.status, answer.text());
            if !listed && !matches!(answer.status, 403 | 404) {
                // Only what is wrong with the request itself may be said before the right is looked at.
                assert!(matches!(answer.status, 400 | 409 | 422), "{name}: {} {}", answer.status, answer.text());
            }
        }
        assert_eq!(site.kit.checksum(), before);
    });
}

#[test]
fn rights_end_at_rows_and_fields_on_every_path() {
    on_both(async |site| {
        let admin = site.admin();
        let secret = admin.make("companies", json!({ "name": "Hidden canary", "employees": 7 })).await;
        admin.make("companies", json!({ "name": "Open", "employees": 3 })).await;
        let few = site.program(json!({ "objects": { "company": {
            "read": "employees < 5", "update": "employees < 5", "fields": { "annual_revenue": "none", "name": "read" },
        } } }));
        let list = few.get("/companies").await.is(200).json();
        assert_eq!(list["total"]["count"], 1);
        for path in [
            format!("/companies/{secret}"),
            format!("/companies/{secret}/timeline"),
            format!("/companies/{secret}/history"),
            format!("/companies/{secret}?at=2999-01-01T00:00:00Z"),
        ] {
            few.get(&path).await.is(404);
        }
        for path in [
            "/companies?filter=annual_revenue%20%3E%201",
            "/companies?sort=annual_revenue",
            "/companies?fields=annual_revenue",
            "/companies/aggregate?measures=sum:annual_revenue",
            "/companies/aggregate?group=annual_revenue",
        ] {
            few.get(path).await.is(403);
        }
        assert!(!few.get("/search?q=canary").await.is(200).text().contains("Hidden"));
        let answer = few.patch(&format!("/companies/{secret}"), json!({ "employees": 1 })).await;
        assert!(matches!(answer.status, 403 | 404), "{}", answer.text());
        let open = list["records"][0]["id"].as_str().unwrap();
        few.patch(&format!("/companies/{open}"), json!({ "name": "Renamed" })).await.is(403);
        few.patch(&format!("/companies/{open}"), json!({ "employees": 4 })).await.is(200);
        few.patch(&format!("/companies/{open}"), json!({ "employees": 9 })).await.is(403);
        few.post("/companies", json!({ "name": "New" })).await.is(403);
        few.delete(&format!("/companies/{open}")).await.is(403);
    });
}
