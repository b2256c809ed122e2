//! Search in texts at hand: whether words find a record of which only this much may be seen, and where they stand.

use model::fold::fold_plain;

use super::words;
use super::{TYPED_MAX, is_open};
use crate::query::SearchDoc;

/// Characters of an excerpt before the first of the words that are looked for, and from there on.
const BEFORE: usize = 50;
const AFTER: usize = 130;
/// Places of the words that are compared.
const PLACES_MAX: usize = 500;

/// Whether what is typed finds a record of which this much may be seen. Looks at the words only, so that a word in a
/// value out of sight finds nothing.
pub fn finds(text: &str, doc: &SearchDoc) -> bool {
    let typed = typed_words(text);
    if finds_short(text, &typed, doc) {
        return true;
    }
    let all = words::of_long(&doc.text).into_iter().chain(words::of_short(&doc.title, &doc.words, &doc.fragments));
    let all: Vec<String> = all.collect();
    typed.iter().all(|typed| all.iter().any(|word| begins(typed, word)))
}

/// Where the words stand in the long text of a record, as plain text on one line; none when its short texts hold them
/// already.
pub fn excerpt(text: &str, doc: &SearchDoc) -> Option<String> {
    let typed = typed_words(text);
    if typed.is_empty() || finds_short(text, &typed, doc) {
        return None;
    }
    let places = places_of(&typed, &doc.text);
    // The place from which on most of the words are near; the first of those.
    let mut best: Option<(usize, usize)> = None;
    for (at, (start, _)) in places.iter().enumerate() {
        let near = places.iter().skip(at).take_while(|(other, _)| other - start < AFTER);
        let mut seen: Vec<usize> = near.map(|(_, word)| *word).collect();
        seen.sort_unstable();
        seen.dedup();
        if best.is_none_or(|(most, _)| seen.len() > most) {
            best = Some((seen.len(), *start));
        }
    }
    best.map(|(_, start)| around(&doc.text, start))
}

fn typed_words(text: &str) -> Vec<String> {
    words::split(text).into_iter().take(TYPED_MAX).collect()
}

fn begins(typed: &str, word: &str) -> bool {
    word == typed || (is_open(typed) && word.starts_with(typed))
}

fn finds_short(text: &str, typed: &[String], doc: &SearchDoc) -> bool {
    let short = words::of_short(&doc.title, &doc.words, &doc.fragments);
    let near = |typed: &str, word: &str| {
        let most = if typed.chars().count() >= 8 { 2 } else { 1 };
        words::is_corrected(typed) && words::distance(typed, word) <= most
    };
    if typed.iter().all(|typed| short.iter().any(|word| begins(typed, word) || near(typed, word))) {
        return true;
    }
    words::phone_digits(text)
        .is_some_and(|digits| short.iter().any(|word| word.starts_with(digits.trim_start_matches('0'))))
}

/// Where words that begin as typed stand: the byte, and which of those typed.
fn places_of(typed: &[String], text: &str) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let tail = rest.get(start..).unwrap_or_default();
        let length = tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len());
        let (word, after) = tail.split_at(length);
        if let Some(which) = typed.iter().position(|typed| is_match(typed, word)) {
            places.push((text.len() - tail.len(), which));
            if places.len() == PLACES_MAX {
                break;
            }
        }
        rest = after;
    }
    places
}

fn is_match(typed: &str, word: &str) -> bool {
    if word.is_ascii() {
        let head = word.as_bytes().get(..typed.len());
        let begins = head.is_some_and(|head| head.eq_ignore_ascii_case(typed.as_bytes()));
        return begins && (is_open(typed) || word.len() == typed.len());
    }
    let folded = fold_plain(word);
    begins(typed, &folded) || words::split(word).iter().any(|part| begins(typed, part))
}

/// A piece of a text around a place, cut at blanks, on one line.
fn around(text: &str, start: usize) -> String {
    let (before, after) = text.split_at(start);
    let mut head = before.char_indices().rev().nth(BEFORE).and_then(|(at, _)| before.get(at..)).unwrap_or(before);
    let mut tail = after.char_indices().nth(AFTER).and_then(|(at, _)| after.get(..at)).unwrap_or(after);
    let (cut_head, cut_tail) = (head.len() < before.len(), tail.len() < after.len());
    if cut_head {
        head = head.find(char::is_whitespace).and_then(|at| head.get(at..)).unwrap_or_default();
    }
    if cut_tail {
        tail = tail.rfind(char::is_whitespace).and_then(|at| tail.get(..at)).unwrap_or(tail);
    }
    let words: Vec<&str> = head.split_whitespace().collect();
    let mut piece = words.join(" ");
    if !piece.is_empty() && head.ends_with(char::is_whitespace) {
        piece.push(' ');
    }
    piece.push_str(&tail.split_whitespace().collect::<Vec<_>>().join(" "));
    format!("{}{piece}{}", if cut_head { "…" } else { "" }, if cut_tail { "…" } else { "" })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn doc(title: &str, text: &str) -> SearchDoc {
        SearchDoc {
            object: "document".to_owned(),
            record: Uuid::nil(),
            title: title.to_owned(),
            words: String::new(),
            fragments: String::new(),
            text: text.to_owned(),
            fresh: false,
        }
    }

    #[track_caller]
    fn check(typed: &str, text: &str, expected: Option<&str>) {
        assert_eq!(excerpt(typed, &doc("Lease", text)).as_deref(), expected, "{typed}");
    }

    #[test]
    fn shows_where_the_words_stand() {
        check("lease", "A lease of ten years", None);
        check("ten", "A rent of\n\n ten   years", Some("A rent of ten years"));
        check("MULLER", "signed (Jörg Müller)", Some("signed (Jörg Müller)"));
        check("muell", "nothing of it", None);
        let far = "lorem ipsum ".repeat(40);
        let text = format!("{far}the first rent is due. {far}The rent of the boathouse is due {far}");
        check(
            "rent boathouse",
            &text,
            Some(
                "…ipsum lorem ipsum lorem ipsum lorem ipsum The rent of the boathouse is due lorem ipsum lorem ipsum \
                 lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum…",
            ),
        );
    }

    #[test]
    fn words_of_both_texts_count_as_far_as_they_are_seen() {
        assert!(finds("lease boat", &doc("Lease", "of the boathouse")));
        assert!(!finds("lease boat", &doc("Lease", "")), "a text out of sight");
        assert!(!finds("lease boat", &doc("", "of the boathouse")), "a title out of sight");
    }

    #[test]
    fn strange_letters_do_no_harm() {
        check("東", "契約 東京都", Some("契約 東京都"));
        check("x", "", None);
        check("ſ", "ſ ß ﬃ ½", Some("ſ ß ﬃ ½"));
    }
}
