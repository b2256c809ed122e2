//! Money: an exact amount with its ISO 4217 currency.

use iso_currency::Currency;
use serde_json::Value as Json;

use super::number::{parse_scaled, scaled_from_json};
use super::{Context, problem, quoted, wrong_type};
use crate::field::Field;
use crate::problem::FieldProblem;
use crate::value::Value;

/// Signs and short names that mean one currency. Signs shared by several mean the first unless the context's
/// currency is among [`SHARED`].
const SIGNS: &[(&str, &str)] = &[
    ("€", "EUR"),
    ("EURO", "EUR"),
    ("EUROS", "EUR"),
    ("$", "USD"),
    ("US$", "USD"),
    ("$US", "USD"),
    ("DOLLAR", "USD"),
    ("DOLLARS", "USD"),
    ("C$", "CAD"),
    ("CA$", "CAD"),
    ("A$", "AUD"),
    ("AU$", "AUD"),
    ("NZ$", "NZD"),
    ("HK$", "HKD"),
    ("S$", "SGD"),
    ("NT$", "TWD"),
    ("MX$", "MXN"),
    ("R$", "BRL"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("¥", "JPY"),
    ("円", "JPY"),
    ("元", "CNY"),
    ("RMB", "CNY"),
    ("CN¥", "CNY"),
    ("FR", "CHF"),
    ("FR.", "CHF"),
    ("SFR", "CHF"),
    ("SFR.", "CHF"),
    ("KR", "SEK"),
    ("KR.", "SEK"),
    ("ZŁ", "PLN"),
    ("KČ", "CZK"),
    ("FT", "HUF"),
    ("LEI", "RON"),
    ("ЛВ", "BGN"),
    ("₽", "RUB"),
    ("РУБ", "RUB"),
    ("₴", "UAH"),
    ("₺", "TRY"),
    ("₹", "INR"),
    ("RS", "INR"),
    ("RS.", "INR"),
    ("₩", "KRW"),
    ("₪", "ILS"),
    ("₫", "VND"),
    ("฿", "THB"),
    ("₱", "PHP"),
    ("₦", "NGN"),
    ("R", "ZAR"),
];

/// Signs that several countries share: the context decides.
const SHARED: &[(&str, &[&str])] = &[
    ("$", &["AUD", "CAD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "BBD", "BSD", "BZD", "JMD"]),
    ("¥", &["CNY"]),
    ("¥", &["CNY"]),
    ("KR", &["NOK", "DKK", "ISK"]),
    ("KR.", &["NOK", "DKK", "ISK"]),
    ("£", &["EGP", "FKP", "GIP", "SHP"]),
    ("RS", &["PKR", "LKR", "NPR", "MUR"]),
    ("RS.", &["PKR", "LKR", "NPR", "MUR"]),
];

pub(super) fn from_json(field: &Field, json: &Json, context: &Context) -> Result<Value, FieldProblem> {
    let Json::Object(map) = json else {
        if json.is_number() {
            return money(field, scaled_from_json(field, json)?, &context.default_currency, context);
        }
        return Err(wrong_type(field, json, r#"an amount like {"amount": 12.5, "currency": "EUR"}"#));
    };
    let mut amount = None;
    let mut currency = context.default_currency.clone();
    for (part, json) in map {
        match (part.as_str(), json) {
            (_, Json::Null) => {}
            ("amount", json) => amount = Some(scaled_from_json(field, json)?),
            ("currency", Json::String(code)) => currency = code.trim().to_ascii_uppercase(),
            ("currency", other) => return Err(wrong_type(field, other, "a currency code like EUR")),
            (other, _) => {
                let message = format!("an amount has no part {}; give `amount` and `currency`.", quoted(other));
                return Err(problem(field, "wrong_type", message));
            }
        }
    }
    match amount {
        Some(amount) => money(field, amount, &currency, context),
        None => Ok(Value::Missing),
    }
}

pub(super) fn from_text(field: &Field, text: &str, context: &Context) -> Result<Value, FieldProblem> {
    let text = text.trim();
    let is_sign = |c: char| c.is_alphabetic() || matches!(c, '$' | '¥') || ('\u{20A0}'..='\u{20CF}').contains(&c);
    let is_sign = |c: char| is_sign(c) || matches!(c, '£' | '¥' | '฿');
    let start = text.find(is_sign);
    let Some(start) = start else {
        return finish(field, text, text, &context.default_currency, context);
    };
    let tail = text.get(start..).unwrap_or_default();
    let sign_end = tail.find(|c| !is_sign(c)).unwrap_or(tail.len());
    let mut sign = tail.get(..sign_end).unwrap_or_default();
    let mut rest = tail.get(sign_end..).unwrap_or_default();
    if rest.starts_with('.') && !rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
        || sign.eq_ignore_ascii_case("fr")
    {
        // `Fr. 5`: the point belongs to the sign.
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    sign = sign.trim();
    let number = format!("{}{}", text.get(..start).unwrap_or_default(), rest);
    let currency = find_currency(sign, context).ok_or_else(|| bad_currency(field, sign))?;
    finish(field, text, number.trim(), &currency, context)
}

fn finish(field: &Field, typed: &str, number: &str, currency: &str, context: &Context) -> Result<Value, FieldProblem> {
    // Accountants write 5,– and 5.-
    let number = number.trim_end_matches(['–', '—']).trim_end_matches(",-").trim_end_matches(".-").trim();
    let number = number.strip_prefix("- ").map_or_else(|| number.to_owned(), |rest| format!("-{rest}"));
    match parse_scaled(number.trim_end_matches([',', '.']), context.decimal_comma) {
        Some(amount) => money(field, amount, currency, context),
        None => {
            Err(problem(field, "bad_number", format!("{} is no amount. Write it like 1234.50 EUR.", quoted(typed))))
        }
    }
}

fn find_currency(sign: &str, context: &Context) -> Option<String> {
    let upper = sign.to_uppercase();
    let shared = SHARED.iter().find(|(shared, _)| *shared == upper);
    if shared.is_some_and(|(_, codes)| codes.contains(&context.default_currency.as_str())) {
        return Some(context.default_currency.clone());
    }
    if let Some((_, code)) = SIGNS.iter().find(|(known, _)| *known == upper) {
        return Some((*code).to_owned());
    }
    Currency::from_code(&upper).map(|_| upper)
}

/// The currency that a word is the code of, however it is written.
pub fn currency_code(word: &str) -> Option<String> {
    let upper = word.to_ascii_uppercase();
    Currency::from_code(&upper).map(|_| upper)
}

/// The smallest amount that is paid in a currency, in units of 1/[`SCALE`](crate::SCALE): a cent is 100. ISO 4217 says how many
/// decimals each has; of those without, like gold, the smallest that can be kept.
pub fn smallest_amount(currency: &str) -> i64 {
    let decimals = Currency::from_code(currency).and_then(|currency| currency.exponent());
    decimals.and_then(|decimals| crate::SCALE.checked_div(10_i64.checked_pow(decimals.into())?)).unwrap_or(1).max(1)
}

fn money(field: &Field, amount: i64, currency: &str, context: &Context) -> Result<Value, FieldProblem> {
    if currency.is_empty() {
        return Err(problem(field, "bad_currency", "say the currency too, like EUR."));
    }
    if Currency::from_code(currency).is_none() {
        return Err(bad_currency(field, currency));
    }
    let base = (currency == context.default_currency).then_some(amount);
    Ok(Value::Money { amount, currency: currency.to_owned(), base })
}

fn bad_currency(field: &Field, typed: &str) -> FieldProblem {
    problem(field, "bad_currency", format!("{} is no currency. Use its ISO 4217 code, like EUR.", quoted(typed)))
}
