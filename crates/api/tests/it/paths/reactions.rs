//! Reactions among the records, made by those who see them; they are seen with the record and nowhere else.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use testkit::random::Random;

use super::Case;
use super::eyes::Eyes;
use super::world::{OBJECTS, Reach, World};
use crate::site::{Site, encoded};

/// One reaction, as the test made it.
pub struct Reaction {
    id: String,
    object: &'static str,
    record: String,
    user: String,
}

/// Lets users react to what they see, and makes sure that nobody reacts to what they do not.
pub async fn make(site: &Site, world: &World, random: &mut Random) -> Vec<Reaction> {
    let mut made = Vec::new();
    for _ in 0..40 {
        let (object, _, _) = *random.pick(OBJECTS);
        let (user, record) = (random.pick(&world.users), random.pick(world.all(object)));
        let emoji = *random.pick(&["👍", "🎉", "💙"]);
        let id = record["id"].as_str().unwrap().to_owned();
        if !record["deleted_at"].is_null() {
            continue;
        }
        let values = json!({ "about": [{ "object": object, "id": id }], "emoji": emoji });
        let answer = world.client(site, user).post("/reactions", values).await;
        let sees = Eyes::of(world, user).sees(object, record);
        if answer.status == 409 {
            continue;
        }
        assert_eq!(answer.status == 201, sees, "user {} at {object} {id}: {}", user.id, answer.text());
        if sees {
            let made_id = answer.json()["record"]["id"].as_str().unwrap().to_owned();
            made.push(Reaction { id: made_id, object, record: id, user: user.id.clone() });
        }
    }
    made
}

impl World {
    /// What an answer says of the reactions on a record, with the one's own that is the reader's.
    pub fn with_mine(&self, shown: &Json, user: &str) -> Json {
        let mut shown = shown.clone();
        for one in shown.as_array_mut().unwrap() {
            let users = one["users"].as_array().unwrap();
            let own = users.iter().any(|id| id == user);
            let mine = one["mine"].as_str().map(str::to_owned);
            one["mine"] = json!(own);
            let told = mine.as_ref().and_then(|id| self.reactions.iter().find(|reaction| reaction.id == *id));
            assert!(told.is_none_or(|reaction| reaction.user == user));
        }
        shown
    }
}

/// The list of reactions, all of them or those on one record.
pub async fn reactions(case: &Case<'_>, random: &mut Random) {
    let ids = |body: &Json| -> BTreeSet<String> {
        let records = body["records"].as_array().unwrap().iter();
        records.map(|record| record["id"].as_str().unwrap().to_owned()).collect()
    };
    let one = random.pick(&case.world.reactions);
    let narrow = random.chance(2);
    let filter =
        if narrow { format!("&filter={}", encoded(&format!("'{}' in about", one.record))) } else { String::new() };
    let path = format!("/reactions?limit=100{filter}");
    let answer = case.get(&path).await;
    if OBJECTS.iter().all(|(object, _, _)| case.eyes.reach(object, 0) == Reach::None) && answer.status == 403 {
        return;
    }
    let open = |reaction: &&Reaction| {
        let record = case.world.find(reaction.object, &reaction.record).unwrap();
        (!narrow || reaction.record == one.record)
            && (case.eyes.is_admin() || record["deleted_at"].is_null() && case.eyes.sees(reaction.object, record))
    };
    let wanted: BTreeSet<String> =
        case.world.reactions.iter().filter(open).map(|reaction| reaction.id.clone()).collect();
    assert_eq!(ids(&answer.is(200).json()), wanted, "{}{path}", case.who());
    let single = case.get(&format!("/reactions/{}", one.id)).await;
    assert_eq!(single.status == 200, open(&one), "{}{}: {}", case.who(), one.id, single.text());
}
