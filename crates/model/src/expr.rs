//! INTERIM STAND-IN so that others can compile: the owner replaces this whole file (on a conflict take your own).
#![allow(missing_docs, unused_variables, clippy::all)]
use crate::*;
use std::sync::Arc;
use uuid::Uuid;
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    A,
}
impl Expr {
    pub fn always() -> Self {
        Self::A
    }
    pub fn never() -> Self {
        Self::A
    }
}
pub fn parse_condition(schema: &Schema, object: &Object, source: &str) -> Result<Expr, Problem> {
    Ok(Expr::A)
}
pub fn parse_formula(schema: &Schema, object: &Object, source: &str, result: Kind) -> Result<Expr, Problem> {
    Ok(Expr::A)
}
pub struct Bindings {
    pub now: i64,
    pub time_zone: jiff::tz::TimeZone,
    pub me: Option<Uuid>,
    pub my_teams: Arc<[Uuid]>,
}
pub fn bind(expr: &Expr, bindings: &Bindings) -> Expr {
    Expr::A
}
pub fn and(a: Expr, b: Expr) -> Expr {
    a
}
pub fn id_in(ids: Vec<Uuid>) -> Expr {
    Expr::A
}
pub fn field_equals(object: &Object, field: &Field, value: Value) -> Expr {
    Expr::A
}
pub fn field_in(object: &Object, field: &Field, value: Vec<Value>) -> Expr {
    Expr::A
}
pub trait Source {
    fn value(&self, field: &str) -> Value;
    fn parent(&self, field: &str) -> Option<Box<dyn Source + '_>>;
    fn children(&self, object: &str, field: &str) -> Vec<Box<dyn Source + '_>>;
}
pub fn eval(expr: &Expr, source: &dyn Source) -> Value {
    Value::Missing
}
pub fn holds(expr: &Expr, source: &dyn Source) -> bool {
    true
}
pub struct Use {
    pub object: String,
    pub field: String,
    pub via: Vec<String>,
}
pub fn uses(expr: &Expr) -> Vec<Use> {
    vec![]
}
