//! What an expression reads.

use super::bind::each_child;
use super::{Expr, FieldRef, Hop, Over, Range};

/// A field that an expression reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Use {
    /// The object that has the field. Empty for the id of [`super::id_in`].
    pub object: String,
    /// The field; `id` for the id.
    pub field: String,
    /// The references and relations walked from the record to it; empty for the record's own fields.
    pub via: Vec<String>,
}

/// Every field that the expression reads, each once, over relations too: the references walked are among them.
pub fn uses(expr: &Expr) -> Vec<Use> {
    let mut found = Collector { found: Vec::new(), scopes: vec![Vec::new()] };
    found.visit(expr);
    found.found.sort();
    found.found.dedup();
    found.found
}

/// Whether the expression has to be bound before it can be answered: it names `now`, `today`, `me`, `my_teams` or
/// `my_territories`.
pub fn needs_binding(expr: &Expr) -> bool {
    if matches!(expr, Expr::Now | Expr::Today | Expr::Me | Expr::InMine(..) | Expr::StartOfDay(_)) {
        return true;
    }
    let mut found = false;
    each_child(expr, &mut |child| found = found || needs_binding(child));
    found
}

struct Collector {
    found: Vec<Use>,
    /// How each scope was reached.
    scopes: Vec<Vec<String>>,
}

impl Collector {
    fn visit(&mut self, expr: &Expr) {
        match expr {
            Expr::Field(field) => self.field(field),
            Expr::Member { list, item } => {
                self.field(list);
                self.visit(item);
            }
            Expr::Exists { range, condition } | Expr::Count { range, condition } => {
                let inner = self.range(range);
                self.scopes.push(inner);
                self.visit(condition);
                self.scopes.pop();
            }
            other => each_child(other, &mut |child| self.visit(child)),
        }
    }

    fn hops(&mut self, scope: usize, hops: &[Hop]) -> Vec<String> {
        let mut via = self.scopes.get(scope).cloned().unwrap_or_default();
        for hop in hops {
            self.add(&hop.object, &hop.field, &via);
            via.push(hop.field.clone());
        }
        via
    }

    fn field(&mut self, field: &FieldRef) {
        let via = self.hops(field.scope, &field.hops);
        self.add(&field.object, &field.field, &via);
    }

    /// Gives the way to the records ranged over.
    fn range(&mut self, range: &Range) -> Vec<String> {
        let mut via = self.hops(range.scope, &range.hops);
        match &range.over {
            Over::Children { relation, object, field, .. } => {
                via.push(relation.clone());
                self.add(object, field, &via);
            }
            Over::Targets { field, .. } => {
                self.add(&range.object, field, &via);
                via.push(field.clone());
            }
            Over::Entries { field, .. } => self.add(&range.object, field, &via),
        }
        via
    }

    fn add(&mut self, object: &str, field: &str, via: &[String]) {
        self.found.push(Use { object: object.to_owned(), field: field.to_owned(), via: via.to_vec() });
    }
}
