//! The audit log over the API: who did what and from where, without values of people.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::site::{Client, PASSWORD, encoded, on_both};

/// The kinds of the newest entries, oldest first.
async fn kinds(client: &Client<'_>, query: &str) -> Vec<String> {
    let page = client.get(&format!("/audit?limit=200{query}")).await.is(200).json();
    let entries = page["entries"].as_array().unwrap();
    entries.iter().rev().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
}

async fn entries(client: &Client<'_>, kind: &str) -> Vec<Json> {
    let page = client.get(&format!("/audit?kind={kind}")).await.is(200).json();
    page["entries"].as_array().unwrap().clone()
}

#[test]
fn what_people_do_is_told_with_actor_and_address() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "admin").await;
        let me = ann.get("/boot").await.json()["user"]["id"].as_str().unwrap().to_owned();
        let label = format!("user:{me}");
        let wrong = json!({ "email": "ann@example.com", "password": "canary canary canary" });
        site.stranger().post("/session", wrong).await.is(401);
        let unknown = json!({ "email": "canary@example.com", "password": "canary canary canary" });
        site.stranger().post("/session", unknown).await.is(401);
        let new = "eleven green boats sleep";
        ann.put("/session/password", json!({ "current": "canary canary canary", "new": new })).await.is(422);
        ann.put("/session/password", json!({ "current": PASSWORD, "new": new })).await.is(200);
        let other = site.stranger();
        other.post("/session", json!({ "email": "ann@example.com", "password": new })).await.is(200);
        assert_eq!(ann.delete("/sessions").await.is(200).json(), json!({ "ended": 1 }));
        other.get("/people").await.is(401);
        ann.patch("/workspace", json!({ "name": "Canary Limited" })).await.is(200);
        let field = json!({ "name": "shoe_size", "kind": "integer", "label": "Shoe size" });
        ann.post("/objects/person/fields", field).await.is(201);
        let person = ann.make("people", json!({ "family_name": "Canary" })).await;
        let gone = ann.delete(&format!("/people/{person}")).await.is(200).json();
        let batch = gone["batch"].as_str().unwrap();
        ann.post(&format!("/undo/{batch}"), json!({})).await.is(200);
        let filter = encoded("family_name == 'Canary'");
        ann.get(&format!("/people/export?format=csv&filter={filter}")).await.is(200);
        let key = ann.post("/api_keys", json!({ "name": "Shop", "role": role(&ann).await })).await.is(201).json();
        ann.delete(&format!("/api_keys/{}", key["record"]["id"].as_str().unwrap())).await.is(200);

        let told = kinds(&ann, &format!("&actor={}", encoded(&label))).await;
        let wanted = [
            "login.ok",
            "password.refused",
            "password.changed",
            "login.ok",
            "session.ended",
            "settings.changed",
            "schema.changed",
            "undo",
            "export.started",
            "export.done",
            "api_key.created",
            "api_key.deleted",
        ];
        assert_eq!(told, wanted);
        let refused = entries(&ann, "login.refused").await;
        assert_eq!(refused[1]["subject"], json!(label));
        assert_eq!(refused[0]["subject"], Json::Null);
        assert!(refused[0]["address"].is_string());
        let done = &entries(&ann, "export.done").await[0];
        assert_eq!(done["details"], json!({ "complete": true, "filter": "family_name == '…'", "rows": 1 }));
        assert_eq!(done["subject"], "object:person");
        let page = ann.get("/audit").await.is(200);
        assert!(!page.text().to_lowercase().contains("canary"), "{}", page.text());
        assert_eq!(page.json()["names"][&label]["name"], "Some One");
        ann.delete("/session").await.is(200);
    });
}

async fn role(client: &Client<'_>) -> Json {
    client.get("/roles?filter=name%20==%20'Reader'").await.is(200).json()["records"][0]["id"].clone()
}

#[test]
fn the_list_is_paged_and_filtered_and_comes_as_a_file() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "admin").await;
        for number in 0..7 {
            ann.make("teams", json!({ "name": format!("=Team {number}") })).await;
        }
        let first = ann.get("/audit?kind=team&limit=4").await.is(200).json();
        assert_eq!(first["entries"].as_array().unwrap().len(), 4);
        let cursor = first["next"].as_i64().unwrap();
        let rest = ann.get(&format!("/audit?kind=team.created&limit=4&cursor={cursor}")).await.is(200).json();
        assert_eq!((rest["entries"].as_array().unwrap().len(), &rest["next"]), (3, &Json::Null));
        assert!(kinds(&ann, "&kind=te").await.is_empty());
        assert!(kinds(&ann, "&to=2001-01-01T00:00:00Z").await.is_empty());
        assert!(!kinds(&ann, "&from=2001-01-01T00:00:00Z").await.is_empty());
        assert_eq!(ann.get("/audit?from=yesterday").await.code(400), "bad_request");
        assert_eq!(ann.get("/audit?limit=201").await.code(400), "bad_request");
        assert_eq!(ann.get("/audit?cursor=x").await.code(400), "bad_request");
        let file = ann.get("/audit/export?kind=team").await.is(200);
        assert!(file.header("content-disposition").starts_with("attachment"));
        assert_eq!(file.text().lines().count(), 8);
        assert!(file.text().contains("\"'=Team 3\""), "{}", file.text());
        assert_eq!(kinds(&ann, "&kind=audit").await, ["audit.exported"]);
        let report = ann.get("/audit/verify").await.is(200).json();
        assert_eq!((&report["ok"], &report["first_fault"]), (&json!(true), &Json::Null));
    });
}

#[test]
fn only_who_may_reads_it_and_nobody_writes_it() {
    on_both(async |site| {
        let member = site.user("member@example.com", "Member").await;
        let auditor = site.program(json!({ "special": ["audit"] }));
        for path in ["/audit", "/audit/verify", "/audit/export"] {
            assert_eq!(member.get(path).await.code(403), "forbidden");
            auditor.get(path).await.is(200);
            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                let answer = auditor.json(method.clone(), path, &json!({})).await;
                assert!((400..500).contains(&answer.status), "{method} {path}: {}", answer.status);
            }
        }
    });
}
