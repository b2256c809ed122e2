//! `tidy`: the rules of the house that a compiler does not know, each checked over the project's own files.

mod arrows;
mod lengths;
mod licences;
mod names;
mod registries;
mod sql;
mod texts;
mod web;

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};

/// One file of the project.
pub struct Source {
    /// Path from the root, with forward slashes.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// Whether the path ends with a dot and this.
    pub fn has_extension(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
    }

    /// Whether it is Rust.
    pub fn is_rust(&self) -> bool {
        self.has_extension("rs")
    }

    /// Whether it is TypeScript.
    pub fn is_typescript(&self) -> bool {
        self.has_extension("ts") || self.has_extension("tsx")
    }

    /// The crate it belongs to: `store` of `crates/store/src/tx.rs`.
    pub fn crate_name(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// Whether it holds nothing but tests: their tables of cases and expected texts are data.
    pub fn is_tests(&self) -> bool {
        self.stem() == "tests" || self.path.contains("/tests/")
    }

    /// The file's name without folders and extensions.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.split('.').next().unwrap_or(name)
    }
}

/// A rule that does not hold somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file.
    pub path: String,
    /// Its line, 0 when it is the whole file.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl Finding {
    /// A finding in a file.
    pub fn new(source: &Source, line: usize, message: impl Into<String>) -> Self {
        Self { path: source.path.clone(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}

type Check = fn(&[Source]) -> Vec<Finding>;

/// Every rule over the project's files.
const CHECKS: &[Check] = &[
    texts::check_headers,
    texts::check_marks,
    texts::check_trailing_space,
    lengths::check_files,
    lengths::check_functions,
    names::check,
    arrows::check_crates,
    arrows::check_libraries,
    sql::check_statements,
    sql::check_dialects,
    registries::check_objects,
    registries::check_tables,
    web::check_imports,
];

/// Folders that hold no text of ours.
const SKIPPED: &[&str] = &["target", "node_modules", "dist", "data", "out", ".git"];
/// Endings of the texts that are read.
const READ: &[&str] = &["rs", "ts", "tsx", "toml", "md", "css", "json", "html", "yml", "mjs"];

/// Checks everything, prints what does not hold, and returns whether all does.
pub fn run(root: &Path) -> Result<bool> {
    let sources = read_sources(root)?;
    let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(&sources)).collect();
    findings.extend(licences::check(root)?);
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    println!("tidy: {} files, {} findings", sources.len(), findings.len());
    Ok(findings.is_empty())
}

fn read_sources(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type()?.is_dir() {
                if !SKIPPED.contains(&name.as_str()) && !name.starts_with("dist") {
                    folders.push(entry.path());
                }
                continue;
            }
            if !READ.contains(&name.rsplit('.').next().unwrap_or_default()) || name == "package-lock.json" {
                continue;
            }
            let text = std::fs::read_to_string(entry.path())
                .with_context(|| format!("cannot read {}", entry.path().display()))?;
            let path = entry.path();
            let path = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            sources.push(Source { path, text });
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

#[cfg(test)]
pub mod testing {
    //! What the tests of the rules share.

    use super::{Check, Source};

    /// Runs a rule over files given as (path, text) and compares its findings, one a line.
    #[track_caller]
    pub fn check(rule: Check, files: &[(&str, &str)], expected: &[&str]) {
        let sources: Vec<Source> =
            files.iter().map(|(path, text)| Source { path: (*path).to_owned(), text: (*text).to_owned() }).collect();
        let found: Vec<String> = rule(&sources).iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }
}
