//! Stories of sales, over real workspaces, on SQLite and PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod deals;
mod demo;
mod leads;
mod lines;
mod quotes;
mod rights;
mod stages;
mod sums;
