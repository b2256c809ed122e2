//! Putting in the moment and the actor, and working out what is then constant.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use uuid::Uuid;

use super::check::number;
use super::compare::is_usual;
use super::{ArithmeticOp, By, CompareOp, Expr, INSTANTS, Mine, ShiftUnit, Type, all_of, any_of, eval, not};
use crate::value::{SCALE, Value};

/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;

/// Who asks and when.
#[derive(Debug, Clone)]
pub struct Bindings {
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub now: i64,
    /// Decides what `today` is and when a day begins.
    pub time_zone: TimeZone,
    /// `me`; nobody when a program asks.
    pub me: Option<Uuid>,
    /// `my_teams`.
    pub my_teams: Arc<[Uuid]>,
    /// `my_territories`.
    pub my_territories: Arc<[Uuid]>,
}

/// The expression with `now`, `today`, `me`, `my_teams` and `my_territories` replaced by their values, and constants
/// worked out.
pub fn bind(expr: &Expr, bindings: &Bindings) -> Expr {
    let bound = match expr {
        Expr::Now => Expr::Literal(Value::Instant(bindings.now)),
        Expr::Today => literal(today(bindings).map(Value::Date)),
        Expr::Me => literal(bindings.me.map(Value::Id)),
        Expr::InMine(mine, item) => {
            let ids = match mine {
                Mine::Teams => &bindings.my_teams,
                Mine::Territories => &bindings.my_territories,
            };
            let list = ids.iter().copied().map(Value::Id).collect();
            Expr::In { item: Box::new(bind(item, bindings)), list, by: By::Id }
        }
        Expr::StartOfDay(day) => match bind(day, bindings) {
            Expr::Literal(Value::Date(day)) => literal(start_of_day(day, &bindings.time_zone).map(Value::Instant)),
            _ => Expr::Literal(Value::Missing),
        },
        Expr::Compare { op, left, right, by: By::Text } => {
            let side = |side: &Expr| match side {
                Expr::Me => literal(bindings.me.map(|me| Value::Text(format!("user:{me}")))),
                other => bind(other, bindings),
            };
            Expr::Compare { op: *op, left: Box::new(side(left)), right: Box::new(side(right)), by: By::Text }
        }
        other => rebuild(other, &mut |child| bind(child, bindings)),
    };
    fold_node(bound)
}

fn literal(value: Option<Value>) -> Expr {
    Expr::Literal(value.unwrap_or_default())
}

fn today(bindings: &Bindings) -> Option<Date> {
    let now = Timestamp::from_microsecond(bindings.now).ok()?;
    Some(now.to_zoned(bindings.time_zone.clone()).date()).filter(|date| is_usual(*date))
}

fn start_of_day(day: Date, time_zone: &TimeZone) -> Option<i64> {
    let micros = day.to_zoned(time_zone.clone()).ok()?.timestamp().as_microsecond();
    INSTANTS.contains(&micros).then_some(micros)
}

/// Works out constants everywhere.
pub(super) fn fold_constants(expr: Expr) -> Expr {
    fold_node(rebuild(&expr, &mut |child| fold_constants(child.clone())))
}

/// Works out a node whose children are worked out.
pub(super) fn fold_node(expr: Expr) -> Expr {
    match expr {
        Expr::And(parts) => all_of(parts),
        Expr::Or(parts) => any_of(parts),
        Expr::Not(inner) => not(*inner),
        Expr::Literal(Value::Bool(_)) | Expr::Literal(_) | Expr::Number(_) => expr,
        Expr::Present(of) => match *of {
            Expr::Literal(value) => Expr::Const(!value.is_missing()),
            Expr::Number(_) => Expr::Const(true),
            other => Expr::Present(Box::new(other)),
        },
        Expr::Compare { op, left, right, by } => match (*left, *right) {
            (left, right) if is_missing(&left) || is_missing(&right) => never(left, right),
            (Expr::Literal(a), Expr::Literal(b)) => Expr::Const(eval::compare_literals(op, &a, &b, by)),
            (left, right) => Expr::Compare { op, left: Box::new(left), right: Box::new(right), by },
        },
        Expr::In { item, list, by } => match *item {
            Expr::Literal(value) => {
                Expr::Const(list.iter().any(|one| eval::compare_literals(CompareOp::Equal, &value, one, by)))
            }
            _ if list.is_empty() => Expr::never(),
            item => Expr::In { item: Box::new(item), list, by },
        },
        Expr::Cased(_, of) if is_missing(&of) => Expr::Literal(Value::Missing),
        Expr::InMine(_, item) if is_missing(&item) => Expr::never(),
        Expr::Match { text, pattern, .. } if is_missing(&text) || is_missing(&pattern) => never(*text, *pattern),
        Expr::Member { item, .. } if is_missing(&item) => Expr::never(),
        Expr::Exists { condition, .. } if *condition == Expr::never() => Expr::never(),
        Expr::If { condition, then, otherwise } => match *condition {
            Expr::Const(true) => *then,
            Expr::Const(false) => *otherwise,
            other => Expr::If { condition: Box::new(other), then, otherwise },
        },
        Expr::Negate(of) => match *of {
            Expr::Literal(Value::Int(value)) if value != i64::MIN => Expr::Literal(Value::Int(-value)),
            Expr::Literal(Value::Dec(value)) if value != i64::MIN => Expr::Literal(Value::Dec(-value)),
            Expr::Literal(Value::Duration(value)) if value != i64::MIN => Expr::Literal(Value::Duration(-value)),
            Expr::Literal(_) => Expr::Literal(Value::Missing),
            Expr::Number(value) => Expr::Number(-value),
            other => Expr::Negate(Box::new(other)),
        },
        Expr::Shift { of, count, unit } => match *of {
            Expr::Literal(value) => literal(shift(&value, count, unit)),
            other => Expr::Shift { of: Box::new(other), count, unit },
        },
        Expr::DatePart(part, of) => match *of {
            Expr::Literal(value) => literal(eval::date_part_of(part, &value).map(Value::Int)),
            other => Expr::DatePart(part, Box::new(other)),
        },
        Expr::Arithmetic { op, left, right, result } => fold_arithmetic(op, *left, *right, result),
        other => other,
    }
}

fn never(_: Expr, _: Expr) -> Expr {
    Expr::never()
}

fn is_missing(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(Value::Missing))
}

fn fold_arithmetic(op: ArithmeticOp, left: Expr, right: Expr, result: Type) -> Expr {
    if is_missing(&left) || is_missing(&right) {
        return Expr::Literal(Value::Missing);
    }
    let folded = match (&left, &right) {
        (Expr::Literal(a), Expr::Literal(b)) if exact(op, a, b).is_some() => exact(op, a, b).map(Expr::Literal),
        _ => match (plain(&left), plain(&right)) {
            (Some(a), Some(b)) => {
                compute(op, a, b).map_or(Some(Expr::Literal(Value::Missing)), |value| in_type(value, result))
            }
            _ => None,
        },
    };
    folded.unwrap_or(Expr::Arithmetic { op, left: Box::new(left), right: Box::new(right), result })
}

/// Exact results of whole numbers and times; missing when out of range, `None` when it is no such pair.
fn exact(op: ArithmeticOp, a: &Value, b: &Value) -> Option<Value> {
    use ArithmeticOp::{Add, Multiply, Subtract};
    let sum = |a: i64, b: i64| if op == Subtract { a.checked_sub(b) } else { a.checked_add(b) };
    let days = |micros: i64| i32::try_from(micros.div_euclid(DAY)).ok();
    Some(match (a, op, b) {
        (Value::Int(a), Add | Subtract, Value::Int(b)) => Value::Int(sum(*a, *b)?),
        (Value::Int(a), Multiply, Value::Int(b)) => Value::Int(a.checked_mul(*b)?),
        (Value::Dec(a), Add | Subtract, Value::Dec(b)) => Value::Dec(sum(*a, *b)?),
        (Value::Dec(a), Multiply, Value::Int(b)) | (Value::Int(b), Multiply, Value::Dec(a)) => {
            Value::Dec(a.checked_mul(*b)?)
        }
        (Value::Duration(a), Add | Subtract, Value::Duration(b)) => sum(*a, *b).map_or(Value::Missing, Value::Duration),
        (Value::Duration(a), Multiply, Value::Int(b)) | (Value::Int(b), Multiply, Value::Duration(a)) => {
            a.checked_mul(*b).map_or(Value::Missing, Value::Duration)
        }
        (Value::Instant(a), Add | Subtract, Value::Duration(b)) | (Value::Duration(b), Add, Value::Instant(a)) => {
            sum(*a, *b).filter(|micros| INSTANTS.contains(micros)).map_or(Value::Missing, Value::Instant)
        }
        (Value::Instant(a), Subtract, Value::Instant(b)) => sum(*a, *b).map_or(Value::Missing, Value::Duration),
        (Value::Date(a), Subtract, Value::Date(b)) => Value::Duration((day_number(*a) - day_number(*b)) * DAY),
        (Value::Date(a), Add | Subtract, Value::Duration(b)) => {
            let moved = days(if op == Subtract { b.checked_neg()? } else { *b }).and_then(|days| move_days(*a, days));
            moved.map_or(Value::Missing, Value::Date)
        }
        _ => return None,
    })
}

/// Days since 1970-01-01.
pub(super) fn day_number(date: Date) -> i64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    i64::from(epoch.until(date).map_or(0, |span| span.get_days()))
}

fn move_days(date: Date, days: i32) -> Option<Date> {
    let span = Span::new().try_days(days).ok()?;
    date.checked_add(span).ok().filter(|date| is_usual(*date))
}

fn shift(value: &Value, count: i32, unit: ShiftUnit) -> Option<Value> {
    let span = match unit {
        ShiftUnit::Months => Span::new().try_months(count).ok()?,
        ShiftUnit::Years => Span::new().try_years(count).ok()?,
    };
    match value {
        Value::Date(date) => date.checked_add(span).ok().filter(|date| is_usual(*date)).map(Value::Date),
        Value::Instant(micros) => {
            let zoned = Timestamp::from_microsecond(*micros).ok()?.to_zoned(TimeZone::UTC);
            let moved = zoned.checked_add(span).ok().filter(|moved| is_usual(moved.date()))?;
            let micros = moved.timestamp().as_microsecond();
            INSTANTS.contains(&micros).then_some(Value::Instant(micros))
        }
        _ => None,
    }
}

/// A constant number or duration as a double.
fn plain(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Number(value) => Some(*value),
        Expr::Literal(Value::Int(value) | Value::Duration(value)) => Some(*value as f64),
        Expr::Literal(Value::Dec(value)) => Some(*value as f64 / SCALE as f64),
        _ => None,
    }
}

/// What doubles give; nothing for a division by zero.
pub(super) fn compute(op: ArithmeticOp, a: f64, b: f64) -> Option<f64> {
    match op {
        ArithmeticOp::Add => Some(a + b),
        ArithmeticOp::Subtract => Some(a - b),
        ArithmeticOp::Multiply => Some(a * b),
        ArithmeticOp::Divide => (b != 0.0).then(|| a / b),
    }
}

fn in_type(value: f64, result: Type) -> Option<Expr> {
    match result {
        Type::Number => number(value),
        Type::Duration => Some(literal(eval::round(value).map(Value::Duration))),
        _ => None,
    }
}

/// Calls `f` on each child.
pub(super) fn each_child<'e>(expr: &'e Expr, f: &mut dyn FnMut(&'e Expr)) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) | Expr::Join(parts) => parts.iter().for_each(f),
        Expr::Not(of)
        | Expr::Present(of)
        | Expr::InMine(_, of)
        | Expr::StartOfDay(of)
        | Expr::Negate(of)
        | Expr::Cased(_, of)
        | Expr::Size(of)
        | Expr::DatePart(_, of)
        | Expr::Result(_, of)
        | Expr::Shift { of, .. }
        | Expr::In { item: of, .. }
        | Expr::Member { item: of, .. }
        | Expr::Exists { condition: of, .. }
        | Expr::Count { condition: of, .. } => f(of),
        Expr::Compare { left, right, .. }
        | Expr::Arithmetic { left, right, .. }
        | Expr::Remainder(left, right)
        | Expr::Match { text: left, pattern: right, .. } => {
            f(left);
            f(right);
        }
        Expr::If { condition, then, otherwise } => {
            f(condition);
            f(then);
            f(otherwise);
        }
        Expr::Const(_) | Expr::Literal(_) | Expr::Number(_) | Expr::Now | Expr::Today | Expr::Me | Expr::Field(_) => {}
    }
}

/// The same node with its children replaced.
pub(super) fn rebuild(expr: &Expr, f: &mut dyn FnMut(&Expr) -> Expr) -> Expr {
    let mut boxed = |child: &Expr| Box::new(f(child));
    match expr {
        Expr::And(parts) => Expr::And(parts.iter().map(f).collect()),
        Expr::Or(parts) => Expr::Or(parts.iter().map(f).collect()),
        Expr::Join(parts) => Expr::Join(parts.iter().map(f).collect()),
        Expr::Not(of) => Expr::Not(boxed(of)),
        Expr::Present(of) => Expr::Present(boxed(of)),
        Expr::InMine(mine, of) => Expr::InMine(*mine, boxed(of)),
        Expr::StartOfDay(of) => Expr::StartOfDay(boxed(of)),
        Expr::Negate(of) => Expr::Negate(boxed(of)),
        Expr::Cased(case, of) => Expr::Cased(*case, boxed(of)),
        Expr::Size(of) => Expr::Size(boxed(of)),
        Expr::DatePart(part, of) => Expr::DatePart(*part, boxed(of)),
        Expr::Result(kind, of) => Expr::Result(*kind, boxed(of)),
        Expr::Shift { of, count, unit } => Expr::Shift { of: boxed(of), count: *count, unit: *unit },
        Expr::In { item, list, by } => Expr::In { item: boxed(item), list: list.clone(), by: *by },
        Expr::Member { list, item } => Expr::Member { list: list.clone(), item: boxed(item) },
        Expr::Exists { range, condition } => Expr::Exists { range: range.clone(), condition: boxed(condition) },
        Expr::Count { range, condition } => Expr::Count { range: range.clone(), condition: boxed(condition) },
        Expr::Compare { op, left, right, by } => {
            Expr::Compare { op: *op, left: boxed(left), right: boxed(right), by: *by }
        }
        Expr::Arithmetic { op, left, right, result } => {
            Expr::Arithmetic { op: *op, left: boxed(left), right: boxed(right), result: *result }
        }
        Expr::Remainder(left, right) => Expr::Remainder(boxed(left), boxed(right)),
        Expr::Match { op, text, pattern, by } => {
            Expr::Match { op: *op, text: boxed(text), pattern: boxed(pattern), by: *by }
        }
        Expr::If { condition, then, otherwise } => {
            Expr::If { condition: boxed(condition), then: boxed(then), otherwise: boxed(otherwise) }
        }
        Expr::Const(_) | Expr::Literal(_) | Expr::Number(_) | Expr::Now | Expr::Today | Expr::Me | Expr::Field(_) => {
            expr.clone()
        }
    }
}
