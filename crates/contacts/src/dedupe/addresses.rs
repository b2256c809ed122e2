//! Postal addresses: how far two of them agree.

use strsim::jaro_winkler;

use super::distance::slips;
use super::traits::Traits;

/// Agreement of two addresses in bits of evidence, and whether they are the same place to a reader's eye.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Agreement {
    /// Evidence, for (positive) or against.
    pub bits: f64,
    /// Street or postal code and city agree.
    pub is_same: bool,
    /// Some of it agrees.
    pub is_similar: bool,
}

/// Most that an address says: those who live together share one.
pub const BITS_MAX: f64 = 17.0;
const BITS_MIN: f64 = -6.0;

/// The most that a street says.
const STREET_MAX: f64 = 8.0;
/// The most that street, city, region and country say together.
const NAMES_MAX: f64 = STREET_MAX + 5.0 + 1.5 + 0.3;

/// Compares the addresses of two records part by part; what is not known on both sides says nothing. `None` when nothing
/// is known on both sides, or when not even the same street could bring them to so many bits: streets cost most.
pub fn compare(a: &Traits, b: &Traits, needed: f64) -> Option<Agreement> {
    let numbers = both(a.numbers(), b.numbers(), compare_numbers);
    let postal_code = both(a.postal_code(), b.postal_code(), |a, b| match slips(a, b) {
        0 => 6.0,
        1 => 4.0,
        2 => 1.0,
        _ => -1.5,
    });
    let numbers_and_code = numbers.unwrap_or_default() + postal_code.unwrap_or_default();
    if numbers_and_code + NAMES_MAX < needed {
        return None;
    }
    let region = both(a.region(), b.region(), |a, b| words_alike(a, b, 1.5, 1.0, -0.7));
    let country = both(a.country(), b.country(), |a, b| if a == b { 0.3 } else { -3.0 });
    let city = both(a.city(), b.city(), |a, b| words_alike(a, b, 5.0, 4.0, -1.5));
    let rest = [numbers, city, postal_code, region, country];
    let known: f64 = rest.into_iter().flatten().sum();
    if known + STREET_MAX < needed {
        return None;
    }
    let street = both(a.street(), b.street(), |a, b| {
        let alike = bigrams_alike(a, b);
        if alike >= 0.95 {
            STREET_MAX
        } else if alike >= 0.72 {
            6.5
        } else if alike >= 0.45 {
            3.5
        } else {
            -2.0
        }
    });
    if street.is_none() && rest.iter().all(Option::is_none) {
        return None;
    }
    let at_least = |part: Option<f64>, bits: f64| part.is_some_and(|part| part >= bits);
    let same_place = at_least(postal_code, 4.0) || at_least(city, 4.0);
    Some(Agreement {
        bits: (known + street.unwrap_or_default()).clamp(BITS_MIN, BITS_MAX),
        is_same: at_least(street, 6.0) && same_place && numbers.is_none_or(|numbers| numbers >= 0.0),
        is_similar: at_least(street, 6.0) || (at_least(postal_code, 4.0) && at_least(city, 4.0)),
    })
}

fn both(a: &str, b: &str, weigh: impl Fn(&str, &str) -> f64) -> Option<f64> {
    if a.is_empty() || b.is_empty() { None } else { Some(weigh(a, b)) }
}

/// House numbers: some number shared, one a slip of the other, or none.
fn compare_numbers(a: &str, b: &str) -> f64 {
    if a == b {
        return 3.5;
    }
    let shared = a.split(' ').any(|number| b.split(' ').any(|other| other == number));
    match (shared, slips(a, b)) {
        (true, _) => 2.5,
        (false, 1) => 0.5,
        _ => -1.5,
    }
}

fn words_alike(a: &str, b: &str, equal: f64, slip: f64, unlike: f64) -> f64 {
    if a == b {
        return equal;
    }
    let (a, b) = (a.replace(' ', ""), b.replace(' ', ""));
    if a == b || jaro_winkler(&a, &b) >= 0.88 { slip } else { unlike }
}

/// Dice's coefficient over pairs of letters: deaf to the order of words and to spaces lost or gained.
pub fn bigrams_alike(a: &str, b: &str) -> f64 {
    let (mut a, mut b) = (bigrams(a), bigrams(b));
    let total = a.len() + b.len();
    if total == 0 {
        return 0.0;
    }
    a.sort_unstable();
    b.sort_unstable();
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    let mut shared = 0;
    while let (Some(x), Some(y)) = (left.peek(), right.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => {
                left.next();
            }
            std::cmp::Ordering::Greater => {
                right.next();
            }
            std::cmp::Ordering::Equal => {
                shared += 1;
                left.next();
                right.next();
            }
        }
    }
    2.0 * f64::from(shared) / total as f64
}

fn bigrams(text: &str) -> Vec<(char, char)> {
    text.chars().zip(text.chars().skip(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bigrams_do_not_mind_the_order_of_words() {
        assert!(bigrams_alike("pridhamstreetmilton", "miltonpridhamstreet") > 0.85);
        assert!(bigrams_alike("pridhamstreet", "pridhamtstreet") > 0.85);
        assert!(bigrams_alike("pridhamstreet", "gundaluplace") < 0.3);
        assert!(bigrams_alike("", "").abs() < f64::EPSILON);
    }

    #[test]
    fn numbers_may_stand_among_others() {
        assert!(compare_numbers("12", "12 3") > 2.0);
        assert!(compare_numbers("12", "21") > 0.0);
        assert!(compare_numbers("12", "345") < 0.0);
    }
}
