//! Who is looking at which record right now, and at which field they write. Kept in memory for less than a minute and
//! nowhere else: it is no part of the record, its history or a backup.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use parking_lot::Mutex;
use uuid::Uuid;

use crate::problem_json::{Answer, Failure};

/// How long somebody is believed to be there; windows say so again before it is over.
pub const STAYS: Duration = Duration::from_secs(45);
/// Windows of all people and records together.
const KEPT_MAX: usize = 20_000;
/// Windows of one person, so that nobody takes the room of the others.
const WINDOWS_MAX: usize = 50;

/// One window of one person at one record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Seat {
    user: Uuid,
    window: Uuid,
}

#[derive(Debug)]
struct Seen {
    until: Instant,
    editing: Option<String>,
}

/// Somebody at a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct There {
    /// Who.
    pub user: Uuid,
    /// The field that is being written.
    pub editing: Option<String>,
}

type Windows = HashMap<Seat, Seen>;
type Bucket = RateLimiter<Uuid, DefaultKeyedStateStore<Uuid>, DefaultClock>;

/// Everybody who is at a record.
#[derive(Debug)]
pub struct Presence {
    records: Mutex<HashMap<Uuid, Windows>>,
    limit: Bucket,
}

impl Default for Presence {
    fn default() -> Self {
        // Three windows that change their field every second are plenty.
        let rate = NonZeroU32::new(180).unwrap_or(NonZeroU32::MIN);
        Self { records: Mutex::default(), limit: RateLimiter::keyed(Quota::per_minute(rate)) }
    }
}

impl Presence {
    /// Takes one announcement of a person.
    pub fn take(&self, user: Uuid) -> Answer<()> {
        let often = "Your windows say too often where they are; slow down.";
        self.limit.check_key(&user).map_err(|_| Failure::too_many(often, 5))
    }

    /// Notes a window at a record, or that it left. Gives who is there now.
    pub fn note(&self, record: Uuid, user: Uuid, window: Uuid, editing: Option<String>, here: bool) -> Vec<There> {
        let now = Instant::now();
        let mut records = self.records.lock();
        let seat = Seat { user, window };
        if here {
            if !room(&mut records, user, now) {
                return there(records.get(&record), now);
            }
            let until = now + STAYS;
            records.entry(record).or_default().insert(seat, Seen { until, editing });
        } else if let Some(windows) = records.get_mut(&record) {
            windows.remove(&seat);
        }
        let found = there(records.get(&record), now);
        if found.is_empty() {
            records.remove(&record);
        }
        found
    }

    /// Whether somebody is at a record: only they are told of the others there.
    pub fn is_at(&self, record: Uuid, user: Uuid) -> bool {
        let now = Instant::now();
        let records = self.records.lock();
        let mut windows = records.get(&record).into_iter().flatten();
        windows.any(|(seat, seen)| seat.user == user && seen.until > now)
    }

    /// Forgets who left without a word.
    pub fn tidy(&self) {
        sweep(&mut self.records.lock(), Instant::now());
        self.limit.retain_recent();
    }
}

fn sweep(records: &mut HashMap<Uuid, Windows>, now: Instant) {
    records.retain(|_, windows| {
        windows.retain(|_, seen| seen.until > now);
        !windows.is_empty()
    });
}

/// Whether one more window of a person has room, after forgetting those that are over.
fn room(records: &mut HashMap<Uuid, Windows>, user: Uuid, now: Instant) -> bool {
    let full = |records: &HashMap<Uuid, Windows>| {
        let all: usize = records.values().map(HashMap::len).sum();
        let own = records.values().flat_map(HashMap::keys).filter(|seat| seat.user == user).count();
        all >= KEPT_MAX || own >= WINDOWS_MAX
    };
    if full(records) {
        sweep(records, now);
    }
    !full(records)
}

/// One line for each person, in a steady order; whoever writes in one of several windows writes.
fn there(windows: Option<&Windows>, now: Instant) -> Vec<There> {
    let mut found: HashMap<Uuid, Option<String>> = HashMap::new();
    for (seat, seen) in windows.into_iter().flatten().filter(|(_, seen)| seen.until > now) {
        let known = found.entry(seat.user).or_default();
        if known.is_none() {
            known.clone_from(&seen.editing);
        }
    }
    let mut found: Vec<There> = found.into_iter().map(|(user, editing)| There { user, editing }).collect();
    found.sort_unstable_by_key(|one| one.user);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_of_one_person_count_once_and_writing_wins() {
        let presence = Presence::default();
        let [record, ann, one, two] = [1, 2, 3, 4].map(Uuid::from_u128);
        presence.note(record, ann, one, Some("name".to_owned()), true);
        let found = presence.note(record, ann, two, None, true);
        assert_eq!(found, [There { user: ann, editing: Some("name".to_owned()) }]);
        assert!(presence.is_at(record, ann) && !presence.is_at(one, ann));
        presence.note(record, ann, one, None, false);
        assert_eq!(presence.note(record, ann, two, None, false), []);
        assert!(presence.records.lock().is_empty());
    }

    #[test]
    fn nobody_fills_the_memory() {
        let presence = Presence::default();
        let ann = Uuid::from_u128(1);
        for number in 0..200 {
            presence.note(Uuid::from_u128(number), ann, Uuid::from_u128(number), None, true);
        }
        let kept: usize = presence.records.lock().values().map(HashMap::len).sum();
        assert_eq!(kept, WINDOWS_MAX);
        assert!((0..1000).any(|_| presence.take(ann).is_err()));
        assert!(presence.take(Uuid::from_u128(2)).is_ok());
    }
}
