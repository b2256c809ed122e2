//! Seeing as somebody else: with their rights, for reading alone, nothing that is only theirs, all of it in the log.

use serde_json::{Value as Json, json};

use crate::site::{Client, Site, on_both};

const PASSWORD: &str = "seven purple lamps";

/// Somebody with a role, logged in.
async fn person<'a>(site: &'a Site, name: &str, rights: Json) -> (String, Client<'a>) {
    let admin = site.admin();
    let role = admin.make("roles", json!({ "name": format!("Role of {name}"), "rights": rights })).await;
    let email = format!("{name}@example.com");
    let user = admin.make("users", json!({ "name": name, "email": email, "role": role, "active": true })).await;
    let link = admin.post(&format!("/users/{user}/invite"), json!({})).await.is(200).json();
    let token = link["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let client = site.stranger();
    client.post(&format!("/invitations/{token}"), json!({ "password": PASSWORD })).await.is(200);
    (user, client)
}

async fn companies(client: &Client<'_>) -> u64 {
    client.get("/companies").await.is(200).json()["total"]["count"].as_u64().unwrap()
}

#[test]
fn one_sees_as_another_and_changes_nothing() {
    on_both(async |site| {
        let admin = site.admin();
        let own = json!({ "read": "own", "create": true, "update": "own", "delete": "own" });
        let special = json!(["export", "bulk", "sensitive", "audit", "configure", "manage_users"]);
        let (ann, hers) = person(site, "ann", json!({ "objects": { "company": own }, "special": special })).await;
        let all = json!({ "objects": { "*": { "read": "all", "create": true } }, "special": ["view_as"] });
        let (eve, client) = person(site, "eve", all).await;
        let id = hers.make("companies", json!({ "name": "Of Ann" })).await;
        admin.make("companies", json!({ "name": "Of nobody" })).await;
        let times = json!({ "title": "Talk", "starts_at": "2026-11-22T08:00:00Z" });
        let meeting = admin.make("meetings", times).await;
        assert_eq!(companies(&client).await, 2);
        client.post("/session/view_as", json!({ "user": ann })).await.is(200);
        assert_eq!(companies(&client).await, 1);
        let boot = client.get("/boot").await.is(200).json();
        assert_eq!((boot["user"]["id"].as_str(), &boot["viewing"]), (Some(ann.as_str()), &json!(true)));
        // Nothing is changed, whatever Ann may.
        let before = site.kit.checksum();
        let company = format!("/companies/{id}");
        assert_eq!(client.patch(&company, json!({ "name": "X" })).await.code(403), "forbidden");
        client.delete(&company).await.is(403);
        client.post("/companies", json!({ "name": "X" })).await.is(403);
        client.post("/companies/bulk", json!({ "create": [{ "name": "X" }] })).await.is(403);
        client.post(&format!("{company}/reveal"), json!({ "fields": ["name"] })).await.is(403);
        client.post("/notifications/read", json!({})).await.is(403);
        client.post("/calendar_feed", json!({})).await.is(403);
        client.post("/session/view_as", json!({ "user": eve })).await.is(403);
        client
            .json(axum::http::Method::PUT, "/session/password", &json!({ "current": PASSWORD, "new": "x" }))
            .await
            .is(403);
        // What is only hers stays hers, and nothing leaves as a file.
        for path in ["/sessions", "/session/second_factor", "/second_factors", "/calendar_feed", "/companies/export"] {
            assert_eq!(client.get(path).await.code(403), "forbidden", "{path}");
        }
        client.get("/api_keys").await.is(403);
        client.get(&format!("/meetings/{meeting}/ics")).await.is(403);
        // Nor are rights over others and over the workspace lent.
        client.get("/audit").await.is(403);
        assert_eq!(site.kit.checksum(), before);
        client.post("/expressions/check", json!({ "object": "company", "source": "true" })).await.is(200);
        // Ann herself is not touched by it.
        hers.patch(&company, json!({ "name": "Of Ann still" })).await.is(200);
        client.delete("/session/view_as").await.is(200);
        client.delete("/session/view_as").await.is(404);
        assert_eq!(companies(&client).await, 2);
        let log = admin.get("/audit?kind=view_as").await.is(200).json();
        let told: Vec<(&str, &str)> = log["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| (entry["kind"].as_str().unwrap(), entry["actor"].as_str().unwrap()))
            .collect();
        let who = format!("user:{eve}");
        assert_eq!(told, [("view_as.ended", who.as_str()), ("view_as.begun", who.as_str())]);
        assert_eq!(log["entries"][0]["subject"], format!("user:{ann}"));
    });
}

#[test]
fn nobody_sees_as_an_administrator_or_without_the_right() {
    on_both(async |site| {
        let (ann, hers) = person(site, "ann", json!({ "objects": { "company": { "read": "all" } } })).await;
        let (boss, _) = person(site, "boss", json!({ "admin": true })).await;
        let (eve, client) = person(site, "eve", json!({ "special": ["view_as"] })).await;
        hers.post("/session/view_as", json!({ "user": eve })).await.is(403);
        client.post("/session/view_as", json!({ "user": boss })).await.is(403);
        client.post("/session/view_as", json!({ "user": eve })).await.is(400);
        site.admin().post("/session/view_as", json!({ "user": ann })).await.is(403);
        // Who is switched off meanwhile is no longer seen as; still nothing is changed before one stops.
        client.post("/session/view_as", json!({ "user": ann })).await.is(200);
        site.admin().patch(&format!("/users/{ann}"), json!({ "active": false })).await.is(200);
        client.post("/session/view_as", json!({ "user": ann })).await.is(403);
        tokio::time::sleep(std::time::Duration::from_millis(2_200)).await;
        let boot = client.get("/boot").await.is(200).json();
        assert_eq!((boot["user"]["id"].as_str(), &boot["viewing"]), (Some(eve.as_str()), &json!(true)));
        client.patch(&format!("/users/{eve}"), json!({ "name": "X" })).await.is(403);
        // Logging out ends it, too.
        client.delete("/session").await.is(200);
        let log = site.admin().get("/audit?kind=view_as.ended").await.is(200).json();
        assert_eq!(log["entries"].as_array().unwrap().len(), 1);
    });
}
