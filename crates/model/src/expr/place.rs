//! Where values come from: fields, parts of them, records they refer to, entries of lists.

use super::{Type, Unit};
use crate::field::{Field, Kind};
use crate::object::Object;

/// One step over a reference to the record it points to. A deleted record counts as none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The object that has the reference.
    pub object: String,
    /// The reference field.
    pub field: String,
    /// The object it points to.
    pub target: String,
}

/// Which part of a field's value is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// All of it; of money its amount in the base currency.
    Whole,
    /// The primary entry of e-mails, phones or links.
    Primary,
    /// Money in its own currency.
    Amount,
    /// The currency of money.
    Currency,
    /// `street`, `city`, `region`, `postal_code` or `country` of an address.
    Address(String),
    /// `latitude` or `longitude` of an address.
    Coordinate(String),
    /// A text in a JSON object.
    Member(String),
    /// A text of the list entry that a variable stands for; the entry itself when empty.
    EntryText(String),
    /// A truth value of the list entry.
    EntryFlag(String),
    /// A whole number of the list entry.
    EntryNumber(String),
    /// An id of the list entry.
    EntryId(String),
}

/// How a text that compares exactly is written, so that literals can be brought into the same form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Casing {
    /// Compared by folded key.
    Folded,
    /// As it is.
    Exact,
    /// Always in capitals.
    Upper,
    /// Always in small letters.
    Lower,
}

/// A field of the record, of a variable's record, or of a record that these refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRef {
    /// 0: the record itself; n: the variable of the n-th enclosing `exists`, counted from outside.
    pub scope: usize,
    /// The references walked first.
    pub hops: Vec<Hop>,
    /// The object that has the field, or the list field whose entry is meant.
    pub object: String,
    /// The field, or the list field whose entry is meant; `id` for the id of the record.
    pub field: String,
    /// The part of it.
    pub part: Part,
    /// The kind of value it holds.
    pub kind: Kind,
}

/// What a quantifier ranges over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// As in [`FieldRef`].
    pub scope: usize,
    /// As in [`FieldRef`].
    pub hops: Vec<Hop>,
    /// The object that has the relation or list.
    pub object: String,
    /// What is ranged over.
    pub over: Over,
}

/// See [`Range`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// Records of another object that point here.
    Children {
        /// Name of the relation.
        relation: String,
        /// The object that points.
        object: String,
        /// Its field that points.
        field: String,
        /// Kind of that field: reference, user, references or about.
        kind: Kind,
    },
    /// The records that a `references` field points to.
    Targets {
        /// The field.
        field: String,
        /// The object pointed to.
        target: String,
    },
    /// The entries of a list field.
    Entries {
        /// The field.
        field: String,
        /// Its kind.
        kind: Kind,
    },
}

impl FieldRef {
    /// The id of the record of a scope.
    pub fn id(object: &str, scope: usize) -> Self {
        Self {
            scope,
            hops: Vec::new(),
            object: object.to_owned(),
            field: "id".to_owned(),
            part: Part::Whole,
            kind: Kind::Reference,
        }
    }

    /// A field of the record itself.
    pub fn plain(object: &Object, field: &Field) -> Self {
        Self {
            scope: 0,
            hops: Vec::new(),
            object: object.name.clone(),
            field: field.name.clone(),
            part: Part::Whole,
            kind: field.value_kind(),
        }
    }

    /// What it yields.
    pub fn result_type(&self) -> Type {
        match &self.part {
            Part::Primary | Part::Currency | Part::Address(_) | Part::Member(_) | Part::EntryText(_) => {
                return Type::Text;
            }
            Part::Amount | Part::Coordinate(_) | Part::EntryNumber(_) => return Type::Number,
            Part::EntryFlag(_) => return Type::Bool,
            Part::EntryId(_) => return Type::Id,
            Part::Whole => {}
        }
        match self.kind {
            Kind::Text | Kind::LongText | Kind::Select | Kind::AutoNumber | Kind::Rank | Kind::Actor => Type::Text,
            Kind::Integer | Kind::Decimal | Kind::Percent | Kind::Money | Kind::Rating => Type::Number,
            Kind::Date => Type::Date,
            Kind::DateTime => Type::Instant,
            Kind::Duration => Type::Duration,
            Kind::Boolean => Type::Bool,
            Kind::Reference | Kind::User => Type::Id,
            _ => Type::Composite,
        }
    }

    /// The unit of its exact number, if it is one.
    pub fn unit(&self) -> Option<Unit> {
        match (&self.part, self.kind) {
            (Part::Amount, _) => Some(Unit::Scaled),
            (Part::EntryNumber(_), _) => Some(Unit::One),
            (Part::Whole, Kind::Integer | Kind::Rating) => Some(Unit::One),
            (Part::Whole, Kind::Decimal | Kind::Percent | Kind::Money) => Some(Unit::Scaled),
            (Part::Whole, Kind::DateTime | Kind::Duration) => Some(Unit::Micros),
            _ => None,
        }
    }

    /// How its text compares.
    pub fn casing(&self) -> Casing {
        match (&self.part, self.kind) {
            (Part::Primary, _) => Casing::Folded,
            (Part::Currency, _) => Casing::Upper,
            (Part::Address(part), _) if part == "country" => Casing::Upper,
            (Part::Address(_), _) => Casing::Folded,
            (Part::EntryText(part), Kind::Emails) if part == "value" => Casing::Lower,
            (Part::Whole, Kind::Text | Kind::LongText | Kind::AutoNumber) => Casing::Folded,
            _ => Casing::Exact,
        }
    }
}
