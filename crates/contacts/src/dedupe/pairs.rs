//! All likely pairs among many records, without comparing all with all.
//!
//! Round by round the records are sorted by one blocking key, and only those with an equal key are compared, by as many
//! threads as there are cores. A key that very many share (a common name) does not explode: within it the records are
//! sorted by name and each meets only its next neighbours (the sorted-neighbourhood method of Hernández and Stolfo,
//! 1995). At the end, records that are surely one with the same third record are put together too.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use super::evidence::{Likeness, Scales, compare, compare_quickly};
use model::duplicates::Duplicates;

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
/// Comparisons a thread makes between two reports.
const PARCEL: usize = 50_000;
/// From here on a pair is sure enough to vouch for others.
const SURE: f64 = 0.9;
/// Pairs that are less than sure and kept at most: nobody reviews more, and more means that a field holds the same for all.
const UNSURE_MAX: usize = 100_000;
/// Pairs kept at most.
const PAIRS_MAX: usize = 1_000_000;
/// Sure pairs of one record up to which they vouch for one another: with more, something is wrong with the record.
const VOUCHING_MAX: usize = 8;
/// What a third record's word is worth beside what the two say themselves.
const VOUCHED: f64 = 0.8;

/// How far a search is: hears the round that is at work and the share of all rounds done.
pub type Advance<'a, E> = &'a mut dyn FnMut(usize, f64) -> Result<(), E>;

/// Finds every pair worth showing, from a round of keys on, and hands each out once.
pub fn find_pairs<E>(
    records: &[Traits],
    rules: &Duplicates,
    from: usize,
    advance: Advance<'_, E>,
    each: &mut dyn FnMut(Pair) -> Result<(), E>,
) -> Result<(), E> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let scales = Scales::new(rules, records.len());
    let mut search = Search { records, scales, threads, found: HashSet::new(), sure: Vec::new(), unsure: 0 };
    for round in from..ROUNDS {
        search.run_round(round, advance, each)?;
    }
    search.vouch(each)?;
    advance(ROUNDS, 1.0)
}

/// A blocking key and the place of a record that has it.
type Keyed = (u64, u32);

struct Search<'a> {
    records: &'a [Traits],
    scales: Scales,
    threads: usize,
    /// Pairs handed out already. Pairs found unlike are not remembered: comparing twice is cheaper.
    found: HashSet<(u32, u32)>,
    sure: Vec<(u32, u32, f64)>,
    unsure: usize,
}

impl Search<'_> {
    fn run_round<E>(
        &mut self,
        round: usize,
        advance: Advance<'_, E>,
        each: &mut dyn FnMut(Pair) -> Result<(), E>,
    ) -> Result<(), E> {
        let share = |part: f64| (round as f64 + part) / ROUNDS as f64;
        advance(round, share(0.0))?;
        let keyed = key_records(self.records, round, self.threads);
        let parcels = pack(&keyed);
        let next = AtomicUsize::new(0);
        let (sender, receiver) = sync_channel::<Vec<Pair>>(self.threads * 2);
        let (records, scales, threads) = (self.records, self.scales, self.threads);
        std::thread::scope(|scope| {
            // Dropped on every way out, which ends the threads.
            let receiver = receiver;
            for _ in 0..threads {
                let (sender, next, keyed, parcels) = (sender.clone(), &next, &keyed, &parcels);
                scope.spawn(move || {
                    while let Some(parcel) = parcels.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let blocks = keyed.get(parcel.clone()).unwrap_or_default();
                        if sender.send(compare_blocks(records, blocks, &scales)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            for (done, pairs) in receiver.iter().enumerate() {
                for pair in pairs {
                    self.keep(pair, each)?;
                }
                advance(round, share((done + 1) as f64 / parcels.len().max(1) as f64))?;
            }
            Ok(())
        })
    }

    fn keep<E>(&mut self, pair: Pair, each: &mut dyn FnMut(Pair) -> Result<(), E>) -> Result<(), E> {
        let is_sure = pair.likeness.confidence >= SURE;
        if self.found.len() >= PAIRS_MAX || (!is_sure && self.unsure >= UNSURE_MAX) {
            return Ok(());
        }
        let (a, b) = (pair.a as u32, pair.b as u32);
        if !self.found.insert((a, b)) {
            return Ok(());
        }
        if is_sure {
            self.sure.push((a, b, pair.likeness.confidence));
        } else {
            self.unsure += 1;
        }
        each(pair)
    }

    /// Two records that are both surely one with a third are one too, unless official numbers say otherwise.
    fn vouch<E>(&mut self, each: &mut dyn FnMut(Pair) -> Result<(), E>) -> Result<(), E> {
        let mut friends: HashMap<u32, Vec<(u32, f64)>> = HashMap::new();
        for (a, b, confidence) in std::mem::take(&mut self.sure) {
            friends.entry(a).or_default().push((b, confidence));
            friends.entry(b).or_default().push((a, confidence));
        }
        for of_one in friends.into_values().filter(|of_one| of_one.len() <= VOUCHING_MAX) {
            for (at, (a, sure_a)) in of_one.iter().enumerate() {
                for (b, sure_b) in of_one.iter().skip(at + 1) {
                    let (a, b) = ((*a).min(*b), (*a).max(*b));
                    if self.found.contains(&(a, b)) {
                        continue;
                    }
                    if let Some(likeness) = self.vouched(a, b, sure_a.min(*sure_b)) {
                        self.keep(Pair { a: a as usize, b: b as usize, likeness }, each)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn vouched(&self, a: u32, b: u32, sure: f64) -> Option<Likeness> {
        let (left, right) = (self.records.get(a as usize)?, self.records.get(b as usize)?);
        let mut likeness = compare(left, right, &self.scales);
        if likeness.confidence < self.scales.from {
            if likeness.reasons.contains(&DIFFERENT_NUMBER) || sure * VOUCHED < self.scales.from {
                return None;
            }
            likeness.confidence = sure * VOUCHED;
            likeness.reasons.insert(0, VOUCHED_REASON);
        }
        Some(likeness)
    }
}

/// Numbers of one system are given to one each.
pub const DIFFERENT_NUMBER: &str = "different number in the same system";
/// Why two records are shown that would not be by themselves.
pub const VOUCHED_REASON: &str = "both are like a third record";

/// Every key of a round with the places of the records that have it, in the order of keys.
fn key_records(records: &[Traits], round: usize, threads: usize) -> Vec<Keyed> {
    let share = records.len().div_ceil(threads).max(1);
    let key_share = |number: usize, share_of: &[Traits]| -> Vec<Keyed> {
        let mut keyed = Vec::with_capacity(share_of.len());
        for (at, traits) in share_of.iter().enumerate() {
            let place = u32::try_from(number * share + at).unwrap_or(u32::MAX);
            keyed.extend(scan_keys(traits, round).into_iter().map(|key| (key, place)));
        }
        keyed
    };
    let mut keyed = std::thread::scope(|scope| {
        let key_share = &key_share;
        let shares = records.chunks(share).enumerate();
        let running: Vec<_> =
            shares.map(|(number, share_of)| scope.spawn(move || key_share(number, share_of))).collect();
        let mut keyed: Vec<Keyed> = Vec::new();
        for thread in running {
            keyed.append(&mut thread.join().unwrap_or_default());
        }
        keyed
    });
    keyed.sort_unstable();
    keyed
}

/// Cuts the keys into parcels of about equal work, never within a block.
fn pack(keyed: &[Keyed]) -> Vec<Range<usize>> {
    let mut parcels = Vec::new();
    let (mut start, mut end, mut work) = (0, 0, 0);
    for block in keyed.chunk_by(|a, b| a.0 == b.0) {
        end += block.len();
        work += block.len() * reach(block.len()) + 1;
        if work >= PARCEL {
            parcels.push(start..end);
            (start, work) = (end, 0);
        }
    }
    if end > start {
        parcels.push(start..end);
    }
    parcels
}

/// How many of the records behind it each one of a block meets.
fn reach(block: usize) -> usize {
    if block > BLOCK_MAX { WINDOW } else { block.saturating_sub(1) }
}

fn compare_blocks(records: &[Traits], keyed: &[Keyed], scales: &Scales) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for block in keyed.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() > 1) {
        let mut places: Vec<u32> = block.iter().map(|(_, place)| *place).collect();
        if places.len() > BLOCK_MAX {
            let name = |place: u32| {
                let traits = records.get(place as usize);
                traits.map(|traits| (traits.name(), traits.family(), traits.given())).unwrap_or_default()
            };
            places.sort_by(|a, b| name(*a).cmp(&name(*b)));
        }
        for (at, a) in places.iter().enumerate() {
            for b in places.iter().skip(at + 1).take(reach(places.len())) {
                let (a, b) = ((*a).min(*b) as usize, (*a).max(*b) as usize);
                let (Some(left), Some(right)) = (records.get(a), records.get(b)) else { continue };
                let likeness = if a == b { None } else { compare_quickly(left, right, scales) };
                pairs.extend(likeness.map(|likeness| Pair { a, b, likeness }));
            }
        }
    }
    pairs
}
