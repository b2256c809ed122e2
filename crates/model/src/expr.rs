//! The expression language: CEL text, checked against the schema into [`Expr`], then evaluated in memory here or
//! compiled to SQL by the store. Both give the same answer.
//!
//! It is total: a comparison with a missing value is false and its negation true; nothing fails at run time.
//! Text compares by its folded key (case and width do not matter), choices, actors and list entries exactly;
//! numbers exactly when both sides are fields or literals of one scale, else as IEEE doubles.

mod arithmetic;
mod bind;
mod bounds;
mod calls;
mod check;
mod compare;
mod eval;
mod fault;
mod guard;
mod names;
mod nnf;
mod operator;
mod parse;
mod place;
mod print;
mod quantify;
mod scan;
mod suggest;
mod uses;

use uuid::Uuid;

use crate::field::{Field, Kind};
use crate::object::Object;
use crate::value::Value;

pub use bind::{Bindings, bind};
pub use eval::{Source, eval, holds};
pub use fold_text::fold_pattern;
pub use guard::{guard, some_related, through};
pub use nnf::normalize;
pub use operator::{ArithmeticOp, CompareOp, DatePart, MatchOp, Mine, ShiftUnit, TextCase};
pub use parse::{parse_condition, parse_formula};
pub use place::{Casing, FieldRef, Hop, Over, Part, Range};
pub use uses::{Use, needs_binding, uses};

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod fault_tests;
mod fold_text;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;

/// The instants that expressions work with, in microseconds: the years 1 to 9999 as far as every time zone can show
/// them.
pub const INSTANTS: std::ops::Range<i64> = -62_135_596_800_000_000..253_402_207_200_000_000;

/// What an expression yields, as far as comparison and arithmetic care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A truth value.
    Bool,
    /// Any number.
    Number,
    /// A length of time.
    Duration,
    /// A point in time.
    Instant,
    /// A calendar day.
    Date,
    /// Text of any sort.
    Text,
    /// The id of a record.
    Id,
    /// `null`.
    Null,
    /// A list or a composite value, which only its own functions understand.
    Composite,
}

/// The unit of an exact whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Plain whole numbers.
    One,
    /// 1/10,000: decimals, percents, money.
    Scaled,
    /// Microseconds.
    Micros,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// As truth values.
    Bool,
    /// As exact whole numbers of one unit.
    Whole,
    /// As doubles.
    Float,
    /// As calendar days.
    Date,
    /// As ids.
    Id,
    /// As folded keys.
    Key,
    /// As the text itself.
    Text,
}

/// A checked expression. Conditions and values are one tree, because each can stand in the other.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// Always or never.
    Const(bool),
    /// All hold.
    And(Vec<Expr>),
    /// One holds.
    Or(Vec<Expr>),
    /// Does not hold.
    Not(Box<Expr>),
    /// There is a value.
    Present(Box<Expr>),
    /// Both are there and compare so.
    Compare {
        /// How they compare.
        op: CompareOp,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
        /// As what they compare.
        by: By,
    },
    /// The value is one of the list.
    In {
        /// The value.
        item: Box<Expr>,
        /// Literals that fit `by`.
        list: Vec<Value>,
        /// As what they compare.
        by: By,
    },
    /// The id is one of the actor's teams or territories. Replaced by [`bind`].
    InMine(Mine, Box<Expr>),
    /// The text contains another.
    Match {
        /// Where.
        op: MatchOp,
        /// The text.
        text: Box<Expr>,
        /// What is looked for.
        pattern: Box<Expr>,
        /// By key or by text.
        by: By,
    },
    /// The list has such an entry: an option, or an id of a reference.
    Member {
        /// A multi_select, references, about, emails, phones or links field.
        list: FieldRef,
        /// The entry.
        item: Box<Expr>,
    },
    /// One of the range satisfies the condition.
    Exists {
        /// What is ranged over.
        range: Range,
        /// Over the variable, whose scope is one deeper.
        condition: Box<Expr>,
    },
    /// A literal value.
    Literal(Value),
    /// A number that is no exact decimal of four places.
    Number(f64),
    /// This moment. Replaced by [`bind`].
    Now,
    /// This day in the actor's time zone. Replaced by [`bind`].
    Today,
    /// The user who asks. Replaced by [`bind`].
    Me,
    /// The first instant of a constant day in the actor's time zone. Replaced by [`bind`].
    StartOfDay(Box<Expr>),
    /// A constant day or instant moved. Replaced by [`bind`].
    Shift {
        /// The day or instant.
        of: Box<Expr>,
        /// How many.
        count: i32,
        /// Of what.
        unit: ShiftUnit,
    },
    /// The value of a field.
    Field(FieldRef),
    /// The value with the other sign.
    Negate(Box<Expr>),
    /// Computed in doubles: numbers as they are, times in microseconds, dates in days.
    Arithmetic {
        /// What is done.
        op: ArithmeticOp,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
        /// What comes out.
        result: Type,
    },
    /// Remainder of whole numbers.
    Remainder(Box<Expr>, Box<Expr>),
    /// Texts one after the other; a missing one is empty.
    Join(Vec<Expr>),
    /// One or the other.
    If {
        /// When it holds …
        condition: Box<Expr>,
        /// … this,
        then: Box<Expr>,
        /// else this.
        otherwise: Box<Expr>,
    },
    /// Text in another form.
    Cased(TextCase, Box<Expr>),
    /// Characters of a text or entries of a list field; 0 when missing.
    Size(Box<Expr>),
    /// How many of the range satisfy the condition.
    Count {
        /// What is ranged over.
        range: Range,
        /// Over the variable, whose scope is one deeper.
        condition: Box<Expr>,
    },
    /// A part of a date or instant field.
    DatePart(DatePart, Box<Expr>),
    /// The value of a formula, brought into the field's kind.
    Result(Kind, Box<Expr>),
}

/// All of both.
pub fn and(a: Expr, b: Expr) -> Expr {
    all_of(vec![a, b])
}

/// Any of both.
pub fn or(a: Expr, b: Expr) -> Expr {
    any_of(vec![a, b])
}

/// The opposite.
pub fn not(a: Expr) -> Expr {
    match a {
        Expr::Const(value) => Expr::Const(!value),
        Expr::Not(inner) => *inner,
        other => Expr::Not(Box::new(other)),
    }
}

/// All of them; always when there are none.
pub fn all_of(conditions: Vec<Expr>) -> Expr {
    let mut parts = Vec::with_capacity(conditions.len());
    for condition in conditions {
        match condition {
            Expr::Const(true) => {}
            Expr::Const(false) => return Expr::never(),
            Expr::And(inner) => parts.extend(inner),
            other => parts.push(other),
        }
    }
    match parts.len() {
        0 => Expr::always(),
        1 => parts.pop().unwrap_or_else(Expr::always),
        _ => Expr::And(parts),
    }
}

/// Any of them; never when there are none.
pub fn any_of(conditions: Vec<Expr>) -> Expr {
    let mut parts = Vec::with_capacity(conditions.len());
    for condition in conditions {
        match condition {
            Expr::Const(false) => {}
            Expr::Const(true) => return Expr::always(),
            Expr::Or(inner) => parts.extend(inner),
            other => parts.push(other),
        }
    }
    match parts.len() {
        0 => Expr::never(),
        1 => parts.pop().unwrap_or_else(Expr::never),
        _ => Expr::Or(parts),
    }
}

/// The field equals the value; with [`Value::Missing`]: it has none.
pub fn field_equals(object: &Object, field: &Field, value: Value) -> Expr {
    compare::field_in(object, field, vec![value])
}

/// The field has a value.
pub fn present(object: &Object, field: &Field) -> Expr {
    Expr::Present(Box::new(Expr::Field(FieldRef::plain(object, field))))
}

/// The field is one of the values. [`Value::Missing`] among them stands for "has none".
pub fn field_in(object: &Object, field: &Field, values: Vec<Value>) -> Expr {
    compare::field_in(object, field, values)
}

/// The record is one of these.
pub fn id_in(ids: Vec<Uuid>) -> Expr {
    let list = ids.into_iter().map(Value::Id).collect();
    Expr::In { item: Box::new(Expr::Field(FieldRef::id("", 0))), list, by: By::Id }
}

impl Expr {
    /// Holds for every record.
    pub fn always() -> Self {
        Self::Const(true)
    }

    /// Holds for no record.
    pub fn never() -> Self {
        Self::Const(false)
    }

    /// The expression as CEL text; parsing it gives the same expression again.
    pub fn to_source(&self) -> String {
        print::to_source(self)
    }

    /// What it yields.
    pub fn result_type(&self) -> Type {
        match self {
            Self::Const(_)
            | Self::And(_)
            | Self::Or(_)
            | Self::Not(_)
            | Self::Present(_)
            | Self::Compare { .. }
            | Self::In { .. }
            | Self::InMine(..)
            | Self::Match { .. }
            | Self::Member { .. }
            | Self::Exists { .. } => Type::Bool,
            Self::Literal(value) => type_of_value(value),
            Self::Number(_) | Self::Remainder(..) | Self::Size(_) | Self::Count { .. } | Self::DatePart(..) => {
                Type::Number
            }
            Self::Now | Self::StartOfDay(_) => Type::Instant,
            Self::Today => Type::Date,
            Self::Me => Type::Id,
            Self::Shift { of, .. } | Self::Negate(of) | Self::Result(_, of) => of.result_type(),
            Self::Field(field) => field.result_type(),
            Self::Arithmetic { result, .. } => *result,
            Self::Join(_) | Self::Cased(..) => Type::Text,
            Self::If { then, otherwise, .. } => match then.result_type() {
                Type::Null => otherwise.result_type(),
                found => found,
            },
        }
    }

    /// Whether it is a condition of its own rather than a truth value that can be missing.
    pub fn is_condition(&self) -> bool {
        matches!(
            self,
            Self::Const(_)
                | Self::And(_)
                | Self::Or(_)
                | Self::Not(_)
                | Self::Present(_)
                | Self::Compare { .. }
                | Self::In { .. }
                | Self::InMine(..)
                | Self::Match { .. }
                | Self::Member { .. }
                | Self::Exists { .. }
        )
    }

    /// Whether no record is needed to know its value.
    pub fn is_constant(&self) -> bool {
        match self {
            Self::Literal(_) | Self::Number(_) | Self::Now | Self::Today | Self::Me => true,
            Self::StartOfDay(of) | Self::Shift { of, .. } | Self::Negate(of) => of.is_constant(),
            Self::Arithmetic { left, right, .. } => left.is_constant() && right.is_constant(),
            _ => false,
        }
    }

    /// The unit in which its value is an exact whole number, if it is one.
    pub fn unit(&self) -> Option<Unit> {
        match self {
            Self::Literal(Value::Int(_)) | Self::Remainder(..) | Self::Size(_) | Self::Count { .. } => Some(Unit::One),
            Self::DatePart(..) => Some(Unit::One),
            Self::Literal(Value::Dec(_) | Value::Money { .. }) => Some(Unit::Scaled),
            Self::Literal(Value::Instant(_) | Value::Duration(_)) | Self::Now | Self::StartOfDay(_) => {
                Some(Unit::Micros)
            }
            Self::Field(field) => field.unit(),
            Self::Shift { .. } | Self::Arithmetic { .. } | Self::Negate(_)
                if self.is_constant() && matches!(self.result_type(), Type::Instant | Type::Duration) =>
            {
                Some(Unit::Micros)
            }
            Self::If { then, otherwise, .. } => match (then.unit(), otherwise.unit()) {
                (Some(a), Some(b)) if a == b => Some(a),
                (Some(a), None) if otherwise.result_type() == Type::Null => Some(a),
                (None, Some(b)) if then.result_type() == Type::Null => Some(b),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The type of a literal.
pub fn type_of_value(value: &Value) -> Type {
    match value {
        Value::Missing => Type::Null,
        Value::Bool(_) => Type::Bool,
        Value::Int(_) | Value::Dec(_) | Value::Money { .. } => Type::Number,
        Value::Duration(_) => Type::Duration,
        Value::Text(_) => Type::Text,
        Value::Date(_) => Type::Date,
        Value::Instant(_) => Type::Instant,
        Value::Id(_) => Type::Id,
        Value::Json(_) => Type::Composite,
    }
}
