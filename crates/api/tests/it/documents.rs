//! What the page of all documents asks: lists, counts of folders and words among them, for those who may see the records.

use serde_json::{Value as Json, json};

use crate::site::{Answer, Client, Site, encoded, on_both};

/// Documents of two folders; readers see those that are no contracts.
async fn filled(site: &Site) -> String {
    let admin = site.admin();
    let company = admin.make("companies", json!({ "name": "Petrel Chandlers" })).await;
    let about = json!([{ "object": "company", "id": company }]);
    for (name, kind, folder) in [
        ("Sails offer", "offer", json!("Petrel/2025")),
        ("Sails contract", "contract", json!("Petrel/2025")),
        ("Sails invoice", "invoice", json!("petrel/2026")),
        ("Sails plan", "other", json!("Petrels")),
        ("Secret contract", "contract", json!("Board/Secret")),
        ("Sails letter", "letter", Json::Null),
    ] {
        let about = if name == "Sails plan" { Json::Null } else { about.clone() };
        admin.make("documents", json!({ "name": name, "kind": kind, "folder": folder, "about": about })).await;
    }
    company
}

async fn names(client: &Client<'_>, filter: &str) -> Vec<String> {
    let path = format!("/documents?sort=name&filter={}", encoded(filter));
    let body = client.get(&path).await.is(200).json();
    let records = body["records"].as_array().unwrap();
    assert_eq!(body["total"], json!({ "count": records.len(), "exact": true }), "{filter}");
    records.iter().map(|record| record["name"].as_str().unwrap().to_owned()).collect()
}

async fn search(client: &Client<'_>, words: &str, filter: &str) -> Answer {
    client.get(&format!("/search?q={words}&objects=documents&filter={}", encoded(filter))).await
}

async fn found(client: &Client<'_>, words: &str, filter: &str) -> Vec<String> {
    let body = search(client, words, filter).await.is(200).json();
    let results = body["results"].as_array().unwrap();
    let mut names: Vec<String> = results.iter().map(|hit| hit["title"].as_str().unwrap().to_owned()).collect();
    names.sort_unstable();
    names
}

const IN_PETREL: &str = "folder.startsWith('Petrel') && (folder == 'Petrel' || folder.startsWith('Petrel/'))";

#[test]
fn all_documents_are_listed_counted_and_found_within_the_readers_rights() {
    on_both(async |site| {
        let company = filled(site).await;
        let admin = site.admin();
        let reader = site.program(
            json!({ "objects": { "document": { "read": "kind != 'contract'" }, "company": { "read": "none" } } }),
        );
        assert_eq!(names(&admin, IN_PETREL).await, ["Sails contract", "Sails invoice", "Sails offer"]);
        assert_eq!(names(&reader, IN_PETREL).await, ["Sails invoice", "Sails offer"]);
        assert_eq!(names(&reader, "folder == 'Board/Secret'").await, [""; 0]);
        let of_companies = "about.exists(x, x.object == 'company')";
        assert_eq!(names(&reader, of_companies).await, ["Sails invoice", "Sails letter", "Sails offer"]);
        assert_eq!(
            names(&reader, &format!("about.exists(x, x.id == '{company}') && kind == 'offer'")).await,
            ["Sails offer"]
        );
        let counts = reader.get("/documents/aggregate?group=folder&measures=count").await.is(200);
        assert!(!counts.text().contains("Secret"), "{}", counts.text());
        let groups = counts.json()["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|group| group["count"].as_i64().unwrap())
            .sum::<i64>();
        assert_eq!(groups, 4);
        assert_eq!(found(&admin, "sails", IN_PETREL).await, ["Sails contract", "Sails invoice", "Sails offer"]);
        assert_eq!(found(&reader, "sails", IN_PETREL).await, ["Sails invoice", "Sails offer"]);
        assert_eq!(found(&reader, "sail", of_companies).await, ["Sails invoice", "Sails letter", "Sails offer"]);
        assert_eq!(found(&reader, "secret", "kind == 'contract'").await, [""; 0]);
        let id = admin.make("documents", json!({ "name": "Sails bill", "folder": " Petrel // 2027 / " })).await;
        assert_eq!(admin.get(&format!("/documents/{id}")).await.json()["folder"], "Petrel/2027");
        admin.patch(&format!("/documents/{id}"), json!({ "folder": " / " })).await.is(200);
        assert!(admin.get(&format!("/documents/{id}")).await.json()["folder"].is_null());
    });
}

#[test]
fn a_condition_of_search_is_checked_before_anything_is_found() {
    on_both(async |site| {
        filled(site).await;
        let blind =
            site.program(json!({ "objects": { "document": { "read": "all", "fields": { "folder": "none" } } } }));
        assert_eq!(search(&blind, "sails", IN_PETREL).await.code(403), "forbidden");
        assert_eq!(search(&blind, "nothinglikethis", IN_PETREL).await.code(403), "forbidden");
        assert_eq!(found(&blind, "sails", "kind == 'offer'").await, ["Sails offer"]);
        let nobody = site.program(json!({}));
        assert_eq!(search(&nobody, "sails", "kind == 'offer'").await.code(403), "forbidden");
        let admin = site.admin();
        assert_eq!(search(&admin, "sails", "kind ==").await.status, 400);
        let several = "/search?q=sails&objects=documents,people&filter=kind%20==%20'offer'";
        assert_eq!(admin.get(several).await.code(400), "bad_request");
        assert_eq!(admin.get("/search?q=sails&filter=kind%20==%20'offer'").await.code(400), "bad_request");
    });
}
