//! The sales capability: pipelines with their stages, and the deals that go through them.

mod begin;
pub mod capture;
pub mod convert;
mod criteria;
pub mod demo;
mod leads;
mod moves;
mod rules;
mod stages;

use engine::Module;

/// What the program registers to have sales.
pub const MODULE: Module = Module {
    name: "sales",
    objects: OBJECTS,
    additions: ADDITIONS,
    beginnings: begin::BEGINNINGS,
    rules: rules::RULES,
    follows: moves::FOLLOWS,
    jobs: &[capture::FORGET],
    consumers: &[],
    keys: &[],
    health: &[],
    letters: &[],
    notice: None,
    placed: None,
};

/// The objects, in the order of navigation.
const OBJECTS: &[(&str, &str)] = &[
    ("objects/lead.toml", include_str!("../objects/lead.toml")),
    ("objects/capture_form.toml", include_str!("../objects/capture_form.toml")),
    ("objects/deal.toml", include_str!("../objects/deal.toml")),
    ("objects/pipeline.toml", include_str!("../objects/pipeline.toml")),
    ("objects/stage.toml", include_str!("../objects/stage.toml")),
    ("objects/stage_change.toml", include_str!("../objects/stage_change.toml")),
];

/// What customers' pages know of deals.
const ADDITIONS: &[(&str, &str, &str)] = &[
    ("company", "additions/company.toml", include_str!("../additions/company.toml")),
    ("person", "additions/person.toml", include_str!("../additions/person.toml")),
];
