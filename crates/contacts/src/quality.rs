//! Data quality: what is missing, outdated, undeliverable or badly formatted, and how much of it is corrected at once.

mod board;
mod fix;
mod flaws;
mod scan;

use engine::{JobEntry, RuleEntry};
use serde_json::Value as Json;

pub use board::{Checks, board, checks, set_checks};
pub use fix::{Fix, apply, preview};

/// The objects that the board looks at.
pub const OBJECTS: [&str; 2] = ["person", "company"];

/// The field with what is to be corrected.
const FLAWS: &str = "flaws";

/// What is to be corrected is noted with every write.
pub const RULES: &[RuleEntry; 2] = &[
    RuleEntry { object: "person", why: "Flaws are those of the values that are stored.", apply: flaws::note },
    RuleEntry { object: "company", why: "Flaws are those of the values that are stored.", apply: flaws::note },
];

/// Looks through all records every night: bounces come without a write of the person.
pub const SCAN: JobEntry =
    JobEntry { kind: "quality.scan", run: scan::run, nightly: Some(|_| vec![Json::Null]), upkeep: true };

/// Where the counts of past days are kept.
const HISTORY: &str = "quality.history";
/// Where it is kept what is asked for.
const CHECKS: &str = "quality.checks";
