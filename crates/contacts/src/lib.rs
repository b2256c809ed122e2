//! Contacts: people, companies and what happens with them.

pub mod dedupe;
pub mod export;
pub mod import;
