//! What a text looks like: the tests that find headers and map columns by their content.

use model::fold::fold;

use super::map::names;

/// Like an e-mail address.
pub fn is_email(text: &str) -> bool {
    let text = text.trim();
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    !local.is_empty()
        && !text.contains(char::is_whitespace)
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && domain.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-')
}

/// Like a web address: with a scheme, or beginning with `www.`.
pub fn is_url(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let rest = rest.or_else(|| text.starts_with("www.").then_some(text.as_str()));
    rest.is_some_and(|rest| rest.len() > 3 && !rest.contains(char::is_whitespace))
}

/// Like a bare domain: `example.com`.
pub fn is_domain(text: &str) -> bool {
    let text = text.trim();
    let Some((name, top)) = text.rsplit_once('.') else {
        return false;
    };
    let letters = |part: &str| part.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.');
    !name.is_empty() && top.len() >= 2 && top.chars().all(char::is_alphabetic) && letters(name)
}

/// Like a telephone number: seven to fifteen digits with nothing but the usual signs between them.
pub fn is_phone(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let signs = text.chars().all(|c| c.is_ascii_digit() || " +-()/.".contains(c));
    let marked = text.starts_with(['+', '(']) || text.starts_with("00") || text.contains([' ', '-', '/', ')']);
    (7..=15).contains(&digits) && signs && (marked || text.starts_with('0')) && !is_date(text)
}

/// Like a number, with separators, a percent sign or a currency.
pub fn is_number(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['-', '+', '$', '€', '£']).trim_end_matches(['%', '€', '$', '£']).trim();
    text.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || ".,' \u{a0}".contains(c))
}

/// A whole number.
pub fn is_integer(text: &str) -> bool {
    let digits = text.trim().trim_start_matches(['-', '+']);
    !digits.is_empty() && digits.len() <= 18 && digits.chars().all(|c| c.is_ascii_digit())
}

/// Like a calendar day or an instant: three groups of digits, one of them a year or a plausible short one.
pub fn is_date(text: &str) -> bool {
    let text = text.trim();
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    for separator in ['-', '/', '.'] {
        let parts: Vec<&str> = day.split(separator).collect();
        let [first, second, third] = parts.as_slice() else {
            continue;
        };
        let number = |part: &str| part.parse::<u32>().ok().filter(|_| (1..=4).contains(&part.len()));
        let (Some(first_number), Some(second_number), Some(third_number)) =
            (number(first), number(second), number(third))
        else {
            return false;
        };
        let small = |a: u32, b: u32| (1..=31).contains(&a) && (1..=31).contains(&b) && a.min(b) <= 12;
        return if first.len() == 4 {
            small(second_number, third_number)
        } else {
            small(first_number, second_number) && (third.len() == 4 || third.len() == 2)
        };
    }
    false
}

/// A date with a time of day.
pub fn is_date_time(text: &str) -> bool {
    is_date(text) && text.trim().split_once(['T', ' ']).is_some_and(|(_, time)| time.contains(':'))
}

/// Yes or no in one of the usual notations.
pub fn is_boolean(text: &str) -> bool {
    const WORDS: [&str; 14] =
        ["true", "false", "yes", "no", "ja", "nein", "y", "n", "wahr", "falsch", "oui", "non", "si", "x"];
    WORDS.contains(&fold(text).as_str())
}

/// A word that names a column in some address book or CRM.
pub fn is_column_name(text: &str) -> bool {
    !text.trim().is_empty() && names::find(text).is_some_and(|hit| hit.confidence >= 0.9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_contents_apart() {
        assert!(is_email("ann.lee@example.co.uk") && !is_email("ann@home") && !is_email("a b@c.de"));
        assert!(is_url("https://x.org/a?b") && is_url("www.example.com") && !is_url("example"));
        assert!(is_domain("example.com") && !is_domain("1.5") && !is_domain("St. Gallen"));
        assert!(is_phone("+49 30 1234567") && is_phone("(905) 555-1234") && is_phone("030/1234567"));
        assert!(!is_phone("2021-05-12") && !is_phone("1234567") && !is_phone("12.05.2021"));
        assert!(is_number("1.234,56 €") && is_number("-12%") && !is_number("12 Main St"));
        assert!(is_date("1980-03-22") && is_date("22.03.1980") && is_date("3/22/80") && is_date("2021-04-01 17:32:47"));
        assert!(!is_date("10.0.0.1") && !is_date("99/99/99"));
    }
}
