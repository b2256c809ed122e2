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
mod names;
mod nnf;
mod parse;
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
pub use nnf::normalize;
pub use parse::{check_kind, parse_condition, parse_formula};
pub use uses::{Use, needs_binding, uses};

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

/// A comparison; `!=` is the negation of `==`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// `==`
    Equal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl CompareOp {
    /// The operator in CEL.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether an ordering satisfies it.
    pub fn accepts(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// How a text is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchOp {
    /// Anywhere.
    Contains,
    /// At the beginning.
    StartsWith,
    /// At the end.
    EndsWith,
}

impl MatchOp {
    /// The function's name in CEL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
        }
    }
}

/// `+ - * /` of numbers and times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`; by zero is missing.
    Divide,
}

impl ArithmeticOp {
    /// The operator in CEL and SQL.
    pub fn symbol(self) -> char {
        match self {
            Self::Add => '+',
            Self::Subtract => '-',
            Self::Multiply => '*',
            Self::Divide => '/',
        }
    }
}

/// What `.lower()`, `.upper()` and `.trim()` do; comparison ignores all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextCase {
    /// Small letters.
    Lower,
    /// Capital letters.
    Upper,
    /// Without white space at the ends.
    Trim,
}

impl TextCase {
    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Upper => "upper",
            Self::Trim => "trim",
        }
    }
}

/// A part of a date or an instant (in UTC), counted as CEL counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    /// `getFullYear()`: 2026.
    Year,
    /// `getMonth()`: 0 is January.
    Month,
    /// `getDate()`: 1 to 31.
    Day,
    /// `getDayOfWeek()`: 0 is Sunday.
    Weekday,
}

impl DatePart {
    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "getFullYear",
            Self::Month => "getMonth",
            Self::Day => "getDate",
            Self::Weekday => "getDayOfWeek",
        }
    }
}

/// How far a constant day or instant is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShiftUnit {
    /// `addMonths`: the last day of the month when the day does not exist.
    Months,
    /// `addYears`.
    Years,
}

impl ShiftUnit {
    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Months => "addMonths",
            Self::Years => "addYears",
        }
    }
}

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
    /// The id is one of the actor's teams. Replaced by [`bind`].
    InMyTeams(Box<Expr>),
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
            | Self::InMyTeams(_)
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
                | Self::InMyTeams(_)
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
