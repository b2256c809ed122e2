//! Sensitive fields: left out of every answer, shown to whoever asks and may, and every asking is in the audit log.

use serde_json::{Value as Json, json};

use crate::site::{Client, Site, encoded, on_both};

/// An object with a sensitive field that nothing names, searches or shows elsewhere but itself.
async fn patients(site: &Site) -> String {
    let admin = site.admin();
    let fields = json!([
        { "name": "name", "kind": "text", "label": "Name" },
        { "name": "number", "kind": "text", "label": "Number", "sensitive": true },
        { "name": "score", "kind": "integer", "label": "Score", "sensitive": true },
    ]);
    let object = json!({ "name": "patient", "plural": "patients", "label": "Patient", "label_plural": "Patients",
        "title": "name", "search": ["name", "number"], "fields": fields });
    admin.post("/objects", object).await.is(201);
    let id = admin.make("patients", json!({ "name": "Ann", "number": "zqcanary", "score": 7007007 })).await;
    admin.patch(&format!("/patients/{id}"), json!({ "number": "zqcanary two" })).await.is(200);
    id
}

fn reader<'a>(site: &'a Site, special: &[&str]) -> Client<'a> {
    site.program(
        json!({ "objects": { "patient": { "read": "all", "create": true, "update": "all" } }, "special": special }),
    )
}

async fn looks(site: &Site, id: &str) -> Vec<Json> {
    let page = site.admin().get(&format!("/audit?kind=sensitive&subject=patient:{id}")).await.is(200).json();
    page["entries"].as_array().unwrap().clone()
}

#[test]
fn no_answer_shows_a_sensitive_value() {
    on_both(async |site| {
        let id = patients(site).await;
        for client in [site.admin(), reader(site, &["export", "bulk", "merge", "sensitive"])] {
            for path in [
                "/patients".to_owned(),
                "/patients?fields=name,number,score".to_owned(),
                format!("/patients/{id}"),
                format!("/patients/{id}?at=2999-01-01T00:00:00Z"),
                format!("/patients/{id}/timeline"),
                format!("/patients/{id}/history"),
                "/patients/export?format=jsonl".to_owned(),
                "/patients/export?format=csv&fields=name,number".to_owned(),
                "/search?q=Ann".to_owned(),
            ] {
                let answer = client.get(&path).await.is(200);
                assert!(
                    !answer.text().contains("zqcanary") && !answer.text().contains("7007007"),
                    "{path} {}",
                    answer.text()
                );
            }
            let written = client.patch(&format!("/patients/{id}"), json!({ "number": "zqcanary three" })).await.is(200);
            assert!(!written.text().contains("zqcanary"), "{}", written.text());
            let stale =
                client.with("if-match", "\"1\"").patch(&format!("/patients/{id}"), json!({ "name": "X" })).await;
            assert!(stale.status == 412 && !stale.text().contains("zqcanary"), "{}", stale.text());
        }
        assert!(looks(site, &id).await.is_empty());
    });
}

#[test]
fn whoever_asks_is_shown_and_logged() {
    on_both(async |site| {
        let id = patients(site).await;
        let path = format!("/patients/{id}/reveal");
        let plain = reader(site, &[]);
        let shown = plain.post(&path, json!({ "fields": ["number"] })).await.is(200).json();
        assert_eq!(shown, json!({ "values": { "number": "zqcanary two" } }));
        let looked = looks(site, &id).await;
        assert_eq!(looked.len(), 1);
        assert_eq!(looked[0]["kind"], "sensitive.read");
        assert_eq!(looked[0]["details"], json!({ "fields": ["number"] }));
        assert!(!looked[0].to_string().contains("zqcanary"));
        assert_eq!(plain.post(&path, json!({ "fields": [] })).await.code(400), "bad_request");
        assert_eq!(plain.post(&path, json!({ "fields": ["name"] })).await.code(400), "bad_request");
        let rights = json!({ "read": "all", "fields": { "number": "none" } });
        let blind = site.program(json!({ "objects": { "patient": rights } }));
        assert_eq!(blind.post(&path, json!({ "fields": ["number"] })).await.code(403), "forbidden");
        let far = site.program(json!({ "objects": { "patient": { "read": "name == 'Ben'" } } }));
        assert_eq!(far.post(&path, json!({ "fields": ["number"] })).await.code(404), "not_found");
        assert_eq!(looks(site, &id).await.len(), 1);
        assert_eq!(plain.get("/audit").await.code(403), "forbidden");
    });
}

#[test]
fn a_sensitive_field_is_no_oracle() {
    on_both(async |site| {
        patients(site).await;
        let (plain, trusted) = (reader(site, &["bulk"]), reader(site, &["bulk", "sensitive"]));
        let condition = encoded("number.startsWith('zq')");
        for path in [
            format!("/patients?filter={condition}"),
            "/patients?sort=score".to_owned(),
            "/patients/aggregate?group=number".to_owned(),
            "/patients/aggregate?measures=sum:score".to_owned(),
            format!("/patients/aggregate?measures=count&filter={condition}"),
        ] {
            let refused = plain.get(&path).await;
            assert!(refused.text().contains("needs the right `sensitive`"), "{path} {}", refused.text());
            assert_eq!(refused.code(403), "forbidden", "{path}");
            trusted.get(&path).await.is(200);
        }
        let told = site.admin().get("/audit?kind=sensitive.figures").await.is(200).json();
        let fields: Vec<&Json> =
            told["entries"].as_array().unwrap().iter().map(|entry| &entry["details"]["fields"]).collect();
        assert_eq!(fields, [&json!(["score"]), &json!(["number"])]);
        let upsert = json!({ "upsert": { "by": "number", "records": [{ "number": "zqcanary two", "name": "Ann" }] } });
        let refused = plain.post("/patients/bulk", upsert).await;
        assert!(refused.text().contains("needs the right `sensitive`"), "{}", refused.text());
        let found = plain.get("/search?q=zqcanary").await.is(200).json();
        assert_eq!(found["results"], json!([]));
    });
}

#[test]
fn an_export_in_clear_needs_its_right_and_is_one_entry() {
    on_both(async |site| {
        patients(site).await;
        let path = "/patients/export?format=csv&clear=true";
        assert_eq!(reader(site, &["export"]).get(path).await.code(403), "forbidden");
        assert_eq!(reader(site, &["sensitive"]).get(path).await.code(403), "forbidden");
        let text = reader(site, &["export", "sensitive"]).get(path).await.is(200).text();
        assert!(text.contains("zqcanary two") && text.contains("7007007"), "{text}");
        let page = site.admin().get("/audit?kind=sensitive").await.is(200).json();
        assert_eq!(page["entries"].as_array().unwrap().len(), 1, "{page}");
        assert_eq!(page["entries"][0]["kind"], "sensitive.export");
        assert_eq!(page["entries"][0]["details"]["fields"], json!(["number", "score"]));
    });
}

#[test]
fn what_cannot_be_kept_secret_is_refused() {
    on_both(async |site| {
        let admin = site.admin();
        let object = |fields: Json| {
            json!({ "name": "thing", "plural": "things", "label": "Thing", "label_plural": "Things",
            "title": "name", "fields": fields })
        };
        let name = |sensitive: bool| json!({ "name": "name", "kind": "text", "label": "Name", "sensitive": sensitive });
        let papers = json!({ "name": "papers", "kind": "files", "label": "Papers", "sensitive": true });
        let pay = json!({ "name": "pay", "kind": "decimal", "label": "Pay", "sensitive": true });
        let mut year =
            json!({ "name": "year", "kind": "formula", "label": "Year", "result": "decimal", "formula": "pay * 12" });
        for (fields, why) in [
            (json!([name(true)]), "titles stand everywhere"),
            (json!([name(false), papers]), "files cannot be sensitive"),
            (json!([name(false), pay, year]), "make it sensitive too"),
        ] {
            let refused = admin.post("/objects", object(fields)).await;
            assert!(refused.status == 422 && refused.text().contains(why), "{}", refused.text());
        }
        year["sensitive"] = json!(true);
        admin.post("/objects", object(json!([name(false), pay, year]))).await.is(201);
    });
}
