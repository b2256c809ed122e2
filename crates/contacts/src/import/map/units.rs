//! Units in headings: `Asking price EUR`, `Area (sqm)`, `Listed on` are the fields `Asking price`, `Area`, `Listed`.

use model::kinds::currency_code;
use model::{Field, Kind};

use super::names::normalize;

/// Behind the name of a figure.
const OF_NUMBERS: &[&str] = &[
    "percent", "prozent", "pct", "sqm", "qm", "m2", "m3", "sqft", "km", "km2", "m", "cm", "mm", "ha", "kg", "g", "t",
    "l", "kwh", "mwh", "kw", "pcs", "stk", "stuck", "h", "hrs", "hours", "stunden", "min", "minutes", "minuten",
    "days", "tage", "months", "monate", "years", "jahre", "euro", "euros", "dollar", "dollars", "in",
];

/// Behind the name of a day.
const OF_DAYS: &[&str] = &["on", "at", "am", "date", "datum", "le", "el", "il"];

/// The words of a name without the units that a field of that kind may have behind it.
fn bare(name: &str, kind: Kind) -> String {
    let normal = normalize(name);
    let mut words: Vec<&str> = normal.split(' ').collect();
    while let Some(last) = words.last().filter(|_| words.len() > 1) {
        let is_unit = match kind {
            Kind::Date | Kind::DateTime => OF_DAYS.contains(last),
            Kind::Integer | Kind::Decimal | Kind::Percent | Kind::Money | Kind::Duration => {
                OF_NUMBERS.contains(last) || last.len() == 3 && currency_code(last).is_some()
            }
            _ => false,
        };
        if !is_unit {
            break;
        }
        words.pop();
    }
    words.join(" ")
}

/// Whether a heading and a name mean the same field, but for units behind either.
pub fn same_but_for_units(field: &Field, header: &str) -> bool {
    let wanted = bare(header, field.kind);
    !wanted.is_empty() && (bare(&field.label, field.kind) == wanted || bare(&field.name, field.kind) == wanted)
}

/// Codes that are no word: they are meant as codes also in a heading that is all capitals.
const PLAIN_CODES: [&str; 16] =
    ["USD", "EUR", "GBP", "CHF", "JPY", "CNY", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "BRL"];

/// The currency that a heading names as a code in capitals or by a sign that only one has. Where all is in capitals,
/// `TOP PRICE` means no pa'anga: there a code is one of the well-known, or stands in brackets.
pub fn currency_in(header: &str) -> Option<String> {
    let shouts = !header.chars().any(char::is_lowercase);
    let in_brackets =
        |word: &str| [('(', ')'), ('[', ']')].iter().any(|(a, b)| header.contains(&format!("{a}{word}{b}")));
    let words = header.split(|c: char| !c.is_alphanumeric());
    let code = words
        .filter(|word| word.len() == 3 && word.chars().all(|c| c.is_ascii_uppercase()))
        .filter(|word| !shouts || PLAIN_CODES.contains(word) || in_brackets(word))
        .find_map(currency_code);
    code.or_else(|| {
        [('€', "EUR"), ('£', "GBP")].iter().find(|(sign, _)| header.contains(*sign)).map(|(_, code)| (*code).to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(kind: Kind, label: &str, header: &str) -> bool {
        same_but_for_units(&Field::new("x", kind, label), header)
    }

    #[test]
    fn units_say_nothing_about_which_field_it_is() {
        assert!(same(Kind::Money, "Asking price", "Asking price EUR"));
        assert!(same(Kind::Money, "Asking price", "Asking Price (in CHF)"));
        assert!(same(Kind::Percent, "Commission", "Commission %"));
        assert!(same(Kind::Percent, "Commission (%)", "Commission percent"));
        assert!(same(Kind::Decimal, "Living area", "Living area (m²)"));
        assert!(same(Kind::Decimal, "Area sqm", "Area"));
        assert!(same(Kind::Date, "Listed", "Listed on"));
        assert!(!same(Kind::Date, "Listed on", "Listing date"));
        // A unit of another kind of field is a word like any other, and a unit alone is none.
        assert!(!same(Kind::Text, "Listed", "Listed on"));
        assert!(!same(Kind::Money, "Price", "EUR"));
        assert!(!same(Kind::Money, "Price", "Price list"));
    }

    #[test]
    fn headings_name_currencies_in_capitals() {
        assert_eq!(currency_in("Asking price (USD)").as_deref(), Some("USD"));
        assert_eq!(currency_in("Preis €").as_deref(), Some("EUR"));
        assert_eq!(currency_in("Price top"), None);
        assert_eq!(currency_in("TOP PRICE"), None);
        assert_eq!(currency_in("PRICE (TOP)").as_deref(), Some("TOP"));
        assert_eq!(currency_in("ANNUAL REVENUE USD").as_deref(), Some("USD"));
        assert_eq!(currency_in("ABC price"), None);
    }
}
