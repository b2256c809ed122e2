//! Public links of documents: what strangers get, when they get nothing, and who may make links at all.

use axum::http::{Method, header};
use serde_json::{Value as Json, json};

use crate::site::{Answer, Client, Site, on_both};

/// A document with a file that would love to be a page.
async fn document(client: &Client<'_>) -> String {
    let upload = client.request(
        Method::POST,
        "/files?name=%3Cb%3Eoffer.html",
        Some(("text/html", b"<script>alert('canary 7b1c')</script>".to_vec())),
    );
    let file = client.send(upload).await.is(201).json();
    client.make("documents", json!({ "name": "Offer", "files": [file] })).await
}

fn path_of(made: &Json) -> String {
    let url = made["url"].as_str().unwrap();
    url[url.find("/shared/").unwrap()..].to_owned()
}

async fn post(site: &Site, path: &str, form: &str) -> Answer {
    let stranger = site.stranger();
    let media = "application/x-www-form-urlencoded";
    stranger.send(stranger.request(Method::POST, path, Some((media, form.as_bytes().to_vec())))).await
}

#[test]
fn a_link_gives_the_file_as_an_attachment_and_ends_when_it_is_taken_back() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "admin").await;
        let id = document(&ann).await;
        let made = ann.post(&format!("/documents/{id}/links"), json!({})).await.is(201).json();
        let path = path_of(&made);
        assert_eq!((&made["password"], &made["downloads"]), (&json!(false), &json!(0)));
        let page = site.stranger().get(&path).await.is(200);
        let policy = page.header("content-security-policy").to_owned();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'nonce-") && !policy.contains("script-src"),
            "{policy}"
        );
        for (name, value) in [
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("x-robots-tag", "noindex, nofollow"),
        ] {
            assert_eq!(page.header(name), value);
        }
        assert!(page.text().contains("&lt;b&gt;offer.html") && !page.text().contains("<b>"), "{}", page.text());
        assert!(!page.text().contains("canary"));
        let file = post(site, &path, "").await.is(200);
        assert!(file.text().contains("canary 7b1c"));
        assert_eq!(file.headers[header::CONTENT_TYPE], "application/octet-stream");
        assert!(file.header("content-disposition").starts_with("attachment; filename="));
        assert_eq!(file.header("content-security-policy"), "sandbox; default-src 'none'");
        let links = ann.get(&format!("/documents/{id}/links")).await.is(200).json()["links"].clone();
        assert_eq!((&links[0]["downloads"], links[0].get("url")), (&json!(1), None), "looking counts nothing");
        assert!(!links.to_string().contains(&path[8..30]), "the address is shown once");
        let audit = ann.get("/audit").await.is(200).json()["entries"].to_string();
        for kind in ["document_link.made", "document_link.opened"] {
            assert!(audit.contains(kind), "{kind}");
        }
        assert!(!audit.contains(&path[8..30]));
        for wrong in [format!("{path}x"), "/shared/short".to_owned(), format!("/shared/{}", "A".repeat(43))] {
            let gone = site.stranger().get(&wrong).await.is(404);
            assert_eq!(gone.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
            post(site, &wrong, "").await.is(404);
        }
        let link = links[0]["id"].as_str().unwrap();
        ann.delete(&format!("/documents/{id}/links/{link}")).await.is(200);
        ann.delete(&format!("/documents/{id}/links/{link}")).await.is(404);
        site.stranger().get(&path).await.is(404);
        post(site, &path, "").await.is(404);
    });
}

#[test]
fn a_password_is_tried_a_few_times_only() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "admin").await;
        let id = document(&ann).await;
        let links = format!("/documents/{id}/links");
        ann.post(&links, json!({ "password": "short" })).await.is(422);
        let made = ann.post(&links, json!({ "password": "tall & quiet=ships" })).await.is(201).json();
        let path = path_of(&made);
        assert!(site.stranger().get(&path).await.is(200).text().contains("type=\"password\""));
        for form in ["", "password=wrong", "other=tall"] {
            let refused = post(site, &path, form).await.is(403);
            assert!(refused.text().contains("This is not the password") && !refused.text().contains("canary"));
        }
        post(site, &path, "password=tall+%26+quiet%3Dships").await.is(200);
        let mut statuses = Vec::new();
        for _ in 0..12 {
            statuses.push(post(site, &path, "password=guess").await.status);
        }
        assert!(statuses.contains(&429) && !statuses.contains(&200), "{statuses:?}");
    });
}

#[test]
fn a_link_has_the_rights_of_its_maker_and_an_end() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "admin").await;
        let id = document(&ann).await;
        let links = format!("/documents/{id}/links");
        for expires_at in ["2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "soon"] {
            ann.post(&links, json!({ "expires_at": expires_at })).await.is(422);
        }
        let path = path_of(&ann.post(&links, json!({})).await.is(201).json());
        site.stranger().get(&path).await.is(200);
        // The document goes, and its link with it; it comes back, and so does the link.
        ann.delete(&format!("/documents/{id}")).await.is(200);
        site.stranger().get(&path).await.is(404);
        ann.post(&format!("/documents/{id}/restore"), json!({})).await.is(200);
        site.stranger().get(&path).await.is(200);
        // Who only reads publishes nothing, and learns nothing of the links.
        let reader = site.user("ron@example.com", "Reader").await;
        reader.get(&format!("/documents/{id}")).await.is(200);
        reader.post(&links, json!({})).await.is(403);
        reader.get(&links).await.is(403);
        site.program(json!({ "admin": true })).post(&links, json!({})).await.is(403);
        // Whoever made it is gone.
        let user = ann.get("/boot").await.is(200).json()["user"]["id"].as_str().unwrap().to_owned();
        site.admin().patch(&format!("/users/{user}"), json!({ "active": false })).await;
        let state = site.stranger().get(&path).await.status;
        let active = site.admin().get(&format!("/users/{user}")).await.json()["active"].clone();
        assert_eq!((state, active), (404, json!(false)));
    });
}

#[test]
fn whom_a_document_was_shared_with_publishes_nothing() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "admin").await;
        let id = document(&ann).await;
        let kept = ann.post(&format!("/documents/{id}/links"), json!({})).await.is(201).json();
        let rights = json!({ "objects": { "document": { "read": "own", "update": "own" } } });
        let role = ann.make("roles", json!({ "name": "Guest", "rights": rights })).await;
        let guest = json!({ "name": "Gil", "email": "gil@example.com", "role": role, "active": true });
        let guest = ann.make("users", guest).await;
        let about = json!([{ "object": "document", "id": id }]);
        ann.make("shares", json!({ "about": about, "user": guest, "level": "change" })).await;
        let link = ann.post(&format!("/users/{guest}/invite"), json!({})).await.is(200).json();
        let token = link["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let gil = site.stranger();
        gil.post(&format!("/invitations/{token}"), json!({ "password": "seven purple lamps" })).await.is(200);
        gil.patch(&format!("/documents/{id}"), json!({ "name": "Offer 2" })).await.is(200);
        assert_eq!(gil.post(&format!("/documents/{id}/links"), json!({})).await.code(403), "forbidden");
        gil.delete(&format!("/documents/{id}/links/{}", kept["id"].as_str().unwrap())).await.is(403);
        site.stranger().get(&path_of(&kept)).await.is(200);
    });
}
