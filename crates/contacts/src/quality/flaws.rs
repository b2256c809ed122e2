//! What can be seen of a record alone: names in capitals, numbers that are not international, countries that differ.

use std::collections::BTreeSet;

use engine::{Draft, RuleContext};
use model::{Problem, Record, Value};
use serde_json::{Value as Json, json};

use super::FLAWS;

/// A bounce is known from elsewhere; only another address takes it away here.
pub(super) const UNDELIVERABLE: &str = "undeliverable";
/// Address fields.
pub(super) const ADDRESSES: [&str; 4] = ["address", "other_address", "billing_address", "shipping_address"];

/// Calling codes of countries that share theirs with nobody.
const CODES: &[(&str, &str)] = &[
    ("AT", "43"),
    ("AU", "61"),
    ("BE", "32"),
    ("BR", "55"),
    ("CH", "41"),
    ("CN", "86"),
    ("CZ", "420"),
    ("DE", "49"),
    ("DK", "45"),
    ("ES", "34"),
    ("FR", "33"),
    ("GB", "44"),
    ("GR", "30"),
    ("HU", "36"),
    ("IE", "353"),
    ("IN", "91"),
    ("JP", "81"),
    ("KR", "82"),
    ("MX", "52"),
    ("NL", "31"),
    ("PL", "48"),
    ("PT", "351"),
    ("RO", "40"),
    ("SE", "46"),
    ("TR", "90"),
    ("ZA", "27"),
];

/// Notes the flaws of the values to be stored.
pub(super) fn note(draft: &mut Draft, _: &RuleContext<'_>) -> Result<(), Problem> {
    let mut found = of(&draft.after);
    let bounced = has(draft.get(FLAWS), UNDELIVERABLE);
    let same_addresses = draft.before.as_ref().is_some_and(|before| before.get("emails") == draft.after.get("emails"));
    if bounced && same_addresses {
        found.insert(UNDELIVERABLE);
    }
    let value = value_of(&found);
    draft.set(FLAWS, value);
    Ok(())
}

/// The flaws as the field holds them.
pub(super) fn value_of(found: &BTreeSet<&str>) -> Value {
    if found.is_empty() { Value::Missing } else { Value::json(json!(found)) }
}

fn has(flaws: &Value, flaw: &str) -> bool {
    flaws.as_json().and_then(Json::as_array).is_some_and(|all| all.iter().any(|one| one.as_str() == Some(flaw)))
}

/// All that can be seen of a record alone.
pub(super) fn of(record: &Record) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    if names_of(record).iter().any(|name| is_shouted(name, record)) {
        found.insert("capitals");
    }
    let phones: Vec<&str> = values_of(record.get("phones")).collect();
    if phones.iter().any(|phone| !phone.starts_with('+')) {
        found.insert("phone");
    }
    let addresses: Vec<&Json> = ADDRESSES.iter().filter_map(|field| record.get(field).as_json()).collect();
    let countries: Vec<&str> = addresses.iter().filter_map(|address| address.get("country")?.as_str()).collect();
    if countries.len() < addresses.len() {
        found.insert("no_country");
    }
    if let (Some(country), Some(phone)) = (countries.first(), phones.first())
        && is_elsewhere(phone, country)
    {
        found.insert("country");
    }
    found
}

/// The parts of a name, or a company's name.
fn names_of(record: &Record) -> Vec<&str> {
    let parts: &[&str] = if is_person(record) { &["given_name", "family_name"] } else { &["name"] };
    parts.iter().filter_map(|field| record.get(field).as_text()).collect()
}

fn is_person(record: &Record) -> bool {
    record.values.contains_key("family_name") || record.values.contains_key("given_name")
}

/// Companies may be called IBM or SAP; people are not.
fn is_shouted(name: &str, record: &Record) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    if is_person(record) { letters >= 3 && (is_upper(name) || is_lower(name)) } else { letters >= 7 && is_upper(name) }
}

/// The values of a list of e-mails or phones.
pub(super) fn values_of(list: &Value) -> impl Iterator<Item = &str> {
    let list = list.as_json().and_then(Json::as_array);
    list.into_iter().flatten().filter_map(|entry| entry.get("value")?.as_str())
}

/// Whether a number is certainly of another country; where one code serves several, nothing is certain.
fn is_elsewhere(phone: &str, country: &str) -> bool {
    let Some(digits) = phone.strip_prefix('+') else { return false };
    let own = CODES.iter().find(|(known, _)| *known == country);
    let of = CODES.iter().find(|(_, code)| digits.starts_with(code));
    matches!((own, of), (Some((own, _)), Some((of, _))) if own != of)
}

pub(super) fn is_upper(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

pub(super) fn is_lower(text: &str) -> bool {
    text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase)
}
