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
fn a_field_joins_search_in_the_same_step() {
    on_both(async |site| {
        let admin = site.admin();
        let boat = json!({ "name": "boat", "plural": "boats", "label": "Boat", "label_plural": "Boats", "title": "name",
                           "search": ["name"], "fields": [{ "name": "name", "kind": "text", "label": "Name" }] });
        admin.post("/objects", boat).await.is(201);
        let field = |name: &str, kind: &str, searched: bool| json!({ "name": name, "kind": kind, "label": name, "searched": searched });
        let search = async || admin.get("/objects/boat").await.is(200).json()["search"].clone();
        let harbour = admin.post("/objects/boat/fields", field("harbour", "text", true)).await.is(201).json();
        assert!(harbour.get("searched").is_none(), "{harbour}");
        admin.post("/objects/boat/fields", field("hull", "integer", true)).await.is(201);
        admin.post("/objects/boat/fields", field("remark", "text", false)).await.is(201);
        assert_eq!(search().await, json!(["name", "harbour", "hull"]));
        let id = admin.make("boats", json!({ "name": "Albatross", "harbour": "Quellmünde", "hull": 90_417 })).await;
        for words in ["quellm", "90417"] {
            assert!(admin.get(&format!("/search?q={words}")).await.is(200).text().contains(&id), "{words}");
        }
        // What cannot be searched is refused with the field; what is no truth as well.
        admin.post("/objects/boat/fields", field("sold", "date", true)).await.is(422);
        admin.patch("/objects/boat/fields/remark", json!({ "searched": "yes" })).await.is(422);
        admin.patch("/objects/boat", json!({ "search": ["name", "nothing"] })).await.is(409);
        admin.patch("/objects/boat/fields/hull", json!({ "searched": false })).await.is(200);
        assert_eq!(search().await, json!(["name", "harbour"]));
        // Others came to search since: the field goes alone, and search with it.
        admin.patch("/objects/boat/fields/remark", json!({ "searched": true, "label": "Remark" })).await.is(200);
        admin.post(&format!("/undo/{}", harbour["batch"].as_str().unwrap()), json!({})).await.is(200);
        assert_eq!(search().await, json!(["name", "remark"]));
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
fn a_formula_is_tried_on_a_record_as_it_would_be_kept() {
    on_both(async |site| {
        let admin = site.admin();
        let boat = json!({ "name": "boat", "plural": "boats", "label": "Boat", "label_plural": "Boats", "title": "name",
            "fields": [
                { "name": "name", "kind": "text", "label": "Name" },
                { "name": "price", "kind": "money", "label": "Price" },
                { "name": "fee", "kind": "percent", "label": "Fee" },
                { "name": "length", "kind": "decimal", "label": "Length", "unit": "m" },
                { "name": "yard", "kind": "reference", "label": "Yard", "target": "company" },
            ] });
        let made = admin.post("/objects", boat).await.is(201).json();
        assert!(made["fields"].as_array().unwrap().iter().any(|field| field["unit"] == "m"));
        admin.patch("/objects/boat/fields/name", json!({ "unit": "m" })).await.is(422);
        let try_on = async |caller: &crate::site::Client, source: &str, record: Option<&str>| {
            let asked = json!({ "object": "boat", "source": source, "result": "money", "try": { "record": record } });
            caller.post("/expressions/check", asked).await
        };
        assert!(try_on(&admin, "price * fee / 100", None).await.is(200).json()["tried"].is_null());
        let field = json!({ "name": "earned", "kind": "formula", "label": "Earned", "result": "money",
                            "formula": "price * fee / 100" });
        admin.post("/objects/boat/fields", field).await.is(201);
        let price = json!({ "amount": 200_000, "currency": "EUR" });
        let full = admin.make("boats", json!({ "name": "Albatross", "price": price, "fee": 3.57 })).await;
        let bare = admin.make("boats", json!({ "name": "Bare" })).await;
        // The newest with a result is taken; a per cent counts as it is written.
        let tried = try_on(&admin, "price * fee / 100", None).await.is(200).json()["tried"].clone();
        assert_eq!((&tried["record"]["id"], &tried["value"]["amount"]), (&json!(full), &json!(7140)));
        assert_eq!(admin.get(&format!("/boats/{full}")).await.is(200).json()["earned"], tried["value"]);
        let tried = try_on(&admin, "price * fee / 100", Some(&bare)).await.is(200).json()["tried"].clone();
        assert_eq!((&tried["record"]["title"], tried["value"].is_null()), (&json!("Bare"), true));
        try_on(&admin, "prce", Some(&bare)).await.is(400);
        // Who may not configure tries nothing: a result tells what it is made of.
        let reader = site.program(json!({ "objects": { "*": { "read": "all" } } }));
        try_on(&reader, "price * 2", Some(&full)).await.is(403);
        // Another record of the same object is another record: who sees only some of them tries nothing over it.
        let keeper = site.program(json!({ "special": ["configure"], "objects": { "*": { "read": "own" } } }));
        let over = json!({ "object": "company", "source": "parent.name", "result": "text", "try": { "record": null } });
        keeper.post("/expressions/check", over.clone()).await.is(403);
        admin.post("/expressions/check", over).await.is(200);
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
