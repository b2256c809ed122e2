//! The calendar feed: a secret address that reads with one person's rights, and files of meetings.

use axum::http::{Method, header};
use serde_json::json;

use crate::site::on_both;

#[test]
fn a_feed_opens_with_its_secret_only_and_with_its_persons_rights() {
    on_both(async |site| {
        let admin = site.user("ann@example.com", "admin").await;
        assert_eq!(admin.get("/calendar_feed").await.is(200).json()["on"], false);
        let meeting = admin.make("meetings", json!({ "title": "Kick-off", "starts_at": "2099-01-05T09:00:00Z" })).await;
        let made = admin.post("/calendar_feed", json!({ "tasks": "days" })).await.is(200).json();
        let url = made["url"].as_str().unwrap();
        let path = &url[url.find("/feeds/").unwrap()..];
        let shown = admin.get("/calendar_feed").await.is(200).json();
        assert_eq!((&shown["on"], &shown["tasks"]), (&json!(true), &json!("days")));
        assert!(!shown.to_string().contains(&path[16..40]), "the secret is shown once");
        let stranger = site.stranger();
        let answer = stranger.get(path).await.is(200);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "text/calendar; charset=utf-8");
        assert!(answer.headers[header::LAST_MODIFIED].to_str().unwrap().ends_with(" GMT"));
        let tag = answer.headers[header::ETAG].to_str().unwrap().to_owned();
        assert!(answer.text().contains("SUMMARY:Kick-off"), "{}", answer.text());
        let mut again = stranger.request(Method::GET, path, None);
        again.headers_mut().insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        let same = stranger.send(again).await;
        assert_eq!((same.status, same.text().as_str()), (304, ""));
        admin.patch(&format!("/meetings/{meeting}"), json!({ "title": "Moved" })).await.is(200);
        let mut changed = stranger.request(Method::GET, path, None);
        changed.headers_mut().insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        assert!(stranger.send(changed).await.is(200).text().contains("SUMMARY:Moved"));
        stranger.get(&path.replace(".ics", "x.ics")).await.is(404);
        stranger.get("/feeds/calendar/short.ics").await.is(404);
        // A new address ends the old one; taking it back ends both.
        let renewed = admin.post("/calendar_feed", json!({})).await.is(200).json();
        let renewed = renewed["url"].as_str().unwrap();
        let newer = &renewed[renewed.find("/feeds/").unwrap()..];
        stranger.get(path).await.is(404);
        stranger.get(newer).await.is(200);
        admin.delete("/calendar_feed").await.is(200);
        stranger.get(newer).await.is(404);
        admin.post("/calendar_feed", json!({ "tasks": "all" })).await.is(400);
        site.program(json!({})).get("/calendar_feed").await.is(403);
    });
}

#[test]
fn a_feed_that_is_polled_too_often_waits() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "admin").await;
        let made = ann.post("/calendar_feed", json!({})).await.is(200).json();
        let url = made["url"].as_str().unwrap();
        let path = &url[url.find("/feeds/").unwrap()..];
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(site.stranger().get(path).await.status);
        }
        assert!(statuses[..20].iter().all(|status| *status == 200), "{statuses:?}");
        assert!(statuses.contains(&429), "{statuses:?}");
    });
}

#[test]
fn a_meeting_leaves_and_enters_as_a_file() {
    on_both(async |site| {
        let admin = site.admin();
        let id = admin.make("meetings", json!({ "title": "Kick-off", "starts_at": "2099-01-05T09:00:00Z" })).await;
        let answer = admin.get(&format!("/meetings/{id}/ics?method=request")).await.is(200);
        let text = answer.text();
        assert!(text.contains("METHOD:REQUEST\r\n") && text.contains("DTSTART:20990105T090000Z\r\n"), "{text}");
        assert!(answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
        admin.get(&format!("/meetings/{id}/ics?method=add")).await.is(400);
        let few = site.program(json!({ "objects": { "meeting": { "read": "own" } } }));
        few.get(&format!("/meetings/{id}/ics")).await.is(404);
        let before = site.kit.checksum();
        let upload = admin.request(Method::POST, "/meetings/ics", Some(("text/calendar", text.clone().into_bytes())));
        let taken = admin.send(upload).await.is(200).json();
        assert_eq!((&taken["created"], &taken["left_out"]), (&json!(0), &json!([])), "{taken}");
        let refused = few.send(few.request(
            Method::POST,
            "/meetings/ics",
            Some(("text/calendar", text.replace("UID:", "UID:x").into_bytes())),
        ));
        refused.await.is(403);
        assert_eq!(taken["unchanged"], 1, "{taken}");
        assert_eq!(site.kit.checksum(), before);
        let fresh = text.replace("UID:", "UID:x");
        let upload = admin.request(Method::POST, "/meetings/ics", Some(("text/calendar", fresh.into_bytes())));
        let taken = admin.send(upload).await.is(200).json();
        assert_eq!(taken["created"], 1);
        admin.post(&format!("/undo/{}", taken["batch"].as_str().unwrap()), json!({})).await.is(200);
        assert_eq!(site.kit.checksum(), before);
        let nothing = admin.request(Method::POST, "/meetings/ics", Some(("text/calendar", b"no calendar".to_vec())));
        admin.send(nothing).await.is(422);
    });
}

#[test]
fn the_times_of_a_series_are_listed_and_one_is_moved() {
    on_both(async |site| {
        let admin = site.admin();
        let series = json!({ "title": "Weekly", "starts_at": "2099-01-05T09:00:00Z", "recurrence": "FREQ=WEEKLY" });
        let id = admin.make("meetings", series).await;
        let range = "/meetings/occurrences?from=2099-01-01T00:00:00Z&to=2099-02-01T00:00:00Z";
        let found = admin.get(range).await.is(200).json();
        assert_eq!((found["occurrences"].as_array().unwrap().len(), &found["all"]), (4, &json!(true)));
        let moved = json!({ "at": "2099-01-12T09:00:00Z", "starts_at": "2099-01-13T10:00:00Z" });
        let moved = admin.post(&format!("/meetings/{id}/occurrences"), moved).await.is(200).json();
        assert_eq!(moved["record"]["starts_at"], "2099-01-13T10:00:00Z");
        assert_eq!(admin.get(range).await.json()["occurrences"].as_array().unwrap().len(), 3);
        let text = admin.get(&format!("/meetings/{id}/ics")).await.text();
        assert!(text.contains("RRULE:FREQ=WEEKLY") && text.contains("EXDATE"), "{text}");
        admin.get("/meetings/occurrences?from=2099-01-01T00:00:00Z").await.is(400);
        admin.get("/meetings/occurrences?from=soon&to=later").await.is(400);
        let few = site.program(json!({ "objects": { "meeting": { "read": "own" } } }));
        assert_eq!(few.get(range).await.is(200).json()["occurrences"], json!([]));
        site.program(json!({})).get(range).await.is(403);
    });
}
