//! Negation normal form: `!` stands only before leaves, so that a missing value cannot turn a condition around.

use super::{Expr, all_of, any_of, not};

/// The same condition with every negation pushed to the leaves, also inside quantifiers and choices.
pub fn normalize(expr: &Expr) -> Expr {
    push(expr, false)
}

fn push(expr: &Expr, negated: bool) -> Expr {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => {
            let parts = parts.iter().map(|part| push(part, negated)).collect();
            if matches!(expr, Expr::And(_)) != negated { all_of(parts) } else { any_of(parts) }
        }
        Expr::Not(inner) => push(inner, !negated),
        leaf if negated => not(inside(leaf)),
        leaf => inside(leaf),
    }
}

/// A leaf with the conditions inside it in normal form.
fn inside(expr: &Expr) -> Expr {
    super::bind::rebuild(expr, &mut |child| push(child, false))
}
