//! Import: files of records become records, through a mapping that people can correct and a dry run they can read.

pub mod build;
pub mod guard;
pub mod identity;
pub mod looks;
pub mod map;
pub mod read;
pub mod settle;
pub mod step;
