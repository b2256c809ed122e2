//! Stands in until `model::expr` arrives.

/// A bound expression.
#[derive(Debug, Clone)]
pub enum Expr {}
