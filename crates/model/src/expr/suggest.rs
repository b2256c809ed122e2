//! The names that someone may have meant.

/// How many single-character edits lie between two words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let next = (diagonal + usize::from(from != *to)).min(*cell + 1).min(left + 1);
            diagonal = *cell;
            *cell = next;
            left = next;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// Up to three of the names that are close to the word, best first.
pub(super) fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let allowed = (word.chars().count() / 3).max(1) + 1;
    let mut found: Vec<(usize, &str)> = names
        .into_iter()
        .map(|name| {
            let close = distance(&word, &name.to_lowercase());
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
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(nearest("compny", ["company", "name", "country"]), ["company"]);
        assert_eq!(nearest("mail", ["emails", "name"]), ["emails"]);
        assert_eq!(one_of(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
