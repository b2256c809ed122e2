//! Chance that is the same every time: one stream of numbers for each seed, kind of record and index.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use uuid::Uuid;

/// What a stream is for; part of ids, so that no two records share one.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    Company = 1,
    Person = 2,
    Activity = 3,
}

/// The stream of one record.
pub(super) struct Dice(ChaCha8Rng);

/// The source of all streams of a seed.
#[derive(Clone)]
pub(super) struct Seed {
    number: u64,
    start: ChaCha8Rng,
}

impl Seed {
    pub(super) fn new(number: u64) -> Self {
        Self { number, start: ChaCha8Rng::seed_from_u64(number) }
    }

    pub(super) fn dice(&self, stream: Stream, index: u64) -> Dice {
        let mut rng = self.start.clone();
        rng.set_stream(((stream as u64) << 56) | index);
        Dice(rng)
    }

    /// A number that belongs to an index, without a stream of its own (splitmix64).
    pub(super) fn mixed(&self, index: u64) -> u64 {
        let mut mixed = self.number.wrapping_add(index.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_add(index);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// The id of a record: UUIDv7, in the order of the indexes, always the same.
    pub(super) fn id(&self, stream: Stream, index: u64) -> Uuid {
        const FIRST_MS: u64 = 1_704_067_200_000;
        let mut random = [0_u8; 10];
        let parts = [self.mixed(index ^ ((stream as u64) << 56)), self.mixed(index.wrapping_add(1) << 3)];
        let bytes = parts.iter().flat_map(|part| part.to_le_bytes());
        for (to, from) in random.iter_mut().zip(bytes) {
            *to = from;
        }
        uuid::Builder::from_unix_timestamp_millis(FIRST_MS + index, &random).into_uuid()
    }
}

impl Dice {
    /// 0 to `count` - 1; 0 when `count` is 0.
    pub(super) fn below(&mut self, count: u64) -> u64 {
        (u64::from(self.0.next_u32()) * count) >> 32
    }

    pub(super) fn between(&mut self, least: i64, most: i64) -> i64 {
        least + i64::try_from(self.below(u64::try_from(most - least + 1).unwrap_or(0))).unwrap_or(0)
    }

    pub(super) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub(super) fn index(&mut self, count: usize) -> usize {
        usize::try_from(self.below(count as u64)).unwrap_or(0)
    }

    /// One of a list; nothing of an empty one.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let at = self.index(list.len());
        list.get(at)
    }

    pub(super) fn word(&mut self, list: &[&'static str]) -> &'static str {
        self.pick(list).copied().unwrap_or_default()
    }

    /// A pattern with `#` for any digit and `%` for one from 1 to 9.
    pub(super) fn digits(&mut self, pattern: &str) -> String {
        let mut text = String::with_capacity(pattern.len());
        let mut pool = 0_u32;
        let mut left = 0_u32;
        for c in pattern.chars() {
            if left < 10 {
                pool = self.0.next_u32();
                left = u32::MAX;
            }
            match c {
                '#' => {
                    text.push(char::from_digit(pool % 10, 10).unwrap_or('0'));
                    pool /= 10;
                    left /= 10;
                }
                '%' => {
                    text.push(char::from_digit(pool % 9 + 1, 10).unwrap_or('1'));
                    pool /= 9;
                    left /= 9;
                }
                other => text.push(other),
            }
        }
        text
    }
}
