//! Mapping: which column of a file fills which field. Proposed by name, by content and by the system the file came from;
//! people correct it.

pub mod content;
pub mod names;
pub mod person_name;
pub mod places;
pub mod propose;
pub mod sources;
pub mod units;

use std::fmt;

use model::{Field, Kind, Object, Schema};
use serde::{Deserialize, Serialize};

pub use propose::{Proposal, propose};

/// A place in a record: `person.emails[work]`, `company.name`, `person.address.city`, `person.external_ids.hubspot`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// Object name.
    pub object: String,
    /// Field name.
    pub field: String,
    /// A part of an address, a date or of `external_ids`.
    pub part: Option<String>,
    /// Label of an e-mail, phone or link; of a long text the heading its line gets.
    pub label: Option<String>,
    /// The first of its list.
    pub primary: bool,
}

impl Target {
    /// A field of an object.
    pub fn field(object: &str, field: &str) -> Self {
        Self { object: object.to_owned(), field: field.to_owned(), ..Self::default() }
    }

    /// Adds a label, if there is one.
    #[must_use]
    pub fn labelled(mut self, label: Option<&str>) -> Self {
        for word in label.unwrap_or_default().split(',').map(str::trim) {
            match word {
                "primary" | "preferred" => self.primary = true,
                "" => {}
                word => self.label = Some(word.to_owned()),
            }
        }
        self
    }

    /// Adds a part.
    #[must_use]
    pub fn part(mut self, part: &str) -> Self {
        self.part = Some(part.to_owned());
        self
    }

    /// Reads `object.field`, `object.field.part` and `object.field[label]`.
    pub fn parse(text: &str) -> Option<Self> {
        let (path, label) = match text.trim().split_once('[') {
            Some((path, label)) => (path, Some(label.strip_suffix(']')?)),
            None => (text.trim(), None),
        };
        let mut names = path.splitn(3, '.').map(str::trim);
        let (object, field, part) = (names.next()?, names.next()?, names.next());
        if object.is_empty() || field.is_empty() || part.is_some_and(str::is_empty) {
            return None;
        }
        let target = Self { part: part.map(str::to_owned), ..Self::field(object, field) };
        if let Some(heading) = label.filter(|label| label.contains('\u{0}') || label.is_empty()) {
            return Some(Self { label: Some(heading.to_owned()), ..target });
        }
        Some(target.labelled(label))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.object, self.field)?;
        if let Some(part) = &self.part {
            write!(f, ".{part}")?;
        }
        match (&self.label, self.primary) {
            (Some(label), true) => write!(f, "[{label}, primary]"),
            (Some(label), false) => write!(f, "[{label}]"),
            (None, true) => write!(f, "[primary]"),
            (None, false) => Ok(()),
        }
    }
}

impl Serialize for Target {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "`{text}` is no target. Write it like person.emails[work] or person.address.city."
            ))
        })
    }
}

/// Why a column is mapped as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its name says so.
    Name,
    /// Its values look so.
    Content,
    /// Files of that system have it so.
    Source,
    /// Somebody chose it.
    Chosen,
    /// It labels another column's values.
    Label,
    /// Nothing fits.
    None,
}

/// What happens with one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnMapping {
    /// Where its values go; `None` leaves them in the file.
    pub target: Option<Target>,
    /// The column whose cells label these values (`E-mail 1 - Type`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_column: Option<String>,
    /// 0 to 1.
    #[serde(default)]
    pub confidence: f64,
    /// Why.
    #[serde(default = "chosen")]
    pub reason: Reason,
}

fn chosen() -> Reason {
    Reason::Chosen
}

impl ColumnMapping {
    /// A column that goes nowhere.
    pub fn unmapped() -> Self {
        Self { target: None, label_column: None, confidence: 0.0, reason: Reason::None }
    }

    /// A column that goes somewhere.
    pub fn to(target: Target, confidence: f64, reason: Reason) -> Self {
        Self { target: Some(target), label_column: None, confidence, reason }
    }
}

/// An object that a row fills besides its own, and the reference that leads there.
#[derive(Debug, Clone)]
pub struct Related<'a> {
    /// The reference field.
    pub field: &'a Field,
    /// What it refers to.
    pub object: &'a Object,
}

/// The objects that rows of an object can fill as well: the targets of its references, each once.
pub fn related<'a>(schema: &'a Schema, object: &'a Object) -> Vec<Related<'a>> {
    let mut related: Vec<Related<'a>> = Vec::new();
    for field in object.fields.iter().filter(|field| field.kind == Kind::Reference && !field.hidden && !field.system) {
        let target = field.target.as_deref().and_then(|target| schema.find_object(target));
        if let Some(target) = target.filter(|target| !target.internal && target.name != object.name)
            && !related.iter().any(|known| known.object.name == target.name)
        {
            related.push(Related { field, object: target });
        }
    }
    related
}

/// Whether a row can write a field at all.
pub fn is_writable(field: &Field) -> bool {
    !field.hidden && !field.read_only && !field.is_derived() && !matches!(field.kind, Kind::Rank | Kind::Actor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_read_back_what_they_write() {
        for text in [
            "person.emails[work]",
            "company.name",
            "person.address.city",
            "person.external_ids.hubspot",
            "person.emails[work, primary]",
            "person.phones[primary]",
            "person.description[Favourite colour]",
        ] {
            assert_eq!(Target::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Target::parse("person"), None);
        assert_eq!(Target::parse("person.emails[work"), None);
    }
}
