//! The contacts capability: people, companies, tasks and everything said and done with them.

pub mod activities;
pub mod calendar;
pub mod consent;
pub mod dedupe;
pub mod demo;
mod digest;
mod expiry;
pub mod export;
mod folders;
pub mod health;
pub mod import;
pub mod merge;
mod notify;
mod pushes;
pub mod quality;
pub mod recurrence;
pub mod relations;
pub mod signals;
pub mod texts;
mod told_reactions;

use engine::{JobEntry, KeyEntry, Module, RuleEntry};

/// What the program registers to have contacts.
pub const MODULE: Module = Module {
    name: "contacts",
    objects: OBJECTS,
    additions: &[],
    beginnings: &[],
    rules: RULES,
    follows: activities::FOLLOWS,
    jobs: JOBS,
    consumers: &[notify::CONSUMER, health::CONSUMER, texts::CONSUMER],
    keys: KEYS,
    health: health::PARTS,
    letters: &[digest::LETTER],
    notice: Some(pushes::write),
    placed: Some("company"),
};

/// Behaviour of the objects.
const RULES: &[RuleEntry] = &{
    let [consent, suppression] = *consent::RULES;
    let [task, meeting] = *activities::RULES;
    let [person, company] = *quality::RULES;
    let [document] = *folders::RULES;
    [consent, suppression, task, meeting, person, company, document]
};

/// What records are found again by.
const KEYS: &[KeyEntry] = &{
    let [person, company] = *dedupe::KEYS;
    let [consent, suppression] = *consent::KEYS;
    [person, company, consent, suppression]
};

/// Work that goes on in the background.
const JOBS: &[JobEntry] = &[
    dedupe::SCAN,
    digest::JOB,
    expiry::REMIND,
    health::REFRESH,
    import::JOB,
    notify::REMIND,
    quality::SCAN,
    texts::JOB,
];

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
    ("objects/consent.toml", include_str!("../objects/consent.toml")),
    ("objects/suppression.toml", include_str!("../objects/suppression.toml")),
    ("objects/tag.toml", include_str!("../objects/tag.toml")),
];
