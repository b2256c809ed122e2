//! Live events: what others do, as far as one may see it.

use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::json;

use crate::site::{PASSWORD, on_both};

/// Reads the stream until it has said `wanted` or the time is over.
pub async fn hears(stream: &mut axum::body::BodyDataStream, wanted: &str, seconds: u64) -> (bool, String) {
    let mut heard = String::new();
    let listening = async {
        while let Some(Ok(piece)) = stream.next().await {
            heard.push_str(&String::from_utf8_lossy(&piece));
            if heard.contains(wanted) {
                return true;
            }
        }
        false
    };
    let found = tokio::time::timeout(Duration::from_secs(seconds), listening).await.unwrap_or(false);
    (found, heard)
}

#[test]
fn a_client_hears_what_another_one_does() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "Member").await;
        let bob = site.user("bob@example.com", "Member").await;
        let (status, mut stream) = ann.stream("/events").await;
        assert_eq!(status, 200);
        let id = bob.make("people", json!({ "family_name": "Seen by Ann" })).await;
        let (found, heard) = hears(&mut stream, &id, 5).await;
        assert!(found, "{heard}");
        assert!(heard.contains("event: change") && heard.contains("\"object\":\"person\""), "{heard}");
        assert!(heard.contains("\"version\":1"), "{heard}");
        let seq = heard.lines().filter_map(|line| line.strip_prefix("id: ")).next_back().unwrap().to_owned();
        drop(stream);
        let missed = bob.make("people", json!({ "family_name": "Made meanwhile" })).await;
        let (_, mut stream) = ann.with("last-event-id", &seq).stream("/events").await;
        let (found, heard) = hears(&mut stream, &missed, 5).await;
        assert!(found && !heard.contains(&id), "{heard}");
    });
}

#[test]
fn nothing_falls_between_the_start_data_and_the_stream() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "Member").await;
        let bob = site.user("bob@example.com", "Member").await;
        let before = bob.make("people", json!({ "family_name": "Before the start" })).await;
        let position = ann.get("/boot").await.is(200).json()["position"].as_i64().unwrap();
        let between = bob.make("people", json!({ "family_name": "Before the stream" })).await;
        let (_, mut stream) = ann.stream(&format!("/events?after={position}")).await;
        let (found, heard) = hears(&mut stream, &between, 5).await;
        assert!(found && !heard.contains(&before), "{heard}");
        assert_eq!(ann.get("/events?after=yesterday").await.code(400), "bad_request");
    });
}

#[test]
fn nobody_hears_of_records_that_they_may_not_see() {
    on_both(async |site| {
        let few = site.program(json!({ "objects": { "company": { "read": "employees < 5" } } }));
        let admin = site.admin();
        let (_, mut stream) = few.stream("/events").await;
        let hidden = admin.make("companies", json!({ "name": "Hidden", "employees": 7 })).await;
        let person = admin.make("people", json!({ "family_name": "Hidden too" })).await;
        let open = admin.make("companies", json!({ "name": "Open", "employees": 3 })).await;
        let (found, heard) = hears(&mut stream, &open, 5).await;
        assert!(found, "{heard}");
        assert!(!heard.contains(&hidden) && !heard.contains(&person), "{heard}");
    });
}

#[test]
fn the_stream_ends_with_the_session() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "Member").await;
        let (_, mut stream) = ann.stream("/events").await;
        let elsewhere = site.stranger();
        elsewhere.post("/session", json!({ "email": "ann@example.com", "password": PASSWORD })).await.is(200);
        let new = json!({ "current": PASSWORD, "new": "eleven green boats sleep" });
        elsewhere.put("/session/password", new).await.is(200);
        let ended = async { while let Some(Ok(_)) = stream.next().await {} };
        assert!(tokio::time::timeout(Duration::from_secs(6), ended).await.is_ok(), "the stream goes on");
    });
}

#[test]
fn one_caller_holds_a_bounded_number_of_streams() {
    crate::site::on_sqlite(async |site| {
        let ann = site.user("ann@example.com", "Member").await;
        let mut open = Vec::new();
        for _ in 0..20 {
            let (status, stream) = ann.stream("/events").await;
            assert_eq!(status, 200);
            open.push(stream);
        }
        assert_eq!(ann.get("/events").await.code(429), "too_many_requests");
        drop(open);
        assert_eq!(ann.stream("/events").await.0, 200);
    });
}
