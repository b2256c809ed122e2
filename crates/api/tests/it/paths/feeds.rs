//! The calendar feed: read by a stranger who knows the secret, it shows what its person sees.

use std::collections::BTreeSet;

use serde_json::json;
use testkit::random::Random;

use super::Case;
use crate::site::Answer;

/// The tasks in the feed are those that the person sees, has to do and may ask for; their titles as far as readable.
pub async fn feed(case: &Case<'_>, random: &mut Random) {
    let tasks = *random.pick(&["todos", "days"]);
    let made = case.client.post("/calendar_feed", json!({ "tasks": tasks })).await.is(200).json();
    let url = made["url"].as_str().unwrap();
    let path = &url[url.find("/feeds/").unwrap()..];
    let answer = case.client.site.stranger().get(path).await.is(200);
    let text = answer.text().replace("\r\n ", "");
    let answer = Answer { status: answer.status, headers: answer.headers, bytes: text.clone().into_bytes().into() };
    case.audit("/feeds/calendar", &answer);
    let fields = ["assignee", "due_at", "status"];
    let may_ask = case.eyes.reach("task", 0) != super::world::Reach::None
        && fields.iter().all(|field| case.eyes.reads("task", field));
    let own = case.world.all("task").iter().filter(|task| {
        may_ask
            && case.eyes.sees("task", task)
            && task["deleted_at"].is_null()
            && task["assignee"] == case.eyes.user.id.as_str()
            && !task["due_at"].is_null()
            && !["done", "cancelled"].iter().any(|ended| task["status"] == *ended)
    });
    let wanted: BTreeSet<String> = own.map(|task| format!("{}@rapport", task["id"].as_str().unwrap())).collect();
    let found: BTreeSet<String> =
        text.lines().filter_map(|line| line.strip_prefix("UID:")).map(str::to_owned).collect();
    assert_eq!(found, wanted, "{}{text}", case.who());
    assert!(case.eyes.reads("task", "title") || !text.contains("SUMMARY:"), "{}{text}", case.who());
}
