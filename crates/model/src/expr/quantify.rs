//! `exists`, `all` and `count` over lists and related records.

use cel::common::ast::{Expr as Node, IdedExpr};

use super::check::{Checker, Variable};
use super::fault::Fault;
use super::names::Place;
use super::{By, CompareOp, Expr, FieldRef, Over, Part, Range, not};
use crate::field::Kind;
use crate::value::Value;

impl<'a> Checker<'a> {
    /// `x.exists(v, condition)`
    pub fn exists(&mut self, over: &IdedExpr, variable: &IdedExpr, condition: &IdedExpr) -> Result<Expr, Fault> {
        let (range, condition) = self.quantify(over, variable, condition)?;
        let scope = self.variables.len() + 1;
        Ok(as_member(&range, &condition, scope).unwrap_or(Expr::Exists { range, condition: Box::new(condition) }))
    }

    /// `x.all(v, condition)`: none fails it.
    pub fn all(&mut self, over: &IdedExpr, variable: &IdedExpr, condition: &IdedExpr) -> Result<Expr, Fault> {
        let (range, condition) = self.quantify(over, variable, condition)?;
        Ok(not(Expr::Exists { range, condition: Box::new(not(condition)) }))
    }

    /// `x.filter(v, condition).size()`
    pub fn count(&mut self, over: &IdedExpr, variable: &IdedExpr, condition: &IdedExpr) -> Result<Expr, Fault> {
        let (range, condition) = self.quantify(over, variable, condition)?;
        Ok(Expr::Count { range, condition: Box::new(condition) })
    }

    /// `x.exists_one(v, condition)`
    pub fn exists_one(&mut self, over: &IdedExpr, variable: &IdedExpr, condition: &IdedExpr) -> Result<Expr, Fault> {
        let left = Box::new(self.count(over, variable, condition)?);
        let right = Box::new(Expr::Literal(Value::Int(1)));
        Ok(Expr::Compare { op: CompareOp::Equal, left, right, by: By::Whole })
    }

    fn quantify(&mut self, over: &IdedExpr, variable: &IdedExpr, condition: &IdedExpr) -> Result<(Range, Expr), Fault> {
        let Node::Ident(name) = &variable.expr else {
            return Err(self.fault(variable, "A name for the entry is expected here.").hint("Write `.exists(x, …)`."));
        };
        if !matches!(over.expr, Node::Ident(_) | Node::Select(_)) {
            return Err(self.fault(over, "Only lists and related records can be searched like this."));
        }
        let range = match self.place(over)? {
            Place::Relation(range) => range,
            Place::Field(field) => self.range_of(over, field)?,
            _ => return Err(self.fault(over, format!("`{}` is not a list.", self.text(over)))),
        };
        self.check_range(over, &range)?;
        let entered = self.variable_of(over, &range)?;
        // Scopes count from the outside; the innermost variable is the newest.
        self.variables.push((name.clone(), entered));
        let condition = self.condition(condition);
        self.variables.pop();
        Ok((range, condition?))
    }

    /// A formula is kept fresh when its own record or a parent changes, not when others do.
    pub fn check_range(&self, node: &IdedExpr, range: &Range) -> Result<(), Fault> {
        if matches!(range.over, Over::Entries { .. }) {
            return Ok(());
        }
        self.check_not_stored(node, "related records", "Make a roll-up field for them and use that.")
    }

    /// What a list field ranges over.
    pub fn range_of(&self, node: &IdedExpr, field: FieldRef) -> Result<Range, Fault> {
        let FieldRef { scope, hops, object, field: name, part, kind } = field.clone();
        let over = match (part, kind) {
            (Part::Whole, Kind::References) => {
                let target = self.find_definition(&field).and_then(|definition| definition.target.clone());
                match target {
                    Some(target) => Over::Targets { field: name, target },
                    None => Over::Entries { field: name, kind },
                }
            }
            (
                Part::Whole,
                Kind::MultiSelect | Kind::Emails | Kind::Phones | Kind::Links | Kind::About | Kind::Files,
            ) => Over::Entries { field: name, kind },
            _ => return Err(self.fault(node, format!("`{}` is not a list.", self.text(node)))),
        };
        Ok(Range { scope, hops, object, over })
    }

    fn variable_of(&self, node: &IdedExpr, range: &Range) -> Result<Variable<'a>, Fault> {
        let find = |name: &str| -> Result<&'a crate::object::Object, Fault> {
            if name == self.object.name {
                return Ok(self.object);
            }
            let missing = || self.fault(node, format!("There is no object `{name}`."));
            self.schema.find_object(name).map(|object| &**object).ok_or_else(missing)
        };
        Ok(match &range.over {
            Over::Children { object, .. } => Variable::Record(find(object)?),
            Over::Targets { target, .. } => Variable::Record(find(target)?),
            Over::Entries { field, kind } => {
                Variable::Entry { object: find(&range.object)?, field: field.clone(), kind: *kind }
            }
        })
    }
}

/// `list.exists(x, x == 'a')` is `'a' in list`, which databases answer from an index.
fn as_member(range: &Range, condition: &Expr, scope: usize) -> Option<Expr> {
    let Over::Entries { field, kind } = &range.over else { return None };
    let Expr::Compare { op: CompareOp::Equal, left, right, by: By::Text | By::Id } = condition else { return None };
    let (Expr::Field(entry), item) = (&**left, &**right) else { return None };
    let is_entry = match (kind, &entry.part) {
        (Kind::About, Part::EntryId(_)) => true,
        (Kind::Emails | Kind::Phones | Kind::Links, Part::EntryText(part)) => part == "value",
        (Kind::MultiSelect, Part::EntryText(_)) => true,
        _ => false,
    };
    let is_constant = matches!(item, Expr::Me | Expr::Literal(Value::Text(_) | Value::Id(_)));
    if !is_entry || !is_constant || entry.scope != scope || entry.object != range.object || entry.field != *field {
        return None;
    }
    let list = FieldRef {
        scope: range.scope,
        hops: range.hops.clone(),
        object: range.object.clone(),
        field: field.clone(),
        part: Part::Whole,
        kind: *kind,
    };
    Some(Expr::Member { list, item: Box::new(item.clone()) })
}
