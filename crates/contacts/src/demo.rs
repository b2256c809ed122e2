//! A believable company's data out of nothing: companies of fifteen countries, their people, and what was said and
//! agreed with them. The same seed gives the same data. Nobody is meant: all e-mail addresses end in `.example`.

mod activity;
mod company;
mod country;
mod dice;
mod fill;
mod latin;
mod lists;
mod person;
mod record;
mod talk;
mod typo;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

use model::Patch;
use uuid::Uuid;

pub use activity::Activity;
pub use fill::{Filled, fill};

use company::Company;
use dice::{Seed, Stream};

/// Sizes of the eight companies that 64 people belong to.
const SIZES: [u64; 8] = [25, 14, 9, 6, 4, 3, 2, 1];
/// People of one round of [`SIZES`].
const ROUND: u64 = 64;
/// People that are stored in one transaction; whole rounds, so that their companies are stored with them.
const PORTION: u64 = 100 * ROUND;
/// Companies of a portion.
const PORTION_COMPANIES: u64 = PORTION / ROUND * SIZES.len() as u64;

const DAY: i64 = 86_400_000_000;

/// The data of one seed.
#[derive(Clone)]
pub struct Demo {
    seed: Seed,
    /// Midnight (UTC) of today: what activities are placed around.
    day: i64,
    users: Vec<Uuid>,
}

impl Demo {
    /// The data of a seed as of a moment (microseconds since the epoch); `users` own records and do tasks.
    pub fn new(seed: u64, now: i64, users: Vec<Uuid>) -> Self {
        Self { seed: Seed::new(seed), day: now - now.rem_euclid(DAY), users }
    }

    /// How many companies so many people belong to.
    pub fn company_count(people: u64) -> u64 {
        people.checked_sub(1).map_or(0, |last| place_of(last).0 + 1)
    }

    /// Companies by index.
    pub fn companies(&self, range: Range<u64>) -> impl Iterator<Item = Patch> + '_ {
        range.map(|index| self.company(index))
    }

    /// People by index. Their companies have the indexes below [`Demo::company_count`].
    pub fn people(&self, range: Range<u64>) -> impl Iterator<Item = Patch> + '_ {
        let mut last: Option<Company> = None;
        range.map(move |index| match self.first_of(index) {
            Some(first) => {
                let (place, slot) = place_of(first);
                let company = self.sketch_company(place).0;
                self.second_record(index, &self.person_at(first, &company, slot))
            }
            None => {
                let (place, slot) = place_of(index);
                let company = match last.take() {
                    Some(company) if company.index == place => company,
                    _ => self.sketch_company(place).0,
                };
                let patch = self.person_at(index, &company, slot);
                last = Some(company);
                patch
            }
        })
    }

    /// The id of the company of an index.
    pub fn company_id(&self, index: u64) -> Uuid {
        self.seed.id(Stream::Company, index)
    }

    /// The id of the person of an index.
    pub fn person_id(&self, index: u64) -> Uuid {
        self.seed.id(Stream::Person, index)
    }
}

/// The company of a person and the person's place in it.
fn place_of(person: u64) -> (u64, u64) {
    let (round, mut place) = (person / ROUND, person % ROUND);
    let mut company = round * SIZES.len() as u64;
    for size in SIZES {
        if place < size {
            break;
        }
        place -= size;
        company += 1;
    }
    (company, place)
}
