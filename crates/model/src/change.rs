//! Changes: the rows of the one log that history, undo, timelines, consumers and audits read.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// The record came into being.
    Create,
    /// Fields changed.
    Update,
    /// The record went to the recycle bin.
    Delete,
    /// The record came back from the recycle bin.
    Restore,
    /// The record was erased for good (retention, GDPR); `fields` is empty.
    Erase,
}

/// One change of one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Position in the log; grows, with gaps.
    pub seq: i64,
    /// The batch it belongs to: one command, one import, one merge.
    pub batch: Uuid,
    /// Microseconds since the epoch.
    pub at: i64,
    /// Who: `kind:id`, see [`crate::Actor`].
    pub actor: String,
    /// Object name.
    pub object: String,
    /// Record id.
    pub record: Uuid,
    /// What happened.
    pub op: Op,
    /// Field → `[before, after]` in JSON form; of a create `[null, after]`.
    pub fields: serde_json::Map<String, Json>,
}
