//! How duplicates among an object's records are told, and which values a merged record keeps: what administrators may
//! say differently from the program.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What two records are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trait {
    /// Given and family name, or the name of what is no person.
    Name,
    /// Birthday.
    Birthday,
    /// The company a person belongs to.
    Company,
    /// Domains of a company's own.
    Domain,
    /// E-mail addresses.
    Email,
    /// Phone numbers.
    Phone,
    /// Official numbers, ids in other systems and the identifying fields.
    Number,
    /// Postal address.
    Address,
}

impl Trait {
    /// All of them, in the order of their places in [`Duplicates::factors`].
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Birthday,
        Self::Company,
        Self::Domain,
        Self::Email,
        Self::Phone,
        Self::Number,
        Self::Address,
    ];
}

/// Whose value a merged record keeps where its records disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Survivor {
    /// That of the record changed last.
    Newest,
    /// That of the record made first.
    Oldest,
    /// The longest text.
    Longest,
    /// The greatest number, the latest day.
    Greatest,
    /// The least number, the earliest day.
    Least,
}

/// Surest confidence, in per cent, below which pairs can be left out.
pub const SHOWN_FROM: std::ops::RangeInclusive<u8> = 50..=99;
/// The most that a trait can be made to say, in per cent.
pub const WEIGHT_MAX: u16 = 300;

/// The rules of one object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Duplicates {
    /// Pairs less sure than this are not shown, in per cent; 50 when it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_from: Option<u8>,
    /// Expression: only records that it holds for are taken for duplicates of others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub among: Option<String>,
    /// Fields with a number or code that only one of them bears: the same one proves, another one speaks against.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifying: Vec<String>,
    /// What a trait says, in per cent of what it says otherwise; 0: nothing at all.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub weights: BTreeMap<Trait, u16>,
    /// Whose value is kept, by field. Others: the value of the record that stays; lists are united.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub keep: BTreeMap<String, Survivor>,
}

impl Duplicates {
    /// Whether the program's own rules hold.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The confidence from which a pair is shown, 0 to 1.
    pub fn threshold(&self) -> f64 {
        f64::from(self.shown_from.unwrap_or(*SHOWN_FROM.start())) / 100.0
    }

    /// What each trait's evidence is multiplied by, in the order of [`Trait::ALL`].
    pub fn factors(&self) -> [f64; Trait::ALL.len()] {
        Trait::ALL.map(|one| self.weights.get(&one).map_or(1.0, |weight| f64::from(*weight) / 100.0))
    }
}
