//! Expressions of someone who does not see everything: a record out of sight counts as none, as a deleted one does.

use std::cell::RefCell;
use std::collections::HashMap;

use super::bind::rebuild;
use super::{Expr, FieldRef, Hop, Over, Range, all_of};
use crate::value::Value;

/// The same condition over records of which only those can be seen that `scope` of their object holds for; `None`
/// means all. The record itself is not looked at, only those that the expression reaches over relations. `scope` gives
/// bound conditions over the object.
pub fn guard(expr: &Expr, scope: &dyn Fn(&str) -> Option<Expr>) -> Expr {
    Guard { scope, known: RefCell::default() }.condition(expr, 0)
}

/// One of the records that `over` ranges over, seen from a record of `object`, satisfies a bound condition of its own.
pub fn some_related(object: &str, over: Over, condition: &Expr) -> Expr {
    let range = Range { scope: 0, hops: Vec::new(), object: object.to_owned(), over };
    Expr::Exists { range, condition: Box::new(Place { scope: 1, hops: &[], depth: 1 }.put(condition)) }
}

/// The record that a reference leads to satisfies a bound condition of its own; one that is deleted counts as none.
pub fn through(hop: Hop, condition: &Expr) -> Expr {
    Place { scope: 0, hops: &[hop], depth: 0 }.put(condition)
}

struct Guard<'a> {
    scope: &'a dyn Fn(&str) -> Option<Expr>,
    known: RefCell<HashMap<String, Option<Expr>>>,
}

impl Guard<'_> {
    fn scope_of(&self, object: &str) -> Option<Expr> {
        if let Some(known) = self.known.borrow().get(object) {
            return known.clone();
        }
        let scope = (self.scope)(object);
        self.known.borrow_mut().insert(object.to_owned(), scope.clone());
        scope
    }

    /// What must hold for every record on the way to be seen; `depth` counts the variables in force.
    fn way(&self, scope: usize, hops: &[Hop], depth: usize) -> Vec<Expr> {
        let mut conditions = Vec::new();
        for (at, hop) in hops.iter().enumerate() {
            let before = hops.get(..=at).unwrap_or_default();
            conditions.extend(self.scope_of(&hop.target).map(|seen| Place { scope, hops: before, depth }.put(&seen)));
        }
        conditions
    }

    fn condition(&self, expr: &Expr, depth: usize) -> Expr {
        match expr {
            Expr::And(_) | Expr::Or(_) | Expr::Not(_) => rebuild(expr, &mut |child| self.condition(child, depth)),
            Expr::Exists { range, condition } => {
                Expr::Exists { range: range.clone(), condition: self.within(range, condition, depth) }
            }
            Expr::Member { list, item } => {
                let mut parts = self.way(list.scope, &list.hops, depth);
                parts.push(Expr::Member { list: list.clone(), item: Box::new(self.value(item, depth)) });
                all_of(parts)
            }
            // Missing makes these false already: the conditions beside them say the same and leave indexes usable.
            leaf if is_strict(leaf) => {
                let mut parts = Vec::new();
                each_field(leaf, &mut |field| {
                    for part in self.way(field.scope, &field.hops, depth) {
                        if !parts.contains(&part) {
                            parts.push(part);
                        }
                    }
                });
                parts.push(leaf.clone());
                all_of(parts)
            }
            leaf => self.value(leaf, depth),
        }
    }

    /// A value that is missing when a record on the way to it is out of sight.
    fn value(&self, expr: &Expr, depth: usize) -> Expr {
        let chosen = |conditions: Vec<Expr>, then: Expr, otherwise: Value| {
            if conditions.is_empty() {
                return then;
            }
            Expr::If {
                condition: Box::new(all_of(conditions)),
                then: Box::new(then),
                otherwise: Box::new(Expr::Literal(otherwise)),
            }
        };
        match expr {
            Expr::Field(field) => chosen(self.way(field.scope, &field.hops, depth), expr.clone(), Value::Missing),
            Expr::Size(of) => match &**of {
                Expr::Field(field) => chosen(self.way(field.scope, &field.hops, depth), expr.clone(), Value::Int(0)),
                _ => rebuild(expr, &mut |child| self.value(child, depth)),
            },
            Expr::Count { range, condition } => {
                Expr::Count { range: range.clone(), condition: self.within(range, condition, depth) }
            }
            Expr::DatePart(..) | Expr::Present(_) => match only_field(expr) {
                Some(field) => {
                    let otherwise = if matches!(expr, Expr::Present(_)) { Value::Bool(false) } else { Value::Missing };
                    chosen(self.way(field.scope, &field.hops, depth), expr.clone(), otherwise)
                }
                None => rebuild(expr, &mut |child| self.value(child, depth)),
            },
            Expr::And(_) | Expr::Or(_) | Expr::Not(_) | Expr::Exists { .. } | Expr::Member { .. } => {
                self.condition(expr, depth)
            }
            other => rebuild(other, &mut |child| self.value(child, depth)),
        }
    }

    /// The condition of a quantifier: over what is in sight, reached by a way that is in sight.
    fn within(&self, range: &Range, condition: &Expr, depth: usize) -> Box<Expr> {
        let inside = depth + 1;
        let mut parts = self.way(range.scope, &range.hops, inside);
        let target = match &range.over {
            Over::Children { object, .. } => Some(object),
            Over::Targets { target, .. } => Some(target),
            Over::Entries { .. } => None,
        };
        let seen = target.and_then(|target| self.scope_of(target));
        parts.extend(seen.map(|seen| Place { scope: inside, hops: &[], depth: inside }.put(&seen)));
        parts.push(self.condition(condition, inside));
        Box::new(all_of(parts))
    }
}

/// Where a condition over a record of its own is to be put.
struct Place<'a> {
    scope: usize,
    hops: &'a [Hop],
    depth: usize,
}

impl Place<'_> {
    fn put(&self, expr: &Expr) -> Expr {
        match expr {
            Expr::Field(field) => Expr::Field(self.field(field)),
            Expr::Member { list, item } => Expr::Member { list: self.field(list), item: Box::new(self.put(item)) },
            Expr::Exists { range, condition } => {
                Expr::Exists { range: self.range(range), condition: Box::new(self.put(condition)) }
            }
            Expr::Count { range, condition } => {
                Expr::Count { range: self.range(range), condition: Box::new(self.put(condition)) }
            }
            other => rebuild(other, &mut |child| self.put(child)),
        }
    }

    fn field(&self, field: &FieldRef) -> FieldRef {
        let (scope, hops) = self.way(field.scope, &field.hops);
        FieldRef { scope, hops, ..field.clone() }
    }

    fn range(&self, range: &Range) -> Range {
        let (scope, hops) = self.way(range.scope, &range.hops);
        Range { scope, hops, ..range.clone() }
    }

    /// Variables of the condition stand inside those in force here; its record is the one at this place.
    fn way(&self, scope: usize, hops: &[Hop]) -> (usize, Vec<Hop>) {
        match scope {
            0 => (self.scope, self.hops.iter().chain(hops).cloned().collect()),
            variable => (variable + self.depth, hops.to_vec()),
        }
    }
}

/// Whether the condition is false as soon as one of its fields is missing.
fn is_strict(expr: &Expr) -> bool {
    fn carries(expr: &Expr) -> bool {
        match expr {
            Expr::Field(_) | Expr::Literal(_) | Expr::Number(_) => true,
            Expr::Cased(_, of) | Expr::Negate(of) | Expr::DatePart(_, of) => carries(of),
            Expr::Arithmetic { left, right, .. } | Expr::Remainder(left, right) => carries(left) && carries(right),
            _ => false,
        }
    }
    match expr {
        Expr::Const(_) | Expr::Field(_) => true,
        Expr::Present(of) => carries(of),
        Expr::Compare { left, right, .. } => carries(left) && carries(right),
        Expr::In { item, .. } => carries(item),
        Expr::Match { text, pattern, .. } => carries(text) && carries(pattern),
        _ => false,
    }
}

/// The field of a part of a date or of a test for presence that looks at nothing else.
fn only_field(expr: &Expr) -> Option<&FieldRef> {
    match expr {
        Expr::DatePart(_, of) | Expr::Present(of) => match &**of {
            Expr::Field(field) => Some(field),
            _ => None,
        },
        _ => None,
    }
}

fn each_field(expr: &Expr, f: &mut dyn FnMut(&FieldRef)) {
    if let Expr::Field(field) = expr {
        f(field);
    }
    super::bind::each_child(expr, &mut |child| each_field(child, f));
}
