//! A first look at the text: refuses what would nest too deeply, before a recursive parser sees it.

use super::fault::Fault;
use crate::limits::{EXPRESSION_BYTES_MAX, EXPRESSION_CHAIN_MAX, EXPRESSION_DEPTH_MAX};

/// What stands between two brackets.
#[derive(Default)]
struct Group {
    operators: usize,
    choices: usize,
}

struct Scan<'a> {
    source: &'a str,
    at: usize,
    groups: Vec<Group>,
    deepest: usize,
}

/// The deepest nesting of brackets, or a fault when a limit is exceeded.
pub(super) fn scan(source: &str) -> Result<usize, Fault> {
    if source.len() > EXPRESSION_BYTES_MAX {
        let detail = format!("The expression is longer than {EXPRESSION_BYTES_MAX} bytes.");
        return Err(Fault::new((0, source.len()), detail).hint("Split it, or put part of it into a formula field."));
    }
    if source.trim().is_empty() {
        return Err(Fault::new((0, source.len()), "The expression is empty.")
            .hint("Write a condition such as `name == 'Ann'`."));
    }
    let mut scan = Scan { source, at: 0, groups: vec![Group::default()], deepest: 0 };
    while scan.step()? {}
    Ok(scan.deepest)
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    /// One token; false at the end.
    fn step(&mut self) -> Result<bool, Fault> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(false) };
        let mut length = first.len_utf8();
        match first {
            '\'' | '"' => length = quoted(rest, self.is_raw()),
            '/' if rest.starts_with("//") => length = rest.find('\n').unwrap_or(rest.len()),
            '(' | '[' | '{' => self.open()?,
            ')' | ']' | '}' if self.groups.len() > 1 => {
                self.groups.pop();
            }
            ',' => self.reset(true),
            '?' => self.count(true)?,
            '&' | '|' => self.reset(false),
            '.' | '+' | '-' | '*' | '/' | '%' => self.count(false)?,
            '<' | '>' | '=' | '!' => {
                if rest.starts_with("==") || rest.starts_with("!=") || first == '<' || first == '>' {
                    self.count(false)?;
                }
                length += usize::from(rest.get(1..2) == Some("="));
            }
            c if c.is_ascii_alphanumeric() || c == '_' => {
                length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                if rest.get(..length) == Some("in") {
                    self.count(false)?;
                }
            }
            _ => {}
        }
        self.at += length;
        Ok(true)
    }

    /// Whether the quote at hand belongs to a raw string, whose backslashes escape nothing.
    fn is_raw(&self) -> bool {
        let before = self.source.get(..self.at).unwrap_or_default();
        let word: String = before.chars().rev().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        word.len() <= 2 && word.to_ascii_lowercase().contains('r')
    }

    fn open(&mut self) -> Result<(), Fault> {
        self.groups.push(Group::default());
        let depth = self.groups.len() - 1;
        self.deepest = self.deepest.max(depth);
        if depth > EXPRESSION_DEPTH_MAX {
            return Err(self.too_deep(format!("Brackets are nested more than {EXPRESSION_DEPTH_MAX} deep here.")));
        }
        Ok(())
    }

    fn count(&mut self, choice: bool) -> Result<(), Fault> {
        if let Some(group) = self.groups.last_mut() {
            if choice {
                group.choices += 1;
            } else {
                group.operators += 1;
            }
        }
        let choices: usize = self.groups.iter().map(|group| group.choices).sum();
        let chain: usize = self.groups.iter().map(|group| group.operators + group.choices).sum();
        if choices > EXPRESSION_DEPTH_MAX || chain > EXPRESSION_CHAIN_MAX {
            return Err(self.too_deep(format!("More than {EXPRESSION_CHAIN_MAX} operators follow one another here.")));
        }
        self.deepest = self.deepest.max(choices + self.groups.len() - 1);
        Ok(())
    }

    /// After `&&` and `||`, whose chains the parser balances, and after a comma a new branch begins.
    fn reset(&mut self, choices_too: bool) {
        if let Some(group) = self.groups.last_mut() {
            group.operators = 0;
            if choices_too {
                group.choices = 0;
            }
        }
    }

    fn too_deep(&self, detail: String) -> Fault {
        Fault::new((self.at, self.at + 1), detail)
            .hint("Use a list (`x in [1, 2]`) or put part of it into a formula field.")
    }
}

/// The length of the string literal that the text begins with.
fn quoted(text: &str, raw: bool) -> usize {
    let quote = text.get(..1).unwrap_or("'");
    let triple = quote.repeat(3);
    let end = if text.starts_with(&triple) { triple.as_str() } else { quote };
    let mut at = end.len();
    loop {
        let Some(rest) = text.get(at..) else { return text.len() };
        let Some(next) = rest.chars().next() else { return text.len() };
        if rest.starts_with(end) {
            return at + end.len();
        }
        at += next.len_utf8();
        if next == '\\' && !raw {
            at += text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        }
    }
}
