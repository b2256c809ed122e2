//! Rules of size: a file and a function that can be read in one go.

use super::{Finding, Source};
use crate::rust_tokens::{Kind, Token, scan};

const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;
/// Texts made by a tool; nobody reads them top to bottom.
const GENERATED: &[&str] = &["web/src/api/schema.d.ts"];

/// No source file has more lines than the house allows.
pub fn check_files(sources: &[Source]) -> Vec<Finding> {
    sources
        .iter()
        .filter(|source| source.is_rust() || source.is_typescript())
        .filter(|source| !GENERATED.contains(&source.path.as_str()))
        .filter_map(|source| {
            let lines = source.text.lines().count();
            let message = format!("{lines} lines; split it at {FILE_LINES_MAX} by what a reader looks for");
            (lines > FILE_LINES_MAX).then(|| Finding::new(source, 0, message))
        })
        .collect()
}

/// No Rust function has more lines than the house allows, from `fn` to its closing brace.
pub fn check_functions(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust() && !source.is_tests()) {
        let tokens: Vec<Token> = scan(&source.text).into_iter().filter(|token| token.kind != Kind::Comment).collect();
        for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.is_word("fn")) {
            let Some(name) = tokens.get(at + 1).filter(|next| next.kind == Kind::Word) else { continue };
            let Some(end) = body_end(tokens.get(at..).unwrap_or_default()) else { continue };
            let lines = end - token.line + 1;
            if lines > FUNCTION_LINES_MAX {
                let message = format!("`{}` has {lines} lines; split it at {FUNCTION_LINES_MAX}", name.text);
                findings.push(Finding::new(source, token.line, message));
            }
        }
    }
    findings
}

/// The line of the brace that closes a function's body; `None` for a declaration without one.
fn body_end(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut braces = 0_usize;
    for token in tokens.iter().filter(|token| token.kind == Kind::Mark) {
        match token.text.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            ";" if depth == 0 && braces == 0 => return None,
            "{" => braces += 1,
            "}" => {
                braces = braces.saturating_sub(1);
                if braces == 0 && depth == 0 {
                    return Some(token.line);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn finds_long_files() {
        check(
            check_files,
            &[("a.rs", &"x\n".repeat(600)), ("b.tsx", &"x\n".repeat(601)), ("c.md", &"x\n".repeat(900))],
            &["b.tsx: 601 lines; split it at 600 by what a reader looks for"],
        );
    }

    #[test]
    fn finds_long_functions() {
        let long = format!("trait T {{ fn none(&self); }}\nfn long(a: [u8; 4]) {{\n{}}}\n", "a();\n".repeat(69));
        let short = format!("fn short() {{\n{}}}\nfn other() {{}}\n", "a();\n".repeat(68));
        check(check_functions, &[("a.rs", &long), ("b.rs", &short)], &["a.rs:2: `long` has 71 lines; split it at 70"]);
    }
}
