//! Texts to search words: the same for what is indexed and what is typed.

use std::collections::BTreeSet;

use model::fold::fold_plain;

use crate::query::SearchDoc;

/// Longest word kept, in characters.
const WORD_MAX: usize = 40;
/// Most words of one document's short texts.
const SHORT_MAX: usize = 400;
/// Most different words of one document's long text, and most bytes of them: PostgreSQL refuses more than a megabyte.
const LONG_MAX: usize = 20_000;
const LONG_BYTES_MAX: usize = 800_000;
/// Shortest ending of a telephone number that is found.
const PHONE_TAIL_MIN: usize = 4;
/// Lengths of the endings of a telephone number that are words of their own.
const PHONE_TAILS: [usize; 3] = [7, 6, 4];
/// Stands before a word of the short texts where the words of the long text are kept; no word begins with it by itself.
pub(super) const SHORT_MARK: char = '\u{e000}';
/// Words shorter than this are not corrected.
const CORRECTED_MIN: usize = 4;
/// Words longer than this are not corrected.
const CORRECTED_MAX: usize = 24;

/// The words of a text, in order: runs of letters and digits, without case or diacritics. Each ideograph is a word
/// of its own, since no spaces part them.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut length = 0;
    for c in fold_plain(text).chars() {
        if is_ideograph(c) {
            finish(&mut words, &mut word, &mut length);
            words.push(c.to_string());
        } else if c.is_alphanumeric() {
            if length < WORD_MAX {
                word.push(c);
            }
            length += 1;
        } else if !matches!(c, '\'' | '’') {
            // An apostrophe joins: O'Brien is found as obrien and, by its parts, below.
            finish(&mut words, &mut word, &mut length);
        }
    }
    finish(&mut words, &mut word, &mut length);
    words
}

fn finish(words: &mut Vec<String>, word: &mut String, length: &mut usize) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
    *length = 0;
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The distinct words under which a document's short texts are found.
pub(crate) fn of_short(title: &str, words: &str, fragments: &str) -> BTreeSet<String> {
    let mut set: BTreeSet<String> = BTreeSet::new();
    for text in [title, words] {
        set.extend(split(text));
        if text.contains(['\'', '’']) {
            set.extend(split(&text.replace(['\'', '’'], " ")));
        }
    }
    fragments.split_whitespace().for_each(|fragment| add_fragment(&mut set, fragment));
    while set.len() > SHORT_MAX {
        set.pop_last();
    }
    set
}

/// Parts of an e-mail address, a telephone number or a domain.
fn add_fragment(set: &mut BTreeSet<String>, fragment: &str) {
    set.extend(split(fragment));
    if let Some((local, _)) = fragment.rsplit_once('@') {
        let joined = split(local).concat();
        if !joined.is_empty() {
            set.insert(joined);
        }
        return;
    }
    if let Some(digits) = phone_digits(fragment) {
        // The whole number, without its country's code (one to three digits), and the tails people remember: each is
        // one more word in the index, so not every ending is one.
        let tails = PHONE_TAILS.iter().filter_map(|length| digits.len().checked_sub(*length));
        let starts: BTreeSet<usize> = (0..=3).chain(tails).collect();
        let long = |from: &usize| digits.len() >= from + PHONE_TAIL_MIN;
        set.extend(starts.iter().filter(|from| long(from)).filter_map(|from| digits.get(*from..)).map(str::to_owned));
    }
}

/// The digits of something that looks like a telephone number.
pub(crate) fn phone_digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let only_number = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '/' | '(' | ')' | '.' | ' '));
    (only_number && digits.len() >= PHONE_TAIL_MIN).then_some(digits)
}

/// The words of a document's long text, and with a mark those of its short texts that it lacks: so one query finds a
/// document by words of both.
pub(crate) fn of_long_and_short(doc: &SearchDoc) -> BTreeSet<String> {
    let mut set = of_long(&doc.text);
    for word in of_short(&doc.title, &doc.words, &doc.fragments) {
        if !set.contains(&word) {
            set.insert(format!("{SHORT_MARK}{word}"));
        }
    }
    set
}

/// The distinct words of a long text.
pub(crate) fn of_long(text: &str) -> BTreeSet<String> {
    let mut set = BTreeSet::new();
    let mut bytes = 0;
    for word in split(text) {
        let length = word.len();
        if set.len() == LONG_MAX || bytes + length > LONG_BYTES_MAX {
            break;
        }
        if set.insert(word) {
            bytes += length;
        }
    }
    set
}

/// Whether typing errors in a word are looked for.
pub(crate) fn is_corrected(word: &str) -> bool {
    let length = word.chars().count();
    (CORRECTED_MIN..=CORRECTED_MAX).contains(&length) && word.chars().all(char::is_alphabetic)
}

/// The word itself and the word with each of its letters left out, as numbers: two words that differ by one letter
/// (missing, added, wrong or two swapped) share one of them.
pub(crate) fn nearby(word: &str) -> BTreeSet<i64> {
    let letters: Vec<char> = word.chars().collect();
    let mut keys = BTreeSet::from([hash_of(word)]);
    for skipped in 0..letters.len() {
        let shorter: String =
            letters.iter().enumerate().filter(|(at, _)| *at != skipped).map(|(_, letter)| letter).collect();
        keys.insert(hash_of(&shorter));
    }
    keys
}

/// FNV-1a, 64 bits: collisions only cost a comparison.
pub(crate) fn hash_of(word: &str) -> i64 {
    let hash = word
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    i64::from_ne_bytes(hash.to_ne_bytes())
}

/// How many letters must be added, left out, changed or swapped with their neighbour to get from one word to the
/// other (optimal string alignment).
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let changed = at(&last, j) + usize::from(letter != other);
            let mut best = changed.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(other) && b.get(j - 1) == Some(letter);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    at(&last, b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits() {
        assert_eq!(
            split("  Jörg Müller-Lüdenscheidt, O'Brien (GmbH) "),
            ["jorg", "muller", "ludenscheidt", "obrien", "gmbh"]
        );
        assert_eq!(split("東京 Tower 2"), ["東", "京", "tower", "2"]);
        assert!(of_short("O'Brien", "", "").contains("brien"));
    }

    #[test]
    fn fragments() {
        let set = of_short("", "", "Ann.Lee@mail.acme.com +493012345");
        for word in ["ann", "lee", "annlee", "acme", "493012345", "3012345", "2345"] {
            assert!(set.contains(word), "{word}");
        }
        assert!(!set.contains("345"));
    }

    #[test]
    fn measures_distance() {
        for (a, b, expected) in [
            ("muller", "mulelr", 1),
            ("anna", "ann", 1),
            ("anna", "hanna", 1),
            ("meier", "maier", 1),
            ("", "ab", 2),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(nearby(a).intersection(&nearby(b)).next().is_some(), expected == 1, "{a} {b}");
        }
    }
}
