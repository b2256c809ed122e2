//! Rules of plain text: every file says what it is for, nothing is left for later, no space ends a line.

use super::{Finding, Source};
use crate::rust_tokens::{Kind, scan};

/// Every Rust file opens with `//!`, every TypeScript file with `/**`; declarations made by a tool need none.
pub fn check_headers(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let opening = match source {
            _ if source.is_rust() => "//! ",
            _ if source.path.ends_with(".d.ts") => continue,
            _ if source.is_typescript() => "/**",
            _ => continue,
        };
        if !source.text.starts_with(opening) {
            findings.push(Finding::new(source, 1, format!("open with `{}`: what the file is for", opening.trim())));
        }
    }
    findings
}

/// Words of things left undone.
const LEFT: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// No comment puts work off, and no debugging print stays.
pub fn check_marks(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        if source.is_rust() {
            let tokens = scan(&source.text);
            for (at, token) in tokens.iter().enumerate() {
                if token.kind == Kind::Comment && is_left(&token.text) {
                    findings.push(Finding::new(source, token.line, "finish it, or take the comment out"));
                }
                if token.is_word("dbg") && tokens.get(at + 1).is_some_and(|next| next.is_mark("!")) {
                    findings.push(Finding::new(source, token.line, "take the debugging print out"));
                }
            }
        } else if source.is_typescript() || source.has_extension("css") || source.has_extension("mjs") {
            for (at, line) in source.text.lines().enumerate() {
                if is_left(line) {
                    findings.push(Finding::new(source, at + 1, "finish it, or take the comment out"));
                }
                if line.trim_start().starts_with("console.log(") && source.path.starts_with("web/src/") {
                    findings.push(Finding::new(source, at + 1, "take the debugging print out"));
                }
            }
        }
    }
    findings
}

fn is_left(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| LEFT.contains(&word))
}

/// No line ends with white space and every file ends with one line feed.
pub fn check_trailing_space(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in
        sources.iter().filter(|source| source.is_rust() || source.is_typescript() || source.has_extension("toml"))
    {
        for (at, line) in source.text.split('\n').enumerate() {
            if line.ends_with([' ', '\t', '\r']) && !source.is_tests() {
                findings.push(Finding::new(source, at + 1, "white space at the end of the line"));
            }
        }
        if !source.text.is_empty() && (!source.text.ends_with('\n') || source.text.ends_with("\n\n")) {
            findings.push(Finding::new(source, 0, "end the file with exactly one line feed"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn wants_headers() {
        check(
            check_headers,
            &[
                ("a.rs", "//! Good.\n"),
                ("b.rs", "fn b() {}\n"),
                ("c.ts", "/** Good. */\n"),
                ("d.tsx", "x\n"),
                ("e.md", ""),
            ],
            &["b.rs:1: open with `//!`: what the file is for", "d.tsx:1: open with `/**`: what the file is for"],
        );
    }

    #[test]
    fn finds_what_was_left() {
        let left = LEFT[0];
        let source = format!("//! A.\n// {left}: more\nlet a = \"{left}\";\ndbg!(a);\n");
        check(
            check_marks,
            &[("a.rs", &source), ("web/src/a.ts", "console.log(1)\n")],
            &[
                "a.rs:2: finish it, or take the comment out",
                "a.rs:4: take the debugging print out",
                "web/src/a.ts:1: take the debugging print out",
            ],
        );
    }

    #[test]
    fn finds_trailing_space() {
        check(
            check_trailing_space,
            &[("a.rs", "a \nb\n"), ("b.rs", "a"), ("c.md", "a \n")],
            &["a.rs:1: white space at the end of the line", "b.rs: end the file with exactly one line feed"],
        );
    }
}
