//! What stays unsaid: jobs of others, records behind a taken value, notifications about what is out of sight.

use std::time::Duration;

use serde_json::json;
use store::Priority;
use store::tables::notifications::{self, Notification};
use uuid::Uuid;

use crate::site::{Site, on_both};

/// Sees the tags that do not begin with "Secret".
fn few(site: &Site) -> crate::site::Client<'_> {
    let tag = json!({ "read": "!name.startsWith('Secret')", "create": true, "update": "all" });
    site.program(json!({ "objects": { "tag": tag }, "special": ["bulk"] }))
}

#[test]
fn a_job_is_shown_to_whom_it_runs_for_and_to_who_configures() {
    on_both(async |site| {
        let rights = json!({ "objects": { "*": { "read": "all" } }, "special": ["merge"] });
        let (ann, ben) = (site.program(rights.clone()), site.program(rights.clone()));
        let chief = site.program(json!({ "special": ["configure"] }));
        let (_, mut own) = ann.stream("/events").await;
        let (_, mut others) = ben.stream("/events").await;
        let job = ann.post("/duplicates/scan", json!({ "object": "person" })).await.is(200).json()["job"].clone();
        let path = format!("/jobs/{}", job.as_str().unwrap());
        assert_eq!(ann.get(&path).await.is(200).json()["status"], "queued");
        assert_eq!(ben.get(&path).await.code(404), "not_found");
        chief.get(&path).await.is(200);
        let workspace = site.kit.workspace.clone();
        tokio::task::spawn_blocking(move || while workspace.run_due_job().unwrap() {}).await.unwrap();
        let told = crate::live::hears(&mut own, job.as_str().unwrap(), 5).await;
        assert!(told.0 && told.1.contains("event: job"), "{}", told.1);
        let mark = site.admin().make("people", json!({ "family_name": "Afterwards" })).await;
        let told = crate::live::hears(&mut others, &mark, 5).await;
        assert!(told.0 && !told.1.contains("event: job"), "{}", told.1);
    });
}

#[test]
fn a_taken_value_names_only_a_record_that_may_be_seen() {
    on_both(async |site| {
        let (admin, few) = (site.admin(), few(site));
        let hidden = admin.make("tags", json!({ "name": "Secret plan" })).await;
        let open = admin.make("tags", json!({ "name": "Open plan" })).await;
        let refused = few.post("/tags", json!({ "name": "open plan" })).await;
        assert_eq!(refused.clone().code(409), "conflict");
        assert_eq!(refused.json()["other"], json!(open));
        let refused = few.post("/tags", json!({ "name": "secret plan" })).await;
        assert_eq!(refused.clone().code(409), "conflict");
        assert!(!refused.text().contains(&hidden) && refused.json()["other"].is_null(), "{}", refused.text());
        let edited = few.patch(&format!("/tags/{open}"), json!({ "name": "Secret plan" })).await;
        assert_eq!(edited.clone().code(409), "conflict");
        assert!(!edited.text().contains(&hidden), "{}", edited.text());
    });
}

#[test]
fn an_upsert_does_not_find_what_is_hidden() {
    on_both(async |site| {
        let (admin, few) = (site.admin(), few(site));
        let hidden = admin.make("tags", json!({ "name": "Secret plan" })).await;
        let upsert = async |name: &str, by: &str| {
            let records = json!([{ "name": name, "color": "red" }]);
            few.post("/tags/bulk", json!({ "upsert": { "by": by, "records": records } })).await
        };
        let answer = upsert("Secret plan", "name").await.is(200).json();
        let plain = few.post("/tags", json!({ "name": "Secret plan" })).await.json();
        let problem = &answer["errors"][0]["problem"];
        // Word for word what making it is answered: whether a record is behind it, or which, cannot be told.
        for part in ["code", "detail", "fields", "status"] {
            assert_eq!(problem[part], plain[part], "{answer}");
        }
        assert!(!answer.to_string().contains(&hidden), "{answer}");
        assert_eq!(admin.get(&format!("/tags/{hidden}")).await.json()["color"], "gray");
        assert_eq!(upsert("Open plan", "name").await.is(200).json()["created"], 1);
        assert_eq!(upsert("Open plan", "name").await.is(200).json()["updated"], 1);
        let blind = json!({ "read": "all", "create": true, "update": "all", "fields": { "name": "none" } });
        let blind = site.program(json!({ "objects": { "tag": blind }, "special": ["bulk"] }));
        let body = json!({ "upsert": { "by": "name", "records": [{ "name": "Open plan" }] } });
        assert_eq!(blind.post("/tags/bulk", body).await.code(403), "forbidden");
    });
}

fn told(user: Uuid, object: &str, record: Uuid) -> Notification {
    Notification {
        id: Uuid::now_v7(),
        user,
        kind: "change".to_owned(),
        object: object.to_owned(),
        record,
        via_object: object.to_owned(),
        via: record,
        batch: Uuid::now_v7(),
        actor: "system:test".to_owned(),
        at: 0,
        read_at: None,
        number: 1,
    }
}

async fn keep(workspace: &engine::Workspace, one: Notification) {
    workspace.store().write(Priority::Interactive, move |tx| notifications::insert(tx, &one)).await.unwrap();
}

#[test]
fn unread_counts_what_is_in_sight() {
    on_both(async |site| {
        let rights = json!({ "objects": { "company": { "read": "employees < 5" } } });
        site.kit.create("role", json!({ "name": "Small firms", "rights": rights }));
        let (ann, admin) = (site.user("ann@example.com", "Small firms").await, site.admin());
        let user: Uuid = ann.get("/boot").await.json()["user"]["id"].as_str().unwrap().parse().unwrap();
        for employees in [3, 4, 7] {
            let id = admin.make("companies", json!({ "name": "One", "employees": employees })).await;
            keep(&site.kit.workspace, told(user, "company", id.parse().unwrap())).await;
        }
        let person = admin.make("people", json!({ "family_name": "Hidden" })).await;
        keep(&site.kit.workspace, told(user, "person", person.parse().unwrap())).await;
        let page = ann.get("/notifications?unread=true").await.is(200).json();
        assert_eq!((page["notifications"].as_array().unwrap().len(), &page["unread"]), (2, &json!(2)));
        assert_eq!(ann.get("/boot").await.json()["unread"], 2);
        let left = ann.post("/notifications/read", json!({ "ids": [page["notifications"][0]["id"]] })).await;
        assert_eq!(left.json()["unread"], 1);
    });
}

#[test]
fn what_another_program_on_the_database_tells_rings_here() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "Member").await;
        let user: Uuid = ann.get("/boot").await.json()["user"]["id"].as_str().unwrap().parse().unwrap();
        let company = site.admin().make("companies", json!({ "name": "Acme" })).await.parse().unwrap();
        let here = site.restarted();
        here.kit.workspace.start_consumers().unwrap();
        let events = here.kit.workspace.subscribe();
        let mut heard = false;
        for _ in 0..20 {
            // Again and again: what was there at the first look does not ring.
            keep(&site.kit.workspace, told(user, "company", company)).await;
            while let Ok(event) = tokio::time::timeout(Duration::from_millis(500), events.recv_async()).await {
                heard |= matches!(event, Ok(engine::LiveEvent::Notification { user: told }) if told == user);
            }
            if heard {
                break;
            }
        }
        assert!(heard, "nothing rang");
        here.kit.workspace.stop();
    });
}
