//! What the values of a column are: for columns whose name says nothing, and for proposing a new field.

use std::collections::HashSet;

use model::fold::fold;
use model::kinds::country::find_country;
use model::{Field, Kind};
use serde::Serialize;

use super::super::looks;

/// What most values of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// Web addresses.
    Url,
    /// Domains.
    Domain,
    /// Countries.
    Country,
    /// Instants.
    DateTime,
    /// Calendar days.
    Date,
    /// Yes and no.
    Boolean,
    /// Whole numbers.
    Integer,
    /// Other numbers.
    Number,
    /// Amounts with a currency.
    Money,
    /// A few texts, again and again.
    Choice,
    /// Texts of several lines or many words.
    LongText,
    /// Texts.
    Text,
}

fn is_money(text: &str) -> bool {
    let text = text.trim();
    let marked = text.contains(['€', '$', '£', '¥'])
        || text.split_whitespace().any(|word| word.len() == 3 && word.chars().all(|c| c.is_ascii_uppercase()));
    let digits = text.trim_matches(|c: char| c.is_alphabetic() || c.is_whitespace() || "€$£¥".contains(c));
    marked && looks::is_number(digits)
}

fn is_country(text: &str) -> bool {
    let text = text.trim();
    text.len() >= 2 && text.chars().any(char::is_alphabetic) && find_country(text).is_some()
}

type Test = fn(&str) -> bool;

/// What at least 85 % of the values that are not empty look like; `None` without values.
pub fn content_of<'a>(values: impl Iterator<Item = &'a str>) -> Option<Content> {
    let values: Vec<&str> = values.map(str::trim).filter(|value| !value.is_empty()).take(200).collect();
    if values.is_empty() {
        return None;
    }
    let most = |test: Test| values.iter().filter(|value| test(value)).count() * 100 >= values.len() * 85;
    let tests: [(Content, Test); 11] = [
        (Content::Email, looks::is_email),
        (Content::Url, looks::is_url),
        (Content::DateTime, looks::is_date_time),
        (Content::Date, looks::is_date),
        (Content::Boolean, looks::is_boolean),
        (Content::Phone, looks::is_phone),
        (Content::Integer, looks::is_integer),
        (Content::Money, is_money),
        (Content::Number, looks::is_number),
        (Content::Domain, looks::is_domain),
        (Content::Country, is_country),
    ];
    if let Some((content, _)) = tests.into_iter().find(|(_, test)| most(*test)) {
        return Some(content);
    }
    if values.iter().any(|value| value.contains('\n') || value.len() > 160) {
        return Some(Content::LongText);
    }
    let distinct: HashSet<String> = values.iter().map(|value| fold(value)).collect();
    if values.len() >= 8 && distinct.len() <= 12 && distinct.len() * 3 <= values.len() {
        return Some(Content::Choice);
    }
    Some(Content::Text)
}

impl Content {
    /// The kind of a field that would hold it.
    pub fn kind(self) -> Kind {
        match self {
            Self::Email => Kind::Emails,
            Self::Phone => Kind::Phones,
            Self::Url | Self::Domain => Kind::Links,
            Self::DateTime => Kind::DateTime,
            Self::Date => Kind::Date,
            Self::Boolean => Kind::Boolean,
            Self::Integer => Kind::Integer,
            Self::Number => Kind::Decimal,
            Self::Money => Kind::Money,
            Self::Choice => Kind::Select,
            Self::LongText => Kind::LongText,
            Self::Country | Self::Text => Kind::Text,
        }
    }
}

/// Whether every value is an option of a select field, by its value or its label.
pub fn are_options<'a>(field: &Field, values: impl Iterator<Item = &'a str>) -> bool {
    let options: HashSet<String> =
        field.options.iter().flat_map(|option| [fold(&option.value), fold(&option.label)]).collect();
    let mut any = false;
    for value in values.map(fold).filter(|value| !value.is_empty()) {
        if !options.contains(&value) {
            return false;
        }
        any = true;
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(values: &[&str]) -> Option<Content> {
        content_of(values.iter().copied())
    }

    #[test]
    fn contents_of_columns() {
        assert_eq!(content(&["ann@x.com", "", "bob@y.org"]), Some(Content::Email));
        assert_eq!(content(&["+49 30 123456", "030/9876543"]), Some(Content::Phone));
        assert_eq!(content(&["United States", "Germany", "Philipines"]), Some(Content::Country));
        assert_eq!(content(&["1.100,04 €", "12 €"]), Some(Content::Money));
        assert_eq!(content(&["1996", "2001"]), Some(Content::Integer));
        assert_eq!(
            content(&["hot", "cold", "hot", "hot", "cold", "hot", "warm", "hot", "cold"]),
            Some(Content::Choice)
        );
        assert_eq!(content(&["", " "]), None);
    }
}
