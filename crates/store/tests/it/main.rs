//! Stories of the store, each told on SQLite and on PostgreSQL.

mod base;
mod records;
