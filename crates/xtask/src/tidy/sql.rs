//! Only the store speaks SQL, and only the store asks which database it is.

use super::{Finding, Source};
use crate::rust_tokens::{Kind, Token, scan};

/// How a statement begins.
const STATEMENTS: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "CREATE UNIQUE INDEX ",
    "CREATE SCHEMA ",
    "ALTER TABLE ",
    "DROP ",
    "PRAGMA ",
    "WITH ",
];
/// Who may: the store; the test kit, which makes and drops databases; this crate, which names the statements; and
/// the bench, which measures the product against the bare driver.
const SPEAKERS: &[&str] = &["crates/store/", "crates/testkit/", "crates/xtask/", "crates/rapport/src/commands/bench"];

/// Who may besides decide by the kind of database: the command line, which is told where the workspace is and where
/// to restore one.
const PLACES: &[&str] = &["crates/rapport/src/place.rs", "crates/rapport/src/commands/backup.rs"];

/// No text that begins like an SQL statement outside the store.
pub fn check_statements(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in silent(sources) {
        for token in scan(&source.text).iter().filter(|token| token.kind == Kind::Text) {
            let text = token.text.trim_start_matches("\\n").trim_start();
            if STATEMENTS.iter().any(|statement| text.starts_with(statement)) {
                findings.push(Finding::new(source, token.line, "SQL belongs in crates/store"));
            }
        }
    }
    findings
}

/// No branch on the kind of database outside the store.
pub fn check_dialects(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in silent(sources).filter(|source| !PLACES.contains(&source.path.as_str())) {
        let tokens: Vec<Token> = scan(&source.text).into_iter().filter(|token| token.kind != Kind::Comment).collect();
        for (at, token) in tokens.iter().enumerate() {
            if token.kind == Kind::Word && names_dialect(&token.text) && decides(&tokens, at) {
                findings.push(Finding::new(source, token.line, "only crates/store may ask which database it is"));
            }
        }
    }
    findings
}

fn silent(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|source| source.is_rust() && !SPEAKERS.iter().any(|speaker| source.path.starts_with(speaker)))
}

fn names_dialect(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.contains("sqlite") || word.contains("postgres")
}

/// Whether the word at this place is part of a condition or of the pattern of a `match`.
fn decides(tokens: &[Token], at: usize) -> bool {
    let before = tokens.get(..at).unwrap_or_default().iter().rev();
    let condition = before
        .take_while(|token| !["{", "}", ";"].iter().any(|mark| token.is_mark(mark)))
        .any(|token| ["if", "while", "matches"].iter().any(|word| token.is_word(word)));
    condition || is_pattern(tokens.get(at + 1..).unwrap_or_default())
}

/// Whether what follows, after one balanced group, is the `=>` of a pattern.
fn is_pattern(after: &[Token]) -> bool {
    let mut depth = 0_usize;
    for (at, token) in after.iter().enumerate() {
        match token.text.as_str() {
            "(" | "{" if token.kind == Kind::Mark => depth += 1,
            ")" | "}" if token.kind == Kind::Mark && depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            "=" => return after.get(at + 1).is_some_and(|next| next.is_mark(">")),
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn finds_statements() {
        check(
            check_statements,
            &[
                ("crates/engine/src/a.rs", "let a = \"SELECT 1\"; // \"SELECT 2\"\nlet b = \"Select a file\";"),
                ("crates/store/src/a.rs", "let a = \"SELECT 1\";"),
            ],
            &["crates/engine/src/a.rs:1: SQL belongs in crates/store"],
        );
    }

    #[test]
    fn finds_branches_on_the_database() {
        check(
            check_dialects,
            &[(
                "crates/engine/src/a.rs",
                "if store.is_sqlite() { a() }\nmatch l { Location::Postgres { url, .. } => b(), _ => c() }\n\
                 let l = Location::Sqlite(path);\n",
            )],
            &[
                "crates/engine/src/a.rs:1: only crates/store may ask which database it is",
                "crates/engine/src/a.rs:2: only crates/store may ask which database it is",
            ],
        );
    }
}
