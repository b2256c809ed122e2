//! Working hours, holidays from a file, and free and busy times, over HTTP.

use axum::http::Method;
use serde_json::json;

use crate::site::on_both;

#[test]
fn a_colleague_is_told_when_somebody_is_busy_and_works() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "admin").await;
        let calendar = json!({
            "name": "Office", "for_everyone": true, "time_zone": "Europe/Berlin", "week": { "mon": ["09:00-12:00"] },
            "holidays": [{ "date": "2099-01-06", "name": "Epiphany", "yearly": true }],
        });
        let calendar = ann.make("work_calendars", calendar).await;
        let user = ann.get("/boot").await.is(200).json()["user"]["id"].as_str().unwrap().to_owned();
        let meeting = json!({ "title": "Kick-off", "starts_at": "2099-01-05T09:00:00Z", "organizer": user });
        ann.make("meetings", meeting).await;
        let range = "from=2099-01-04T23:00:00Z&to=2099-01-07T00:00:00Z";
        let path = format!("/free-busy?users={user}&{range}");
        let person = ann.get(&path).await.is(200).json()["people"][0].clone();
        assert_eq!(person["busy"][0]["meeting"]["title"], "Kick-off");
        assert_eq!(
            person["working"],
            json!([{ "starts_at": "2099-01-05T08:00:00Z", "ends_at": "2099-01-05T11:00:00Z" }])
        );
        assert_eq!(person["holidays"], json!([{ "date": "2099-01-06", "name": "Epiphany" }]));
        assert_eq!((&person["time_zone"], &person["calendar"]), (&json!("Europe/Berlin"), &json!(calendar)));
        // A program that sees only its own meetings learns the time alone.
        let few = site.program(json!({ "objects": { "meeting": { "read": "own" } } }));
        let hidden = few.get(&path).await.is(200);
        assert!(!hidden.text().contains("Kick-off"));
        let busy = json!({ "starts_at": "2099-01-05T09:00:00Z", "ends_at": "2099-01-05T10:00:00Z", "meeting": null });
        assert_eq!(hidden.json()["people"][0]["busy"], json!([busy]));
        site.program(json!({})).get(&path).await.is(403);
        ann.get(&format!("/free-busy?{range}")).await.is(400);
        ann.get(&format!("/free-busy?users=ann&{range}")).await.is(400);
        let file = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20990501\r\nSUMMARY:May Day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let path = format!("/work_calendars/{calendar}/holidays");
        let upload = |client: &crate::site::Client<'_>| {
            client.request(Method::POST, &path, Some(("text/calendar", file.to_vec())))
        };
        few.send(upload(&few)).await.is(403);
        let taken = ann.send(upload(&ann)).await.is(200).json();
        assert_eq!((&taken["added"], &taken["known"]), (&json!(1), &json!(0)));
        ann.post(&format!("/undo/{}", taken["batch"].as_str().unwrap()), json!({})).await.is(200);
    });
}
