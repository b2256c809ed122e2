//! Who is at a record: told to those who are there too and may see it, to nobody else, and kept nowhere.

use serde_json::json;
use uuid::Uuid;

use crate::live::hears;
use crate::site::on_both;

#[test]
fn those_at_a_record_hear_of_each_other() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "Member").await;
        let bob = site.user("bob@example.com", "Member").await;
        let id = ann.make("people", json!({ "family_name": "Between them" })).await;
        let path = format!("/people/{id}/presence");
        let before = site.kit.checksum();
        let alone = ann.post(&path, json!({})).await.is(200).json();
        assert_eq!(alone["people"], json!([]));
        assert!(alone["stays"].as_u64().unwrap() > 0);
        let (_, mut stream) = ann.stream("/events").await;
        let both = bob.post(&path, json!({ "editing": "job_title" })).await.is(200).json();
        assert_eq!(both["people"].as_array().unwrap().len(), 1);
        assert!(both["people"][0]["editing"].is_null());
        let (found, heard) = hears(&mut stream, "\"editing\":\"job_title\"", 5).await;
        assert!(found && heard.contains("event: presence") && heard.contains(&id), "{heard}");
        let window = Uuid::now_v7();
        bob.post(&path, json!({ "window": window, "editing": null })).await.is(200);
        let seen = ann.post(&path, json!({})).await.is(200).json();
        assert_eq!(seen["people"][0]["editing"], "job_title", "another window of bob still writes");
        bob.post(&path, json!({ "here": false })).await.is(200);
        bob.post(&path, json!({ "window": window, "here": false })).await.is(200);
        let (found, heard) = hears(&mut stream, "\"here\":false", 5).await;
        assert!(found, "{heard}");
        assert_eq!(ann.post(&path, json!({})).await.is(200).json()["people"], json!([]));
        assert_eq!(site.kit.checksum(), before, "something was stored");
    });
}

#[test]
fn what_is_out_of_sight_has_nobody_at_it() {
    on_both(async |site| {
        let rights = json!({ "objects": {
            "company": { "read": "employees < 5", "fields": { "annual_revenue": "none" } },
        } });
        let admin = site.admin();
        admin.post("/roles", json!({ "name": "Few", "rights": rights })).await.is(201);
        let few = site.user("few@example.com", "Few").await;
        let ann = site.user("ann@example.com", "Member").await;
        let hidden = admin.make("companies", json!({ "name": "Hidden", "employees": 7 })).await;
        let open = admin.make("companies", json!({ "name": "Open", "employees": 3 })).await;
        let at = |id: &str| format!("/companies/{id}/presence");
        assert_eq!(few.post(&at(&hidden), json!({})).await.code(404), "not_found");
        assert_eq!(few.post(&at(&Uuid::now_v7().to_string()), json!({})).await.code(404), "not_found");
        assert_eq!(few.post(&at(&open), json!({ "editing": "annual_revenue" })).await.code(422), "invalid");
        assert_eq!(few.post(&at(&open), json!({ "editing": "nonsense" })).await.code(422), "invalid");
        few.post(&at(&open), json!({})).await.is(200);
        let (_, mut stream) = few.stream("/events").await;
        ann.post(&at(&hidden), json!({ "editing": "name" })).await.is(200);
        ann.post(&at(&open), json!({ "editing": "annual_revenue" })).await.is(200);
        let (found, heard) = hears(&mut stream, "event: presence", 5).await;
        assert!(found && heard.contains(&open) && !heard.contains(&hidden), "{heard}");
        assert!(!heard.contains("annual_revenue"), "{heard}");
        let seen = few.post(&at(&open), json!({})).await.is(200).json();
        assert!(seen["people"][0]["editing"].is_null(), "{seen}");
        // A record that goes out of sight while one looks at it is silent from then on.
        admin.patch(&format!("/companies/{open}"), json!({ "employees": 9 })).await.is(200);
        ann.post(&at(&open), json!({ "editing": "industry" })).await.is(200);
        let (found, heard) = hears(&mut stream, "industry", 2).await;
        assert!(!found, "{heard}");
    });
}

#[test]
fn windows_that_never_rest_are_slowed_down_and_keys_are_nobody() {
    crate::site::on_sqlite(async |site| {
        let ann = site.user("ann@example.com", "Member").await;
        let id = ann.make("people", json!({ "family_name": "Busy" })).await;
        let path = format!("/people/{id}/presence");
        let mut refused = 0;
        for _ in 0..400 {
            refused += usize::from(ann.post(&path, json!({})).await.status == 429);
        }
        assert!(refused > 0);
        let program = site.program(json!({ "objects": { "person": { "read": "all" } } }));
        assert_eq!(program.post(&path, json!({})).await.code(403), "forbidden");
    });
}
