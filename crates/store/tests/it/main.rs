//! Stories of the store, each told on SQLite and on PostgreSQL, and the promise that expressions mean the same there as
//! in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod base;
mod durable;
mod finding;
mod history;
mod lists;
mod plans;
mod properties;
mod records;
mod world;
