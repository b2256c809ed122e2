//! How far two short texts are apart, without asking for memory: a search does this a hundred million times.

/// Longest text that is compared on the stack, in bytes.
const SHORT: usize = 24;

/// Slips between two texts: letters more, less, other, or two neighbours swapped (optimal string alignment).
pub fn slips(a: &str, b: &str) -> usize {
    let (x, y) = (a.as_bytes(), b.as_bytes());
    if x.len() > SHORT || y.len() > SHORT || !a.is_ascii() || !b.is_ascii() {
        return strsim::osa_distance(a, b);
    }
    // Three rows of the table: the one before the last is needed for swaps.
    let mut before = [0_usize; SHORT + 1];
    let mut last = [0_usize; SHORT + 1];
    let mut row = [0_usize; SHORT + 1];
    last.iter_mut().enumerate().for_each(|(at, cell)| *cell = at);
    let mut above = None;
    for (i, from) in x.iter().enumerate() {
        let mut left = i + 1;
        let mut beside = None;
        let mut corner = last.first().copied().unwrap_or_default();
        if let Some(cell) = row.first_mut() {
            *cell = left;
        }
        for (j, to) in y.iter().enumerate() {
            let up = last.get(j + 1).copied().unwrap_or_default();
            let mut best = (corner + usize::from(from != to)).min(left + 1).min(up + 1);
            if above == Some(to) && beside == Some(from) && j > 0 {
                best = best.min(before.get(j - 1).copied().unwrap_or_default() + 1);
            }
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = best;
            }
            (left, corner, beside) = (best, up, Some(to));
        }
        (before, last, row) = (last, row, before);
        above = Some(from);
    }
    last.get(y.len()).copied().unwrap_or_default()
}

/// The most that the similarity of Jaro and Winkler can be, seen from the letters alone. Texts with other letters than
/// a–z may always be alike.
pub fn alike_at_most(a: &str, b: &str) -> f64 {
    if !a.is_ascii() || !b.is_ascii() || a.is_empty() || b.is_empty() {
        return 1.0;
    }
    let letters = |text: &str| text.bytes().fold(0_u32, |mask, byte| mask | (1 << (byte & 31)));
    let (x, y) = (letters(a), letters(b));
    let missing = |mask: u32, length: usize| length.saturating_sub(mask.count_ones() as usize) as f64;
    let matched = missing(x & !y, a.len()).min(missing(y & !x, b.len()));
    if matched <= 0.0 {
        return 0.0;
    }
    let jaro = (matched / a.len() as f64 + matched / b.len() as f64 + 1.0) / 3.0;
    let prefix = a.bytes().zip(b.bytes()).take(4).take_while(|(from, to)| from == to).count();
    jaro + 0.1 * prefix as f64 * (1.0 - jaro)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn slips_are_those_of_the_textbook(a in "[a-d]{0,9}", b in "[a-d]{0,9}") {
            prop_assert_eq!(slips(&a, &b), strsim::osa_distance(&a, &b));
        }

        #[test]
        fn the_bound_is_never_below_the_similarity(a in "[a-f ]{0,9}", b in "[a-f ]{0,9}") {
            prop_assert!(alike_at_most(&a, &b) + 1e-9 >= strsim::jaro_winkler(&a, &b));
        }
    }

    #[test]
    fn long_and_foreign_texts_are_compared_too() {
        assert_eq!(slips("åsa", "asa"), 1);
        assert_eq!(slips(&"a".repeat(40), &"a".repeat(41)), 1);
    }
}
