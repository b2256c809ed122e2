//! Arithmetic: which sorts of values can be added, multiplied, and what comes out.

use cel::common::ast::IdedExpr;

use super::bind::fold_node;
use super::check::{Checker, name_of};
use super::fault::Fault;
use super::{ArithmeticOp, Expr, Type, Unit, bounds};
use crate::value::Value;

impl Checker<'_> {
    /// `a + b` and its like.
    pub fn arithmetic(&mut self, node: &IdedExpr, op: ArithmeticOp, a: &IdedExpr, b: &IdedExpr) -> Result<Expr, Fault> {
        let left = self.value(a)?;
        let right = self.value(b)?;
        let (l, r) = (left.result_type(), right.result_type());
        // The empty text is missing, and missing counts as empty when texts are joined.
        let is_text = |expr: &Expr, found: Type| found == Type::Text || *expr == Expr::Literal(Value::Missing);
        let any_text = l == Type::Text || r == Type::Text;
        if op == ArithmeticOp::Add && any_text && is_text(&left, l) && is_text(&right, r) {
            return Ok(join(left, right));
        }
        let Some(result) = result_of(op, l, r) else {
            let detail = format!(
                "`{}` is {} and `{}` is {}: `{}` does not go with them.",
                self.text(a),
                name_of(l),
                self.text(b),
                name_of(r),
                op.symbol()
            );
            let hint = match (l, r) {
                (Type::Date | Type::Instant, Type::Number) => "Write `.addDays(n)`, or add `duration('24h')`.",
                (Type::Text, _) | (_, Type::Text) => "Only texts can be added to a text.",
                _ => "Numbers go with numbers; `duration('24h')` can be added to times.",
            };
            return Err(self.fault(node, detail).hint(hint));
        };
        let expr = Expr::Arithmetic { op, left: Box::new(left), right: Box::new(right), result };
        self.check_bounds(node, &expr)?;
        Ok(fold_node(expr))
    }

    /// Refuses what could leave the range of doubles, so that no database fails at run time.
    pub fn check_bounds(&self, node: &IdedExpr, expr: &Expr) -> Result<(), Fault> {
        if bounds::is_safe(expr) {
            return Ok(());
        }
        Err(self
            .fault(node, "The result of this calculation could become too large or too small to be computed.")
            .hint("Multiply or divide fewer values."))
    }

    /// `a % b`
    pub fn remainder(&mut self, a: &IdedExpr, b: &IdedExpr) -> Result<Expr, Fault> {
        let left = self.value(a)?;
        let right = self.value(b)?;
        for (node, expr) in [(a, &left), (b, &right)] {
            if expr.unit() != Some(Unit::One) {
                return Err(self
                    .fault(node, format!("`%` needs whole numbers, but `{}` is none.", self.text(node)))
                    .hint("Use fields of kind integer."));
            }
        }
        Ok(Expr::Remainder(Box::new(left), Box::new(right)))
    }

    /// `-a`
    pub fn negate(&mut self, a: &IdedExpr) -> Result<Expr, Fault> {
        let expr = self.value(a)?;
        match expr.result_type() {
            Type::Number | Type::Duration => Ok(fold_node(Expr::Negate(Box::new(expr)))),
            found => Err(self.fault(a, format!("`-` needs a number, but `{}` is {}.", self.text(a), name_of(found)))),
        }
    }
}

fn result_of(op: ArithmeticOp, left: Type, right: Type) -> Option<Type> {
    use ArithmeticOp::{Add, Divide, Multiply, Subtract};
    Some(match (left, op, right) {
        (Type::Number, _, Type::Number) => Type::Number,
        (Type::Duration, Add | Subtract, Type::Duration) => Type::Duration,
        (Type::Duration, Divide, Type::Duration) => Type::Number,
        (Type::Duration, Multiply | Divide, Type::Number) | (Type::Number, Multiply, Type::Duration) => Type::Duration,
        (Type::Instant, Add | Subtract, Type::Duration) | (Type::Duration, Add, Type::Instant) => Type::Instant,
        (Type::Instant, Subtract, Type::Instant) | (Type::Date, Subtract, Type::Date) => Type::Duration,
        (Type::Date, Add | Subtract, Type::Duration) => Type::Date,
        _ => return None,
    })
}

/// Texts one after the other, in one flat list.
fn join(left: Expr, right: Expr) -> Expr {
    let mut parts = match left {
        Expr::Join(parts) => parts,
        other => vec![other],
    };
    parts.push(right);
    Expr::Join(parts)
}
