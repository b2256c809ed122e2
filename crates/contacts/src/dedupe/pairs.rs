//! All likely pairs among many records, without comparing all with all.
//!
//! Round by round the records are sorted by one blocking key, and only those with an equal key are compared. A key
//! that very many share (a common name) does not explode: within it the records are sorted by name and each meets
//! only its next neighbours (the sorted-neighbourhood method of Hernández and Stolfo, 1995).

use std::collections::HashSet;

use super::evidence::{Likeness, POSSIBLE, compare};
use super::keys::{ROUNDS, scan_keys};
use super::traits::Traits;

/// Two records that may be one, by their places in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The earlier place.
    pub a: usize,
    /// The later place.
    pub b: usize,
    /// How sure it is, and why.
    pub likeness: Likeness,
}

/// Records of one key up to which all are compared with all.
const BLOCK_MAX: usize = 64;
/// Neighbours each record meets in a larger block.
const WINDOW: usize = 12;

/// Finds every pair worth showing and hands each out once. `advance` hears the share of the work done.
pub fn find_pairs<E>(
    records: &[Traits],
    advance: &mut dyn FnMut(f64) -> Result<(), E>,
    each: &mut dyn FnMut(Pair) -> Result<(), E>,
) -> Result<(), E> {
    let mut search = Search { records, found: HashSet::new() };
    for round in 0..ROUNDS {
        advance(round as f64 / ROUNDS as f64)?;
        let mut keyed: Vec<(u64, u32)> = Vec::new();
        for (at, traits) in records.iter().enumerate() {
            let place = u32::try_from(at).unwrap_or(u32::MAX);
            keyed.extend(scan_keys(traits, round).into_iter().map(|key| (key, place)));
        }
        keyed.sort_unstable();
        for block in keyed.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() > 1) {
            search.compare_block(block, each)?;
        }
    }
    advance(1.0)
}

struct Search<'a> {
    records: &'a [Traits],
    /// Pairs handed out already. Pairs found unlike are not remembered: comparing twice is cheaper.
    found: HashSet<(u32, u32)>,
}

impl Search<'_> {
    fn compare_block<E>(&mut self, block: &[(u64, u32)], each: &mut dyn FnMut(Pair) -> Result<(), E>) -> Result<(), E> {
        let mut places: Vec<u32> = block.iter().map(|(_, place)| *place).collect();
        let mut reach = places.len();
        if places.len() > BLOCK_MAX {
            places.sort_by(|a, b| self.order(*a).cmp(&self.order(*b)));
            reach = WINDOW;
        }
        for (at, a) in places.iter().enumerate() {
            for b in places.iter().skip(at + 1).take(reach) {
                self.compare_pair((*a).min(*b), (*a).max(*b), each)?;
            }
        }
        Ok(())
    }

    fn order(&self, place: u32) -> (&str, &str, &str) {
        let traits = self.records.get(place as usize);
        traits.map(|traits| (traits.name(), traits.family(), traits.given())).unwrap_or_default()
    }

    fn compare_pair<E>(&mut self, a: u32, b: u32, each: &mut dyn FnMut(Pair) -> Result<(), E>) -> Result<(), E> {
        let (Some(left), Some(right)) = (self.records.get(a as usize), self.records.get(b as usize)) else {
            return Ok(());
        };
        if a == b || self.found.contains(&(a, b)) {
            return Ok(());
        }
        let likeness = compare(left, right, self.records.len());
        if likeness.confidence >= POSSIBLE && self.found.insert((a, b)) {
            each(Pair { a: a as usize, b: b as usize, likeness })?;
        }
        Ok(())
    }
}
