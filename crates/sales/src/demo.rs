//! Believable deals for the companies of a demo, with the way that each went: the same seed gives the same deals.

mod leads;
mod products;

use engine::{Batch, Edit, Plan, Workspace};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::{Actor, Patch, Problem, Record, SCALE, Value, expr};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use store::{Error, Select};
use uuid::Uuid;

use crate::begin::{DEFAULT_PIPELINE, patch, stage_id};

const DAY: i64 = 86_400_000_000;
/// Companies that are looked at, however many there are: a team works so many deals, not one for each of a million.
const COMPANIES_MAX: usize = 6_000;
/// Deals that are stored in one transaction.
const SLICE: usize = 500;
/// Places of the stages in which deals end.
const WON: usize = 4;
const LOST: usize = 5;

/// Name, least and most thousands, recurring.
const PRODUCTS: [(&str, &str, i64, i64, bool); 8] = [
    ("Annual licence", "Jahreslizenz", 6, 48, true),
    ("Maintenance contract", "Wartungsvertrag", 3, 24, true),
    ("Pilot installation", "Pilotinstallation", 8, 35, false),
    ("Roll-out to all sites", "Einführung an allen Standorten", 40, 220, false),
    ("Spare parts framework", "Rahmenvertrag Ersatzteile", 10, 90, false),
    ("Training programme", "Schulungsprogramm", 2, 14, false),
    ("Replacement of the old system", "Ablösung des Altsystems", 60, 340, false),
    ("Service hotline", "Servicehotline", 4, 18, true),
];
const NEXT_STEPS: [(&str, &str); 6] = [
    ("Send the revised offer", "Überarbeitetes Angebot senden"),
    ("Talk to the head of purchasing", "Mit der Einkaufsleitung sprechen"),
    ("Demonstration on site", "Vorführung vor Ort"),
    ("Clarify delivery dates", "Liefertermine klären"),
    ("Wait for the board meeting", "Sitzung des Vorstands abwarten"),
    ("Check the contract", "Vertrag prüfen"),
];
const SOURCES: [&str; 7] = ["website", "referral", "event", "outbound", "partner", "campaign", "customer"];
const LOST_REASONS: [&str; 6] = ["price", "competitor", "no_budget", "no_decision", "timing", "features"];

/// A deal and how it went on after its first stage.
struct Story {
    deal: Patch,
    /// Stage by its place, and when it was entered.
    moves: Vec<(usize, i64)>,
    lost_reason: &'static str,
}

/// Stores the deals of the demo of this seed as part of the batch that made its companies; says how many.
///
/// # Errors
/// Forbidden; a database that fails.
pub fn fill(workspace: &Workspace, actor: &Actor, seed: u64, batch: Uuid) -> Result<u64, Error> {
    let customers = read_customers(workspace)?;
    let users = read(workspace, "user", &[], 50, None)?.into_iter().map(|user| user.id).collect();
    let settings = workspace.settings();
    let now = workspace.now();
    let teller = Teller { users, currency: settings.base_currency.clone(), day: now - now.rem_euclid(DAY) };
    let products = products::store(workspace, actor, &teller.currency, batch)?;
    let mut stories = Vec::new();
    for (at, customer) in customers.iter().enumerate() {
        let mut dice = Dice::new(seed, at as u64);
        let count = if dice.percent(45) { 1 + dice.below(3) } else { 0 };
        stories.extend((0..count).map(|_| teller.story(customer, &mut dice)));
    }
    let count = stories.len() as u64;
    let mut rest = stories.into_iter().peekable();
    let mut sliced = 0;
    while rest.peek().is_some() {
        let slice: Vec<Story> = rest.by_ref().take(SLICE).collect();
        let (plan, products) = (Plan::new("demo").in_background().continuing(batch), products.clone());
        sliced += 1;
        let seed = seed.wrapping_add(sliced);
        workspace.transact(actor, plan, move |batch| store_stories(batch, &slice, &products, seed)).wait()?;
    }
    leads::store(workspace, actor, &teller, &customers, seed, batch)?;
    Ok(count)
}

fn store_stories(batch: &mut Batch<'_>, stories: &[Story], products: &[Uuid], seed: u64) -> Result<(), Error> {
    let made = batch.create_many("deal", stories.iter().map(|story| story.deal.clone()).collect())?;
    let ids: Vec<Uuid> = made.into_iter().map(|made| made.map(|deal| deal.id)).collect::<Result<_, Problem>>()?;
    let longest = stories.iter().map(|story| story.moves.len()).max().unwrap_or(0);
    for step in 0..longest {
        let edits = stories.iter().zip(&ids).filter_map(|(story, id)| {
            let (stage, at) = *story.moves.get(step)?;
            let mut patch = patch([("stage", Value::Id(stage_id(stage))), ("stage_since", Value::Instant(at))]);
            if stage >= WON {
                patch.insert("closed_at".to_owned(), Value::Instant(at));
            }
            if stage == LOST {
                patch.insert("lost_reason".to_owned(), Value::text(story.lost_reason));
            }
            Some(Edit { id: *id, patch, if_version: None })
        });
        for edited in batch.update_many("deal", edits.collect())? {
            edited?;
        }
    }
    let last = stories.iter().map(|story| story.moves.last().map_or(0, |(stage, _)| *stage));
    let deals: Vec<(Uuid, usize)> = ids.into_iter().zip(last).collect();
    products::store_lines(batch, &products::lines(&deals, products, seed))
}

/// A company with somebody who works there.
struct Customer {
    company: Record,
    person: Option<Uuid>,
}

fn read_customers(workspace: &Workspace) -> Result<Vec<Customer>, Error> {
    let companies = read(workspace, "company", &["name", "language", "billing_address", "owner"], COMPANIES_MAX, None)?;
    let mut customers = Vec::with_capacity(companies.len());
    for slice in companies.chunks(SLICE) {
        let ids = slice.iter().map(|company| Value::Id(company.id)).collect();
        let people = read(workspace, "person", &["company"], 20_000, Some(("company", ids)))?;
        customers.extend(slice.iter().map(|company| {
            let works = |person: &&Record| person.get("company").as_id() == Some(company.id);
            Customer { company: company.clone(), person: people.iter().find(works).map(|person| person.id) }
        }));
    }
    Ok(customers)
}

/// The first records of an object, in the order of their ids.
fn read(
    workspace: &Workspace,
    object: &str,
    fields: &[&str],
    limit: usize,
    among: Option<(&'static str, Vec<Value>)>,
) -> Result<Vec<Record>, Error> {
    let schema = workspace.schema();
    let object = schema.find_object(object).cloned().ok_or_else(|| Problem::not_found("object"))?;
    let fields = fields.iter().map(|field| (*field).to_owned()).chain(["version".to_owned()]).collect();
    let filter = among.and_then(|(name, values)| Some(expr::field_in(&object, object.find_field(name)?, values)));
    let found = workspace.store().read(move |tx| {
        let select = Select { fields, filter, limit, ..Select::all(&schema, &object) };
        let mut found = Vec::new();
        tx.select(&select, &mut |record| {
            found.push(record);
            Ok(())
        })?;
        Ok(found)
    });
    found.wait()
}

/// What all stories have in common.
struct Teller {
    users: Vec<Uuid>,
    currency: String,
    /// Midnight (UTC) of today.
    day: i64,
}

impl Teller {
    /// Whoever owns the company, else anybody.
    fn owner(&self, customer: &Customer, dice: &mut Dice) -> Value {
        match customer.company.get("owner") {
            Value::Missing => self
                .users
                .get(dice.below(self.users.len().max(1) as u64) as usize)
                .copied()
                .map_or(Value::Missing, Value::Id),
            owner => owner.clone(),
        }
    }

    fn story(&self, customer: &Customer, dice: &mut Dice) -> Story {
        let company = &customer.company;
        let is_german = company.get("language").as_text() == Some("de");
        let (english, german, least, most, recurs) = dice.pick(&PRODUCTS);
        let product = if is_german { german } else { english };
        let (step, schritt) = dice.pick(&NEXT_STEPS);
        let (opened, moves) = self.way(dice);
        let stage = moves.last().map_or(0, |(stage, _)| *stage);
        let last = moves.last().map_or(opened, |(_, at)| *at);
        let amount = dice.between(least * 4, most * 4) * 250 * SCALE;
        let close = if stage >= WON { last } else { self.day + (dice.between(-6, 75)) * DAY };
        let money = |amount: i64| Value::Money { amount, currency: self.currency.clone(), base: None };
        let owner = self.owner(customer, dice);
        let mut deal = patch([
            ("name", Value::text(format!("{}: {product}", company.get("name").as_text().unwrap_or_default()))),
            ("company", Value::Id(company.id)),
            ("person", customer.person.map_or(Value::Missing, Value::Id)),
            ("pipeline", Value::Id(DEFAULT_PIPELINE)),
            ("stage", Value::Id(stage_id(0))),
            ("amount", money(amount)),
            ("expected_close", date(close)),
            ("source", Value::text(dice.pick(&SOURCES))),
            ("opened_at", Value::Instant(opened)),
            ("stage_since", Value::Instant(opened)),
            ("owner", owner),
        ]);
        if stage < WON {
            deal.insert("next_step".to_owned(), Value::text(if is_german { schritt } else { step }));
        }
        if recurs {
            deal.insert("recurring_amount".to_owned(), money(amount));
            deal.insert("recurring_period".to_owned(), Value::text("year"));
        }
        Story { deal, moves, lost_reason: dice.pick(&LOST_REASONS) }
    }

    /// When it was opened and which stages it entered when: more than half are decided, the others are on their way.
    fn way(&self, dice: &mut Dice) -> (i64, Vec<(usize, i64)>) {
        let decided = dice.percent(55);
        let opened_days = if decided { dice.between(40, 420) } else { dice.between(1, 90) };
        let opened = self.day - opened_days * DAY + dice.between(8 * 60, 18 * 60) * 60_000_000;
        let reached = if decided { dice.between(0, 3) } else { dice.pick(&[0, 0, 1, 1, 2, 2, 3]) };
        let won = decided && (reached == 3 || dice.percent(25));
        let end = if decided && won { 3 } else { reached };
        let mut stages: Vec<usize> = (1..=usize::try_from(end).unwrap_or(0)).collect();
        if decided {
            stages.push(if won { WON } else { LOST });
        }
        let room = (self.day - opened - DAY).max(DAY) / (stages.len() as i64 + 1);
        let mut at = opened;
        let moves = stages.into_iter().map(|stage| {
            at += dice.between(room / 4 / 60_000_000, room / 60_000_000) * 60_000_000;
            (stage, at)
        });
        (opened, moves.collect())
    }
}

fn date(at: i64) -> Value {
    let day = Timestamp::from_microsecond(at).map(|at| at.to_zoned(TimeZone::UTC).date());
    day.map_or(Value::Missing, Value::Date)
}

/// Chance that is the same every time: a stream for each company of a seed.
struct Dice(ChaCha8Rng);

impl Dice {
    fn new(seed: u64, index: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream((0x5a1e << 40) | index);
        Self(rng)
    }

    /// 0 to `count` - 1.
    fn below(&mut self, count: u64) -> u64 {
        (u64::from(self.0.next_u32()) * count) >> 32
    }

    fn between(&mut self, least: i64, most: i64) -> i64 {
        least + i64::try_from(self.below(u64::try_from(most - least + 1).unwrap_or(1))).unwrap_or(0)
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let at = usize::try_from(self.below(list.len() as u64)).unwrap_or(0);
        list.get(at).copied().unwrap_or_default()
    }
}
