//! The API as its clients meet it: the real router over a real workspace.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod access;
mod audit;
mod calendars;
mod capture;
mod consent;
mod contract;
mod devices;
mod documents;
mod files;
mod hostile;
mod hours;
mod imports;
mod layouts;
mod leads;
mod live;
mod log_in;
mod mail;
mod metadata;
mod notifications;
mod openapi;
mod parity;
mod paths;
mod presence;
mod quotes;
mod records;
mod rights;
mod second_factor;
mod sensitive;
mod shared;
mod site;
mod view_as;
mod views;
