//! The contacts capability: people, companies, tasks and everything said and done with them.

pub mod dedupe;
pub mod demo;
pub mod export;
pub mod import;
pub mod merge;
mod notify;

use engine::{JobEntry, Module};

/// What the program registers to have contacts.
pub const MODULES: &[Module] = &[Module {
    name: "contacts",
    objects: OBJECTS,
    rules: &[],
    jobs: JOBS,
    consumers: &[notify::CONSUMER],
    keys: dedupe::KEYS,
}];

/// Work that goes on in the background.
const JOBS: &[JobEntry] = &[dedupe::SCAN, import::JOB, notify::REMIND];

/// The standard objects, in the order of navigation.
const OBJECTS: &[(&str, &str)] = &[
    ("objects/person.toml", include_str!("../objects/person.toml")),
    ("objects/company.toml", include_str!("../objects/company.toml")),
    ("objects/task.toml", include_str!("../objects/task.toml")),
    ("objects/meeting.toml", include_str!("../objects/meeting.toml")),
    ("objects/call.toml", include_str!("../objects/call.toml")),
    ("objects/note.toml", include_str!("../objects/note.toml")),
    ("objects/document.toml", include_str!("../objects/document.toml")),
    ("objects/comment.toml", include_str!("../objects/comment.toml")),
    ("objects/affiliation.toml", include_str!("../objects/affiliation.toml")),
    ("objects/relationship.toml", include_str!("../objects/relationship.toml")),
    ("objects/preference.toml", include_str!("../objects/preference.toml")),
    ("objects/tag.toml", include_str!("../objects/tag.toml")),
];
