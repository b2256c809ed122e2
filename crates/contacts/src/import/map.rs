//! Mapping: which column of a file fills which field.

pub mod names;
