//! Evaluation in memory. What is computed here and how agrees with the store's SQL to the last bit.

use std::cmp::Ordering;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use uuid::Uuid;

use super::bind::{DAY, compute, day_number};
use super::{
    By, CompareOp, DatePart, Expr, FieldRef, Hop, INSTANTS, MatchOp, Over, Part, Range, TextCase, Type, fold_pattern,
};
use crate::column::COORDINATE_SCALE;
use crate::field::Kind;
use crate::fold::fold;
use crate::record::Record;
use crate::value::{SCALE, Value};

/// Where the values of a record come from.
pub trait Source {
    /// The value of a field; `id` gives the record's id.
    fn value(&self, field: &str) -> Value;
    /// The record that a reference or user field points to, unless it is deleted.
    fn parent(&self, field: &str) -> Option<Box<dyn Source + '_>>;
    /// The records of `object`, not deleted, whose `field` points here.
    fn children(&self, object: &str, field: &str) -> Vec<Box<dyn Source + '_>>;
    /// The records, not deleted, that a `references` field points to.
    fn targets(&self, field: &str) -> Vec<Box<dyn Source + '_>>;
}

/// A record alone: it has no parents and no children.
impl Source for Record {
    fn value(&self, field: &str) -> Value {
        if field == "id" { Value::Id(self.id) } else { self.get(field).clone() }
    }

    fn parent(&self, _field: &str) -> Option<Box<dyn Source + '_>> {
        None
    }

    fn children(&self, _object: &str, _field: &str) -> Vec<Box<dyn Source + '_>> {
        Vec::new()
    }

    fn targets(&self, _field: &str) -> Vec<Box<dyn Source + '_>> {
        Vec::new()
    }
}

/// Whether a bound condition holds for a record.
pub fn holds(expr: &Expr, source: &dyn Source) -> bool {
    Scopes { frames: vec![Frame::Record(source)] }.truth(expr)
}

/// The value of a bound expression. A formula's money is given as [`Value::Dec`] in the base currency.
pub fn eval(expr: &Expr, source: &dyn Source) -> Value {
    let scopes = Scopes { frames: vec![Frame::Record(source)] };
    match expr {
        Expr::Result(kind, of) => scopes.result(*kind, of),
        other => scopes.natural(other),
    }
}

/// What a scope stands for.
#[derive(Clone, Copy)]
enum Frame<'a> {
    Record(&'a dyn Source),
    Entry(&'a Json),
}

/// The record and the variables around an expression.
struct Scopes<'a> {
    frames: Vec<Frame<'a>>,
}

impl Scopes<'_> {
    // Conditions

    fn truth(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Const(value) => *value,
            Expr::And(parts) => parts.iter().all(|part| self.truth(part)),
            Expr::Or(parts) => parts.iter().any(|part| self.truth(part)),
            Expr::Not(inner) => !self.truth(inner),
            Expr::Present(of) => self.is_present(of),
            Expr::Compare { op, left, right, by } => self.compare(*op, left, right, *by),
            Expr::In { item, list, by } => {
                list.iter().any(|value| self.compare(CompareOp::Equal, item, &Expr::Literal(value.clone()), *by))
            }
            Expr::Match { op, text, pattern, by } => self.matches(*op, text, pattern, *by),
            Expr::Member { list, item } => self.is_member(list, item),
            Expr::Exists { range, condition } => {
                let mut found = false;
                self.each(range, &mut |scopes| {
                    found = scopes.truth(condition);
                    !found
                });
                found
            }
            other => self.flag(other) == Some(true),
        }
    }

    fn is_present(&self, of: &Expr) -> bool {
        match of {
            Expr::Field(field) => !self.field(field).is_missing(),
            Expr::Cased(_, of) => self.is_present(of),
            other => match other.result_type() {
                Type::Bool => self.flag(other).is_some(),
                Type::Text => self.text(other).is_some(),
                Type::Id => self.id(other).is_some(),
                Type::Null | Type::Composite => false,
                _ => self.float(other).is_some(),
            },
        }
    }

    fn compare(&self, op: CompareOp, left: &Expr, right: &Expr, by: By) -> bool {
        fn order<T: PartialOrd>(a: Option<T>, b: Option<T>) -> Option<Ordering> {
            a?.partial_cmp(&b?)
        }
        let ordering = match by {
            By::Bool => order(self.flag(left), self.flag(right)),
            By::Whole => order(self.whole(left), self.whole(right)),
            By::Float => order(self.float(left), self.float(right)),
            By::Date => order(self.day(left), self.day(right)),
            By::Id => order(self.id(left), self.id(right)),
            By::Key => order(self.key(left), self.key(right)),
            By::Text => order(self.text(left), self.text(right)),
        };
        ordering.is_some_and(|ordering| op.accepts(ordering))
    }

    fn matches(&self, op: MatchOp, text: &Expr, pattern: &Expr, by: By) -> bool {
        let (text, pattern) = match (by, pattern) {
            (By::Key, Expr::Literal(Value::Text(literal))) => (self.key(text), Some(fold_pattern(literal))),
            (By::Key, other) => (self.key(text), self.key(other)),
            (_, other) => (self.text(text), self.text(other)),
        };
        let (Some(text), Some(pattern)) = (text, pattern) else { return false };
        match op {
            MatchOp::Contains => text.contains(&pattern),
            MatchOp::StartsWith => text.starts_with(&pattern),
            MatchOp::EndsWith => text.ends_with(&pattern),
        }
    }

    fn is_member(&self, list: &FieldRef, item: &Expr) -> bool {
        let Value::Json(json) = self.field(list) else { return false };
        let entries = json.as_array().map(Vec::as_slice).unwrap_or_default();
        let wanted = match list.kind {
            Kind::References | Kind::About => self.id(item).map(|id| id.to_string()),
            _ => self.text(item),
        };
        let Some(wanted) = wanted else { return false };
        let part = match list.kind {
            Kind::About => Some("id"),
            Kind::Emails | Kind::Phones | Kind::Links => Some("value"),
            _ => None,
        };
        entries
            .iter()
            .any(|entry| part.map_or(Some(entry), |part| entry.get(part)).and_then(Json::as_str) == Some(&wanted))
    }

    // Scopes

    /// Calls `f` with the range's variable in scope, until it says false.
    fn each(&self, range: &Range, f: &mut dyn FnMut(&Scopes<'_>) -> bool) {
        match &range.over {
            Over::Entries { field, .. } => {
                let value = self.at(range.scope, &range.hops, &mut |source| source.value(field)).unwrap_or_default();
                let Value::Json(json) = value else { return };
                for entry in json.as_array().map(Vec::as_slice).unwrap_or_default() {
                    if !f(&self.with(Frame::Entry(entry))) {
                        return;
                    }
                }
            }
            Over::Children { object, field, .. } => {
                self.at(range.scope, &range.hops, &mut |source| self.each_of(&source.children(object, field), f));
            }
            Over::Targets { field, .. } => {
                self.at(range.scope, &range.hops, &mut |source| self.each_of(&source.targets(field), f));
            }
        }
    }

    fn each_of(&self, records: &[Box<dyn Source + '_>], f: &mut dyn FnMut(&Scopes<'_>) -> bool) {
        for record in records {
            if !f(&self.with(Frame::Record(&**record))) {
                return;
            }
        }
    }

    fn with<'b>(&'b self, frame: Frame<'b>) -> Scopes<'b> {
        let mut frames: Vec<Frame<'b>> = self.frames.to_vec();
        frames.push(frame);
        Scopes { frames }
    }

    /// What `f` gives for the record that the references lead to, if there is one.
    fn at<T>(&self, scope: usize, hops: &[Hop], f: &mut dyn FnMut(&dyn Source) -> T) -> Option<T> {
        fn walk<T>(source: &dyn Source, hops: &[Hop], f: &mut dyn FnMut(&dyn Source) -> T) -> Option<T> {
            match hops.split_first() {
                None => Some(f(source)),
                Some((hop, rest)) => walk(&*source.parent(&hop.field)?, rest, f),
            }
        }
        match self.frames.get(scope)? {
            Frame::Record(source) => walk(*source, hops, f),
            Frame::Entry(_) => None,
        }
    }

    /// The value of a field or of a part of it, as it is.
    fn field(&self, field: &FieldRef) -> Value {
        let entry = |part: &str| match self.frames.get(field.scope) {
            Some(Frame::Entry(entry)) => (if part.is_empty() { Some(*entry) } else { entry.get(part) }).cloned(),
            _ => None,
        };
        let text = |json: Option<Json>| Value::text(json.as_ref().and_then(Json::as_str).unwrap_or_default());
        match &field.part {
            Part::EntryText(part) => return text(entry(part)),
            Part::EntryFlag(part) => {
                return entry(part).and_then(|json| json.as_bool()).map_or(Value::Missing, Value::Bool);
            }
            Part::EntryNumber(part) => {
                return entry(part).and_then(|json| json.as_i64()).map_or(Value::Missing, Value::Int);
            }
            Part::EntryId(part) => {
                let id = entry(part).and_then(|json| json.as_str().and_then(|text| Uuid::parse_str(text).ok()));
                return id.map_or(Value::Missing, Value::Id);
            }
            _ => {}
        }
        let whole = self.at(field.scope, &field.hops, &mut |source| source.value(&field.field)).unwrap_or_default();
        part_of(whole, &field.part)
    }

    // Values, one function for each way to compare

    fn flag(&self, expr: &Expr) -> Option<bool> {
        match expr {
            Expr::Literal(Value::Bool(value)) => Some(*value),
            Expr::Field(field) => match self.field(field) {
                Value::Bool(value) => Some(value),
                _ => None,
            },
            Expr::If { .. } => self.flag(self.chosen(expr)?),
            other if other.is_condition() => Some(self.truth(other)),
            _ => None,
        }
    }

    fn chosen<'e>(&self, expr: &'e Expr) -> Option<&'e Expr> {
        match expr {
            Expr::If { condition, then, otherwise } => Some(if self.truth(condition) { then } else { otherwise }),
            _ => None,
        }
    }

    /// A whole number in its own unit.
    fn whole(&self, expr: &Expr) -> Option<i64> {
        match expr {
            Expr::Literal(value) => whole_of(value),
            Expr::Field(field) => whole_of(&self.field(field)),
            Expr::If { .. } => self.whole(self.chosen(expr)?),
            Expr::Remainder(left, right) => {
                let (left, right) = (self.whole(left)?, self.whole(right)?);
                if right == 0 { None } else { Some(left.wrapping_rem(right)) }
            }
            Expr::Size(of) => Some(self.size(of)),
            Expr::Count { range, condition } => {
                let mut count = 0;
                self.each(range, &mut |scopes| {
                    count += i64::from(scopes.truth(condition));
                    true
                });
                Some(count)
            }
            Expr::DatePart(part, of) => match &**of {
                Expr::Field(field) => date_part_of(*part, &self.field(field)),
                Expr::Literal(value) => date_part_of(*part, value),
                _ => None,
            },
            _ => None,
        }
    }

    fn size(&self, of: &Expr) -> i64 {
        let size = match of {
            Expr::Field(field) if field.result_type() == Type::Composite => match self.field(field) {
                Value::Json(json) => json.as_array().map_or(0, Vec::len),
                _ => 0,
            },
            other => self.text(other).map_or(0, |text| text.chars().count()),
        };
        i64::try_from(size).unwrap_or(i64::MAX)
    }

    /// A double: numbers as they are, times in microseconds, dates in days.
    fn float(&self, expr: &Expr) -> Option<f64> {
        match expr {
            Expr::Number(value) => Some(*value),
            Expr::Literal(value) => float_of(value),
            Expr::Field(field) => {
                let value = float_of(&self.field(field))?;
                Some(if matches!(field.part, Part::Coordinate(_)) { value / COORDINATE_SCALE as f64 } else { value })
            }
            Expr::If { .. } => self.float(self.chosen(expr)?),
            Expr::Negate(of) => Some(-self.float(of)?),
            Expr::Arithmetic { op, left, right, result } => {
                let (mut a, mut b) = (self.float(left)?, self.float(right)?);
                let from_dates = left.result_type() == Type::Date;
                if from_dates && right.result_type() == Type::Duration {
                    b /= DAY as f64;
                }
                if from_dates && *result == Type::Duration {
                    a -= b;
                    return Some(a * DAY as f64);
                }
                compute(*op, a, b)
            }
            Expr::Remainder(..) | Expr::Size(_) | Expr::Count { .. } | Expr::DatePart(..) => {
                self.whole(expr).map(|whole| whole as f64)
            }
            _ => None,
        }
    }

    fn day(&self, expr: &Expr) -> Option<Date> {
        let value = match expr {
            Expr::Literal(value) => value.clone(),
            Expr::Field(field) => self.field(field),
            Expr::If { .. } => return self.day(self.chosen(expr)?),
            _ => return None,
        };
        match value {
            Value::Date(date) => Some(date),
            _ => None,
        }
    }

    fn id(&self, expr: &Expr) -> Option<Uuid> {
        match expr {
            Expr::Literal(value) => value.as_id(),
            Expr::Field(field) => self.field(field).as_id(),
            Expr::If { .. } => self.id(self.chosen(expr)?),
            _ => None,
        }
    }

    /// The folded key of a text.
    fn key(&self, expr: &Expr) -> Option<String> {
        let key = match expr {
            Expr::Literal(value) => fold(value.as_text()?),
            Expr::Field(field) => fold(self.field(field).as_text()?),
            Expr::If { .. } => return self.key(self.chosen(expr)?),
            Expr::Cased(_, of) => return self.key(of),
            Expr::Join(parts) => {
                let piece = |part: &Expr| match part {
                    Expr::Literal(Value::Text(text)) => fold_pattern(text),
                    other => self.key(other).unwrap_or_default(),
                };
                let joined: String = parts.iter().map(piece).collect();
                joined.trim_matches(' ').to_owned()
            }
            _ => return None,
        };
        (!key.is_empty()).then_some(key)
    }

    /// The text itself.
    fn text(&self, expr: &Expr) -> Option<String> {
        let text = match expr {
            Expr::Literal(Value::Text(text)) => text.clone(),
            Expr::Field(field) => match self.field(field) {
                Value::Text(text) => text,
                _ => return None,
            },
            Expr::If { .. } => return self.text(self.chosen(expr)?),
            Expr::Cased(case, of) => {
                let text = self.text(of)?;
                match case {
                    TextCase::Lower => text.to_lowercase(),
                    TextCase::Upper => text.to_uppercase(),
                    TextCase::Trim => text.trim().to_owned(),
                }
            }
            Expr::Join(parts) => parts.iter().map(|part| self.text(part).unwrap_or_default()).collect(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    // Results

    /// The value in the form that its type has by itself.
    fn natural(&self, expr: &Expr) -> Value {
        match expr.result_type() {
            Type::Bool => self.flag(expr).map_or(Value::Missing, Value::Bool),
            Type::Number => match expr {
                Expr::Field(field) => self.field(field),
                other if other.unit().is_some() => self.result(Kind::Integer, other),
                other => self.result(Kind::Decimal, other),
            },
            Type::Duration => self.result(Kind::Duration, expr),
            Type::Instant => self.result(Kind::DateTime, expr),
            Type::Date => self.result(Kind::Date, expr),
            Type::Text => self.result(Kind::Text, expr),
            Type::Id => self.result(Kind::Reference, expr),
            Type::Null => Value::Missing,
            Type::Composite => match expr {
                Expr::Field(field) => self.field(field),
                _ => Value::Missing,
            },
        }
    }

    /// The value in the form in which a field of a kind keeps it.
    fn result(&self, kind: Kind, expr: &Expr) -> Value {
        let exact = expr.unit().and_then(|unit| Some((unit, self.whole(expr)?)));
        let micros = || exact.map(|(_, micros)| micros).or_else(|| round(self.float(expr)?));
        let found = match kind {
            Kind::Integer | Kind::Rating => match exact {
                Some((super::Unit::One, whole)) => Some(Value::Int(whole)),
                _ => self.float(expr).and_then(round).map(Value::Int),
            },
            Kind::Decimal | Kind::Percent | Kind::Money => match exact {
                Some((super::Unit::Scaled, scaled)) => Some(Value::Dec(scaled)),
                Some((super::Unit::One, whole)) => whole.checked_mul(SCALE).map(Value::Dec),
                _ => self.float(expr).and_then(|value| round(value * SCALE as f64)).map(Value::Dec),
            },
            Kind::Duration => micros().map(Value::Duration),
            Kind::DateTime => micros().filter(|micros| INSTANTS.contains(micros)).map(Value::Instant),
            Kind::Date => self.day(expr).or_else(|| date_of_number(self.float(expr)?.floor())).map(Value::Date),
            Kind::Boolean => self.flag(expr).map(Value::Bool),
            Kind::Reference | Kind::User => self.id(expr).map(Value::Id),
            _ => self.text(expr).map(Value::Text),
        };
        found.unwrap_or_default()
    }
}

/// A part of a field's value.
fn part_of(whole: Value, part: &Part) -> Value {
    match (part, whole) {
        (Part::Whole, whole) => whole,
        (Part::Amount, Value::Money { amount, .. }) => Value::Dec(amount),
        (Part::Currency, Value::Money { currency, .. }) => Value::text(currency),
        (Part::Primary, Value::Json(json)) => {
            Value::text(json.get(0).and_then(|first| first.get("value")).and_then(Json::as_str).unwrap_or_default())
        }
        (Part::Address(part) | Part::Member(part), Value::Json(json)) => {
            Value::text(json.get(part).and_then(Json::as_str).unwrap_or_default())
        }
        (Part::Coordinate(part), Value::Json(json)) => {
            let degrees =
                json.get(part).and_then(Json::as_f64).and_then(|value| round(value * COORDINATE_SCALE as f64));
            degrees.map_or(Value::Missing, Value::Int)
        }
        _ => Value::Missing,
    }
}

fn whole_of(value: &Value) -> Option<i64> {
    match value {
        Value::Int(value) | Value::Dec(value) | Value::Instant(value) | Value::Duration(value) => Some(*value),
        Value::Money { base, .. } => *base,
        _ => None,
    }
}

fn float_of(value: &Value) -> Option<f64> {
    Some(match value {
        Value::Int(value) | Value::Instant(value) | Value::Duration(value) => *value as f64,
        Value::Dec(value) => *value as f64 / SCALE as f64,
        Value::Money { base, .. } => (*base)? as f64 / SCALE as f64,
        Value::Date(date) => day_number(*date) as f64,
        _ => return None,
    })
}

/// Half away from zero; nothing beyond 64 bits.
pub(super) fn round(value: f64) -> Option<i64> {
    let rounded = value.round();
    // 2^63 itself does not fit.
    (rounded.is_finite() && rounded.abs() < 9_223_372_036_854_775_807.0).then_some(rounded as i64)
}

fn date_of_number(days: f64) -> Option<Date> {
    let days = i32::try_from(round(days)?).ok()?;
    let span = jiff::Span::new().try_days(days).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(span).ok().filter(|date| super::compare::is_usual(*date))
}

/// A part of a date, or of an instant in UTC.
pub(super) fn date_part_of(part: DatePart, value: &Value) -> Option<i64> {
    let date = match value {
        Value::Date(date) => *date,
        Value::Instant(micros) if INSTANTS.contains(micros) => {
            jiff::Timestamp::from_microsecond(*micros).ok()?.to_zoned(TimeZone::UTC).date()
        }
        _ => return None,
    };
    Some(match part {
        DatePart::Year => i64::from(date.year()),
        DatePart::Month => i64::from(date.month()) - 1,
        DatePart::Day => i64::from(date.day()),
        DatePart::Weekday => match date.weekday() {
            Weekday::Sunday => 0,
            other => i64::from(other.to_monday_one_offset()),
        },
    })
}

/// Compares two literals as the databases would.
pub(super) fn compare_literals(op: CompareOp, a: &Value, b: &Value, by: By) -> bool {
    let (left, right) = (Expr::Literal(a.clone()), Expr::Literal(b.clone()));
    Scopes { frames: Vec::new() }.compare(op, &left, &right, by)
}
