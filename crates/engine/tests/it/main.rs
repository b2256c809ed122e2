//! The engine's tests: stories on SQLite and PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod audit;
mod bulk_jobs;
mod configuration;
mod derive;
mod jobs;
mod layouts;
mod mail;
mod policy;
mod schema;
mod undo;
mod write;
