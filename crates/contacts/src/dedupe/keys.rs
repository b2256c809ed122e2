//! Blocking keys: records that share one are compared, all others never.
//!
//! Few keys are stored with each record (writing them must stay cheap) and answer "does this one exist already?".
//! A scan makes more, in memory, so that a slip in one trait leaves another to meet by.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::names::sound;
use super::traits::{FIELD, IDENTIFYING, Traits};

/// The keys kept in the database with a record.
pub fn stored_keys(traits: &Traits) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    keys.extend(traits.emails().map(|email| format!("e:{email}")));
    keys.extend(traits.phones().map(|phone| format!("p:{phone}")));
    // Ids in other systems have keys of the engine's already.
    keys.extend(traits.ids().filter(|id| id.starts_with([FIELD, IDENTIFYING])).map(stored_id));
    if !traits.is_person() {
        keys.extend(traits.domains().map(|domain| format!("d:{domain}")));
    }
    keys.extend(name_key(traits).map(|name| format!("n:{name}")));
    keys.sort();
    keys.dedup();
    keys
}

/// The key that a number in a field is kept under.
pub fn stored_id(id: &str) -> String {
    format!("i:{}", id.trim_start_matches([FIELD, IDENTIFYING]))
}

/// How the whole name sounds, whatever the order of its words; `None` when half of a person's name is missing.
fn name_key(traits: &Traits) -> Option<String> {
    let mut sounds: Vec<String> = if traits.is_person() {
        [traits.given(), traits.family()].into_iter().map(sound).collect()
    } else {
        traits.name().split(' ').take(2).map(sound).collect()
    };
    if sounds.iter().any(String::is_empty) {
        return None;
    }
    sounds.sort();
    Some(sounds.join(" "))
}

/// How many rounds of keys a scan makes.
pub const ROUNDS: usize = 12;

/// The keys of one round of a scan, hashed; several when the trait is a list.
pub fn scan_keys(traits: &Traits, round: usize) -> Vec<u64> {
    let mut keys = Vec::new();
    let mut push = |parts: &[&str]| {
        if parts.iter().all(|part| !part.is_empty()) {
            let mut hasher = DefaultHasher::new();
            parts.hash(&mut hasher);
            keys.push(hasher.finish());
        }
    };
    let (given, family) = (traits.given(), traits.family());
    let first_word = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
    match round {
        0 => traits.ids().for_each(|id| push(&[id])),
        1 => traits.emails().for_each(|email| push(&[email])),
        2 => traits.phones().for_each(|phone| push(&[phone])),
        3 => push(&[&name_key(traits).unwrap_or_default()]),
        4 => push(&[&traits.birthday().map(|date| date.to_string()).unwrap_or_default()]),
        5 if traits.is_person() => push(&[&sound(family), traits.postal_code()]),
        5 => traits.domains().for_each(|domain| push(&[domain])),
        6 => push(&[&sound(if traits.is_person() { given } else { traits.name() }), traits.postal_code()]),
        7 => push(&[&prefix(traits.street(), 6), &first_word(traits.numbers())]),
        8 => push(&[&sound(family), &traits.company().map(|id| id.to_string()).unwrap_or_default()]),
        9 => [given, family].iter().for_each(|name| push(&[&sound(name), &prefix(traits.street(), 5)])),
        11 => push(&[traits.postal_code(), &prefix(traits.city(), 5), &prefix(&sound(family), 1)]),
        10 if traits.is_person() => push(&[&sound(family), &prefix(traits.city(), 4)]),
        10 => push(&[&prefix(&first_word(traits.name()), 5), &prefix(traits.city(), 4)]),
        _ => {}
    }
    keys
}

fn prefix(text: &str, letters: usize) -> String {
    if text.chars().nth(letters.saturating_sub(1)).is_none() {
        text.to_owned()
    } else {
        text.chars().take(letters).collect()
    }
}
