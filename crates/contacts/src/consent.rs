//! Consent: what people allowed or forbade, the addresses that must not be written to, and the one question that every
//! channel asks before it sends: [`may_send`].
//!
//! The *ledger* (object `consent`) is only ever added to. It goes by address, not by person: whoever gave an address
//! gave the consent with it, whatever is merged or deleted later. The *suppressions* (object `suppression`) know an
//! address only by a keyed hash, so that they may outlive its erasure.
//!
//! Undo: an act of consent that an import or a slip of the hand recorded can be undone, a withdrawal and a suppression
//! never; undo names them among what it kept.

mod address;
mod ask;
mod check;
mod judge;
mod lift;
mod rules;
mod words;

use engine::{KeyEntry, RuleEntry};
use model::Value;

pub use address::normalise_address;
pub use ask::{load, may_send, suppressed};
pub use check::{check, of_person};
pub use judge::{Flags, Grant, Known, Question, Reason, State, Stop, Verdict, judge};
pub use lift::lift;
pub use words::{Act, Channel, Purpose, Scope, Why};

/// Behaviour of consents and suppressions.
pub const RULES: &[RuleEntry; 2] = &[
    RuleEntry {
        object: "consent",
        why: "A proof that can be changed afterwards proves nothing.",
        apply: rules::keep_consent,
    },
    RuleEntry {
        object: "suppression",
        why: "The address becomes its key before anything is stored or logged; only an administrator lifts.",
        apply: rules::keep_suppression,
    },
];

/// The keys by which an address finds its consents and suppressions.
pub const KEYS: &[KeyEntry; 2] = &[
    KeyEntry { object: "consent", keys: |_, record| ask::consent_keys(record) },
    KeyEntry {
        object: "suppression",
        keys: |_, record| match record.get("key") {
            Value::Text(key) => vec![ask::suppression_key(key)],
            _ => Vec::new(),
        },
    },
];
