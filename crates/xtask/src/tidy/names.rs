//! Rules of names: no type and no file is called after a word that says nothing.

use super::{Finding, Source};
use crate::rust_tokens::{Kind, scan};

/// Words no type and no file may carry, with what to do.
const BANNED: &[(&str, &str)] = &[
    ("entity", "say object or record"),
    ("entities", "say objects or records"),
    ("manager", "name what it does"),
    ("helper", "name what it does"),
    ("helpers", "name what they do"),
    ("util", "name what it does"),
    ("utils", "name what they do"),
    ("handler", "name the verb"),
    ("handlers", "name the verb"),
    ("processor", "name the verb"),
];
/// Words no file may carry besides.
const BANNED_FILES: &[(&str, &str)] = &[("common", "name what it holds"), ("misc", "name what it holds")];

/// Checks file names and the names of types.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust() || source.is_typescript()) {
        for (word, advice) in banned_in(source.stem(), BANNED).into_iter().chain(banned_in(source.stem(), BANNED_FILES))
        {
            findings.push(Finding::new(source, 0, format!("`{word}` in a file name: {advice}")));
        }
        let tokens = scan(&source.text);
        for pair in tokens.windows(2) {
            let [keyword, name] = pair else { continue };
            let declares = ["struct", "enum", "trait", "type", "interface", "class", "union"];
            if keyword.kind != Kind::Word || name.kind != Kind::Word || !declares.contains(&keyword.text.as_str()) {
                continue;
            }
            for (word, advice) in banned_in(&name.text, BANNED) {
                findings.push(Finding::new(source, name.line, format!("`{word}` in `{}`: {advice}", name.text)));
            }
        }
    }
    findings
}

fn banned_in<'a>(name: &str, banned: &'a [(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let words = words(name);
    banned.iter().filter(|(word, _)| words.iter().any(|found| found == word)).copied().collect()
}

/// The words of a `snake_case`, `kebab-case` or `CamelCase` name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn finds_words_that_say_nothing() {
        check(
            super::check,
            &[
                ("crates/a/src/common.rs", "struct Good;"),
                ("crates/a/src/good.rs", "struct EventHandler; enum Utility {}\nlet manager = 1;"),
                ("web/src/date_utils.ts", "interface PersonEntity {}"),
            ],
            &[
                "crates/a/src/common.rs: `common` in a file name: name what it holds",
                "crates/a/src/good.rs:1: `handler` in `EventHandler`: name the verb",
                "web/src/date_utils.ts: `utils` in a file name: name what they do",
                "web/src/date_utils.ts:1: `entity` in `PersonEntity`: say object or record",
            ],
        );
    }
}
