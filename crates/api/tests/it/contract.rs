//! What the OpenAPI document promises and a walk through it once found broken.

use serde_json::json;

use crate::site::{on_both, on_sqlite};

#[test]
fn a_refused_row_is_a_whole_problem() {
    on_both(async |site| {
        let admin = site.admin();
        let missing = json!({ "update": [{ "id": uuid::Uuid::now_v7(), "description": "x" }] });
        let answer = admin.post("/people/bulk", missing).await.is(200).json();
        let problem = &answer["errors"][0]["problem"];
        for part in ["type", "title", "status", "code", "detail", "fields"] {
            assert!(!problem[part].is_null(), "{part}: {problem}");
        }
        admin.make("tags", json!({ "name": "Taken" })).await;
        let taken = admin.post("/tags/bulk", json!({ "create": [{ "name": "taken" }] })).await.is(200).json();
        let problem = &taken["errors"][0]["problem"];
        assert!(problem["other"].is_string() && problem["extra"].is_null(), "{problem}");
    });
}

#[test]
fn a_row_with_a_wrong_version_overwrites_nothing() {
    on_both(async |site| {
        let admin = site.admin();
        let id = admin.make("people", json!({ "family_name": "Before" })).await;
        let row = |version| json!({ "update": [{ "id": id, "family_name": "After", "version": version }] });
        for wrong in [json!("1"), json!(1.5), json!({})] {
            let answer = admin.post("/people/bulk", row(wrong)).await.json();
            assert_eq!(answer["errors"][0]["problem"]["fields"][0]["field"], "version", "{answer}");
        }
        assert_eq!(admin.get(&format!("/people/{id}")).await.json()["family_name"], "Before");
        assert_eq!(admin.post("/people/bulk", row(json!(1))).await.is(200).json()["updated"], 1);
    });
}

#[test]
fn parameters_are_as_the_document_says() {
    on_sqlite(async |site| {
        let admin = site.admin();
        let id = admin.make("people", json!({ "family_name": "One" })).await;
        assert_eq!(admin.get(&format!("/people/{id}?at=")).await.code(400), "bad_request");
        let ann = site.user("ann@example.com", "Member").await;
        assert_eq!(ann.get("/notifications?limit=101").await.code(400), "bad_request");
        let document = admin.get("/api/openapi.json").await.json();
        let content = |path: &str| {
            let answer = &document["paths"][path]["get"]["responses"]["200"]["content"];
            answer.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
        };
        for (path, plural) in [("people", "/api/v1/people/export"), ("tasks", "/api/v1/tasks/export")] {
            for (format, there) in [("csv", true), ("xlsx", true), ("jsonl", true), ("vcf", path == "people")] {
                let answer = admin.get(&format!("/{path}/export?format={format}")).await;
                assert_eq!(answer.status == 200, there, "{path} {format}");
                let media = answer.header("content-type").split(';').next().unwrap().to_owned();
                assert!(!there || content(plural).contains(&media), "{path} {format}: {media}");
            }
        }
    });
}
