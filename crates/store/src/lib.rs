//! The only place that speaks SQL: SQLite and PostgreSQL behind one `Store`.

pub mod sql;

pub use sql::{Dialect, SqlWriter, Val};
