//! Page layouts over HTTP: the start data of whom they are for, and the stream that says that some changed.

use serde_json::json;

use crate::live::hears;
use crate::site::on_both;

#[test]
fn the_start_data_has_the_layouts_of_ones_role_and_the_stream_says_when_they_change() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "Admin").await;
        let rights = json!({ "objects": { "company": { "read": "all", "fields": { "industry": "none" } } } });
        site.kit.create("role", json!({ "name": "Clerk", "rights": rights }));
        let ben = site.user("ben@example.com", "Clerk").await;
        let role = ben.get("/boot").await.is(200).json()["role"]["id"].clone();
        let (_, mut stream) = ben.stream("/events").await;
        let content = json!({ "sections": [{ "title": "First", "columns": 1, "fields": ["industry", "name"] }] });
        let layout = json!({ "name": "Clerks", "object": "company", "roles": [role], "content": content });
        let id = ann.make("page_layouts", layout).await;
        let (found, heard) = hears(&mut stream, "event: layouts", 5).await;
        assert!(found && !heard.contains(&id) && !heard.contains("page_layout"), "{heard}");
        let layouts = async |client: &crate::site::Client<'_>| {
            let boot = client.get("/boot").await.is(200).json();
            let objects = boot["objects"].as_array().unwrap().clone();
            objects.into_iter().find(|object| object["name"] == "company").unwrap()["layouts"].clone()
        };
        let sections = json!([{ "title": "First", "columns": 1, "fields": ["name"] }]);
        assert_eq!(layouts(&ben).await, json!([{ "id": id, "name": "Clerks", "sections": sections }]));
        assert_eq!(layouts(&ann).await, json!([]));
        ben.get("/page_layouts").await.is(403);
        ben.post("/page_layouts", json!({ "name": "Mine", "object": "company" })).await.is(403);
        let refused =
            ann.patch(&format!("/page_layouts/{id}"), json!({ "condition": "kind == " })).await.is(422).json();
        assert_eq!(refused["fields"][0]["field"], "condition");
        assert!(refused["position"].is_number(), "{refused}");
    });
}
