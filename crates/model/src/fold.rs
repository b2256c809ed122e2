//! The folded key of a text: what comparison, order and search work on, equal on every database.

use unicode_normalization::UnicodeNormalization;

/// NFKC, full case folding (Unicode 15, section 3.13), white space runs joined to one space and trimmed.
///
/// `fold(fold(x)) == fold(x)`. ASCII text takes a fast path.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return join_spaces(&text.to_ascii_lowercase());
    }
    // Folding can denormalise and normalising can unfold, so it is applied until nothing changes (UAX #15).
    let mut folded: String = text.to_owned();
    for _ in 0..4 {
        let next: String = caseless::default_case_fold_str(&folded.nfkc().collect::<String>()).nfkc().collect();
        if next == folded {
            break;
        }
        folded = next;
    }
    join_spaces(&folded)
}

fn join_spaces(text: &str) -> String {
    let clean = !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
        && !text.contains("  ")
        && !text.contains(|c: char| c.is_whitespace() && c != ' ')
        && !text.contains('\0');
    if clean {
        return text.to_owned();
    }
    let mut joined = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c == '\0').filter(|word| !word.is_empty()) {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

/// The folded text without diacritics: what search compares, so that `Muller` finds `Müller`.
pub fn fold_plain(text: &str) -> String {
    let folded = fold(text);
    if folded.is_ascii() {
        return folded;
    }
    folded.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_case_width_and_sharp_s() {
        assert_eq!(fold("  STRASSE  1 "), "strasse 1");
        assert_eq!(fold("Straße\t1"), "strasse 1");
        assert_eq!(fold("ＡＢＣ"), "abc");
        assert_eq!(fold_plain("Müller"), "muller");
    }
}
