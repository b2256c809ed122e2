//! The folded form of a text that stands in a search or between other texts.

use crate::fold::fold;

/// The folded text, with one space kept where white space begins or ends it: `' x'` gives `" x"`. White space alone
/// gives one space.
pub fn fold_pattern(text: &str) -> String {
    let folded = fold(text);
    if folded.is_empty() {
        return if text.is_empty() { folded } else { " ".to_owned() };
    }
    let before = if text.starts_with(char::is_whitespace) { " " } else { "" };
    let after = if text.ends_with(char::is_whitespace) { " " } else { "" };
    format!("{before}{folded}{after}")
}
