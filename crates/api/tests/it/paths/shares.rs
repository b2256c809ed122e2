//! Shares among the records, and the model of what they open: to whom, how far, until when, and who knows of them.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use testkit::random::Random;

use super::eyes::Eyes;
use super::world::User;
use super::{Case, object};
use crate::site::{Client, encoded};

/// One share, as the test made it.
pub struct Share {
    pub id: String,
    object: &'static str,
    record: String,
    user: Option<String>,
    team: Option<String>,
    changes: bool,
    /// Neither over nor taken back.
    counts: bool,
    /// Not taken back.
    stands: bool,
}

/// Shares some records: for ever, for some days more, until some days ago; and takes some shares back.
pub async fn make(
    admin: &Client<'_>,
    random: &mut Random,
    made: &[(&'static str, Vec<Json>)],
    users: &[User],
    teams: &[Json],
) -> Vec<Share> {
    let mut shares = Vec::new();
    for _ in 0..40 {
        let (object, ids) = random.pick(made);
        let record = random.pick(ids).as_str().unwrap().to_owned();
        let changes = random.chance(2);
        let days = *random.pick(&[None, None, Some(3), Some(0), Some(-2)]);
        let until = days.map(|days: i64| {
            let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
            now.checked_add(jiff::Span::new().days(days)).unwrap().date().to_string()
        });
        let with_team = random.chance(3);
        let user = (!with_team).then(|| random.pick(users).id.clone());
        let team = with_team.then(|| random.pick(teams).as_str().unwrap().to_owned());
        let level = if changes { "change" } else { "read" };
        let about = json!([{ "object": object, "id": record }]);
        let values = json!({ "about": about, "user": user, "team": team, "level": level, "until": until });
        let id = admin.make("shares", values).await;
        let stands = !random.chance(6);
        if !stands {
            admin.delete(&format!("/shares/{id}")).await.is(200);
        }
        let counts = stands && days.is_none_or(|days| days >= 0);
        shares.push(Share { id, object, record, user, team, changes, counts, stands });
    }
    shares
}

impl Share {
    /// Whether it was given to the user or one of their teams.
    fn is_for(&self, user: &User) -> bool {
        self.user.as_ref() == Some(&user.id) || self.team.as_ref().is_some_and(|team| user.teams.contains(team))
    }
}

/// Whether a record is shared with the user; read, update and delete are 0, 1 and 2.
pub fn opens(eyes: &Eyes<'_>, object: &str, record: &Json, right: usize) -> bool {
    let opening = |share: &Share| {
        share.object == object && record["id"] == share.record.as_str() && share.counts && share.is_for(eyes.user)
    };
    right < 2
        && record["deleted_at"].is_null()
        && eyes.world.shares.iter().any(|share| opening(share) && (right == 0 || share.changes))
}

/// The shares that a user may know of; and the filter of what is shared with them.
pub async fn shares(case: &Case<'_>, random: &mut Random) {
    let known = |share: &&Share| {
        let record = case.world.find(share.object, &share.record).unwrap();
        let held = record["deleted_at"].is_null() && case.eyes.held(share.object, record, 0);
        share.stands && (case.eyes.is_admin() || share.is_for(case.eyes.user) || held)
    };
    let ids = |body: &Json| -> BTreeSet<String> {
        let records = body["records"].as_array().unwrap().iter();
        records.map(|record| record["id"].as_str().unwrap().to_owned()).collect()
    };
    let body = case.get("/shares?limit=100").await.is(200).json();
    let wanted: BTreeSet<String> = case.world.shares.iter().filter(known).map(|share| share.id.clone()).collect();
    assert_eq!(ids(&body), wanted, "{}/shares", case.who());
    let (object, plural) = object(random);
    let filter = encoded("record_shares.exists(s, s.user == me || s.team in my_teams)");
    let path = format!("/{plural}?limit=100&filter={filter}");
    let answer = case.get(&path).await;
    if case.eyes.reach(object, 0) == super::world::Reach::None {
        assert_eq!(answer.code(403), "forbidden", "{}{path}", case.who());
        return;
    }
    let mine = |record: &&Json| {
        let id = record["id"].as_str().unwrap();
        let mut shares = case.world.shares.iter();
        record["deleted_at"].is_null()
            && case.eyes.sees(object, record)
            && shares.any(|share| share.stands && share.record == id && share.is_for(case.eyes.user))
    };
    let records = case.world.all(object).iter().filter(mine);
    let wanted: BTreeSet<String> = records.map(|record| record["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids(&answer.is(200).json()), wanted, "{}{path}", case.who());
}
