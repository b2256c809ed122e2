//! Rules of dependence: which crate may know which, and which library stays in which crate.

use super::{Finding, Source};

/// Each crate and those of ours it may depend on. A new crate needs a decision record and a line here.
const CRATES: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("store", &["model"]),
    ("engine", &["model", "store"]),
    ("contacts", &["model", "store", "engine"]),
    ("sales", &["model", "store", "engine"]),
    ("smtp", &["engine"]),
    ("webpush", &["engine"]),
    ("api", &["model", "store", "engine", "contacts", "sales"]),
    ("webui", &[]),
    ("rapport", &["model", "store", "engine", "contacts", "sales", "api", "webui", "smtp", "webpush"]),
    ("testkit", &["model", "store", "engine", "contacts", "sales"]),
    ("xtask", &[]),
];

/// Libraries that only some crates may use: one place speaks SQL, and the core knows neither sockets nor async.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("rusqlite", &["store", "rapport"]),
    ("postgres", &["store", "testkit"]),
    ("axum", &["api", "webui", "rapport"]),
    ("tower", &["api", "webui", "rapport"]),
    ("tower-http", &["api", "webui", "rapport"]),
    ("tokio", &["store", "api", "webui", "rapport"]),
    ("clap", &["rapport"]),
    ("lettre", &["smtp"]),
    ("ureq", &["webpush"]),
    ("cel", &["model"]),
];

/// Crates depend only downwards.
pub fn check_crates(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (source, name, dependencies) in manifests(sources) {
        let Some((_, allowed)) = CRATES.iter().find(|(known, _)| *known == name) else {
            findings.push(Finding::new(source, 0, "a new crate needs a decision record and a line in tidy's list"));
            continue;
        };
        for dependency in dependencies {
            let ours = CRATES.iter().any(|(known, _)| *known == dependency);
            if ours && !allowed.contains(&dependency.as_str()) {
                findings.push(Finding::new(source, 0, format!("`{name}` must not depend on `{dependency}`")));
            }
        }
    }
    findings
}

/// Some libraries stay where they belong.
pub fn check_libraries(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (source, name, dependencies) in manifests(sources) {
        for (library, crates) in LIBRARIES {
            if dependencies.iter().any(|dependency| dependency == library) && !crates.contains(&name) {
                let message = format!("`{library}` belongs in {} only", crates.join(", "));
                findings.push(Finding::new(source, 0, message));
            }
        }
    }
    findings
}

/// Every crate's manifest with the crate's name and its dependencies (those of tests are free).
fn manifests(sources: &[Source]) -> Vec<(&Source, &str, Vec<String>)> {
    sources
        .iter()
        .filter(|source| source.path.starts_with("crates/") && source.path.ends_with("/Cargo.toml"))
        .filter_map(|source| {
            let manifest: toml::Table = source.text.parse().ok()?;
            let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
            let names = dependencies.map(|table| table.keys().cloned().collect()).unwrap_or_default();
            Some((source, source.crate_name()?, names))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn arrows_point_down() {
        check(
            check_crates,
            &[
                ("crates/store/Cargo.toml", "[dependencies]\nmodel.workspace = true\nengine.workspace = true\n"),
                (
                    "crates/engine/Cargo.toml",
                    "[dependencies]\nstore.workspace = true\n[dev-dependencies]\ntestkit = \"1\"\n",
                ),
                ("crates/news/Cargo.toml", "[dependencies]\n"),
            ],
            &[
                "crates/store/Cargo.toml: `store` must not depend on `engine`",
                "crates/news/Cargo.toml: a new crate needs a decision record and a line in tidy's list",
            ],
        );
    }

    #[test]
    fn libraries_stay_at_home() {
        check(
            check_libraries,
            &[("crates/engine/Cargo.toml", "[dependencies]\naxum.workspace = true\nflume = \"1\"\n")],
            &["crates/engine/Cargo.toml: `axum` belongs in api, webui, rapport only"],
        );
    }
}
