//! A record on its way into the database: what it was, what it is to be.

use model::{Op, Patch, Record, Value};

/// One record inside the write path. Rules and derivation change `after`; `before` is what the database has.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Object name.
    pub object: String,
    /// What happens to it.
    pub op: Op,
    /// The stored record; `None` when it is new.
    pub before: Option<Record>,
    /// The record as it will be stored.
    pub after: Record,
    /// Microseconds since the epoch of this batch.
    pub at: i64,
}

impl Draft {
    /// The value as it will be stored.
    pub fn get(&self, field: &str) -> &Value {
        self.after.get(field)
    }

    /// The value as it is stored now; missing for a new record.
    pub fn was(&self, field: &str) -> &Value {
        self.before.as_ref().map_or(&Value::Missing, |before| before.get(field))
    }

    /// Sets a value.
    pub fn set(&mut self, field: &str, value: Value) {
        self.after.values.insert(field.to_owned(), value);
    }

    /// Whether the write changes this field.
    pub fn changes(&self, field: &str) -> bool {
        self.was(field) != self.get(field)
    }

    /// The fields whose stored value must change, with their new values.
    pub fn patch(&self) -> Patch {
        self.after
            .values
            .iter()
            .filter(|(name, value)| self.was(name) != *value)
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}
