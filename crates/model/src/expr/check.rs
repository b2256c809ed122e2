//! The checker: syntax tree and schema in, [`Expr`] out.

use cel::common::ast::{CallExpr, Expr as Node, IdedExpr, LiteralValue, SourceInfo, operators};

use super::fault::Fault;
use super::names::Place;
use super::{ArithmeticOp, CompareOp, Expr, Type, all_of, any_of, not, parse};
use crate::field::Kind;
use crate::object::Object;
use crate::schema::Schema;
use crate::value::{SCALE, Value, scaled_from_text};

/// What a name of the innermost `exists` stands for.
#[derive(Clone)]
pub(super) enum Variable<'a> {
    /// A record.
    Record(&'a Object),
    /// An entry of a list field of the object.
    Entry { object: &'a Object, field: String, kind: Kind },
}

pub(super) struct Checker<'a> {
    pub schema: &'a Schema,
    pub object: &'a Object,
    source: &'a str,
    info: &'a SourceInfo,
    /// The result is stored, so it must not depend on the moment or on who asks.
    pub stored: bool,
    pub variables: Vec<(String, Variable<'a>)>,
}

impl<'a> Checker<'a> {
    pub fn new(schema: &'a Schema, object: &'a Object, source: &'a str, info: &'a SourceInfo, stored: bool) -> Self {
        Self { schema, object, source, info, stored, variables: Vec::new() }
    }

    /// Where a node stands.
    pub fn span(&self, node: &IdedExpr) -> (usize, usize) {
        parse::span(node, self.info, self.source)
    }

    /// Where the name of a selected field or a called method stands.
    pub fn name_span(&self, node: &IdedExpr, name: &str) -> (usize, usize) {
        let (start, end) = self.info.offset_for(node.id).unwrap_or((0, 0));
        match &node.expr {
            Node::Select(_) => parse::name_after(self.source, end as usize + 1, name),
            Node::Call(_) => parse::name_before(self.source, start as usize, name),
            _ => self.span(node),
        }
    }

    pub fn fault(&self, node: &IdedExpr, detail: impl Into<String>) -> Fault {
        Fault::new(self.span(node), detail)
    }

    /// What was written, for messages.
    pub fn text(&self, node: &IdedExpr) -> &str {
        let (start, end) = self.span(node);
        self.source.get(start..end).unwrap_or_default()
    }

    /// A node that must be a condition.
    pub fn condition(&mut self, node: &IdedExpr) -> Result<Expr, Fault> {
        let expr = self.value(node)?;
        match expr.result_type() {
            Type::Bool => Ok(match expr {
                Expr::Literal(Value::Bool(value)) => Expr::Const(value),
                other => other,
            }),
            found => {
                let fault = self.fault(
                    node,
                    format!("A condition is expected here, but `{}` is {}.", self.text(node), name_of(found)),
                );
                Err(fault.hint("Compare it, for example with `==`, or ask with `has(…)` whether it has a value."))
            }
        }
    }

    /// A node that may be anything.
    pub fn value(&mut self, node: &IdedExpr) -> Result<Expr, Fault> {
        match &node.expr {
            Node::Literal(literal) => self.literal(node, literal),
            Node::Ident(_) | Node::Select(_) => match self.place(node)? {
                Place::Value(expr) => Ok(expr),
                Place::Record { scope, hops, object } => {
                    Ok(Expr::Field(super::FieldRef { hops, ..super::FieldRef::id(&object.name, scope) }))
                }
                Place::Field(field) => {
                    if field.result_type() == Type::Composite {
                        return Err(self.composite_fault(node, &field));
                    }
                    Ok(Expr::Field(field))
                }
                Place::Relation(range) => Err(self.relation_fault(node, &range)),
                Place::Mine(mine) => {
                    Err(self.fault(node, format!("`{}` is a list.", mine.word())).hint(mine.example()))
                }
            },
            Node::Call(call) => self.call(node, call),
            Node::List(_) => {
                Err(self.fault(node, "A list can only stand behind `in`.").hint("Write `stage in ['won', 'lost']`."))
            }
            Node::Map(_) | Node::Struct(_) => Err(self.fault(node, "Maps are not supported here.")),
            Node::Comprehension(_) | Node::Unspecified => Err(self.fault(node, "This cannot be read.")),
        }
    }

    fn literal(&self, node: &IdedExpr, literal: &LiteralValue) -> Result<Expr, Fault> {
        Ok(match literal {
            LiteralValue::Boolean(value) => Expr::Literal(Value::Bool(*value.inner())),
            LiteralValue::Int(value) => Expr::Literal(Value::Int(*value.inner())),
            LiteralValue::UInt(value) => match i64::try_from(*value.inner()) {
                Ok(value) => Expr::Literal(Value::Int(value)),
                Err(_) => return Err(self.fault(node, "This number is too large.")),
            },
            LiteralValue::Double(value) => {
                number(*value.inner()).ok_or_else(|| self.fault(node, "This number is too large or too small."))?
            }
            LiteralValue::String(value) => Expr::Literal(Value::text(value.inner())),
            LiteralValue::Null => Expr::Literal(Value::Missing),
            LiteralValue::Bytes(_) => return Err(self.fault(node, "Bytes are not supported; write a text.")),
        })
    }

    fn call(&mut self, node: &IdedExpr, call: &CallExpr) -> Result<Expr, Fault> {
        if let Some(target) = &call.target {
            return self.method(node, call, target);
        }
        let name = call.func_name.as_str();
        match (name, call.args.as_slice()) {
            (operators::LOGICAL_AND, [a, b]) => Ok(all_of(vec![self.condition(a)?, self.condition(b)?])),
            (operators::LOGICAL_OR, [a, b]) => Ok(any_of(vec![self.condition(a)?, self.condition(b)?])),
            (operators::LOGICAL_NOT, [a]) => Ok(not(self.condition(a)?)),
            (operators::CONDITIONAL, [condition, then, otherwise]) => self.choice(node, condition, then, otherwise),
            (operators::EQUALS, [a, b]) => self.compare(node, CompareOp::Equal, a, b),
            (operators::NOT_EQUALS, [a, b]) => Ok(not(self.compare(node, CompareOp::Equal, a, b)?)),
            (operators::LESS, [a, b]) => self.compare(node, CompareOp::Less, a, b),
            (operators::LESS_EQUALS, [a, b]) => self.compare(node, CompareOp::LessOrEqual, a, b),
            (operators::GREATER, [a, b]) => self.compare(node, CompareOp::Greater, a, b),
            (operators::GREATER_EQUALS, [a, b]) => self.compare(node, CompareOp::GreaterOrEqual, a, b),
            (operators::IN, [item, list]) => self.contains(node, item, list),
            (operators::ADD, [a, b]) => self.arithmetic(node, ArithmeticOp::Add, a, b),
            (operators::SUBSTRACT, [a, b]) => self.arithmetic(node, ArithmeticOp::Subtract, a, b),
            (operators::MULTIPLY, [a, b]) => self.arithmetic(node, ArithmeticOp::Multiply, a, b),
            (operators::DIVIDE, [a, b]) => self.arithmetic(node, ArithmeticOp::Divide, a, b),
            (operators::MODULO, [a, b]) => self.remainder(a, b),
            (operators::NEGATE, [a]) => self.negate(a),
            (operators::INDEX, [a, _]) => Err(self
                .fault(node, "Entries of a list cannot be picked by number.")
                .hint(format!("Write `{}.exists(x, …)`.", self.text(a)))),
            _ => self.function(node, call),
        }
    }

    /// `condition ? then : otherwise`
    fn choice(
        &mut self,
        node: &IdedExpr,
        condition: &IdedExpr,
        then: &IdedExpr,
        otherwise: &IdedExpr,
    ) -> Result<Expr, Fault> {
        let condition = Box::new(self.condition(condition)?);
        let then_expr = self.value(then)?;
        let otherwise_expr = self.value(otherwise)?;
        let (a, b) = (then_expr.result_type(), otherwise_expr.result_type());
        if a != b && a != Type::Null && b != Type::Null {
            return Err(self.fault(
                node,
                format!(
                    "Both results must be of one sort, but `{}` is {} and `{}` is {}.",
                    self.text(then),
                    name_of(a),
                    self.text(otherwise),
                    name_of(b)
                ),
            ));
        }
        if a == Type::Null && b == Type::Null {
            return Err(self.fault(node, "Both results are `null`."));
        }
        Ok(Expr::If { condition, then: Box::new(then_expr), otherwise: Box::new(otherwise_expr) })
    }

    /// Refuses what a stored result must not depend on.
    pub fn check_not_stored(&self, node: &IdedExpr, what: &str, instead: &str) -> Result<(), Fault> {
        if !self.stored {
            return Ok(());
        }
        let detail = format!("A formula cannot use {what}, because its result is stored.");
        Err(self.fault(node, detail).hint(instead))
    }

    /// Whether a formula's expression fits the kind it is stored in.
    pub fn check_result(&self, node: &IdedExpr, expr: &Expr, result: Kind) -> Result<(), Fault> {
        let wanted = match result {
            Kind::Text | Kind::LongText | Kind::Select => Type::Text,
            Kind::Integer | Kind::Decimal | Kind::Percent | Kind::Money | Kind::Rating => Type::Number,
            Kind::Date => Type::Date,
            Kind::DateTime => Type::Instant,
            Kind::Duration => Type::Duration,
            Kind::Boolean => Type::Bool,
            Kind::Reference | Kind::User => Type::Id,
            _ => return Err(self.fault(node, "A formula cannot yield a value of this kind.")),
        };
        let found = expr.result_type();
        if found == wanted {
            return Ok(());
        }
        Err(self.fault(node, format!("The formula must yield {}, but it is {}.", name_of(wanted), name_of(found))))
    }
}

/// A double literal: exact when it is a decimal of up to four places.
pub(super) fn number(value: f64) -> Option<Expr> {
    if !value.is_finite() || (value != 0.0 && !(1e-100..=1e100).contains(&value.abs())) {
        return None;
    }
    let exact = scaled_from_text(&value.to_string())
        .filter(|scaled| scaled.unsigned_abs() < 1 << 53 && *scaled as f64 / SCALE as f64 == value);
    Some(match exact {
        Some(scaled) => Expr::Literal(Value::Dec(scaled)),
        None => Expr::Number(value),
    })
}

/// What people call a type.
pub(super) fn name_of(found: Type) -> &'static str {
    match found {
        Type::Bool => "a truth value",
        Type::Number => "a number",
        Type::Duration => "a duration",
        Type::Instant => "a date and time",
        Type::Date => "a date",
        Type::Text => "a text",
        Type::Id => "a record",
        Type::Null => "`null`",
        Type::Composite => "a list",
    }
}
