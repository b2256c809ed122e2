//! Every path by which records are read, compared with a model that loops over all of them, and writes that are refused.
//!
//! A failure names the seed; `RAPPORT_TEST_SEED=<seed>` repeats it, `RAPPORT_TEST_CASES=20000` asks for more.

mod activity;
mod conditions;
mod eyes;
mod feeds;
mod lists;
mod looks;
mod reactions;
mod shares;
mod told;
mod world;
mod writes;

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Mutex;

use futures_util::FutureExt as _;
use serde_json::Value as Json;
use testkit::random::{Random, cases, seed};

use self::eyes::{Eyes, words_of};
use self::world::{OBJECTS, User, World, is_canary};
use crate::site::{Answer, Client, Site, on_both};

/// Cases of one organisation on one database.
const ROUND: usize = 300;

/// One user about to ask something.
pub struct Case<'a> {
    pub world: &'a World,
    pub eyes: Eyes<'a>,
    pub client: Client<'a>,
    pub orders: &'a Orders<'a>,
}

/// What someone who sees everything is answered, asked once.
pub struct Orders<'a> {
    admin: Client<'a>,
    known: Mutex<HashMap<String, Json>>,
}

impl Orders<'_> {
    pub async fn get(&self, path: &str) -> Json {
        if let Some(known) = self.known.lock().unwrap().get(path) {
            return known.clone();
        }
        let answer = self.admin.get(path).await.is(200).json();
        self.known.lock().unwrap().insert(path.to_owned(), answer.clone());
        answer
    }
}

impl<'a> Case<'a> {
    fn new(site: &'a Site, world: &'a World, user: &'a User, orders: &'a Orders<'a>) -> Self {
        Self { world, eyes: Eyes::of(world, user), client: world.client(site, user), orders }
    }

    /// Asks, and looks through the answer for words that this user must not see.
    pub async fn get(&self, path: &str) -> Answer {
        let answer = self.client.get(path).await;
        self.audit(path, &answer);
        answer
    }

    pub fn audit(&self, path: &str, answer: &Answer) {
        let asked = words_of(&Json::String(path.to_owned()));
        for word in
            words_of(&Json::String(answer.text())).iter().filter(|word| is_canary(word) && !asked.contains(word))
        {
            let places = self.world.words.get(word);
            let open = places.is_none_or(|places| {
                places.iter().any(|(object, id, field)| {
                    let record = self.world.find(object, id).unwrap();
                    self.eyes.sees(object, record) && self.eyes.reads(object, field)
                })
            });
            assert!(open, "{} {path} shows {word} of {places:?}:\n{}", self.who(), answer.text());
        }
    }

    /// For messages.
    pub fn who(&self) -> String {
        let rights = self.world.role_of(self.eyes.user);
        let objects: Vec<String> = rights
            .objects
            .iter()
            .map(|(name, rights)| format!("{name}: {:?} {} {:?}", rights.reach, rights.create, rights.fields))
            .collect();
        format!(
            "user {} of {:?} may {:?}\n  {}\n",
            self.eyes.user.id,
            self.eyes.user.teams,
            rights.special,
            objects.join("\n  ")
        )
    }
}

/// One of the objects: its name and plural.
pub fn object(random: &mut Random) -> (&'static str, &'static str) {
    let (name, plural, _) = random.pick(OBJECTS);
    (name, plural)
}

async fn ask(case: &Case<'_>, random: &mut Random) {
    match random.below(24) {
        0..=3 => lists::list(case, random).await,
        4 | 5 => lists::aggregate(case, random).await,
        6 => lists::export(case, random).await,
        7 => lists::oracle(case, random).await,
        8 | 9 => looks::search(case, random).await,
        10 => looks::get(case, random).await,
        11 | 12 => looks::timeline(case, random).await,
        13 => looks::history(case, random).await,
        16 => looks::relations(case, random).await,
        17 => looks::presence(case, random).await,
        14 => looks::file(case, random).await,
        18 => looks::reveal(case, random).await,
        19 => shares::shares(case, random).await,
        21 | 22 => activity::activity(case, random).await,
        20 => reactions::reactions(case, random).await,
        15 => looks::duplicates(case, random).await,
        _ => feeds::feed(case, random).await,
    }
}

/// One organisation; gives how many cases were compared.
async fn round(site: &Site, seed: u64, wanted: usize) -> usize {
    let mut random = Random(seed);
    let mut world = World::build(site, &mut random).await;
    let (mut done, mut wrong) = (0, 0);
    {
        let orders = Orders { admin: site.admin(), known: Mutex::default() };
        while done < wanted {
            let case = Case::new(site, &world, random.pick(&world.users), &orders);
            // One mismatch does not hide the others.
            wrong += usize::from(AssertUnwindSafe(ask(&case, &mut random)).catch_unwind().await.is_err());
            done += 1;
        }
        done += writes::refused(site, &world, &orders, &mut random, wanted / 5).await;
    }
    done += told::live(site, &mut world, &mut random).await;
    assert_eq!(wrong, 0, "mismatches of {done} cases, seed {seed}");
    done
}

#[test]
fn every_path_shows_what_the_model_shows() {
    let (seed, wanted) = (seed(), cases(2_000));
    println!("seed {seed}");
    let started = std::time::Instant::now();
    let done = Mutex::new(0);
    let mut at = seed;
    while *done.lock().unwrap() < wanted {
        println!("round {at}");
        on_both(async |site| {
            let cases = round(site, at, ROUND).await;
            *done.lock().unwrap() += cases;
        });
        at = at.wrapping_add(1);
    }
    println!("{} cases in {:?}, seed {seed}", done.lock().unwrap(), started.elapsed());
}
