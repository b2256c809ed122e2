//! The sales capability: pipelines with their stages, and the deals that go through them.

mod begin;
pub mod capture;
pub mod convert;
mod criteria;
pub mod demo;
mod leads;
mod lines;
mod moves;
mod prices;
pub mod quotes;
mod rules;
mod stages;
mod taxes;
pub mod totals;

use engine::{FollowEntry, Module};

/// What the program registers to have sales.
pub const MODULE: Module = Module {
    name: "sales",
    objects: OBJECTS,
    additions: ADDITIONS,
    beginnings: begin::BEGINNINGS,
    rules: rules::RULES,
    follows: FOLLOWS,
    jobs: &[capture::FORGET],
    consumers: &[],
    keys: &[],
    health: &[],
    letters: &[],
    notice: None,
    placed: None,
};

/// What follows from changes, in order.
const FOLLOWS: &[FollowEntry] =
    &[moves::WAY, moves::BOARD, lines::SUM, lines::UNDONE, quotes::SUMS_OF_LINES, quotes::SUMS_OF_TERMS];

const LINE: &str = include_str!("../additions/line.toml");

/// The objects, in the order of navigation.
const OBJECTS: &[(&str, &str)] = &[
    ("objects/lead.toml", include_str!("../objects/lead.toml")),
    ("objects/capture_form.toml", include_str!("../objects/capture_form.toml")),
    ("objects/deal.toml", include_str!("../objects/deal.toml")),
    ("objects/pipeline.toml", include_str!("../objects/pipeline.toml")),
    ("objects/stage.toml", include_str!("../objects/stage.toml")),
    ("objects/stage_change.toml", include_str!("../objects/stage_change.toml")),
    ("objects/quote.toml", include_str!("../objects/quote.toml")),
    ("objects/quote_line.toml", include_str!("../objects/quote_line.toml")),
    ("objects/product.toml", include_str!("../objects/product.toml")),
    ("objects/product_family.toml", include_str!("../objects/product_family.toml")),
    ("objects/price_list.toml", include_str!("../objects/price_list.toml")),
    ("objects/price.toml", include_str!("../objects/price.toml")),
    ("objects/tax_rate.toml", include_str!("../objects/tax_rate.toml")),
    ("objects/deal_line.toml", include_str!("../objects/deal_line.toml")),
];

/// What customers' pages know of deals, and what all lines say.
const ADDITIONS: &[(&str, &str, &str)] = &[
    ("company", "additions/company.toml", include_str!("../additions/company.toml")),
    ("person", "additions/person.toml", include_str!("../additions/person.toml")),
    ("deal_line", "additions/line.toml", LINE),
    ("quote_line", "additions/line.toml", LINE),
];
