//! What has a file of its own is also in its list: objects in their module, system tables in the store's list.

use super::{Finding, Source};
use crate::rust_tokens::{Kind, scan};

/// Every `objects/<name>.toml` is named in its crate's sources and defines the object of that name.
pub fn check_objects(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.has_extension("toml") && source.path.contains("/objects/")) {
        let file = format!("objects/{}.toml", source.stem());
        let registered = sources
            .iter()
            .filter(|other| other.is_rust() && other.crate_name() == source.crate_name())
            .any(|other| scan(&other.text).iter().any(|token| token.kind == Kind::Text && token.text.ends_with(&file)));
        if !registered {
            findings.push(Finding::new(source, 0, "register it in the crate's Module"));
        }
        let name = source
            .text
            .parse::<toml::Table>()
            .ok()
            .and_then(|object| object.get("name").and_then(toml::Value::as_str).map(str::to_owned));
        if name.as_deref() != Some(source.stem()) {
            findings.push(Finding::new(source, 1, format!("`name` must be \"{}\", as the file says", source.stem())));
        }
    }
    findings
}

/// Every `tables/<name>.rs` of the store is declared and listed in `tables.rs`.
pub fn check_tables(sources: &[Source]) -> Vec<Finding> {
    let list = sources.iter().find(|source| source.path == "crates/store/src/tables.rs");
    let words = list.map(|list| scan(&list.text)).unwrap_or_default();
    sources
        .iter()
        .filter(|source| source.path.starts_with("crates/store/src/tables/") && source.path.matches('/').count() == 4)
        .filter(|source| words.iter().filter(|token| token.is_word(source.stem())).count() < 2)
        .map(|source| Finding::new(source, 0, "declare it and list its table in tables.rs"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn objects_are_registered() {
        check(
            check_objects,
            &[
                ("crates/contacts/objects/person.toml", "name = \"person\"\n"),
                ("crates/contacts/objects/note.toml", "name = \"notes\"\n"),
                ("crates/contacts/src/lib.rs", "include_str!(\"../objects/person.toml\")"),
            ],
            &[
                "crates/contacts/objects/note.toml: register it in the crate's Module",
                "crates/contacts/objects/note.toml:1: `name` must be \"note\", as the file says",
            ],
        );
    }

    #[test]
    fn tables_are_listed() {
        check(
            check_tables,
            &[
                ("crates/store/src/tables.rs", "pub mod jobs; pub mod locks; const ALL: [&str; 1] = [jobs::DDL];"),
                ("crates/store/src/tables/jobs.rs", ""),
                ("crates/store/src/tables/locks.rs", ""),
            ],
            &["crates/store/src/tables/locks.rs: declare it and list its table in tables.rs"],
        );
    }
}
