//! Live events: every user listens while records change.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::{Value as Json, json};
use testkit::random::Random;

use super::eyes::Eyes;
use super::world::{OBJECTS, World};
use crate::site::Site;

/// Changes that are made.
const CHANGES: usize = 20;

/// Gives how many pairs of a listener and a change were compared.
pub async fn live(site: &Site, world: &mut World, random: &mut Random) -> usize {
    let admin = site.admin();
    let mut streams = Vec::new();
    for user in &world.users {
        let (status, stream) = world.client(site, user).stream("/events").await;
        assert_eq!(status, 200);
        streams.push(stream);
    }
    let mut changed: Vec<(&'static str, String)> = Vec::new();
    for _ in 0..CHANGES {
        let (object, plural, _) = *random.pick(OBJECTS);
        let record = random.pick(world.all(object));
        if !record["deleted_at"].is_null() {
            continue;
        }
        let field = match object {
            "note" | "comment" | "task" => "body",
            "boat" => "secret",
            _ => "description",
        };
        let id = record["id"].as_str().unwrap();
        admin.patch(&format!("/{plural}/{id}"), json!({ field: super::world::canary(random) })).await.is(200);
        changed.push((object, id.to_owned()));
    }
    // Names of teams are everyone's to know: with this one all has been told.
    let last = admin.make("teams", json!({ "name": "The last one" })).await;
    world.look(site).await;
    let mut compared = 0;
    for (user, mut stream) in world.users.iter().zip(streams) {
        let eyes = Eyes::of(world, user);
        let mut heard = String::new();
        while !heard.contains(&last) {
            let piece = tokio::time::timeout(Duration::from_secs(20), stream.next()).await;
            heard.push_str(&String::from_utf8_lossy(&piece.expect("the stream goes on").unwrap().unwrap()));
        }
        let told: BTreeSet<String> = heard
            .lines()
            .filter_map(|line| serde_json::from_str::<Json>(line.strip_prefix("data: ")?).ok())
            .filter(|event| OBJECTS.iter().any(|(object, _, _)| event["object"] == *object))
            .filter_map(|event| Some(event["id"].as_str()?.to_owned()))
            .collect();
        let open = |(object, id): &&(&'static str, String)| eyes.sees(object, world.find(object, id).unwrap());
        let wanted: BTreeSet<String> = changed.iter().filter(open).map(|(_, id)| id.clone()).collect();
        assert_eq!(told, wanted, "live events of user {}", user.id);
        compared += changed.len();
    }
    compared
}
