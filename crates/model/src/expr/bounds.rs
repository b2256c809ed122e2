//! How large and how small the result of a calculation can be, as powers of ten. PostgreSQL raises an error where a
//! double overflows or underflows; what could get there is refused when it is written.

use super::{ArithmeticOp, Expr, FieldRef, Type, Unit};

/// What is known of the absolute value of a double, in powers of ten.
#[derive(Clone, Copy)]
struct Bounds {
    /// The smallest value other than zero.
    low: f64,
    /// Every value is a multiple of some power of two of this size; sums of such values are too.
    step: f64,
    /// The largest value.
    high: f64,
}

/// Doubles reach from 1e-307 to 1e308.
const LIMIT: f64 = 290.0;
/// The digits of a double, generously.
const DIGITS: f64 = 17.0;
/// Microseconds of a day.
const DAY: f64 = 11.0;

/// Whether every step stays in the range of doubles.
pub(super) fn is_safe(expr: &Expr) -> bool {
    bounds(expr).is_some()
}

fn of_field(field: &FieldRef) -> Bounds {
    match field.unit() {
        Some(Unit::Scaled) => Bounds { low: -4.0, step: -4.0 - DIGITS, high: 15.0 },
        None => Bounds { low: -6.0, step: -6.0 - DIGITS, high: 19.0 },
        _ => Bounds { low: 0.0, step: 0.0, high: 19.0 },
    }
}

fn bounds(expr: &Expr) -> Option<Bounds> {
    let found = match expr {
        Expr::Number(value) => {
            let power = if *value == 0.0 { 0.0 } else { value.abs().log10() };
            Bounds { low: power.floor(), step: power.floor() - DIGITS, high: power.ceil() }
        }
        Expr::Field(field) => of_field(field),
        Expr::Negate(of) => bounds(of)?,
        Expr::If { then, otherwise, .. } => {
            let (a, b) = (bounds(then)?, bounds(otherwise)?);
            Bounds { low: a.low.min(b.low), step: a.step.min(b.step), high: a.high.max(b.high) }
        }
        Expr::Arithmetic { op, left, right, result } => {
            let (a, b) = (bounds(left)?, bounds(right)?);
            let in_days = left.result_type() == Type::Date || *result == Type::Date;
            step(*op, a, b, if in_days { DAY + DIGITS } else { 0.0 })
        }
        _ => Bounds { low: -4.0, step: -4.0 - DIGITS, high: 19.0 },
    };
    (found.low > -LIMIT && found.step > -LIMIT && found.high < LIMIT).then_some(found)
}

/// `slack` allows for the change between days and microseconds.
fn step(op: ArithmeticOp, a: Bounds, b: Bounds, slack: f64) -> Bounds {
    match op {
        ArithmeticOp::Add | ArithmeticOp::Subtract => {
            let step = a.step.min(b.step) - slack;
            Bounds { low: step, step, high: a.high.max(b.high) + 1.0 + slack }
        }
        ArithmeticOp::Multiply => {
            let low = a.low + b.low;
            Bounds { low, step: low - DIGITS, high: a.high + b.high }
        }
        ArithmeticOp::Divide => {
            let low = a.low - b.high;
            Bounds { low, step: low - DIGITS, high: a.high - b.low }
        }
    }
}
