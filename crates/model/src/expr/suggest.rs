//! The names that someone may have meant.

use crate::kinds::edit_distance;

/// Up to three of the names that are close to the word, best first.
pub(super) fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let allowed = (word.chars().count() / 3).max(1) + 1;
    let mut found: Vec<(usize, &str)> = names
        .into_iter()
        .map(|name| {
            let close = edit_distance(&word, &name.to_lowercase());
            let inside = word.len() >= 3 && (name.contains(&word) || word.contains(name) && name.len() >= 3);
            (if inside { close.min(1) } else { close }, name)
        })
        .filter(|(close, _)| *close <= allowed)
        .collect();
    found.sort();
    found.dedup();
    found.truncate(3);
    found.into_iter().map(|(_, name)| name).collect()
}

/// "`a`, `b` or `c`".
pub(super) fn one_of<T: AsRef<str>>(names: &[T]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_near_names() {
        assert_eq!(nearest("compny", ["company", "name", "country"]), ["company"]);
        assert_eq!(nearest("mail", ["emails", "name"]), ["emails"]);
        assert_eq!(one_of(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
