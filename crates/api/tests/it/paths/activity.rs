//! The feed of activity: for every batch, what each user may see of it, worked out from the histories of all records.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};
use testkit::random::Random;

use super::Case;
use super::world::{OBJECTS, Reach};

/// What batches did: batch → object and operation → how many records, and the fields where it was one.
type Done = BTreeMap<String, BTreeMap<(String, String), (u64, Json)>>;

async fn wanted(case: &Case<'_>, only: Option<&str>) -> Done {
    let mut done: Done = BTreeMap::new();
    for (object, plural, _) in OBJECTS.iter().filter(|(name, _, _)| only.is_none_or(|only| only == *name)) {
        for record in case.world.all(object).iter().filter(|record| case.eyes.sees(object, record)) {
            let id = record["id"].as_str().unwrap();
            let all = case.orders.get(&format!("/{plural}/{id}/history?limit=100")).await;
            for change in all["changes"].as_array().unwrap() {
                let op = change["op"].as_str().unwrap().to_owned();
                let fields = case.eyes.change(object, change)["fields"].clone();
                if op == "update" && fields.as_object().unwrap().is_empty() {
                    continue;
                }
                let parts = done.entry(change["batch"].as_str().unwrap().to_owned()).or_default();
                let part = parts.entry(((*object).to_owned(), op.clone())).or_insert((0, Json::Null));
                part.0 += 1;
                part.1 = if part.0 == 1 && op == "update" { fields } else { Json::Null };
            }
        }
    }
    done
}

/// The order is that of the commits, the time that of the asking: a write that waited for another stands after it.
const WAIT_MAX: SignedDuration = SignedDuration::from_secs(20);

/// All pages of the feed, of all objects or of one.
pub async fn activity(case: &Case<'_>, random: &mut Random) {
    let only = random.chance(3).then(|| random.pick(OBJECTS).0);
    let limit = *random.pick(&[3, 30, 100]);
    let object = only.map(|only| format!("&object={only}")).unwrap_or_default();
    let path = format!("/activity?limit={limit}{object}");
    if OBJECTS.iter().all(|(name, _, _)| case.eyes.reach(name, 0) == Reach::None) {
        let answer = case.get(&path).await;
        assert!(answer.status == 403 || answer.json()["entries"] == json!([]), "{}{path}", case.who());
        return;
    }
    let (mut shown, mut page, mut at): (Done, String, Timestamp) = (BTreeMap::new(), path.clone(), Timestamp::MAX);
    loop {
        let body = case.get(&page).await.is(200).json();
        for entry in body["entries"].as_array().unwrap() {
            let before: Timestamp = entry["at"].as_str().unwrap().parse().unwrap();
            assert!(before.duration_since(at) < WAIT_MAX, "{page}: newest first");
            at = before;
            let parts = entry["parts"].as_array().unwrap().iter().map(|part| {
                assert_eq!(part["more"], false);
                let text = |name: &str| part[name].as_str().unwrap().to_owned();
                let fields = part.get("fields").cloned().unwrap_or_default();
                ((text("object"), text("op")), (part["count"].as_u64().unwrap(), fields))
            });
            let before = shown.insert(entry["batch"].as_str().unwrap().to_owned(), parts.collect());
            assert!(before.is_none(), "{page}: each batch once");
        }
        match body["next"].as_str() {
            Some(next) => page = format!("{path}&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(json!(readable(&shown)), json!(readable(&wanted(case, only).await)), "{}{path}", case.who());
    let nothing = case.get(&format!("/activity?user={}", case.eyes.user.id)).await.is(200).json();
    assert_eq!(nothing["entries"], json!([]), "only the administrator did anything");
    if only.is_some_and(|only| case.eyes.reach(only, 0) == Reach::None) {
        assert!(shown.is_empty());
    }
}

/// The parts of a batch with keys that are texts.
fn named(parts: &BTreeMap<(String, String), (u64, Json)>) -> BTreeMap<String, &(u64, Json)> {
    parts.iter().map(|((object, op), said)| (format!("{object} {op}"), said)).collect()
}

/// The same of all batches.
fn readable(done: &Done) -> BTreeMap<&String, BTreeMap<String, &(u64, Json)>> {
    done.iter().map(|(batch, parts)| (batch, named(parts))).collect()
}
