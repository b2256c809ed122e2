//! The health of customers: a figure of 0 to 100 made of parts that capabilities register, stored beside each company, and
//! the reasons for it as far as whoever asks may know them.

mod explain;
mod follow;
mod mail;
mod parts;
mod refresh;
mod setting;
mod sum;

use engine::{ConsumerEntry, HealthPart, JobEntry};
use serde_json::Value as Json;

pub use explain::explain;
pub use refresh::catch_up;
pub use setting::{PartSetting, Setting, set_setting, setting, shipped_parts};

/// The parts that people, meetings and tasks give.
pub const PARTS: &[HealthPart] = &[parts::CONTACT, parts::NEXT_STEP, parts::TASKS, mail::MAIL, mail::LEFT];

/// Works the health of those companies out again that a change touches.
pub(crate) const CONSUMER: ConsumerEntry = ConsumerEntry { name: "health", run: follow::run };

/// Goes through all companies: time passes without a change. Asked for when the setting changes, too.
pub(crate) const REFRESH: JobEntry =
    JobEntry { kind: refresh::KIND, run: refresh::run, nightly: Some(|_| vec![Json::Null]), upkeep: true };

/// The object that has health.
const OBJECT: &str = "company";
/// The field with the figure.
const FIELD: &str = "health";
/// The field with the word for it.
const LEVEL: &str = "health_level";
/// Companies judged in one go.
const SLICE: usize = 200;
/// Ids named in one condition.
const NAMED_MAX: usize = 300;
