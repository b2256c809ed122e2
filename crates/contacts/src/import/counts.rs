//! The totals of an import's ledger. They add up: every row has exactly one outcome.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::step::{Done, Outcome};

/// Rows by outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Rows read.
    pub rows: u64,
    /// Rows whose record was made.
    pub created: u64,
    /// Rows whose record was changed.
    pub updated: u64,
    /// Rows whose record says the same already.
    pub unchanged: u64,
    /// Rows that repeat an earlier one.
    pub duplicates: u64,
    /// Rows left out on purpose.
    pub skipped: u64,
    /// Rows refused.
    pub errors: u64,
    /// Records made beside those of the rows: companies of people.
    pub related_created: u64,
    /// The same by object.
    pub related: BTreeMap<String, u64>,
    /// Rows with an address that must not be written to, whatever their outcome.
    pub suppressed: u64,
}

impl Counts {
    /// Counts one row.
    pub fn count(&mut self, outcome: Outcome) {
        self.rows += 1;
        *self.slot(outcome) += 1;
    }

    fn slot(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::Create => &mut self.created,
            Outcome::Update => &mut self.updated,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Duplicate => &mut self.duplicates,
            Outcome::Skip => &mut self.skipped,
            Outcome::Error => &mut self.errors,
        }
    }

    /// Rows of an outcome.
    pub fn of(&self, outcome: Outcome) -> u64 {
        *self.clone().slot(outcome)
    }

    /// Counts a step.
    pub fn add(&mut self, done: &Done) {
        done.rows.iter().for_each(|row| self.count(row.outcome));
        self.related_created += done.made.len() as u64;
        for made in &done.made {
            *self.related.entry(made.object.clone()).or_default() += 1;
        }
        self.suppressed += done.suppressed;
    }

    /// Whether every row has its outcome.
    pub fn adds_up(&self) -> bool {
        let parts = [self.created, self.updated, self.unchanged, self.duplicates, self.skipped, self.errors];
        self.rows == parts.iter().sum::<u64>()
    }

    /// As the API shows it.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// From what the database keeps.
    pub fn from_json(json: &Json) -> Self {
        serde_json::from_value(json.clone()).unwrap_or_default()
    }
}
