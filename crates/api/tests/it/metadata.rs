//! Objects and fields made at run time.

use serde_json::json;

use crate::site::{on_both, on_sqlite};

#[test]
fn an_object_of_ones_own_is_there_at_once() {
    on_both(async |site| {
        let admin = site.admin();
        let boat = json!({
            "name": "boat", "plural": "boats", "label": "Boat", "label_plural": "Boats", "title": "name",
            "search": ["name"],
            "fields": [
                { "name": "name", "kind": "text", "label": "Name", "required": true },
                { "name": "length", "kind": "decimal", "label": "Length" },
                { "name": "company", "kind": "reference", "label": "Owner company", "target": "company" },
            ],
        });
        admin.post("/objects", boat.clone()).await.is(201);
        let answer = admin.post("/objects", boat).await;
        assert!(matches!(answer.status, 409 | 422), "{}", answer.text());
        let id = admin.make("boats", json!({ "name": "Albatross", "length": 12.5 })).await;
        assert_eq!(admin.get(&format!("/boats/{id}")).await.is(200).json()["length"], 12.5);
        assert_eq!(admin.get("/boats?filter=length%20%3E%2012").await.is(200).json()["total"]["count"], 1);
        assert!(admin.get("/search?q=albat").await.is(200).text().contains(&id));
        let document = admin.get("/api/openapi.json").await.is(200).json();
        assert!(document["paths"]["/api/v1/boats/{id}"]["patch"].is_object());
        assert!(document["components"]["schemas"]["Boat"]["properties"]["length"].is_object());
        let field = json!({ "name": "colour", "kind": "select", "label": "Colour",
                            "options": [{ "value": "red", "label": "Red" }] });
        admin.post("/objects/boat/fields", field).await.is(201);
        admin.patch(&format!("/boats/{id}"), json!({ "colour": "red" })).await.is(200);
        admin.patch(&format!("/boats/{id}"), json!({ "colour": "blue" })).await.is(422);
        admin.patch("/objects/boat/fields/colour", json!({ "label": "Color" })).await.is(200);
        admin.patch("/objects/boat/fields/colour", json!({ "kind": "text" })).await.is(422);
        admin.patch("/objects/boat", json!({ "icon": "ship" })).await.is(200);
        assert_eq!(admin.get("/objects/boat").await.is(200).json()["icon"], "ship");
        let uses = admin.get("/objects/boat/fields/length/uses").await.is(200).json();
        assert_eq!(uses, json!({ "uses": [] }));
        let ordered = admin.patch("/objects/boat", json!({ "order": ["length", "name"] })).await.is(200).json();
        let fields = ordered["fields"].as_array().unwrap().iter().filter(|field| field["system"] != true);
        assert_eq!(fields.map(|field| field["name"].clone()).take(2).collect::<Vec<_>>(), ["length", "name"]);
        let gone = admin.delete("/objects/boat/fields/colour").await.is(200).json();
        assert!(admin.get(&format!("/boats/{id}")).await.is(200).json().get("colour").is_none());
        admin.post(&format!("/undo/{}", gone["batch"].as_str().unwrap()), json!({})).await.is(200);
        assert_eq!(admin.get(&format!("/boats/{id}")).await.is(200).json()["colour"], "red");
        let gone = admin.delete("/objects/boat").await.is(200).json();
        admin.get(&format!("/boats/{id}")).await.is(404);
        admin.post(&format!("/undo/{}", gone["batch"].as_str().unwrap()), json!({})).await.is(200);
        assert_eq!(admin.get(&format!("/boats/{id}")).await.is(200).json()["colour"], "red");
        admin.delete("/objects/person").await.is(409);
        let named = admin.patch("/objects/person", json!({ "label_plural": "Contacts" })).await.is(200).json();
        assert_eq!(named["label_plural"], "Contacts");
        admin.patch("/objects/person", json!({ "title": "job_title" })).await.is(409);
        admin.get("/objects/nothing").await.is(404);
    });
}

#[test]
fn names_of_the_api_cannot_be_taken() {
    on_sqlite(async |site| {
        for plural in ["session", "events", "files", "objects", "imports", "people", "undo"] {
            let object = json!({ "name": "thing", "plural": plural, "label": "T", "label_plural": "T", "title": "name",
                                 "fields": [{ "name": "name", "kind": "text", "label": "Name" }] });
            let answer = site.admin().post("/objects", object).await;
            assert!(matches!(answer.status, 409 | 422), "{plural}: {}", answer.text());
        }
    });
}

#[test]
fn expressions_are_checked_with_the_place_of_the_fault() {
    on_sqlite(async |site| {
        let admin = site.admin();
        let check = async |source: &str| {
            admin.post("/expressions/check", json!({ "object": "person", "source": source })).await
        };
        assert_eq!(
            check("company.name == 'Brightmoor'").await.is(200).json(),
            json!({ "ok": true, "kind": "boolean" })
        );
        let wrong = check("compny == 'x'").await.is(400).json();
        assert_eq!(wrong["code"], "bad_expression");
        assert!(wrong["position"].is_u64(), "{wrong}");
    });
}

#[test]
fn the_company_can_be_renamed_and_moved() {
    on_both(async |site| {
        let admin = site.admin();
        let change = json!({ "name": " Brightmoor ", "base_currency": "CHF", "time_zone": "Europe/Zurich" });
        let now = admin.patch("/workspace", change).await.is(200).json();
        assert_eq!(now["name"], "Brightmoor");
        assert_eq!(admin.get("/workspace").await.is(200).json(), now);
        let wrong = json!({ "name": "", "base_currency": "Euro", "default_country": "France", "time_zone": "Mars" });
        assert_eq!(admin.patch("/workspace", wrong).await.is(422).json()["fields"].as_array().unwrap().len(), 4);
        site.program(json!({})).patch("/workspace", json!({ "name": "Mine" })).await.is(403);
    });
}
