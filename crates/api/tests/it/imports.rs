//! Imports over HTTP: from the file to the records, and back.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::site::{Client, on_both};

const FILE: &str = "First name,Last name,E-mail,Company\nAnn,Lee,ann@example.com,Brightmoor\n\
                    Bob,Fox,bob@example.com,Brightmoor\nNobody,Bad,not an address,\n";

async fn upload(client: &Client<'_>, name: &str) -> crate::site::Answer {
    let path = format!("/imports?object=person&name={name}");
    client.send(client.request(Method::POST, &path, Some(("text/csv", FILE.as_bytes().to_vec())))).await
}

/// Waits until the import is over with what it does.
async fn settled(client: &Client<'_>, id: &str) -> Json {
    for _ in 0..200 {
        let import = client.get(&format!("/imports/{id}")).await.is(200).json();
        if !matches!(import["status"].as_str().unwrap(), "checking" | "running") {
            return import;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the import never ends");
}

#[test]
fn a_file_becomes_records_and_can_be_undone() {
    on_both(async |site| {
        site.kit.workspace.start_workers(1).unwrap();
        let admin = site.admin();
        let before = site.kit.checksum();
        let made = upload(&admin, "people.csv").await.is(201).json();
        let id = made["id"].as_str().unwrap().to_owned();
        assert_eq!(made["status"], "mapping");
        assert_eq!(made["columns"].as_array().unwrap().len(), 4);
        admin.post(&format!("/imports/{id}/check"), json!({})).await.is(200);
        let checked = settled(&admin, &id).await;
        assert_eq!(checked["status"], "checked", "{checked}");
        assert_eq!(checked["counts"]["rows"], 3);
        assert_eq!(site.kit.checksum(), before, "a dry run leaves nothing");
        admin.post(&format!("/imports/{id}/start"), json!({})).await.is(200);
        let done = settled(&admin, &id).await;
        assert_eq!(done["status"], "done", "{done}");
        assert!(admin.get("/people").await.json()["total"]["count"].as_u64().unwrap() >= 2);
        let rows = admin.get(&format!("/imports/{id}/rows?outcome=create")).await.is(200).json();
        assert!(rows["rows"].as_array().unwrap().len() >= 2);
        admin.get(&format!("/imports/{id}/rows?outcome=nonsense")).await.is(400);
        assert!(admin.get(&format!("/imports/{id}/errors.csv")).await.is(200).text().contains("Reason"));
        let batch = done["batch"].as_str().unwrap();
        admin.post(&format!("/undo/{batch}"), json!({})).await.is(200);
        assert_eq!(site.kit.checksum(), before);
        let other = site.program(json!({ "objects": { "*": { "read": "all", "create": true } } }));
        other.get(&format!("/imports/{id}")).await.is(404);
        assert_eq!(upload(&other, "x.csv").await.code(403), "forbidden");
        assert_eq!(admin.get("/imports").await.json()["imports"].as_array().unwrap().len(), 1);
    });
}
