pub use model::expr::Expr;
