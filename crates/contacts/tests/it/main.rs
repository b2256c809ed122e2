//! Stories of the CRM's own capabilities, over real workspaces, on SQLite and PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod activities;
mod calendar;
mod consent;
mod consent_table;
mod demo;
mod digest;
mod duplicates;
mod exports;
mod feed;
mod files;
mod health;
mod hours;
mod imports;
mod merge_random;
mod notifications;
mod objects;
mod occurrences;
mod propose_files;
mod pushes;
mod quality;
mod rates;
mod reactions;
mod read_files;
mod relations;
mod shares;
mod signals;
mod territories;
mod texts;
