//! Telephone numbers: E.164 where the number is valid somewhere, otherwise as it was typed.

use std::fmt::Write;
use std::str::FromStr;

use phonenumber::country::Id;
use phonenumber::{Mode, metadata::DATABASE};
use unicode_normalization::UnicodeNormalization;

use super::text::clean_line;

/// Longest text that can be a number.
const NUMBER_BYTES_MAX: usize = 48;

/// `+493012345678`, with ` ext. 12` behind it when there is an extension; the typed text when it is no valid number.
/// Numbers without a prefix are read as of `country` (ISO 3166-1 alpha-2, empty when unknown).
pub fn normalise_phone(typed: &str, country: &str) -> String {
    let clean = clean_line(typed);
    let number = plain(&clean);
    let prefixed = number.strip_prefix("00").filter(|rest| !rest.starts_with('0')).map(|rest| format!("+{rest}"));
    let number = prefixed.unwrap_or(number);
    if let Some(e164) = common_number(&number, country) {
        return e164;
    }
    if !could_be_number(&number) {
        return clean;
    }
    let region = Id::from_str(country).ok();
    format_number(region, &number).unwrap_or(clean)
}

/// Digits in ASCII, without `tel:` and without the `(0)` of `+49 (0)30`.
fn plain(typed: &str) -> String {
    let compatible: String = if typed.is_ascii() { typed.to_owned() } else { typed.nfkc().collect() };
    let dashed: String =
        compatible.chars().map(|c| if matches!(c, '‐' | '‑' | '–' | '—' | '−') { '-' } else { c }).collect();
    let number = match dashed.get(..4) {
        Some(head) if head.eq_ignore_ascii_case("tel:") => dashed.get(4..).unwrap_or_default(),
        _ => &dashed,
    };
    let number = number.trim();
    if number.starts_with('+') { number.replacen("(0)", "", 1) } else { number.to_owned() }
}

/// Only such texts are handed to the library: digits, marks between them, an extension.
fn could_be_number(number: &str) -> bool {
    let lower = number.to_ascii_lowercase();
    let without_words = lower.replace("extension", "").replace("ext", "").replace('x', "");
    let digits = without_words.bytes().filter(u8::is_ascii_digit).count();
    number.len() <= NUMBER_BYTES_MAX
        && (4..=22).contains(&digits)
        && without_words
            .bytes()
            .enumerate()
            .all(|(at, byte)| byte.is_ascii_digit() || b" -./()".contains(&byte) || (byte == b'+' && at == 0))
}

fn format_number(region: Option<Id>, number: &str) -> Option<String> {
    let parsed = phonenumber::parse(region, number).ok()?;
    if !parsed.is_valid_with(&DATABASE) {
        return None;
    }
    let mut text = String::new();
    write!(text, "{}", parsed.format().mode(Mode::E164)).ok()?;
    if let Some(extension) = parsed.extension() {
        write!(text, " ext. {extension}").ok()?;
    }
    Some(text)
}

/// The numbers that most lists are full of, without the library's tables: those with a common calling code and the
/// usual count of digits, international or as dialled in their own country, and ten-digit numbers of North America.
fn common_number(number: &str, country: &str) -> Option<String> {
    if number.len() > 24 || !number.bytes().all(|byte| byte.is_ascii_digit() || b"+ -.()/".contains(&byte)) {
        return None;
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if !number.starts_with('+') {
        if matches!(country, "US" | "CA") {
            return is_north_american(&digits).then(|| format!("+1{digits}"));
        }
        let plan = COMMON.iter().find(|plan| plan.country == country)?;
        let national = if plan.has_trunk { digits.strip_prefix('0')? } else { &digits };
        return plan.has(national).then(|| format!("+{}{national}", plan.code));
    }
    let is_common = match COMMON.iter().find(|plan| digits.starts_with(plan.code)) {
        Some(plan) => plan.has(digits.get(plan.code.len()..)?),
        None => digits.strip_prefix('1').is_some_and(is_north_american),
    };
    is_common.then(|| format!("+{digits}"))
}

/// How numbers of a country usually look.
struct Plan {
    code: &'static str,
    country: &'static str,
    /// Dialled with a zero in front inside the country.
    has_trunk: bool,
    /// Usual counts of digits behind the calling code.
    lengths: &'static [usize],
}

impl Plan {
    fn has(&self, national: &str) -> bool {
        self.lengths.contains(&national.len()) && !national.starts_with('0')
    }
}

const fn plan(code: &'static str, country: &'static str, has_trunk: bool, lengths: &'static [usize]) -> Plan {
    Plan { code, country, has_trunk, lengths }
}

/// Everything else takes the way through the library. No code begins another.
const COMMON: &[Plan] = &[
    plan("27", "ZA", true, &[9]),
    plan("31", "NL", true, &[9]),
    plan("32", "BE", true, &[8, 9]),
    plan("33", "FR", true, &[9]),
    plan("34", "ES", false, &[9]),
    plan("40", "RO", true, &[9]),
    plan("41", "CH", true, &[9]),
    plan("43", "AT", true, &[10, 11]),
    plan("44", "GB", true, &[10]),
    plan("45", "DK", false, &[8]),
    plan("46", "SE", true, &[8, 9]),
    plan("47", "NO", false, &[8]),
    plan("48", "PL", false, &[9]),
    plan("49", "DE", true, &[9, 10, 11]),
    plan("52", "MX", false, &[10]),
    plan("55", "BR", false, &[10, 11]),
    plan("61", "AU", true, &[9]),
    plan("65", "SG", false, &[8]),
    plan("81", "JP", true, &[9, 10]),
    plan("90", "TR", true, &[10]),
    plan("91", "IN", true, &[10]),
    plan("351", "PT", false, &[9]),
    plan("353", "IE", true, &[9]),
    plan("420", "CZ", false, &[9]),
    plan("421", "SK", true, &[9]),
    plan("852", "HK", false, &[8]),
    plan("971", "AE", true, &[9]),
    plan("972", "IL", true, &[9]),
];

/// Ten digits: area and exchange start with 2 to 9, and neither is a service code.
fn is_north_american(digits: &str) -> bool {
    let at = |position: usize| digits.as_bytes().get(position).copied().unwrap_or(b'0');
    digits.len() == 10 && at(0) >= b'2' && at(3) >= b'2' && !(at(1) == b'1' && at(2) == b'1') && at(1) != b'9'
}
